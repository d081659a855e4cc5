"""Reports with the periods that they are compared with: invented figures over the real units."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import pandas as pd

from contracts.periods import parse_period, previous_period, same_period_last_year
from contracts.province import Province
from reporting.history import figures_now, last_of_kind
from reporting.inputs import History, ReportInput
from tests.reporting import sample
from transforms.over_time import PeriodFigures
from transforms.year_so_far import covers


def figures(of: Province, period_id: str, facts: pd.DataFrame, *, missing: Collection[str] = ()) -> PeriodFigures:
    """A past period as the warehouse would give it."""
    period = parse_period(period_id)
    states = sample.source_states(of, period, missing)
    return figures_now(of, period, span=period.forms, facts=facts, sources=states)


def invented(of: Province, period_id: str, *, missing: Collection[str] = ()) -> PeriodFigures:
    period = parse_period(period_id)
    facts = sample.invented_facts(of, period, sample.source_states(of, period, missing), seed="then")
    return figures(of, period_id, facts, missing=missing)


def with_history(given: ReportInput, stored: Collection[PeriodFigures]) -> ReportInput:
    """The input beside those of the stored periods that it is compared with."""
    now = figures_now(
        given.province, given.period, span=given.spans[sample.Series.FORMS], facts=given.facts, sources=given.sources
    )
    shelf = {f.period.id: f for f in (*stored, now)}
    periods = [f.period for f in shelf.values()]
    then = same_period_last_year(given.period)
    before = previous_period(given.period)

    def year(period: object) -> tuple[PeriodFigures, ...]:
        ways = covers(period, periods) if period else ()  # type: ignore[arg-type]
        return tuple(shelf[p.id] for p in ways[0]) if ways else ()

    found = History(
        now=now,
        before=shelf.get(before.id) if before else None,
        last_year=shelf.get(then.id) if then else None,
        year=year(given.period),
        last_years=year(then),
        stored=tuple(periods),
        series=tuple(shelf[p.id] for p in last_of_kind(given.period) if p.id in shelf),
    )
    return replace(given, history=found)
