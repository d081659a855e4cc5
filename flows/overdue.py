"""What should have run and did not, held against the calendar alone: needs neither Prefect nor anything that runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import Engine

from contracts.clock import VIETNAM
from contracts.codes import Level, PartitionState
from contracts.errors import Exit
from contracts.periods import Period, last_closed_quarter
from contracts.province import Province
from transforms.deadlines import WorkingCalendar
from transforms.reporting_rates import dues
from warehouse import at_a_glance, ledger, register, runs
from warehouse.ledger import Partition
from warehouse.locks import going_on
from warehouse.register import ReportVersion
from warehouse.runs import Run

RUNS_AT = time(6)
"""When the quarter runs, on the day after its cut-off (prefect.yaml)."""
BEGINS_WITHIN = timedelta(hours=1)
"""A host that was just started first comes to itself; a run of another period goes first."""
ENDS_WITHIN = timedelta(hours=6)


class Kind(StrEnum):
    NEVER_RAN = "never_ran"
    CUT_OFF = "cut_off"
    TOO_LONG = "too_long"
    ENDED_BADLY = "ended_badly"
    SOURCE_MISSING = "source_missing"
    REPORT_MISSING = "report_missing"
    NO_SCHEDULE = "no_schedule"
    PAUSED = "paused"


@dataclass(frozen=True)
class Overdue:
    """One thing that is not as it should be.

    period_id, source_id: "" where it is of none. since: when it should have been. said: a Vietnamese sentence for
    operators and staff; command: what mends it, "" where no command of ours does. Of the same cause, kind, period_id
    and source_id stay the same."""

    kind: Kind
    period_id: str
    source_id: str
    since: datetime
    said: str
    command: str


@dataclass(frozen=True)
class Stand:
    """What is known of one closed quarter. due: day on which the province's own report is due, None where no rule says.
    runs: oldest first. busy: a run of it goes on. sources: ids of those that answer for it. failing: since when, by
    source id. newest: version of the province's report."""

    period: Period
    due: date | None
    runs: Sequence[Run]
    busy: bool
    sources: Sequence[str]
    partitions: Mapping[str, Partition]
    failing: Mapping[str, datetime]
    newest: ReportVersion | None

    @property
    def missing(self) -> list[str]:
        """Ids of the sources without figures up to the cut-off."""
        return [name for name in self.sources if not self._is_whole(self.partitions.get(name))]

    def _is_whole(self, known: Partition | None) -> bool:
        return known is not None and known.state is PartitionState.LOADED and _reaches(known.as_of, self.period)

    @property
    def began(self) -> bool:
        """After the cut-off. Warehouses of before runs were entered know it of their sources alone."""
        days = [*(run.as_of for run in self.runs), *(known.as_of for known in self.partitions.values())]
        return any(_reaches(day, self.period) for day in days)


def overdue(engine: Engine, province: Province, now: datetime) -> list[Overdue]:
    """Everything that should have run by now and did not, the most urgent first. Looks only. Raises WarehouseError."""
    now = now.astimezone(VIETNAM)
    period = last_closed_quarter(now.date(), rule=province.file.period_rule)
    found = [*of_quarter(_stand(engine, province, period), now)]
    others = (run for run in runs.without_end(engine) if run.period_id != period.id)
    found += [_cut_off(run) for run in others if going_on(engine, run.period_id) is None]
    return found


def of_quarter(stand: Stand, now: datetime) -> Iterator[Overdue]:
    """The rule."""
    last = stand.runs[-1] if stand.runs else None
    if last is not None and last.ended_at is None:
        if not stand.busy:
            yield _cut_off(last)
        elif now - last.began_at > ENDS_WITHIN:
            yield _too_long(last)
        return
    if stand.busy:
        return
    if not stand.began:
        if now >= begins_at(stand.period) + BEGINS_WITHIN:
            yield _never_ran(stand)
        return
    if last is not None and last.exit_code not in {Exit.DONE, Exit.SOURCES_MISSING}:
        yield _ended_badly(last, stand.period)
        return
    if now.date() >= (stand.due or stand.period.cut_off):
        yield from (_source_missing(stand, source_id) for source_id in stand.missing)
    if stand.newest is None or stand.newest.created_at.astimezone(VIETNAM).date() <= stand.period.cut_off:
        yield _report_missing(stand)


