"""What the warehouse holds of other periods that a report compares its own with."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pandas as pd
from sqlalchemy import Engine

from contracts.codes import PartitionState, Series
from contracts.errors import ConfigError, UsageError
from contracts.periods import (
    Period,
    Span,
    earlier_of_kind,
    parse_period,
    previous_period,
    same_period_last_year,
)
from contracts.province import Province
from reporting.inputs import History, SourceState
from transforms.over_time import PeriodFigures, figures_of
from transforms.year_so_far import covers
from warehouse.ledger import Partition
from warehouse.read import Moment, one_moment
from warehouse.stand import is_settled

IN_A_SERIES = 8
"""Two years of quarters."""


def history(engine: Engine, province: Province, now: PeriodFigures) -> History:
    """Every other period as it stands, all at one moment, by the sources that answered for it then."""
    with one_moment(engine) as stored:
        return history_on(Shelf(stored, province, now))


def history_on(shelf: Shelf) -> History:
    """The same, for whoever reads more of that moment."""
    now = shelf.now
    then = same_period_last_year(now.period)
    return History(
        now=now,
        before=shelf.of(previous_period(now.period)),
        last_year=shelf.of(then),
        year=shelf.year(now.period),
        last_years=shelf.year(then) if then else (),
        stored=shelf.stored,
        series=shelf.series(now.period),
    )


def figures_now(
    province: Province, period: Period, *, span: Span, facts: pd.DataFrame, sources: Collection[SourceState]
) -> PeriodFigures:
    """Of the report's own period, by what the report knows of its sources."""
    unusable = {s.id: f"chưa có số liệu của nguồn {s.name}" for s in sources if not s.loaded}
    return figures_of(period, facts, span=span, sources=sources, unusable=unusable, tree=province.units)


class Shelf:
    """The stored periods, each read once, and all of one moment."""

    def __init__(self, stored: Moment, province: Province, now: PeriodFigures) -> None:
        self.province, self.now = province, now
        self._moment = stored
        self._read: dict[str, PeriodFigures | None] = {now.period.id: now}
        self._unfinished = now.unfinished
        names = {*stored.period_ids(), now.period.id}
        found = (_parsed(name, province.file.period_rule) for name in sorted(names))
        self.stored = tuple(p for p in found if p is not None)

    def of(self, period: Period | None) -> PeriodFigures | None:
        """None where the period is none, or nothing of it stands."""
        if period is None or period.id not in {p.id for p in self.stored}:
            return None
        if period.id not in self._read:
            self._read[period.id] = _figures(self._moment, self.province, period)
        return self._read[period.id]

    def year(self, period: Period) -> tuple[PeriodFigures, ...]:
        """The first way of putting the year so far together of which nothing lacks; else the first at all. While the
        period runs, it is its last part itself: the long one may be of another day."""
        ways = [tuple(self.of(p) for p in chain) for chain in covers(period, self.stored)]
        whole = [tuple(f for f in way if f is not None) for way in ways if None not in way]
        usable = [way for way in whole if not (self._unfinished and way[-1].period.id != period.id)]
        return next((way for way in usable if not any(f.lacking for f in way)), next(iter(usable), ()))

    def series(self, period: Period) -> tuple[PeriodFigures, ...]:
        """Of the last periods of that kind those of which anything stands, the oldest first."""
        found = (self.of(one) for one in last_of_kind(period))
        return tuple(figures for figures in found if figures is not None)


def last_of_kind(period: Period) -> tuple[Period, ...]:
    """The period and those before it, the oldest first: as many as a chart of them has room for."""
    found = [period]
    while len(found) < IN_A_SERIES and (before := earlier_of_kind(found[0])) is not None:
        found.insert(0, before)
    return tuple(found)


def _parsed(name: str, rule: str) -> Period | None:
    try:
        return parse_period(name, rule=rule)
    except UsageError:  # of another rule's time
        return None


def _figures(stored: Moment, province: Province, period: Period) -> PeriodFigures | None:
    """None where nothing of it is loaded."""
    known = {p.source_id: p for p in stored.partitions(period.id)}
    if not any(p.state is PartitionState.LOADED for p in known.values()):
        return None
    try:
        sources = province.sources(period=period, systems=Path())
    except ConfigError:
        sources = []
    settled = is_settled(known.values())
    whys = {s.id: _why_unusable(province, period, s.name, known.get(s.id), settled=settled) for s in sources}
    unusable = {source_id: why for source_id, why in whys.items() if why}
    facts = stored.facts(period.id, [s.id for s in sources if s.id not in unusable], series=Series.FORMS)
    return figures_of(period, facts, span=period.forms, sources=sources, unusable=unusable, tree=province.units)


def _why_unusable(province: Province, period: Period, name: str, known: Partition | None, *, settled: bool) -> str:
    """A past period counts whole, by the policy of today, and each dossier once; "" where it does."""
    if known is None or known.state is not PartitionState.LOADED:
        return f"chưa có số liệu của nguồn {name}"
    if known.as_of is not None and known.as_of < period.cut_off:
        return f"số liệu của nguồn {name} mới tính đến ngày {known.as_of:%d/%m/%Y}"
    if not (known.load_fingerprint or "").startswith(province.counting_fingerprint):
        return f"số liệu của nguồn {name} được tính theo quy định khác, cần chạy lại kỳ {period.id}"
    if not settled:
        return f"hồ sơ chung của nguồn {name} với các nguồn khác chưa tính xong, cần chạy lại kỳ {period.id}"
    return ""
