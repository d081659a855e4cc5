"""The ledger of (period, source): what is known of each partition, and how it came to that.

The state of a run lives here and nowhere else. Each change writes its event in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, and_, func, insert, select, update

from contracts import clock
from contracts.codes import PartitionState
from contracts.errors import UsageError
from warehouse import tables
from warehouse.bulk import insert_missing
from warehouse.database import reading, writing
from warehouse.states import AttemptOver, StepRefused, check_step

_table = tables.partition
_events = tables.partition_event
_ANEW: dict[str, None] = dict.fromkeys(("error", "advice", "error_kind", "accepted", "quarantined"))
"""What a new attempt knows nothing of yet."""
_BEGUN = "bắt đầu"
"""Detail of an attempt's first step: of one that counts a landing again, a step to landed at which nothing came."""


@dataclass(frozen=True)
class Partition:
    """One source in one period.

    landing_id, landing_path, extracted_at, rows, extract_fingerprint: of the last good landing, kept when a later
    attempt fails. load_fingerprint: of the facts that stand in the warehouse; they are read only while the state is
    loaded. as_of: of these facts, or of the attempt that did not get so far. error, advice: Vietnamese; error_kind:
    name of the exception. across: digest of the dossiers that these facts leave to other sources. settled: attempt
    whose facts were held against those of all others last; see warehouse.stand.is_settled.
    """

    period_id: str
    source_id: str
    state: PartitionState
    attempt: int
    rows: int | None
    accepted: int | None
    quarantined: int | None
    error: str | None
    advice: str | None
    error_kind: str | None
    landing_id: str | None
    landing_path: str | None
    extracted_at: datetime | None
    extract_fingerprint: str | None
    load_fingerprint: str | None
    as_of: date | None
    across: str | None
    settled: int | None
    updated_at: datetime


@dataclass(frozen=True)
class Event:
    """One step of a partition. detail: Vietnamese, for the operator."""

    period_id: str
    source_id: str
    attempt: int
    state: PartitionState
    at: datetime
    detail: str


def expect(engine: Engine, period_id: str, source_ids: Iterable[str]) -> None:
    """Enter the sources of a period; those already there stay as they are."""
    at = clock.now()
    rows = [
        {
            "period_id": period_id,
            "source_id": source_id,
            "state": PartitionState.EXPECTED,
            "attempt": 0,
            "updated_at": at,
        }
        for source_id in source_ids
    ]
    if not rows:
        return
    with writing(engine) as connection:
        entered = insert_missing(connection, _table, rows)
        for _, source_id in sorted(entered):
            _record(connection, period_id, source_id, attempt=0, state=PartitionState.EXPECTED, detail="")


def partition(engine: Engine, period_id: str, source_id: str) -> Partition:
    """Raises UsageError where the source is not expected in that period."""
    with reading(engine) as connection:
        row = connection.execute(select(_table).where(_is(period_id, source_id))).mappings().one_or_none()
    return _known(row, period_id, source_id)


def partitions(engine: Engine, period_id: str) -> list[Partition]:
    """Every source of the period, by source id."""
    with reading(engine) as connection:
        return partitions_on(connection, period_id)


def partitions_on(connection: Connection, period_id: str) -> list[Partition]:
    """The same, of the moment that the connection sees; see warehouse.read.one_moment."""
    query = select(_table).where(_table.c.period_id == period_id).order_by(_table.c.source_id)
    return [_partition(row) for row in connection.execute(query).mappings()]


def history(engine: Engine, period_id: str, source_id: str) -> list[Event]:
    """Every step of a partition, oldest first."""
    columns = [_events.c[field.name] for field in fields(Event)]
    of_partition = and_(_events.c.period_id == period_id, _events.c.source_id == source_id)
    with reading(engine) as connection:
        rows = connection.execute(select(*columns).where(of_partition).order_by(_events.c.id)).mappings()
        return [Event(**{**row, "state": PartitionState(row["state"])}) for row in rows]


def latest(engine: Engine, period_id: str) -> list[Event]:
    """Every step of each source's newest attempt, source by source, oldest first."""
    columns = [_events.c[field.name] for field in fields(Event)]
    same = and_(_events.c.source_id == _table.c.source_id, _events.c.attempt == _table.c.attempt)
    of_period = and_(same, _events.c.period_id == period_id, _table.c.period_id == period_id)
    query = select(*columns).where(of_period).order_by(_events.c.source_id, _events.c.id)
    with reading(engine) as connection:
        rows = connection.execute(query).mappings()
        return [Event(**{**row, "state": PartitionState(row["state"])}) for row in rows]