def begins_at(period: Period) -> datetime:
    """When the schedule begins the run of that period."""
    return datetime.combine(period.cut_off + timedelta(days=1), RUNS_AT, VIETNAM)


def due_day(province: Province, period: Period) -> date | None:
    """On which the province's own report is due; None where no rule says, or the days off of that year are not
    known."""
    due = dues(province.file.due, WorkingCalendar(province.rest_days), cut_off=period.cut_off).get(Level.PROVINCE)
    return due.day if due else None


def _stand(engine: Engine, province: Province, period: Period) -> Stand:
    newest = [v for v in register.versions(engine, period.id) if v.scope == "province"]
    return Stand(
        period=period,
        due=due_day(province, period),
        runs=runs.runs(engine, period.id),
        busy=going_on(engine, period.id) is not None,
        sources=province.source_ids_for(period),
        partitions={known.source_id: known for known in ledger.partitions(engine, period.id)},
        failing=at_a_glance.failing_since(engine, period.id),
        newest=newest[-1] if newest else None,
    )


def _reaches(day: date | None, period: Period) -> bool:
    return day is not None and day >= period.cut_off


def _never_ran(stand: Stand) -> Overdue:
    period, at = stand.period, begins_at(stand.period)
    said = f"{period.label} đáng lẽ đã chạy sáng {at:%d/%m/%Y} nhưng chưa chạy"
    return Overdue(Kind.NEVER_RAN, period.id, "", at, said, f"cchc run {period.id}")


def _cut_off(run: Run) -> Overdue:
    said = f"lượt chạy kỳ {run.period_id} bắt đầu lúc {_moment(run.began_at)} bị ngắt giữa chừng, chưa chạy tiếp"
    return Overdue(Kind.CUT_OFF, run.period_id, "", run.began_at, said, f"cchc run {run.period_id}")


def _too_long(run: Run) -> Overdue:
    hours = ENDS_WITHIN // timedelta(hours=1)
    said = f"lượt chạy kỳ {run.period_id} bắt đầu lúc {_moment(run.began_at)} vẫn chưa xong sau {hours} giờ"
    return Overdue(Kind.TOO_LONG, run.period_id, "", run.began_at, said, f"cchc status {run.period_id}")


def _ended_badly(run: Run, period: Period) -> Overdue:
    ended = run.ended_at or run.began_at
    said = f"lượt chạy {period.label} kết thúc lúc {_moment(ended)} không thành công: {run.said}"
    return Overdue(Kind.ENDED_BADLY, run.period_id, "", ended, said, f"cchc run {run.period_id}")


def _source_missing(stand: Stand, source_id: str) -> Overdue:
    period = stand.period
    since = stand.failing.get(source_id) or begins_at(period)
    due = f"hạn nộp {stand.due:%d/%m/%Y}" if stand.due else "kỳ đã chốt"
    said = f"{due}, {period.label} vẫn thiếu số liệu của nguồn «{source_id}» từ {_moment(since)}"
    command = f"cchc rerun {period.id} --source {source_id}"
    return Overdue(Kind.SOURCE_MISSING, period.id, source_id, since, said, command)


def _report_missing(stand: Stand) -> Overdue:
    period, at = stand.period, begins_at(stand.period)
    said = f"chưa có báo cáo {period.label} in sau ngày chốt {period.cut_off:%d/%m/%Y}"
    return Overdue(Kind.REPORT_MISSING, period.id, "", at, said, f"cchc run {period.id}")


def _moment(at: datetime) -> str:
    return f"{at.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}"
