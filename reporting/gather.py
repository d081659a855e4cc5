"""Reads a period's facts, states and findings from the warehouse into one ReportInput."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import pandas as pd
from pandas import DataFrame
from sqlalchemy import Engine

from contracts.codes import PartitionState, Series
from contracts.periods import Period, Span, previous_period
from contracts.province import Province
from contracts.source_config import SourceConfig
from reporting.cumulated import cumulated
from reporting.history import Shelf, figures_now, history_on
from reporting.inputs import Previous, ReportInput, SourceState
from reporting.issued import issued
from reporting.returns.gather import gather_returns
from reporting.standings import known_rankings, known_tables
from reporting.wording import cause_of
from reporting.written.texts import known_texts
from transforms.indicators import COLUMNS
from transforms.over_time import PeriodFigures
from warehouse import comparisons, published
from warehouse.ledger import Partition
from warehouse.read import Moment, one_moment
from warehouse.stand import is_settled
from warehouse.store import FINDING_COLUMNS


@dataclass(frozen=True)
class Counted:
    """What stands of a period itself. facts: of the forms, of loaded sources. now: the same by unit and field."""

    spans: dict[Series, Span]
    sources: tuple[SourceState, ...]
    facts: DataFrame
    now: PeriodFigures

    @property
    def loaded(self) -> list[str]:
        return [source.id for source in self.sources if source.loaded]


def counted(engine: Engine, *, province: Province, period: Period, as_of: date, sources: list[SourceConfig]) -> Counted:
    """For what needs no more than the counts: a fault in the files of an index must not stand in its way."""
    with one_moment(engine) as stored:
        return counted_at(stored, province=province, period=period, as_of=as_of, sources=sources)


def counted_at(
    stored: Moment, *, province: Province, period: Period, as_of: date, sources: list[SourceConfig]
) -> Counted:
    """The same, for whoever reads more of that moment."""
    known = {p.source_id: p for p in stored.partitions(period.id)}
    states = tuple(_state(source, known.get(source.id)) for source in sources)
    loaded = [s.id for s in states if s.loaded]
    facts, spans = stored.facts(period.id, loaded, series=Series.FORMS), period.spans(as_of)
    now = figures_now(province, period, span=spans[Series.FORMS], facts=facts, sources=states)
    return Counted(spans, states, facts, now)


def gather(
    engine: Engine, *, province: Province, period: Period, as_of: date, sources: list[SourceConfig]
) -> ReportInput:
    """The period's forms and indicators, and the forms of the periods that it is compared with; all counts of one
    moment (`figures`)."""
    with one_moment(engine) as stored:
        found = _figures(stored, province=province, period=period, as_of=as_of, sources=sources)
        found = replace(found, indicators=stored.indicators(period.id), findings=stored.findings(period.id))
    return replace(
        found,
        deviations=comparisons.deviations(engine, period.id),
        published=issued(engine, period.id),
        returns=gather_returns(engine, province, period),
        public_figures=published.newest(engine, period.id),
        standings=known_tables(engine, province, on=period.cut_off),
        rankings=known_rankings(engine, on=period.cut_off),
        written=known_texts(engine, period.id),
    )


def figures(
    engine: Engine, *, province: Province, period: Period, as_of: date, sources: list[SourceConfig]
) -> ReportInput:
    """What the counts alone tell, of this period and of those that it is compared with. Nothing that follows from them
    and is stored with a run: indicators and findings are empty.

    All of one moment: a source of another period that another process begins anew is whole in every part of it, or
    said to be missing in every one."""
    with one_moment(engine) as stored:
        return _figures(stored, province=province, period=period, as_of=as_of, sources=sources)


def _figures(
    stored: Moment, *, province: Province, period: Period, as_of: date, sources: list[SourceConfig]
) -> ReportInput:
    found = counted_at(stored, province=province, period=period, as_of=as_of, sources=sources)
    shelf = Shelf(stored, province, found.now)
    return ReportInput(
        province=province,
        period=period,
        as_of=as_of,
        spans=found.spans,
        facts=found.facts,
        indicators=DataFrame(columns=list(COLUMNS)),
        sources=found.sources,
        findings=DataFrame(columns=["source_id", *FINDING_COLUMNS]),
        previous=_previous(stored, province, period, sources),
        durations=stored.durations(period.id, found.loaded),
        cumulative=cumulated(shelf),
        history=history_on(shelf),
    )


def _state(source: SourceConfig, partition: Partition | None) -> SourceState:
    """What the ledger says of a configured source; one that it does not know is still expected."""
    state = SourceState(
        id=source.id,
        name=source.name,
        state=partition.state if partition else PartitionState.EXPECTED,
        units=source.units,
        error=cause_of(partition.error, source.name) if partition else "",
        contact=source.contact,
        responsibility=source.responsibility,
        elsewhere=source.elsewhere,
    )
    if partition is None or not state.loaded:
        return state
    return replace(
        state,
        extracted_at=partition.extracted_at,
        rows=partition.rows,
        accepted=partition.accepted,
        quarantined=partition.quarantined,
        landing_id=partition.landing_id or "",
        load_fingerprint=partition.load_fingerprint or "",
        meaning=replace(source, corrections=()).meaning_fingerprint[:16],
    )


def _previous(stored: Moment, province: Province, period: Period, sources: list[SourceConfig]) -> Previous | None:
    """The adjacent period before, where any of its sources is loaded and counted to its cut-off, by the policy of
    today, and all are settled: what is counted otherwise cannot be compared. None, too, where a source that has ended
    since is missing there: what its units lacked is no longer known."""
    before = previous_period(period)
    if before is None:
        return None
    configured = set(province.source_ids_for(before))
    known = [p for p in stored.partitions(before.id) if p.source_id in configured]
    loaded = [p for p in known if p.state is PartitionState.LOADED]
    if not is_settled(known) or {p.source_id for p in known} - {p.source_id for p in loaded} - {s.id for s in sources}:
        return None
    whole = {
        p.source_id
        for p in loaded
        if (p.as_of is None or p.as_of >= before.cut_off)
        and (p.load_fingerprint or "").startswith(province.counting_fingerprint)
    }
    ours = sorted(whole)
    if not ours:
        return None
    facts: pd.DataFrame = stored.facts(before.id, ours, series=Series.FORMS)
    return Previous(before, facts, frozenset(ours))
