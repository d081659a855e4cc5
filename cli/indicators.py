"""cchc indicators: what each indicator is, and what it comes to in a period, with both its counts."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import console
from cli.console import err, out, plain
from cli.words import App
from contracts.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

    from contracts.units import Unit
    from flows.place import Place
    from flows.shown import Shown

app = App(help="Các chỉ tiêu tính từ hồ sơ: định nghĩa, và số của một kỳ kèm tử số, mẫu số.")
Row = dict[str, Any]
_FIGURES = ("Tử số", "Mẫu số", "Kết quả")


@app.command("list")
def list_indicators() -> None:
    """Danh sách chỉ tiêu: mã, tên, đơn vị tính, lịch số liệu, hiệu lực."""
    from reporting.indicator_dictionary import SERIES_SHORT, name_of, validity_of
    from transforms.indicators import declared

    for one in declared():
        out.print(f"[bold]{one.id}[/]  {plain(name_of(one))}", soft_wrap=True)
        out.print(f"    {one.unit}; {SERIES_SHORT[one.series]}; {validity_of(one)}", style="dim", soft_wrap=True)
    out.print("Tử số, mẫu số, căn cứ của từng chỉ tiêu: cchc indicators dictionary")


@app.command("dictionary")
def dictionary(
    out_file: Annotated[
        Path | None, typer.Option("--out", metavar="TỆP", help="Ghi ra tệp (.md) thay vì in ra màn hình.")
    ] = None,
) -> None:
    """Từ điển đầy đủ: tử số, mẫu số bằng lời, công thức, lịch, căn cứ, chiều, phiên bản."""
    from reporting.indicator_dictionary import dictionary_text

    if out_file is None:
        typer.echo(dictionary_text(), nl=False)
        return
    try:
        out_file.write_text(dictionary_text(), encoding="utf-8")
    except OSError:
        raise UsageError(
            f"không ghi được tệp {out_file.absolute()}",
            advice="kiểm tra thư mục và quyền ghi, hoặc chọn nơi khác cho --out",
        ) from None
    out.print(f"Đã ghi {plain(str(out_file))}", soft_wrap=True)


@app.command("show")
def show(
    period: Annotated[str, typer.Argument(metavar="KỲ", help="Ví dụ: 2024Q4.")],
    unit: Annotated[
        str | None, typer.Option(metavar="MÃ", help="Mã đơn vị (gồm mọi cấp dưới; mặc định: toàn tỉnh).")
    ] = None,
    field: Annotated[str | None, typer.Option(metavar="LĨNH_VỰC", help="Chỉ một lĩnh vực, ví dụ “Hộ tịch”.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="In JSON cho máy đọc.")] = False,
) -> None:
    """Các chỉ tiêu của một đơn vị trong kỳ, tính từ số liệu đang lưu."""
    from flows.place import as_counted, find_place
    from flows.shown import shown

    place = as_counted(find_place(period))
    chosen = _unit(place, unit)
    rows = _rows(_figures_of(place, chosen, field), _day(place))
    more = shown(place, chosen, field=field)
    if as_json:
        document = {"indicators": rows, "median_days": _median(more), "cumulative": _cumulative(more)}
        typer.echo(json.dumps(document, ensure_ascii=False, indent=1))
    else:
        _show(rows, f"{chosen.name} – {place.period.label}" + (f", lĩnh vực {field}" if field else ""))
        _show_more(more)


def _day(place: Place) -> date:
    return place.period.forms.until(place.as_of).last_day


def _unit(place: Place, code: str | None) -> Unit:
    units = place.province.units
    return units.root if code is None else units.find(code, on=_day(place))


def _figures_of(place: Place, unit: Unit, field: str | None) -> pd.DataFrame:
    """Of the unit with all below it; of one without any below, its own."""
    from flows import figures

    found = figures.indicators(place.open_warehouse(), place)
    mine = found[found["agency_code"] == unit.agency_code].sort_values("scope", kind="stable")  # tree before unit
    alone = mine.drop_duplicates(["indicator", "field"])
    wanted = alone[alone["field"] == (field or "")]
    if field and wanted.empty:
        fields = sorted(set(alone["field"]) - {""})
        raise UsageError(
            f"{unit.name} không có hồ sơ nào thuộc lĩnh vực «{field}» trong kỳ {place.period.id}",
            advice=f"các lĩnh vực: {', '.join(fields)}" if fields else "",
        )
    return wanted.sort_values("indicator", kind="stable")


def _rows(found: pd.DataFrame, day: date) -> list[Row]:
    """Plain values: what is not known is None; text: as it is printed."""
    from reporting.indicator_dictionary import name_of
    from reporting.indicator_text import value_text
    from transforms.indicators import valid_on

    declared = {one.id: one for one in valid_on(day)}
    known = found.astype(object).where(found.notna(), None)
    rows = []
    for row in known.to_dict("records"):
        one = declared[row["indicator"]]
        counts = row["numerator"], row["denominator"]
        wanted = ("indicator", "field", "numerator", "denominator", "value", "score", "complete", "formula_version")
        named = {"label": name_of(one), "unit": one.unit, "text": value_text(one, *counts)}
        rows.append({name: row[name] for name in wanted} | named)
    return rows


def _show(rows: list[Row], title: str) -> None:
    made = console.table("Mã", "Chỉ tiêu", *_FIGURES, "Đơn vị tính", right=_FIGURES, title=plain(title))
    for row in rows:
        counts = [console.figure(row[name]) for name in ("numerator", "denominator")]
        value = row["text"] + ("" if row["complete"] else " *")
        made.add_row(row["indicator"], plain(row["label"]), *counts, value, row["unit"])
    out.print(made)
    if not all(row["complete"] for row in rows):
        said = "* chưa đủ: có nguồn chưa có số liệu (xem cchc status), hoặc có hồ sơ mà nguồn không ghi mục này"
        err.print(said, soft_wrap=True)


def _median(more: Shown) -> Row | None:
    """Working days; None where no such time is known."""
    return None if more.median is None else {"days": float(more.median), "dossiers": more.timed}


def _cumulative(more: Shown) -> list[Row]:
    return [
        {
            "indicator": one.opening.indicator,
            "since": one.opening.since.isoformat(),
            "last_day": one.last_day.isoformat(),
            "opening": one.opening.count,
            "added": one.added,
            "total": one.total,
            "periods": [period.id for period in one.parts],
            "why_not": one.why_not,
        }
        for one in more.cumulative
    ]


def _show_more(more: Shown) -> None:
    from reporting.formats import decimal_text
    from transforms.rounding import round_half_up

    if more.median is not None:
        days = decimal_text(round_half_up(more.median))
        out.print(f"Thời gian giải quyết trung vị: {days} ngày làm việc ({console.figure(more.timed)} hồ sơ)")
    for one in more.cumulative:
        label = f"Lũy kế {one.label} từ ngày {one.opening.since:%d/%m/%Y} đến ngày {one.last_day:%d/%m/%Y}"
        if one.total is None:
            out.print(f"{label}: [yellow]chưa tính được[/], {plain(one.why_not)}", soft_wrap=True)
        else:
            parts = f"{console.figure(one.opening.count)} + {console.figure(one.added)}"
            out.print(f"{label}: {console.figure(one.total)} ({parts})", soft_wrap=True)
