"""What a run does to its sources: in threads of its own, or given out to the processes of Prefect's work pool."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import Engine

from contracts.codes import PartitionState
from contracts.errors import SourceStopped, UsageError, WarehouseError
from contracts.settings import HERE, POOL
from flows import work_pool
from flows.distribution import ENDED, Distribution, Done
from flows.failure import BUG, failure_of
from flows.given_out import OTHERWISE, STOP
from flows.job import Action
from flows.one_source import process_partition
from flows.place import Place
from flows.plan import Step
from storage import finished
from warehouse import ledger
from warehouse.database import is_postgresql
from warehouse.ledger import Partition
from warehouse.locks import partition_going_on, session_behind
from warehouse.states import AttemptOver


def check(place: Place) -> None:
    """Raises UsageError where the sources cannot be worked on as CCHC_PARTITIONS says, or nothing that comes of it
    could be put into the shared store, which is another warehouse's."""
    wanted = place.settings.partitions
    if wanted not in {HERE, POOL}:
        raise UsageError(f"CCHC_PARTITIONS không nhận «{wanted}»", advice="đặt here (ngay trên máy này) hoặc pool")
    if wanted == POOL and not is_postgresql(place.open_warehouse()):
        raise UsageError(
            "CCHC_PARTITIONS=pool cần kho dữ liệu PostgreSQL: tệp SQLite không dùng chung được cho nhiều tiến trình "
            "trên nhiều máy",
            advice="đặt CCHC_WAREHOUSE_URL, và nơi lưu chung cho mọi máy (xem docs/scale.md); hoặc bỏ CCHC_PARTITIONS",
        )
    if wanted == POOL:
        work_pool.check()
    place.open_warehouse()
    finished.refuse_another_warehouse(place.province.id)


def carry_out(place: Place, steps: Sequence[Step], alone: Callable[[], None]) -> None:
    """Every step to its end, whatever becomes of the others. None is left without a word in the ledger.

    alone: raises where another run has begun meanwhile; what stands in the ledger is then that one's. Asked before
    anything is begun, too: between the plan and here this run may have stood still, and what it began now the other one
    could take for its own."""
    alone()
    far = [s for s in steps if s.action is not Action.KEEP] if place.settings.partitions == POOL else []
    near = [s for s in steps if s not in far]  # to ask a source whether it answers takes less than another process
    futures = [process_partition.submit(**{**place.words, **step.words}, tried=step.known.attempt) for step in near]
    done = Done({}, {})
    if far:
        done = Distribution(
            place,
            holds=session_behind(alone),
            patience=place.settings.pool_patience,
            limit=place.settings.pool_limit,
        ).carry_out(far)
    ended = (future.result(raise_on_failure=False) for future in futures)
    raised = {**done.raised, **{step.job.source.id: error for step, error in zip(near, ended, strict=True)}}
    alone()
    for step in steps:
        source_id = step.job.source.id
        _close(place, step, raised.get(source_id), done.given_up.get(source_id))


def _close(place: Place, step: Step, raised: object, given_up: str | None) -> None:
    """One that came to no end of its own is marked failed, as an attempt of ours: whoever is still at work on it,
    unseen by us, can write no more. raised: by what was done of it here, which may not stand in the ledger."""
    engine = place.open_warehouse()
    known = ledger.partition(engine, **step.job.key)
    if _is_done(engine, step, known, raised):
        return
    held = partition_going_on(engine, **step.job.key)
    kind, look = SourceStopped.__name__, STOP
    if held:
        cause = given_up or held.cause
    elif _stood_in_the_way(raised):
        kind, cause, look = _trouble(raised, logs=place.home / "logs")
    elif known.state in ENDED and known.attempt > step.known.attempt:
        cause, look = OTHERWISE, f"xem còn lượt chạy nào khác của kỳ không: cchc status {step.job.period.id}"
    else:
        cause = given_up or "tiến trình xử lý nguồn đã dừng giữa chừng"
        look = "xem các máy chạy tiến trình còn sống và đủ bộ nhớ không"
    attempt = ledger.begin_attempt(engine, **step.job.key, as_of=step.job.as_of)
    ledger.mark_failed(
        engine,
        **step.job.key,
        kind=kind,
        error=f"{step.job.source.name}: {cause}",
        advice=f"{look}, rồi chạy lại: cchc rerun {step.job.period.id} --source {step.job.source.id}",
        attempt=attempt,
    )


def _is_done(engine: Engine, step: Step, known: Partition, raised: object) -> bool:
    """Whether it came to an end, and to the one that was asked for. An attempt since may be another's, who was at the
    source before us: a run whose lock was lost counts what was read before, or up to another day. Figures of that are
    not what was to be read now; a failure is one, whosever it is. One that was to be asked whether it still holds the
    same, and could not be, does not stand as if it had said so."""
    is_new = known.attempt > step.known.attempt
    was_asked = known.state is not PartitionState.LOADED or not _stood_in_the_way(raised)
    if known.state not in ENDED or not (is_new or (step.action is Action.KEEP and was_asked)):
        return False
    if known.state is not PartitionState.LOADED or not is_new:
        return True
    was_to_be_seen = step.action is Action.EXTRACT or (step.action is Action.KEEP and isinstance(raised, AttemptOver))
    if was_to_be_seen and not ledger.was_read(engine, **step.job.key, after=step.known.attempt):
        return False
    return known.as_of == step.job.as_of


def _stood_in_the_way(raised: object) -> bool:
    """Whether it kept us from working on a source: not where another process had overtaken us, nor what befell Prefect
    alone, while the work went on."""
    prefects = type(raised).__module__.partition(".")[0] in {"prefect", "httpx", "httpcore"}
    return isinstance(raised, Exception) and not isinstance(raised, AttemptOver) and not prefects


def _trouble(raised: object, *, logs: Path) -> tuple[str, str, str]:
    """Kind, cause, and what to do, of what the ledger was not told of."""
    assert isinstance(raised, Exception)
    failure = failure_of(raised, logs=logs)
    if isinstance(raised, WarehouseError):
        return SourceStopped.__name__, f"đang làm thì {failure.cause}", "kiểm tra kho dữ liệu bằng: cchc doctor"
    cause = failure.cause if failure.kind == BUG else f"đang làm thì {failure.cause}"
    return failure.kind, cause, failure.advice or "kiểm tra máy bằng: cchc doctor"
