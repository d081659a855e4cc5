"""What a run does to its sources: in threads of its own, or given out to the processes of Prefect's work pool."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Engine

from contracts.errors import SourceStopped, UsageError, WarehouseError
from contracts.settings import HERE, POOL
from flows import work_pool
from flows.distribution import ENDED, Distribution
from flows.given_out import STOP
from flows.job import Action
from flows.one_source import process_partition
from flows.place import Place
from flows.plan import Step
from storage import finished
from warehouse import ledger
from warehouse.database import is_postgresql
from warehouse.locks import partition_going_on


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

    alone: raises where another run has begun meanwhile; what stands in the ledger is then that one's."""
    engine = place.open_warehouse()
    before = {step.job.source.id: ledger.partition(engine, **step.job.key).attempt for step in steps}
    far = [s for s in steps if s.action is not Action.KEEP] if place.settings.partitions == POOL else []
    near = [s for s in steps if s not in far]  # to ask a source whether it answers takes less than another process
    told: list[dict[str, Any]] = [{**place.words, **step.words} for step in near]
    futures = [process_partition.submit(**words, tried=before[words["source"]]) for words in told]
    given_up: Mapping[str, str] = {}
    if far:
        given_up = Distribution(
            place, patience=place.settings.pool_patience, limit=place.settings.pool_limit
        ).carry_out(far)
    untold: dict[str, WarehouseError] = {}
    for step, future in zip(near, futures, strict=True):
        error: Any = future.result(raise_on_failure=False)
        if isinstance(error, WarehouseError):
            untold[step.job.source.id] = error
    alone()
    _close(engine, steps, before, given_up, untold)


def _close(
    engine: Engine,
    steps: Sequence[Step],
    before: Mapping[str, int],
    given_up: Mapping[str, str],
    untold: Mapping[str, WarehouseError],
) -> None:
    """Those that came to no end of their own are marked failed, as an attempt of ours: whoever is still at work on one,
    unseen by us, can write no more. untold: of those that could not say so because the warehouse was away."""
    for step in steps:
        known = ledger.partition(engine, **step.job.key)
        source_id = step.job.source.id
        is_kept = step.action is Action.KEEP and source_id not in untold
        if known.state in ENDED and (known.attempt > before[source_id] or is_kept):
            continue
        held = partition_going_on(engine, **step.job.key)
        otherwise = held.cause if held else "tiến trình xử lý nguồn đã dừng giữa chừng"
        cause = given_up.get(source_id, otherwise)
        look = STOP if held else "xem các máy chạy tiến trình còn sống và đủ bộ nhớ không"
        if source_id in untold and not held:
            cause, look = f"đang làm thì {untold[source_id].cause}", "kiểm tra kho dữ liệu bằng: cchc doctor"
        attempt = ledger.begin_attempt(engine, **step.job.key, as_of=step.job.as_of)
        ledger.mark_failed(
            engine,
            **step.job.key,
            kind=SourceStopped.__name__,
            error=f"{step.job.source.name}: {cause}",
            advice=f"{look}, rồi chạy lại: cchc rerun {step.job.period.id} --source {source_id}",
            attempt=attempt,
        )
