"""cchc published: what was published of the province, fetched or imported, shown, and compared with ours."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import console, published_check, published_compare, published_import
from cli.console import out
from cli.words import App
from contracts.errors import UsageError
from contracts.published import GROUP_LABELS, Group

if TYPE_CHECKING:
    import pandas as pd

app = App(help="Số liệu công bố trên Cổng Dịch vụ công quốc gia (QĐ 766/QĐ-TTg): lấy về, xem, đối chiếu.")
PeriodArgument = Annotated[str, typer.Argument(metavar="KỲ", help="Tháng, quý hoặc năm: 2026M07, 2026Q3, 2026Y.")]
JsonOption = Annotated[bool, typer.Option("--json", help="In JSON cho máy đọc.")]


app.command("compare")(published_compare.compare)
app.command("check")(published_check.check)
app.command("import")(published_import.import_file)


@app.command("fetch")
def fetch(period: PeriodArgument) -> None:
    """Lấy số liệu công bố của kỳ về kho; lần lấy trước vẫn giữ nguyên."""
    from flows.published import fetch_published

    result = fetch_published(period)
    figures = result.fetched.figures
    agencies = len({f.agency_code for f in figures})
    out.print(f"[bold green]XONG[/] {console.figure(len(figures))} số của {agencies} cơ quan, kỳ {period}", end="")
    out.print(f", lấy lúc {result.fetched.fetched_at:%H:%M ngày %d/%m/%Y}")
    out.print(f"  Bản trả lời nguyên văn: {console.plain(str(result.fetched.folder))}", soft_wrap=True)
    for remark in result.remarks:
        out.print(f"  [yellow]Lưu ý:[/] {console.plain(remark)}", soft_wrap=True)


@app.command("list")
def list_figures(
    period: PeriodArgument,
    agency: Annotated[
        str | None, typer.Option("--agency", metavar="MÃ", help="Mã cơ quan, ví dụ H44.100 (mặc định: toàn tỉnh).")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Xem số liệu công bố mới lấy nhất của một cơ quan; --json không kèm --agency: mọi cơ quan."""
    from flows.place import find_place
    from warehouse import published

    place = find_place(period)
    figures = published.newest(place.open_warehouse(), place.period.id)
    if figures.empty:
        raise UsageError(
            f"chưa lấy số liệu công bố của kỳ {period}",
            advice=f"cchc published fetch {period}, hoặc cchc published import {period} TỆP",
        )
    root = place.province.units.root.agency_code
    chosen = agency or ("" if as_json else root)
    rows = _records(figures[figures["agency_code"] == chosen] if chosen else figures)
    if not rows:
        raise UsageError(f"Cổng không công bố số nào của cơ quan «{chosen}» trong kỳ {period}")
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        _show(rows, period)


def _records(figures: pd.DataFrame) -> list[dict[str, Any]]:
    """Plain values; what is missing is None."""
    moments = figures.assign(fetched_at=[moment.isoformat() for moment in figures["fetched_at"]])
    known = moments.astype(object).where(moments.notna(), None)
    return [dict(zip(known.columns, row, strict=True)) for row in known.itertuples(index=False)]


def _show(rows: list[dict[str, Any]], period: str) -> None:
    first = rows[0]
    title = f"{first['agency_code']} {first['agency_name'] or ''} – kỳ {period}, lấy lúc {first['fetched_at'][:16]}"
    right = ("Tử số", "Mẫu số", "Điểm", "Tối đa")
    made = console.table("Nhóm", "Chỉ tiêu", *right, right=right, title=title)
    for row in sorted(rows, key=lambda r: list(Group).index(Group(r["group_id"]))):
        counts = [console.figure(row[name]) for name in ("numerator", "denominator")]
        points = [_points(row[name]) for name in ("score", "max_score")]
        mark = " *" if row["quality_flag"] else ""
        made.add_row(GROUP_LABELS[Group(row["group_id"])], console.plain(row["indicator"]) + mark, *counts, *points)
    out.print(made)
    for row in rows:
        if row["quality_flag"]:
            said = row["quality_message"] or "Cổng không giải thích"
            out.print(f"* {row['indicator']}: {row['quality_flag']} – {console.plain(said)}", soft_wrap=True)
    for source in sorted({row["source"] for row in rows if row["source"]}):
        out.print(f"Nhập từ tệp, nguồn: {console.plain(source)}", soft_wrap=True)


def _points(number: float | None) -> str:
    """17.35 → 17,35; what was published as null is an empty cell."""
    return "" if number is None else f"{number:.15g}".replace(".", ",")
