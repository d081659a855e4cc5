"""What the page of a quarter shows of its figures: what page 1 of the province's report says, by the same code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contracts.codes import Series
from flows.seen import Seen
from reporting.annexes import over_time
from reporting.charts.on_time import on_time_chart
from reporting.kept import OWN, TREE
from reporting.narrative import answers, key_figures
from reporting.origin import Origin, gap_reason, gap_sentence, valid_words
from reporting.page import Answer, Chart, KeyFigure, Table
from reporting.ratios import compare, comparison_table
from reporting.scope import Scope, code_of
from reporting.unit_lines import UnitLine, unit_lines
from transforms.over_time import within

CAPTION = "Tỷ lệ A (trước hạn và đúng hạn) theo đơn vị"


@dataclass(frozen=True)
class Line:
    """A unit right below the province. why: what its figures lack, "" where they are whole. has_figures: whether any
    are there at all."""

    code: str
    whose: str
    name: str
    why: str
    has_figures: bool


@dataclass(frozen=True)
class Overview:
    """nobodys: sentences on units for which no source is configured. elsewhere: what runs in systems that are not
    read. compared: tables beside the periods that may be compared with; not_compared: why others are not there."""

    answers: tuple[Answer, ...]
    key_figures: tuple[KeyFigure, ...]
    nobodys: tuple[str, ...]
    elsewhere: tuple[str, ...]
    unfinished: bool
    chart: Chart | None
    lines: tuple[Line, ...]
    compared: tuple[Table, ...]
    not_compared: tuple[str, ...]


def overview_of(seen: Seen) -> Overview:
    """Raises CriticalCheckError where counts do not add up."""
    root = seen.province.units.root
    scope, origin = seen.scope(root), seen.origin(root)
    comparison = compare(seen.input, scope)
    tables = (
        [comparison_table(origin, comparison, caption=f"So sánh với {within(comparison.label)}")] if comparison else []
    )
    others = over_time.other_periods(seen.input, origin)
    return Overview(
        answers=answers(seen.input, origin, comparison),
        key_figures=key_figures(scope),
        nobodys=tuple(gap_sentence(scope, gap) for gap in scope.gaps if gap.source is None),
        elsewhere=tuple(note.text for note in origin.elsewhere),
        unfinished=origin.unfinished,
        chart=_chart(seen, scope, origin),
        lines=tuple(_lines(scope, origin)),
        compared=(*tables, *([others] if others else [])),
        not_compared=tuple(_not_compared(seen)),
    )


def _chart(seen: Seen, scope: Scope, origin: Origin) -> Chart | None:
    names = _names(scope, origin)
    lines = [(name, scope.marks(line.agencies), line.counts(scope)) for name, line in names]
    return on_time_chart(seen.input, origin, lines, caption=CAPTION, of_what="đơn vị")


def _names(scope: Scope, origin: Origin) -> Iterator[tuple[str, UnitLine]]:
    """With the days of a unit that began or ended in the period, as the forms name it."""
    remarks = valid_words(scope, origin.spans[Series.FORMS])
    for line in unit_lines(scope):
        yield line.name + ("" if line.level is None else remarks.get(line.unit.agency_code, "")), line


def _lines(scope: Scope, origin: Origin) -> Iterator[Line]:
    for name, line in _names(scope, origin):
        why = "; ".join(dict.fromkeys(gap_reason(gap) for gap in scope.gaps_in(line.agencies)))
        whose = OWN if line.level is None else TREE
        yield Line(code_of(line.unit, scope.tree), whose, name, why, line.counts(scope) is not None)


def _not_compared(seen: Seen) -> Iterator[str]:
    if seen.input.history is not None and seen.input.history.last_year is None:
        yield "Chưa có số liệu cùng kỳ năm trước trong kho dữ liệu để so sánh."
