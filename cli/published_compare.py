"""cchc published compare: our ratios beside the published ones, both bases shown, neither changed for the other."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import console
from cli.console import out
from cli.export import check_name, write
from contracts.errors import UsageError
from transforms.rounding import round_half_up

if TYPE_CHECKING:
    import pandas as pd

    from flows.reconciliation import Reconciliation

_SHOWN = 40
_RIGHT = ("Tử số", "Mẫu số", "Tỷ lệ", "Tử số (Cổng)", "Mẫu số (Cổng)", "Tỷ lệ (Cổng)", "Chênh (điểm %)")
_MISSING = "–"


def compare(
    period: Annotated[str, typer.Argument(metavar="KỲ", help="Tháng, quý hoặc năm: 2026M07, 2026Q3, 2026Y.")],
    agency: Annotated[
        str | None,
        typer.Option("--agency", metavar="MÃ", help="Chỉ một cơ quan, ví dụ H44.100 (mặc định: mọi cơ quan)."),
    ] = None,
    out_file: Annotated[
        Path | None, typer.Option("--out", metavar="TỆP", help="Ghi cả bảng ra tệp .csv hoặc .parquet.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="In JSON cho máy đọc.")] = False,
) -> None:
    """Đối chiếu tỷ lệ tính từ hồ sơ với số Cổng công bố, kèm cả hai tử số và mẫu số."""
    if out_file is not None:
        check_name(out_file)
        if as_json:
            raise UsageError("--out và --json không đi cùng nhau", advice="chạy lệnh hai lần")
    from flows.place import find_place
    from flows.reconciliation import compare_published

    place = find_place(period)
    found = compare_published(place.open_warehouse(), place)
    table = found.table if agency is None else found.table[found.table["agency_code"] == agency]
    if table.empty:
        of = f" của cơ quan «{agency}»" if agency else ""
        raise UsageError(
            f"không có số nào{of} để đối chiếu trong kỳ {period}",
            advice=f"xem mọi cơ quan: cchc published compare {period}" if agency else f"cchc run {period}",
        )
    if as_json:
        typer.echo(json.dumps(_document(table, found), ensure_ascii=False, indent=1))
        return
    _show(table, found, period)
    if out_file is not None:
        write(_plain(table, found), out_file, period_id=place.period.id, has_codes=False)


def _show(table: pd.DataFrame, found: Reconciliation, period: str) -> None:
    differing = table[table["differs"] | (table["refused"] != "")]
    shown = table if len(table) <= _SHOWN else differing.head(_SHOWN)
    title = f"Kỳ {period}: số của tỉnh tính đến hết ngày {found.as_of:%d/%m/%Y}; số của Cổng lấy lúc {_moment(found)}"
    made = console.table("Cơ quan", "Chỉ tiêu", *_RIGHT, "", right=_RIGHT, title=title)
    for row in shown.itertuples(index=False):
        made.add_row(*_cells(row))
    out.print(made)
    if len(shown) < len(table):
        out.print(
            f"Chỉ in {len(shown)} dòng khác nhau; cả {console.figure(len(table))} dòng: --out TỆP, --json hoặc --agency"
        )
    counts = (table["difference"].notna(), table["differs"], table["fetched_at"].isna(), table["complete"].isna())
    known, differ, theirs, ours = (console.figure(int(chosen.sum())) for chosen in counts)
    out.print(f"Đối chiếu được {known} dòng, khác quá mức {differ}; Cổng không công bố {theirs}, tỉnh không có {ours}")
    for row in table[table["refused"] != ""].itertuples(index=False):
        out.print(f"[bold red]KHÔNG IN {row.agency_code} {row.indicator}:[/] {row.refused}", soft_wrap=True)
    for said in _said_of_broken(found.broken):
        out.print(f"[yellow]Lưu ý:[/] {console.plain(said)}", soft_wrap=True)
    for remark in found.remarks:
        out.print(f"[yellow]Lưu ý:[/] {console.plain(remark)}", soft_wrap=True)


def _said_of_broken(broken: pd.DataFrame) -> list[str]:
    """A line a rule that published figures break, with how many and the first of them."""
    lines = []
    for sentence, rows in broken.groupby("sentence", sort=False):
        first = rows.iloc[0]
        lines.append(f"{sentence} {len(rows)} số, đầu tiên là {first['indicator']} của {first['agency_code']}")
    return lines


def _cells(row: Any) -> list[str]:
    mine = _side(row.our_numerator, row.our_denominator, row.our_value)
    theirs = _side(row.published_numerator, row.published_denominator, row.published_value)
    mark = "khác" if row.differs else "không in" if row.refused else "chưa đủ" if row.complete is False else ""
    points = _MISSING if _unknown(row.difference) else _comma(_rounded(row.difference), "+")
    return [row.agency_code, row.indicator, *mine, *theirs, points, mark]


def _side(numerator: Any, denominator: Any, value: Any) -> list[str]:
    """Both counts, and the ratio rounded once; of a ratio without counts, as it was published."""
    counts = [_MISSING if _unknown(number) else console.figure(int(number)) for number in (numerator, denominator)]
    if _unknown(value):
        return [*counts, _MISSING]
    whole = _MISSING not in counts
    ratio = Fraction(int(numerator), int(denominator)) if whole else Fraction(str(value))
    return [*counts, _comma(round_half_up(100 * ratio)) + "%"]


def _rounded(value: float) -> Decimal:
    return round_half_up(Fraction(str(value)))


def _comma(number: Decimal, sign: str = "") -> str:
    return f"{number:{sign if number else ''}.2f}".replace(".", ",")


def _unknown(value: Any) -> bool:
    import pandas as pd

    return bool(pd.isna(value))


def _moment(found: Reconciliation) -> str:
    return f"{found.fetched_at:%H:%M ngày %d/%m/%Y}"


def _plain(table: pd.DataFrame, found: Reconciliation) -> pd.DataFrame:
    """The table with both moments as text."""
    moments = table["fetched_at"].map(lambda moment: moment.isoformat(), na_action="ignore")
    return table.assign(fetched_at=moments, as_of=found.as_of.isoformat())


def _document(table: pd.DataFrame, found: Reconciliation) -> dict[str, Any]:
    plain = _plain(table, found)
    known = plain.astype(object).where(plain.notna(), None)
    return {
        "as_of": found.as_of.isoformat(),
        "fetched_at": found.fetched_at.isoformat(),
        "remarks": list(found.remarks),
        "broken": found.broken.to_dict("records"),
        "rows": known.to_dict("records"),
    }