def last_event(engine: Engine, period_id: str) -> int:
    """Number of the period's newest step; 0 before the first."""
    with reading(engine) as connection:
        return connection.scalar(select(func.max(_events.c.id)).where(_events.c.period_id == period_id)) or 0


def events_after(engine: Engine, period_id: str, number: int) -> list[Event]:
    """Every step of the period behind that one, of whichever attempt, oldest first. Another process's may come in with
    a lower number than one that is there already: look behind the same one again."""
    columns = [_events.c[field.name] for field in fields(Event)]
    newer = and_(_events.c.period_id == period_id, _events.c.id > number)
    with reading(engine) as connection:
        rows = connection.execute(select(*columns).where(newer).order_by(_events.c.id)).mappings()
        return [Event(**{**row, "state": PartitionState(row["state"])}) for row in rows]


def was_read(engine: Engine, period_id: str, source_id: str, *, after: int) -> bool:
    """Whether the source itself was read in an attempt after that one: it began as such, and came to a landing. What
    counts a landing again begins at it."""
    of_partition = and_(_events.c.period_id == period_id, _events.c.source_id == source_id)
    query = select(_events.c.attempt, _events.c.state).where(of_partition, _events.c.attempt > after)
    with reading(engine) as connection:
        steps = {(row.attempt, PartitionState(row.state)) for row in connection.execute(query)}
    return any({(n, PartitionState.EXPECTED), (n, PartitionState.LANDED)} <= steps for n, _ in steps)


def first_good_landings(engine: Engine, period_id: str, *, after: date) -> dict[str, datetime]:
    """Of each source when it was first read, later than that day, so that it was loaded: at once, or when what was read
    then was counted again. A reading that never came so far, or that a newer one replaced before it did, is none; nor
    is a remark on one."""
    columns = (_events.c.source_id, _events.c.attempt, _events.c.state, _events.c.at)
    chosen = _events.c.state.in_([PartitionState.EXPECTED, PartitionState.LANDED, PartitionState.LOADED])
    query = select(*columns).where(_events.c.period_id == period_id, chosen).order_by(_events.c.id)
    with reading(engine) as connection:
        steps = connection.execute(query).all()
    came: dict[str, datetime] = {}
    good: dict[str, datetime] = {}
    last: dict[str, tuple[int, str]] = {}
    for source_id, attempt, state, at in steps:
        if state == PartitionState.LOADED and source_id in came and came[source_id].date() > after:
            good.setdefault(source_id, came[source_id])
        elif state == PartitionState.LANDED and last.get(source_id) == (attempt, PartitionState.EXPECTED):
            came[source_id] = at
        last[source_id] = attempt, state
    return good


def begin_attempt(
    engine: Engine,
    period_id: str,
    source_id: str,
    *,
    from_landing: bool = False,
    as_of: date | None = None,
    after: int | None = None,
) -> int:
    """Count a new attempt and forget what the last one said; returns its number, from 1.

    as_of: the day as of which it will count, so that a rerun of what failed knows it.
    from_landing: the last good landing is counted again, so the partition stands at landed; otherwise it is to
    be read anew and stands at expected. Facts stored before are not read until it is loaded again.
    after: the attempt that it is to follow. Raises AttemptOver where another one has followed it."""
    state = PartitionState.LANDED if from_landing else PartitionState.EXPECTED
    with writing(engine) as connection:
        check_attempt(known := lock(connection, period_id, source_id), after)
        if from_landing and known.landing_id is None:
            raise StepRefused(f"{period_id} {source_id} has no landing to count again")
        attempt = known.attempt + 1
        day = as_of or known.as_of
        _enter(connection, known, state, _BEGUN, attempt=attempt, as_of=day, **_ANEW)
    return attempt


def mark_landed(
    engine: Engine,
    period_id: str,
    source_id: str,
    *,
    landing_id: str,
    landing_path: str,
    extracted_at: datetime,
    rows: int,
    extract_fingerprint: str,
    attempt: int | None = None,
    beside: Callable[[Connection], object] | None = None,
) -> None:
    """The source was read and its rows lie in the landing. attempt: as for `check_attempt`, here and below. beside:
    enters, in the same transaction, what is told of that landing."""
    values = {
        "landing_id": landing_id,
        "landing_path": landing_path,
        "extracted_at": extracted_at,
        "rows": rows,
        "extract_fingerprint": extract_fingerprint,
    }
    with writing(engine) as connection:
        check_attempt(known := lock(connection, period_id, source_id), attempt)
        _step(connection, known, PartitionState.LANDED, f"bản {landing_id}: {rows} dòng", **values)
        if beside is not None:
            beside(connection)


