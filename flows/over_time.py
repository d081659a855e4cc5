"""Every indicator of every unit beside the period before, last year's and the year so far: made anew when wanted."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pandas as pd
from sqlalchemy import Engine

from contracts.codes import Series
from contracts.units import Unit, UnitTree
from flows.place import Place
from reporting.gather import counted
from reporting.history import history
from reporting.inputs import History
from transforms.indicators import valid_on
from transforms.over_time import (
    Change,
    Figure,
    Obstacle,
    PeriodFigures,
    compared,
    figure_of,
    obstacle,
)
from transforms.rounding import round_half_up
from transforms.year_so_far import put_together

COLUMNS = (
    *("unit_code", "agency_code", "name", "compared_with", "compared_period", "indicator", "unit"),
    *("numerator", "denominator", "before_numerator", "before_denominator"),
    *("difference", "percent", "is_break", "why_not"),
)
"""A row a unit with all below it, indicator of the forms' series, and period compared with.

compared_with: "previous", "last_year", or "year_so_far": the year's against last year's up to the same day.
compared_period: its id; of the year so far that of the last part. unit: of the indicator: "%": the difference is in
percentage points; percent: of what a count was. Both are rounded once, to two decimals. is_break: the series is broken
there. why_not: why nothing is compared, Vietnamese."""
_COUNTS = ("numerator", "denominator", "before_numerator", "before_denominator")
_ROUNDED = ("difference", "percent")


def over_time(engine: Engine, place: Place) -> pd.DataFrame:
    """COLUMNS, in the tree's order."""
    sources = place.sources()
    known = counted(engine, province=place.province, period=place.period, as_of=place.as_of, sources=sources)
    rows = list(_rows(place, history(engine, place.province, known.now)))
    kinds = dict.fromkeys(COLUMNS, "str") | dict.fromkeys(_COUNTS, "Int64") | dict.fromkeys(_ROUNDED, "float64")
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(kinds | {"is_break": "bool"})


def _rows(place: Place, history: History) -> Iterator[dict[str, Any]]:
    tree = place.province.units
    indicators = [i for i in valid_on(history.now.span.last_day) if i.series is Series.FORMS]
    pairs = tuple(_pairs(history, tree))
    for unit in history.now.of(tree):
        below = tree.subtree(unit.agency_code)
        for kind, now, before in pairs:
            stands = obstacle(unit, now, before, tree=tree, breaks=place.province.breaks)
            sums = now.sums(below), before.sums(below)
            for indicator in indicators:
                ours, theirs = (figure_of(indicator, counts) for counts in sums)
                found = compared(indicator, ours, theirs, before=before.period, why_not=stands.why)
                yield _row(unit, kind, before, found, stands)


def _pairs(history: History, tree: UnitTree) -> Iterator[tuple[str, PeriodFigures, PeriodFigures]]:
    if history.before is not None:
        yield "previous", history.now, history.before
    if history.last_year is not None:
        yield "last_year", history.now, history.last_year
    if history.year and history.last_years:
        yield "year_so_far", put_together(history.year, tree), put_together(history.last_years, tree)


def _row(unit: Unit, kind: str, before: PeriodFigures, found: Change, stands: Obstacle) -> dict[str, Any]:
    known = {
        "unit_code": unit.unit_code,
        "agency_code": unit.agency_code,
        "name": unit.name,
        "compared_with": kind,
        "compared_period": before.period.id,
        "indicator": found.indicator.id,
        "unit": found.indicator.unit,
    }
    counts = dict(zip(_COUNTS, (*_both(found.now), *_both(found.before)), strict=True))
    changes = {"difference": _rounded(found.difference), "percent": _rounded(found.percent)}
    return known | counts | changes | {"is_break": stands.is_break, "why_not": found.why_not}


def _both(figure: Figure | None) -> tuple[int | None, int | None]:
    return (None, None) if figure is None else (figure.numerator, figure.denominator)


def _rounded(value: Fraction | None) -> float | None:
    """Half away from zero: a fall of 0,845 is −0,85, as a rise is +0,85."""
    if value is None:
        return None
    return float(round_half_up(abs(value))) * (1 if value > 0 else -1)
