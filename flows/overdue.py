"""What should have run and did not, held against the calendar alone: needs neither Prefect nor anything that runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Engine

from contracts.clock import VIETNAM
from contracts.province import Province
from flows.closed_quarter import ClosedQuarter, closed_quarter
from flows.read_ahead import Ahead, ahead
from warehouse import runs
from warehouse.locks import Holder, going_on, holder_of
from warehouse.runs import Run

BEGINS_WITHIN = timedelta(hours=1)
"""A host that was just started first comes to itself; a run of another period goes first."""
ENDS_WITHIN = timedelta(hours=6)


class Kind(StrEnum):
    NEVER_RAN = "never_ran"
    CUT_OFF = "cut_off"
    TOO_LONG = "too_long"
    ENDED_BADLY = "ended_badly"
    STOPPED = "stopped"
    SOURCE_MISSING = "source_missing"
    REPORT_MISSING = "report_missing"
    READ_AHEAD = "read_ahead"
    NO_BACKUP = "no_backup"
    NO_SERVER = "no_server"
    NO_SCHEDULE = "no_schedule"
    PAUSED = "paused"
    SIDE_RUN_FAILED = "side_run_failed"


OF_THE_CALENDAR = (
    Kind.NEVER_RAN,
    Kind.CUT_OFF,
    Kind.TOO_LONG,
    Kind.ENDED_BADLY,
    Kind.STOPPED,
    Kind.SOURCE_MISSING,
    Kind.REPORT_MISSING,
    Kind.READ_AHEAD,
)
"""Found here; the others are found at Prefect's server (flows.schedule_watch), or of the backups
(flows.backups.watch)."""


@dataclass(frozen=True)
class Overdue:
    """One thing that is not as it should be.

    period_id, source_id: "" where it is of none. since: when it should have been. said: a Vietnamese sentence for
    operators and staff, without its full stop; command: what mends it, "" where no command of ours does. Of the same
    cause kind, period_id, source_id and until stay the same. until: of a run that was cut off, the day up to which it
    was to count: a preview of the quarter is not the quarter."""

    kind: Kind
    period_id: str
    source_id: str
    since: datetime
    said: str
    command: str
    until: str = ""


def overdue(engine: Engine, province: Province, now: datetime) -> list[Overdue]:
    """Everything that should have run by now and did not. Looks only. Raises WarehouseError."""
    now = now.astimezone(VIETNAM)
    closed = closed_quarter(engine, province, now.date())
    others = [run for run in runs.without_end(engine) if run.period_id != closed.period.id]
    found = [*of_quarter(closed, now), *(one for run in others for one in _without_end(engine, run, now))]
    return [*found, *map(_read_ahead, ahead(engine, now))]


def at_work(engine: Engine) -> str:
    """The period that is run now, "" where none is: whoever waits for its turn is not overdue."""
    return next(iter(run_now(engine)), "")


def run_now(engine: Engine) -> list[str]:
    """Periods with a run that goes on; not those that somebody has for a moment, as for a quality page."""
    return [run.period_id for run in runs.without_end(engine) if going_on(engine, run.period_id) is not None]


def of_quarter(closed: ClosedQuarter, now: datetime) -> Iterator[Overdue]:
    """The rule. A cause hides what only follows from it; what became of a preview does not hide that the quarter itself
    never ran."""
    last, due = closed.last_run, now >= closed.begins_at + BEGINS_WITHIN
    without_end = last if last is not None and last.ended_at is None else None
    if closed.busy:
        yield from _going_on(closed.period.id, without_end, closed.holder, now)
    elif due and not closed.began:
        yield _never_ran(closed)
    elif without_end is not None:
        yield _cut_off(without_end)
    elif closed.began and last is not None and last.came_to_nothing:
        yield _ended_badly(last, closed)
    elif closed.began:
        yield from _lacking(closed, now, due=due)


def _lacking(closed: ClosedQuarter, now: datetime, *, due: bool) -> Iterator[Overdue]:
    """due: the quarter's own run should have begun; one by hand on the day of the cut-off itself prints before it."""
    if now.date() >= (closed.due or closed.period.cut_off):
        yield from (_source_missing(closed, source_id) for source_id in closed.missing)
    if due and not closed.has_report:
        yield _report_missing(closed)


def _without_end(engine: Engine, run: Run, now: datetime) -> Iterator[Overdue]:
    if going_on(engine, run.period_id) is None:
        yield _cut_off(run)
    else:
        yield from _going_on(run.period_id, run, holder_of(engine, run.period_id), now)


def _cut_off(run: Run) -> Overdue:
    said = f"lượt chạy kỳ {run.period_id} bắt đầu lúc {moment(run.began_at)} bị ngắt giữa chừng, chưa chạy tiếp"
    command = f"cchc run {run.period_id}"
    return Overdue(Kind.CUT_OFF, run.period_id, "", run.began_at, said, command, until=str(run.as_of))


def _going_on(period_id: str, run: Run | None, holder: Holder | None, now: datetime) -> Iterator[Overdue]:
    """For too long. run: that has no end. Who holds the period says more than a run that may have been cut off long
    before: not every work on a period is a run."""
    since = holder.since if holder else run.began_at if run else None
    if since is None or now - since <= ENDS_WITHIN:
        return
    hours = ENDS_WITHIN // timedelta(hours=1)
    said = f"lượt chạy kỳ {period_id} bắt đầu lúc {moment(since)}, quá {hours} giờ vẫn chưa xong"
    who = f" (tiến trình {holder.pid} trên máy {holder.host})" if holder else ""
    yield Overdue(Kind.TOO_LONG, period_id, "", since, f"{said}{who}", f"cchc status {period_id}")


def _never_ran(closed: ClosedQuarter) -> Overdue:
    period, at = closed.period, closed.begins_at
    said = f"{period.label} đáng lẽ đã chạy sáng {at:%d/%m/%Y} nhưng chưa chạy"
    return Overdue(Kind.NEVER_RAN, period.id, "", at, said, f"cchc run {period.id}")


def _ended_badly(run: Run, closed: ClosedQuarter) -> Overdue:
    ended = run.ended_at or run.began_at
    said = f"lượt chạy {closed.period.label} không xong, dừng lúc {moment(ended)}: {run.said}"
    kind = Kind.STOPPED if run.was_stopped else Kind.ENDED_BADLY
    return Overdue(kind, run.period_id, "", ended, said, f"cchc run {run.period_id}")


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


def _read_ahead(found: Ahead) -> Overdue:
    if not found.period_id:
        said = f"đồng hồ máy chậm: kho đã có bản đọc ghi {moment(found.latest)}"
        return Overdue(Kind.READ_AHEAD, "", "", found.seen, said, "cchc doctor")
    whose = ", ".join(f"«{one}»" for one in found.source_ids)
    said = (
        f"kỳ {found.period_id}: đồng hồ máy đang sai, hoặc đã sai khi đọc {whose}; bản đọc ghi {moment(found.latest)}"
    )
    return Overdue(Kind.READ_AHEAD, found.period_id, "", found.seen, said, f"cchc run {found.period_id}")


def moment(at: datetime) -> str:
    return f"{at.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}"
