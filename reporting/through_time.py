"""Figures of a report that other periods are a part of: the year so far, and cumulative counts. A later count of one of
those periods moves them, though nothing of the report's own has moved."""

from __future__ import annotations

from contracts.source_config import digest
from reporting.inputs import ReportInput
from reporting.kept import TREE, Cell, Counts
from reporting.scope import Scope
from reporting.tally import COLUMNS, Tally
from transforms.cumulative import Cumulative
from transforms.indicators import counts_of, valid_on
from transforms.over_time import PeriodFigures
from transforms.year_so_far import put_together

YEAR, CUMULATIVE = "year_", "cumulative_"
"""What the name of such a figure begins with; a column's or an indicator's follows."""


def figures_through_time(report_input: ReportInput, scope: Scope) -> dict[Cell, Counts]:
    """Of the report's unit with all below it, what is known."""
    root = scope.root.agency_code
    found = {f"{CUMULATIVE}{one.opening.indicator}": one.total for one in _cumulative(report_input, scope)}
    parts = _year(report_input)
    if parts and (sums := put_together(parts, scope.tree).sums(scope.tree.subtree(root))) is not None:
        found |= {f"{YEAR}column_{n}": Tally(sums).column(n) for n in COLUMNS}
    return {Cell(root, TREE, "", name): Counts(total) for name, total in found.items() if total is not None}


def others_of(report_input: ReportInput, scope: Scope) -> str:
    """Digest of what the other periods and the opening balances add to them."""
    units = scope.tree.subtree(scope.root.agency_code)
    now = report_input.period.id
    year = [(part.period.id, part.sums(units)) for part in _year(report_input) if part.period.id != now]
    since = [_without_own(one, report_input, scope) for one in _cumulative(report_input, scope)]
    return digest([year, since])[:16]


def _year(report_input: ReportInput) -> tuple[PeriodFigures, ...]:
    """The parts of the year so far; none where it is the period itself."""
    parts = report_input.history.year if report_input.history else ()
    return () if [part.period for part in parts] == [report_input.period] else parts


def _cumulative(report_input: ReportInput, scope: Scope) -> list[Cumulative]:
    return [one for one in report_input.cumulative if one.opening.unit == scope.root.agency_code]


def _without_own(one: Cumulative, report_input: ReportInput, scope: Scope) -> list[object]:
    """The balance, the periods, and what they come to without the report's own."""
    indicator = next((i for i in valid_on(one.last_day) if i.id == one.opening.indicator), None)
    own = scope.tally(scope.codes)
    mine = counts_of(indicator, own.counts if own else None)[0] if indicator else None
    rest = None if one.total is None or mine is None else one.total - mine
    return [one.opening.indicator, [part.id for part in one.parts], rest]
