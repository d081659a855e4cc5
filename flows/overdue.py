"""What should have run and did not, held against the calendar alone: needs neither Prefect nor anything that runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Engine

from contracts.clock import VIETNAM
from contracts.errors import Exit
from contracts.province import Province
from flows.closed_quarter import ClosedQuarter, closed_quarter
from warehouse import runs
from warehouse.locks import going_on
from warehouse.runs import Run

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
    SIDE_RUN_FAILED = "side_run_failed"


OF_THE_CALENDAR = (
    Kind.NEVER_RAN,
    Kind.CUT_OFF,
    Kind.TOO_LONG,
    Kind.ENDED_BADLY,
    Kind.SOURCE_MISSING,
    Kind.REPORT_MISSING,
)
"""Found here; the others are found at Prefect's server (flows.schedule_watch)."""


@dataclass(frozen=True)
class Overdue:
    """One thing that is not as it should be.

    period_id, source_id: "" where it is of none. since: when it should have been. said: a Vietnamese sentence for
    operators and staff, without its full stop; command: what mends it, "" where no command of ours does. Of the same
    cause kind, period_id and source_id stay the same."""

    kind: Kind
    period_id: str
    source_id: str
    since: datetime
    said: str
    command: str


def overdue(engine: Engine, province: Province, now: datetime) -> list[Overdue]:
    """Everything that should have run by now and did not. Looks only. Raises WarehouseError."""
    now = now.astimezone(VIETNAM)
    closed = closed_quarter(engine, province, now.date())
    others = (run for run in runs.without_end(engine) if run.period_id != closed.period.id)
    found = [_without_end(run, now, busy=going_on(engine, run.period_id) is not None) for run in others]
    return [*of_quarter(closed, now), *(one for one in found if one)]


def of_quarter(closed: ClosedQuarter, now: datetime) -> Iterator[Overdue]:
    """The rule. A cause hides what only follows from it."""
    last = closed.last_run
    if last is not None and last.ended_at is None:
        yield from filter(None, [_without_end(last, now, busy=closed.busy)])
    elif closed.busy:
        return
    elif not closed.began:
        if now >= closed.begins_at + BEGINS_WITHIN:
            yield _never_ran(closed)
    elif last is not None and last.exit_code not in {Exit.DONE, Exit.SOURCES_MISSING}:
        yield _ended_badly(last, closed)
    else:
        yield from _lacking(closed, now)


def _lacking(closed: ClosedQuarter, now: datetime) -> Iterator[Overdue]:
    if now.date() >= (closed.due or closed.period.cut_off):
        yield from (_source_missing(closed, source_id) for source_id in closed.missing)
    if not closed.has_report:
        yield _report_missing(closed)


def _without_end(run: Run, now: datetime, *, busy: bool) -> Overdue | None:
    """None where it goes on, and not for too long."""
    if not busy:
        said = f"lượt chạy kỳ {run.period_id} bắt đầu lúc {moment(run.began_at)} bị ngắt giữa chừng, chưa chạy tiếp"
        return Overdue(Kind.CUT_OFF, run.period_id, "", run.began_at, said, f"cchc run {run.period_id}")
    if now - run.began_at <= ENDS_WITHIN:
        return None
    hours = ENDS_WITHIN // timedelta(hours=1)
    said = f"lượt chạy kỳ {run.period_id} bắt đầu lúc {moment(run.began_at)}, quá {hours} giờ vẫn chưa xong"
    return Overdue(Kind.TOO_LONG, run.period_id, "", run.began_at, said, f"cchc status {run.period_id}")


def _never_ran(closed: ClosedQuarter) -> Overdue:
    period, at = closed.period, closed.begins_at
    said = f"{period.label} đáng lẽ đã chạy sáng {at:%d/%m/%Y} nhưng chưa chạy"
    return Overdue(Kind.NEVER_RAN, period.id, "", at, said, f"cchc run {period.id}")


def _ended_badly(run: Run, closed: ClosedQuarter) -> Overdue:
    ended = run.ended_at or run.began_at
    said = f"lượt chạy {closed.period.label} không xong, dừng lúc {moment(ended)}: {run.said}"
    return Overdue(Kind.ENDED_BADLY, run.period_id, "", ended, said, f"cchc run {run.period_id}")


def _source_missing(closed: ClosedQuarter, source_id: str) -> Overdue:
    period = closed.period
    since = (closed.failing or {}).get(source_id) or closed.begins_at
    until = f" (hạn nộp {closed.due:%d/%m/%Y})" if closed.due else ""
    said = f"{period.label}{until} vẫn thiếu số liệu của nguồn «{source_id}», từ {moment(since)}"
    command = f"cchc rerun {period.id} --source {source_id}"
    return Overdue(Kind.SOURCE_MISSING, period.id, source_id, since, said, command)


def _report_missing(closed: ClosedQuarter) -> Overdue:
    period = closed.period
    said = f"{period.label} chưa có báo cáo in sau ngày chốt {period.cut_off:%d/%m/%Y}"
    return Overdue(Kind.REPORT_MISSING, period.id, "", closed.begins_at, said, f"cchc run {period.id}")


def moment(at: datetime) -> str:
    return f"{at.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}"
