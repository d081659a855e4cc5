"""One source of a period as a Prefect task: what is tried again, and what the ledger is told of how it ended."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.runtime import task_run as this_try
from sqlalchemy import Engine

from contracts.codes import PartitionState
from contracts.errors import MachineError, SourceNotReceived, SourceUnreachable, known_error
from flows import trace
from flows.counting import count
from flows.failure import failure_of
from flows.job import Action, Job
from flows.partition import extract, last_landing, still_to_do
from flows.place import find_place
from flows.prefect_settings import without_heartbeats
from sources.landing import Landing
from warehouse import ledger
from warehouse.locks import partition_lock
from warehouse.states import AttemptOver

RETRY_DELAYS = [2.0, 8.0]
RETRY_JITTER = 0.5
"""Sources on one host that failed together do not come back together."""
without_heartbeats()  # every flow of cchc imports this module
_begun: dict[str | None, int | None] = {}
"""Task run → its attempt, for its second try: in between, its lock free, another process may have begun one."""


def worth_a_retry(task: Any, task_run: TaskRun, state: State[Any]) -> bool:
    """Only a system that does not answer may answer later; a workbook not yet sent, a lost column, a secret that is not
    there, the wrong hour and a bug of ours will be the same in ten seconds."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, SourceUnreachable) and not isinstance(error, SourceNotReceived)


@task(
    name="partition",
    task_run_name="{source}",
    cache_policy=NO_CACHE,
    retries=len(RETRY_DELAYS),
    retry_delay_seconds=RETRY_DELAYS,
    retry_jitter_factor=RETRY_JITTER,
    retry_condition_fn=worth_a_retry,
)
def process_partition(
    province: str,
    period: str,
    as_of: str,
    source: str,
    action: str,
    *,
    afresh: bool = False,
    tried: int | None = None,
) -> None:
    """One source of one period; its outcome stands in the ledger.

    afresh: from the first row, whatever an extract that broke off has read; a second try of ours goes on with its own.
    tried: attempts that the ledger had counted when this was asked for, so that it is not done twice; None: whatever
    it has counted."""
    place = find_place(period, province=province, as_of=as_of)
    engine = place.open_warehouse()
    with partition_lock(engine, place.period.id, source):
        known = ledger.partition(engine, place.period.id, source)
        is_first = (this_try.run_count or 0) <= 1
        ledger.check_attempt(known, tried if is_first else _begun.get(this_try.id))
        job = replace(place.job(engine, place.source(source)), attempt=known.attempt, afresh=afresh and is_first)
        with _told_to_ledger(engine, job, logs=place.home / "logs"):
            action, job = begin(engine, job, Action(action))
        _begun[this_try.id] = job.attempt
        if action is not Action.KEEP:
            with _told_to_ledger(engine, job, logs=place.home / "logs"):
                finish(engine, job, action)


def begin(engine: Engine, job: Job, action: Action) -> tuple[Action, Job]:
    """What is to be done after all, and, unless it is to be left as it is, with a new attempt that was entered."""
    if action is Action.KEEP:
        action = still_to_do(engine, job, ledger.partition(engine, **job.key))
    if action is Action.KEEP:
        return action, job
    from_landing = action is not Action.EXTRACT
    return action, replace(
        job,
        attempt=ledger.begin_attempt(engine, **job.key, from_landing=from_landing, as_of=job.as_of, after=job.attempt),
    )


def finish(engine: Engine, job: Job, action: Action) -> None:
    """Read it where that was asked, and count it."""
    landing = _read(engine, job) if action is Action.EXTRACT else last_landing(job, ledger.partition(engine, **job.key))
    extracted_at = ledger.partition(engine, **job.key).extracted_at
    assert extracted_at is not None
    count(engine, job, landing, snapshot=extracted_at.date())


def _read(engine: Engine, job: Job) -> Landing:
    """Raises MachineError where the clock was set back meanwhile: dossiers of the days that are yet to come again would
    be left out as entered too early."""
    landing = extract(engine, job)
    if landing.extracted_at.date() < job.as_of:
        raise MachineError(
            f"{job.source.name}: đọc vào ngày {landing.extracted_at:%d/%m/%Y} theo đồng hồ máy, trước ngày chốt "
            f"{job.as_of:%d/%m/%Y}",
            advice=f"nếu đồng hồ sai thì chỉnh lại, rồi chạy lại: cchc run {job.period.id}",
        )
    return landing


@contextmanager
def _told_to_ledger(engine: Engine, job: Job, *, logs: Path) -> Iterator[None]:
    """What goes wrong stands in the ledger, unless that belongs to another process by now."""
    try:
        yield
    except AttemptOver:
        raise
    except Exception as error:
        failure = failure_of(error, logs=logs)
        not_received = isinstance(error, SourceNotReceived)
        ledger.mark_failed(
            engine,
            **job.key,
            kind=failure.kind,
            error=failure.cause,
            advice=failure.advice,
            state=PartitionState.NOT_RECEIVED if not_received else PartitionState.FAILED,
            attempt=job.attempt,
        )
        raise known_error(error) or RuntimeError(trace.describe(error)) from None  # its own words could hold a row
