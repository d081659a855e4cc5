"""Item Tiến độ giải quyết of the 766 index, estimated from our dossiers on the index's own days.

The published score needs data that we do not hold: ours is called «ước tính» wherever it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from contracts.codes import Series
from contracts.index_766 import item_on
from contracts.units import Unit
from reporting.formats import MISSING, count_text, date_text, decimal_text, percent_text, points_text
from reporting.inputs import ReportInput
from reporting.origin import Origin
from reporting.page import Column, Row, Table
from reporting.wording import own_office, place_of
from transforms.rounding import round_half_up

PROGRESS = "PROGRESS_ON_TIME"


@dataclass(frozen=True)
class Progress:
    """The item of one unit, with all below it. None: not known."""

    numerator: int | None
    denominator: int | None
    score: Decimal | None


Published = Mapping[str, tuple[float, float | None]]
"""Agency code → the published score, and how far ours is from it."""
UNKNOWN = Progress(None, None, None)


@dataclass(frozen=True)
class ProgressTable:
    """The item of every unit of a report."""

    origin: Origin
    items: dict[tuple[str, str], Progress]  # by scope ("unit", "tree") and agency code
    maximum: str

    def of(self, unit: Unit, *, alone: bool = False) -> Progress:
        """The unit with all below it, or its own dossiers alone; a unit with none below has only these."""
        agencies = {unit.agency_code} if alone else self.origin.scope.below(unit)
        own = self.items.get(("unit", unit.agency_code), UNKNOWN)
        if self.origin.scope.tally(agencies) is None:
            return UNKNOWN
        return own if alone else self.items.get(("tree", unit.agency_code), own)


def progress(report_input: ReportInput, origin: Origin) -> ProgressTable | None:
    """None where the period has no such index, or it has not begun, or no formula was in force."""
    if Series.INDEX not in origin.spans:
        return None
    item = item_on(PROGRESS, on=origin.spans[Series.INDEX].last_day)
    if item is None:
        return None
    frame = report_input.indicators
    rows = frame[frame["indicator"] == PROGRESS].to_dict("records")
    found = {(str(row["scope"]), str(row["agency_code"])): _progress(row) for row in rows}
    return ProgressTable(origin, found, count_text(int(item.max_points)))


def _progress(row: dict[Any, Any]) -> Progress:
    return Progress(_whole(row["numerator"]), _whole(row["denominator"]), _score(row["score"]))


def _whole(value: Any) -> int | None:
    return None if value is None or value != value else int(value)  # noqa: PLR0124 (NaN differs from itself)


def _score(value: Any) -> Decimal | None:
    return None if value is None or value != value else Decimal(f"{value:.2f}")  # noqa: PLR0124


def days_text(origin: Origin) -> str:
    """The index's own days; and, where they are cut, that its period goes on."""
    days, whole = origin.days(Series.INDEX), origin.period.index
    if whole is None or origin.spans[Series.INDEX] == whole:
        return days
    return f"{days}, chưa đến ngày cuối kỳ {date_text(whole.last_day)}"


def sentence(table: ProgressTable, regulation: str, marks: str) -> str:
    """The item for the report's unit, in words."""
    item = table.of(table.origin.scope.root)
    lacking = f" (chưa đầy đủ, ghi chú {marks})" if marks else ""
    if item.denominator is None:
        return f"Chưa có số liệu để ước tính điểm Tiến độ giải quyết theo {regulation}."
    counts = f"{count_text(item.numerator)}/{count_text(item.denominator)}"
    return (
        f"Chỉ số theo {regulation}, nhóm Tiến độ giải quyết (ước tính từ hồ sơ trong kho dữ liệu, kỳ dương lịch"
        f" {days_text(table.origin)}): {_score_text(item)}/{table.maximum} điểm{lacking}; hồ sơ giải quyết"
        f" trước hạn, đúng hạn và đang giải quyết trong hạn {counts}"
        f" ({percent_text(item.numerator, item.denominator)}). Điểm chính thức là điểm công bố trên Cổng Dịch vụ"
        " công quốc gia."
    )


def _score_text(item: Progress) -> str:
    return MISSING if item.score is None else decimal_text(item.score)


def unit_table(table: ProgressTable, *, published: Published, caption: str) -> Table:
    """The item of every unit right below the report's, and of its own office. published: of the units that have one;
    its columns are left out where none has."""
    scope = table.origin.scope
    root = scope.root
    office = [_row(own_office(root), table.of(root, alone=True), scope.marks({root.agency_code}))]
    below = [_row(place_of(u), table.of(u), scope.marks(scope.below(u))) for u in scope.children(root)]
    total = replace(_row("Tổng cộng", table.of(root), scope.marks(scope.codes)), kind="total")
    codes = ["", *(u.agency_code for u in scope.children(root)), root.agency_code]
    rows = [
        _with_published(row, published.get(code)) if published else row
        for code, row in zip(codes, (*office, *below, total), strict=True)
    ]
    heads = (
        "Đã và đang giải quyết",
        "Trước hạn, đúng hạn, trong hạn",
        "Tỷ lệ",
        f"Điểm ước tính (tối\u00a0đa\u00a0{table.maximum})",
        *(("Điểm công bố", "Chênh lệch") if published else ()),
    )
    return Table(
        caption=caption,
        unit="Đơn vị tính: hồ sơ, điểm",
        columns=(Column("Cơ quan, đơn vị", "wide"), *(Column(head, "figure") for head in heads)),
        rows=tuple(rows if scope.has_own_office else rows[1:]),
        notes=table.origin.notes(scope.codes),
        source=table.origin.line(Series.INDEX),
    )


def _row(name: str, item: Progress, marks: str) -> Row:
    ratio = percent_text(item.numerator, item.denominator)
    cells = (name, count_text(item.denominator), count_text(item.numerator), ratio, _score_text(item))
    return Row("unit", cells, marks)


def _with_published(row: Row, found: tuple[float, float | None] | None) -> Row:
    score, difference = found or (None, None)
    return replace(row, cells=(*row.cells, score_text(score), difference_text(difference)))


def score_text(score: float | None) -> str:
    """17.35 → 17,35, as it was published; None → –."""
    return MISSING if score is None else decimal_text(round_half_up(Fraction(str(score))))


def difference_text(points: float | None) -> str:
    """Points of difference, signed: −0,84."""
    return MISSING if points is None else points_text(Fraction(str(points)), Fraction(0))
