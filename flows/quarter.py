"""The quarter, end to end: every source on its own, then indicators, then the reports that changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed
from prefect.task_runners import ThreadPoolTaskRunner

from contracts.codes import PartitionState
from contracts.errors import CriticalCheckError, Exit
from flows.carried_out import carry_out, check
from flows.concluding import Concluded, settle_and_conclude
from flows.failure import BUG
from flows.notices.telling import telling
from flows.place import Place, find_place, refuse_another_day
from flows.plan import Step, plan
from flows.recorded import recorded
from reporting.refresh import ReportOutcome
from warehouse.ledger import Partition
from warehouse.locks import SCHEDULE_PATIENCE_SECONDS, run_lock
from warehouse.runs import AskedBy
from warehouse.stand import to_be_settled

SOURCES_AT_ONCE = 4
_RUNNER: Any = ThreadPoolTaskRunner(max_workers=SOURCES_AT_ONCE)
_PATIENCE: dict[AskedBy, float] = {"schedule": SCHEDULE_PATIENCE_SECONDS, "command": 0.0, "portal": 0.0}


@dataclass(frozen=True)
class QuarterResult:
    """What a run left behind: every source's state, every report, and the exit code that says it in short."""

    place: Place
    partitions: tuple[Partition, ...]
    reports: tuple[ReportOutcome, ...]

    @property
    def missing(self) -> list[Partition]:
        return [p for p in self.partitions if p.state is not PartitionState.LOADED]

    @property
    def exit_code(self) -> Exit:
        kinds = {p.error_kind for p in self.missing}
        if BUG in kinds:
            return Exit.BUG
        if CriticalCheckError.__name__ in kinds:
            return Exit.STOPPED_BY_CHECK
        return Exit.SOURCES_MISSING if self.missing else Exit.DONE


@flow(name="quarter", flow_run_name="{period}", task_runner=_RUNNER)
def quarter(
    period: str,
    province: str | None = None,
    as_of: str | None = None,
    only: list[str] | None = None,
    fresh: bool = False,
    *,
    asked_by: AskedBy = "schedule",
) -> State[QuarterResult]:
    """Run a period: read what is missing or changed, count it, refresh the reports.

    only: sources to look at; see `plan`. The flow run is Failed where a source is
    missing, so that the schedule does not show a gap as a success; its data is the QuarterResult either way."""
    place = find_place(period, province=province, as_of=as_of)
    check(place)
    engine = place.open_warehouse()
    with (
        telling(engine, place),
        run_lock(engine, place.period.id, patience=_PATIENCE[asked_by]) as alone,
        recorded(engine, place, asked_by) as ending,
    ):
        if only is not None:
            refuse_another_day(place)
        result = _made(place, plan(place, only=only, fresh=fresh), alone)
        ending.exit_code, ending.said = result.exit_code, _said(result)
    state = Failed if result.missing else Completed
    return state(message=ending.said or None, data=result)


def _made(place: Place, steps: Sequence[Step], alone: Callable[[], None]) -> QuarterResult:
    made = _worked_out(place, steps, alone)
    ids = {s.id for s in place.sources()}
    return QuarterResult(place, tuple(p for p in made.partitions if p.source_id in ids), made.reports)


def _worked_out(
    place: Place, steps: Sequence[Step], alone: Callable[[], None], *, units: Sequence[str] = ()
) -> Concluded:
    """alone: raises where another run has begun meanwhile: what is of the whole period is for one of them to make."""
    to_be_settled(place.open_warehouse(), place.period.id)
    carry_out(place, steps, alone)
    return settle_and_conclude(place, alone, units=units)


def _said(result: QuarterResult) -> str:
    """For whoever reads the schedule and not the terminal; "" where there is nothing to say."""
    names = ", ".join(p.source_id for p in result.missing)
    return "; ".join(filter(None, (f"thiếu nguồn: {names}" if names else "", _restated(result.reports))))


def _restated(reports: Sequence[ReportOutcome]) -> str | None:
    """For whoever reads the schedule and not the terminal."""
    moved = [f"{r.name} ({r.restated} số liệu của bản {r.restates})" for r in reports if r.restated]
    newer = [f"{r.name} (bản {r.version}, đã duyệt bản {r.beside.approved})" for r in reports if r.beside]
    said = (
        f"thay đổi số liệu đã công bố: {', '.join(moved)}" if moved else None,
        f"có bản mới hơn bản đã duyệt: {', '.join(newer)}" if newer else None,
    )
    return "; ".join(filter(None, said)) or None


@flow(name="report", flow_run_name="{period}", task_runner=_RUNNER)
def report(
    period: str, province: str | None = None, as_of: str | None = None, units: list[str] | None = None
) -> tuple[ReportOutcome, ...]:
    """Render again from stored facts; no source is asked. Facts that were counted by rules that changed since are
    counted again first: the report says by which rules it counts."""
    place = find_place(period, province=province, as_of=as_of)
    check(place)
    with telling(place.open_warehouse(), place), run_lock(place.open_warehouse(), place.period.id) as alone:
        refuse_another_day(place)
        return _worked_out(place, plan(place, only=()), alone, units=units or []).reports
