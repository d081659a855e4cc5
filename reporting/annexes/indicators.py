"""Every indicator of the forms' series for the report's unit, by area of reform; by field where no form says it.

What not every source tells of is marked with the number of dossiers that were told of, and «–» where none were."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from contracts.areas import areas_on
from contracts.codes import Series
from contracts.count_words import COUNT_WORDS
from reporting.annexes._content import Content
from reporting.annexes._cumulative import cumulative_table
from reporting.fonts import printable
from reporting.formats import MISSING, count_text, decimal_text
from reporting.indicator_dictionary import name_of
from reporting.indicator_text import value_text
from reporting.inputs import ReportInput
from reporting.origin import Origin
from reporting.page import Column, Note, Row, Table
from reporting.ratios import of_columns, of_forms
from reporting.tally import Tally, add_up, tallies
from transforms.durations import median_days_of
from transforms.indicators import Indicator, Part, counts_of, parts_of
from transforms.rounding import round_half_up

TITLE = "Các chỉ tiêu tính từ hồ sơ"
MEAN_DAYS = "PROCESSING_DAYS"
MEDIAN_LABEL = "Thời gian giải quyết trung vị: một nửa số hồ sơ giải quyết không lâu hơn (ngày làm việc)"
_DOSSIERS = "hồ sơ"
FIELDS_SHOWN = 3
"""Of an indicator; what the others come to stands in one line."""
_HEADS = (
    Column("Chỉ tiêu (theo cột của biểu II.06)", "wide"),
    Column("Tử số", "figure"),
    Column("Mẫu số", "figure"),
    Column("Kết quả", "figure"),
)
_FIELD_HEADS = (Column("Chỉ tiêu, lĩnh vực", "wide"), *_HEADS[1:])
_PARAGRAPH = (
    "Các chỉ tiêu dưới đây tính từ hồ sơ trong các hệ thống một cửa điện tử: cộng số hồ sơ của các đơn vị rồi mới chia."
    " Ghi “–” khi chưa có số liệu hoặc mẫu số bằng 0."
)


def content(report_input: ReportInput, origin: Origin) -> Content | None:
    """None where the report's unit has no figures at all."""
    scope = origin.scope
    counts = scope.tally(scope.codes)
    if counts is None:
        return None
    shown = of_forms(origin.spans[Series.FORMS])
    median = _median_row(report_input, origin)
    tables = [
        _table(origin, shown, counts, median),
        cumulative_table(report_input, origin),
        _by_field(origin, shown),
    ]
    return Content(TITLE, (_PARAGRAPH,), tuple(t for t in tables if t is not None))


def _table(origin: Origin, shown: Iterable[Indicator], counts: Tally, median: Row) -> Table:
    """A group of rows an area; the median stands after the mean."""
    scope, areas = origin.scope, areas_on(origin.spans[Series.FORMS].last_day)
    partial = _Partial()
    rows: list[Row] = []
    for area, found in groupby(sorted(shown, key=_place), key=lambda i: i.area):
        rows.append(Row("group", (areas.name(area), "", "", ""), ""))
        for indicator in found:
            marks = [scope.marks(scope.codes), partial.mark(parts_of(indicator, counts.counts))]
            rows.append(_row(indicator, counts.counts, ", ".join(mark for mark in marks if mark)))
            rows += [median] if indicator.id == MEAN_DAYS else []
    return Table(
        caption="Các chỉ tiêu, kèm tử số và mẫu số",
        unit="Đơn vị tính: hồ sơ; đơn vị khác ghi trong ngoặc",
        columns=_HEADS,
        rows=tuple(rows),
        notes=(*origin.notes(scope.codes), *partial.notes),
        source=origin.line(),
    )


def _place(indicator: Indicator) -> tuple[object, ...]:
    """Counts before what is made of two; then what the form has, by its columns, A, B and C first."""
    columns = re.search(r"\d+", indicator.formula)
    number = int(columns[0]) if columns else 0
    has_two, by_name = bool(indicator.denominator), (indicator.mark or "Z", number, indicator.label)
    return indicator.area, has_two, not of_columns(indicator), by_name