def mark_validated(
    engine: Engine, period_id: str, source_id: str, *, accepted: int, quarantined: int, attempt: int | None = None
) -> None:
    """The landed rows were checked."""
    with writing(engine) as connection:
        check_attempt(known := lock(connection, period_id, source_id), attempt)
        detail = f"nhận {accepted} dòng, cách ly {quarantined} dòng"
        _step(connection, known, PartitionState.VALIDATED, detail, accepted=accepted, quarantined=quarantined)


def mark_loaded(connection: Connection, known: Partition, **values: Any) -> None:
    """Within the transaction that replaces the partition's facts; see store.replace_partition."""
    _step(connection, known, PartitionState.LOADED, f"số liệu đến hết ngày {values['as_of']:%d/%m/%Y}", **values)


def mark_failed(
    engine: Engine,
    period_id: str,
    source_id: str,
    *,
    kind: str,
    error: str,
    advice: str,
    state: PartitionState = PartitionState.FAILED,
    attempt: int | None = None,
) -> None:
    """The attempt ended without facts, whatever the state before. state: failed or not received."""
    if state not in {PartitionState.FAILED, PartitionState.NOT_RECEIVED}:
        raise ValueError(f"{state} is not a failure")
    with writing(engine) as connection:
        check_attempt(known := lock(connection, period_id, source_id), attempt)
        _step(connection, known, state, error, error=error, advice=advice, error_kind=kind)


def remark(engine: Engine, period_id: str, source_id: str, *, detail: str) -> None:
    """Something worth telling that changes no state."""
    with writing(engine) as connection:
        known = lock(connection, period_id, source_id)
        _record(connection, period_id, source_id, attempt=known.attempt, state=known.state, detail=detail)


def remark_once(engine: Engine, period_id: str, said: Mapping[str, str]) -> None:
    """A sentence about each of those sources, where its attempt does not have it yet. said: source → sentence."""
    known = {(event.source_id, event.detail) for event in latest(engine, period_id)}
    for source_id, detail in sorted(said.items()):
        if (source_id, detail) not in known:
            remark(engine, period_id, source_id, detail=detail)


def lock(connection: Connection, period_id: str, source_id: str) -> Partition:
    """The partition, held against other writers until the transaction ends. Raises UsageError."""
    query = select(_table).where(_is(period_id, source_id)).with_for_update()
    return _known(connection.execute(query).mappings().one_or_none(), period_id, source_id)


def check_attempt(known: Partition, attempt: int | None) -> None:
    """Raises AttemptOver where another attempt has begun since that one: whoever made it was given up as dead, and
    must not write over what is made now. None: of whoever holds the period alone."""
    if attempt is not None and known.attempt != attempt:
        raise AttemptOver(
            f"kỳ {known.period_id}, nguồn {known.source_id}: một tiến trình khác đã bắt đầu xử lý lại từ đầu",
            advice=f"không phải làm gì; xem kết quả: cchc status {known.period_id}",
        )


def _step(connection: Connection, known: Partition, state: PartitionState, detail: str, **values: Any) -> None:
    landing_id = values.get("landing_id", known.landing_id)
    check_step(known.state, state, landed=landing_id is not None)
    _enter(connection, known, state, detail, **values)


def _enter(connection: Connection, known: Partition, state: PartitionState, detail: str, **values: Any) -> None:
    key = _is(known.period_id, known.source_id)
    connection.execute(update(_table).where(key).values(state=state, updated_at=clock.now(), **values))
    attempt = values.get("attempt", known.attempt)
    _record(connection, known.period_id, known.source_id, attempt=attempt, state=state, detail=detail)


def _record(
    connection: Connection, period_id: str, source_id: str, *, attempt: int, state: PartitionState, detail: str
) -> None:
    event = Event(period_id, source_id, attempt, state, clock.now(), detail)
    connection.execute(insert(_events).values(vars(event)))


def _is(period_id: str, source_id: str) -> Any:
    return and_(_table.c.period_id == period_id, _table.c.source_id == source_id)


def _known(row: RowMapping | None, period_id: str, source_id: str) -> Partition:
    if row is None:
        raise UsageError(
            f"kỳ {period_id} chưa có nguồn «{source_id}»", advice=f"xem các nguồn của kỳ: cchc status {period_id}"
        )
    return _partition(row)


def _partition(row: RowMapping) -> Partition:
    return Partition(**{**row, "state": PartitionState(row["state"])})
