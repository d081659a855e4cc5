"""The quarter that closed last, as the warehouse knows it: what its runs came to, and what it still lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Engine

from contracts.clock import VIETNAM
from contracts.codes import Level, PartitionState
from contracts.periods import Period, last_closed_quarter
from contracts.province import Province
from flows.read_ahead import noted
from transforms.deadlines import WorkingCalendar
from transforms.reporting_rates import dues
from warehouse import at_a_glance, ledger, register, runs
from warehouse.ledger import Partition
from warehouse.locks import Holder, going_on, holder_of
from warehouse.register import ReportVersion
from warehouse.runs import Run

RUNS_AT = time(6)
"""When the quarter runs, on the day after its cut-off (prefect.yaml)."""


@dataclass(frozen=True)
class ClosedQuarter:
    """due: day on which the province's own report is due, None where no rule says, or the days off of that year are not
    known. runs: oldest first. busy: somebody works on it now; holder: who, where that is known. sources: ids of those
    that answer for it. failing: since when, by source id. newest: version of the province's report. read_ahead: sources
    of which it was noted that the clock ran ahead when they were read."""

    period: Period
    due: date | None
    runs: Sequence[Run] = ()
    busy: bool = False
    holder: Holder | None = None
    sources: Sequence[str] = ()
    partitions: Mapping[str, Partition] | None = None
    failing: Mapping[str, datetime] | None = None
    newest: ReportVersion | None = None
    read_ahead: frozenset[str] = frozenset()

    @property
    def begins_at(self) -> datetime:
        """When the schedule runs it."""
        return datetime.combine(self.period.cut_off + timedelta(days=1), RUNS_AT, VIETNAM)

    @property
    def last_run(self) -> Run | None:
        return self.runs[-1] if self.runs else None

    @property
    def runs_now(self) -> bool:
        """Not where somebody has it for a moment, as for a quality page."""
        return self.busy and self.last_run is not None and self.last_run.ended_at is None

    @property
    def began(self) -> bool:
        """After the cut-off: a preview is no run of it. Warehouses of before runs were entered know it of sources."""
        days = [*(run.as_of for run in self.runs), *(known.as_of for known in (self.partitions or {}).values())]
        return any(self._reached_by(day) for day in days)

    @property
    def as_of(self) -> date:
        """As of which its newest run counted: the cut-off, or the later day that somebody wished for."""
        of_sources = [known.as_of for known in (self.partitions or {}).values()]
        days: list[date | None] = [run.as_of for run in self.runs] if self.runs else of_sources
        reached = [day for day in days if day is not None and self._reached_by(day)]
        return reached[-1] if reached else self.period.cut_off

    @property
    def missing(self) -> list[str]:
        """Ids of the sources without figures up to the cut-off."""
        return [source_id for source_id in self.sources if not self._is_whole(source_id)]

    @property
    def has_report(self) -> bool:
        """One that was printed after the cut-off."""
        if self.newest is None:
            return False
        return self.newest.created_at.astimezone(VIETNAM).date() > self.period.cut_off

    def _is_whole(self, source_id: str) -> bool:
        known = (self.partitions or {}).get(source_id)
        return known is not None and known.state is PartitionState.LOADED and self._reached_by(known.as_of)

    def _reached_by(self, day: date | None) -> bool:
        return day is not None and day >= self.period.cut_off


def closed_quarter(engine: Engine, province: Province, today: date) -> ClosedQuarter:
    """Looks only. Raises WarehouseError."""
    period = last_closed_quarter(today, rule=province.file.period_rule)
    newest = [v for v in register.versions(engine, period.id) if v.scope == "province"]
    return ClosedQuarter(
        period=period,
        due=due_day(province, period),
        runs=runs.runs(engine, period.id),
        busy=going_on(engine, period.id) is not None,
        holder=holder_of(engine, period.id),
        sources=province.source_ids_for(period),
        partitions={known.source_id: known for known in ledger.partitions(engine, period.id)},
        failing=at_a_glance.failing_since(engine, period.id),
        newest=newest[-1] if newest else None,
        read_ahead=noted(engine, period.id),
    )


def due_day(province: Province, period: Period) -> date | None:
    """On which the province's own report of that period is due."""
    due = dues(province.file.due, WorkingCalendar(province.rest_days), cut_off=period.cut_off).get(Level.PROVINCE)
    return due.day if due else None