def _median_row(report_input: ReportInput, origin: Origin) -> Row:
    """Of the same dossiers as the mean; their number stands as its base."""
    scope, durations = origin.scope, report_input.durations
    median = median_days_of(durations, scope.codes)
    taken = int(durations["dossiers"][durations["agency_code"].isin(list(scope.codes))].sum())
    value = MISSING if median is None else decimal_text(round_half_up(median))
    base = MISSING if median is None else count_text(taken)
    return Row("unit", (MEDIAN_LABEL, "", base, value), scope.marks(scope.codes))


def _row(indicator: Indicator, counts: Mapping[str, int], marks: str) -> Row:
    formula = f": {indicator.formula.replace(' + ', '+')}" if of_columns(indicator) else ""
    return Row("unit", (f"{_name(indicator)}{formula}", *_figures(indicator, counts)), marks)


def _name(indicator: Indicator) -> str:
    named = name_of(indicator)
    if indicator.unit == "%":
        units = {COUNT_WORDS[count].unit for count in (*indicator.numerator, *indicator.denominator)} - {_DOSSIERS}
        return f"{named} (tử số, mẫu số: {units.pop()})" if units else named
    return named if indicator.unit == _DOSSIERS else f"{named} ({indicator.unit})"


def _figures(indicator: Indicator, counts: Mapping[str, int]) -> tuple[str, str, str]:
    """Numerator, denominator and value; of a count the value alone."""
    numerator, denominator = counts_of(indicator, counts)
    value = value_text(indicator, numerator, denominator)
    if not indicator.denominator:
        return "", "", value
    return count_text(numerator), count_text(denominator), value


class _Partial:
    """Notes on what not every source tells of; the same note has one number."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def mark(self, parts: Iterable[Part]) -> str:
        said = dict.fromkeys(_said(part) for part in parts)
        return ", ".join(str(self._numbers.setdefault(one, len(self._numbers) + 1)) for one in said)

    @property
    def notes(self) -> Iterator[Note]:
        for said, number in self._numbers.items():
            yield Note(str(number), said)


def _said(part: Part) -> str:
    if part.told == 0:
        return f"Chưa có số liệu: không nguồn nào ghi {part.base.label}."
    return (
        f"Chỉ tính trên {count_text(part.told)}/{count_text(part.of)} hồ sơ mà hệ thống nguồn có ghi {part.base.label};"
        " số hồ sơ còn lại chưa có số liệu."
    )


@dataclass(frozen=True)
class _Line:
    """A field, or the rest of them, in the table by field."""

    name: str
    counts: Tally
    size: int


def _by_field(origin: Origin, shown: Iterable[Indicator]) -> Table | None:
    """Indicators by field that cannot be made from form II.06a, which lists the fields itself."""
    found = tallies(origin.scope.facts, by="field")
    rows = [row for i in shown if i.by_field and not of_columns(i) for row in _field_rows(i, found)]
    if not rows:
        return None
    return Table(
        caption=f"Chỉ tiêu theo lĩnh vực ({FIELDS_SHOWN} lĩnh vực nhiều hồ sơ nhất)",
        unit="Đơn vị tính: hồ sơ; đơn vị khác ghi trong ngoặc",
        columns=_FIELD_HEADS,
        rows=tuple(rows),
        notes=origin.notes(origin.scope.codes),
        source=origin.line(),
    )


def _field_rows(indicator: Indicator, found: Mapping[str, Tally]) -> list[Row]:
    """The largest fields; nothing where there are not two of them to be held against each other."""
    lines = [_Line(name, counts, _size(indicator, counts)) for name, counts in found.items()]
    lines = sorted((line for line in lines if line.size), key=lambda line: (-line.size, line.name))
    if len(lines) < 2:
        return []
    kept, rest = lines[:FIELDS_SHOWN], lines[FIELDS_SHOWN:]
    if rest:
        names = {line.name for line in rest}
        kept = [*kept, _Line(f"{len(rest)} lĩnh vực khác", add_up(found, names), 0)]
    rows = [Row("unit", (printable(line.name), *_figures(indicator, line.counts.counts)), "") for line in kept]
    return [Row("group", (_name(indicator), "", "", ""), ""), *rows]


def _size(indicator: Indicator, counts: Tally) -> int:
    """What the fields are ordered by: the base of a share, a count itself."""
    numerator, denominator = counts_of(indicator, counts.counts)
    return (denominator if indicator.denominator else numerator) or 0
