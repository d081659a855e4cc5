"""Reruns that somebody asked for: who, of which sources, whether it is being done, and what came of it.

A request waits until one process takes it, runs while that process beats, and is done, or stopped where the process
ended without a word."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Engine, RowMapping, Select, insert, select, text, update

from contracts import clock
from contracts.errors import UsageError
from warehouse import audit, tables
from warehouse.audit import Deed
from warehouse.database import is_postgresql, reading, writing

State = Literal["waiting", "running", "done", "stopped"]
UNFINISHED = ("waiting", "running")
SILENT = timedelta(seconds=60)
"""After so long without a beat the process is taken for dead, if nobody runs the period either."""
DIED = "Dừng giữa chừng: tiến trình không còn chạy. Bấm chạy lại; phần đã làm không mất."

_table = tables.rerun_request


@dataclass(frozen=True)
class Request:
    """sources: ids; fresh: read again though their figures stand; beat_at: last sign of life; exit_code, said: how it
    ended (contracts.errors.Exit, Vietnamese); before, after: JSON, see flows.requests."""

    id: int
    period_id: str
    sources: tuple[str, ...]
    asked_by: str
    state: State
    begun_at: datetime | None
    beat_at: datetime | None
    ended_at: datetime | None
    asked_at: datetime
    exit_code: int | None
    said: str
    fresh: bool
    before: str | None
    after: str | None

    @property
    def is_unfinished(self) -> bool:
        return self.state in UNFINISHED

    @property
    def lasted(self) -> timedelta | None:
        """None until it has ended, and where it never began."""
        return self.ended_at - self.begun_at if self.ended_at and self.begun_at else None

    def is_silent(self) -> bool:
        """Whether nothing was heard for so long that its process must be dead, unless the period's lock is held. A sign
        of life in the future is of a clock that was set back, and counts for nothing."""
        return self.is_unfinished and abs(clock.now() - (self.beat_at or self.asked_at)) > SILENT


def ask(engine: Engine, period_id: str, *, sources: Sequence[str], fresh: bool, deed: Deed) -> Request:
    """Enter a request, and in the same transaction who asked. Raises UsageError while another one of the period is not
    finished; one whose process is silent is ended by this. Whether a run goes on that nobody asked for here is for the
    caller to see (warehouse.locks)."""
    with writing(engine) as connection:
        _alone(connection, engine)
        for one in _found(connection, _of(period_id).where(_table.c.state.in_(UNFINISHED))):
            if not one.is_silent():
                raise UsageError(
                    f"kỳ {period_id} đã có yêu cầu chạy lại số {one.id} của {one.asked_by} đang làm",
                    advice=f"theo dõi yêu cầu số {one.id}; khi xong, nếu vẫn cần thì bấm chạy lại",
                )
            _set(connection, one.id, UNFINISHED, state="stopped", ended_at=clock.now(), said=DIED)
        values = {"period_id": period_id, "sources": json.dumps(list(sources)), "asked_by": deed.who, "fresh": fresh}
        values |= {"state": "waiting", "asked_at": clock.now(), "said": ""}
        number = connection.scalar(insert(_table).values(values).returning(_table.c.id))
        audit.enter_within(connection, engine, deed)
        return next(_found(connection, select(_table).where(_table.c.id == number)))


def begin(engine: Engine, number: int, *, before: str) -> bool:
    """Take a waiting request: true for the one process that gets it."""
    at = clock.now()
    with writing(engine) as connection:
        return _set(connection, number, ["waiting"], state="running", begun_at=at, beat_at=at, before=before)


def beat(engine: Engine, number: int) -> None:
    """The process that does it is alive."""
    with writing(engine) as connection:
        _set(connection, number, ["running"], beat_at=clock.now())


def end(engine: Engine, number: int, *, exit_code: int, said: str, after: str | None, state: State = "done") -> None:
    """How it ended; also of one that was taken for dead meanwhile."""
    with writing(engine) as connection:
        told = {"exit_code": exit_code, "said": said, "after": after}
        _set(connection, number, [*UNFINISHED, "stopped"], state=state, ended_at=clock.now(), **told)


def give_up(engine: Engine, number: int, *, said: str = DIED) -> None:
    """It was never begun, or its process is dead."""
    with writing(engine) as connection:
        _set(connection, number, UNFINISHED, state="stopped", ended_at=clock.now(), said=said)


def request(engine: Engine, number: int) -> Request | None:
    with reading(engine) as connection:
        return next(_found(connection, select(_table).where(_table.c.id == number)), None)


def recent(engine: Engine, period_id: str | None = None, *, at_most: int) -> list[Request]:
    """The newest first; of all periods where none is named."""
    query = select(_table) if period_id is None else _of(period_id)
    with reading(engine) as connection:
        return list(_found(connection, query.order_by(_table.c.id.desc()).limit(at_most)))


def unfinished(engine: Engine, period_id: str) -> Request | None:
    """The one that waits or runs, whether or not its process lives."""
    query = _of(period_id).where(_table.c.state.in_(UNFINISHED)).order_by(_table.c.id.desc()).limit(1)
    with reading(engine) as connection:
        return next(_found(connection, query), None)


def _of(period_id: str) -> Select[Any]:
    return select(_table).where(_table.c.period_id == period_id)


def _alone(connection: Connection, engine: Engine) -> None:
    """Two must not both find that nobody asked before; in SQLite a writer is alone already."""
    if is_postgresql(engine):
        connection.execute(text("LOCK TABLE rerun_request IN SHARE ROW EXCLUSIVE MODE"))


def _set(connection: Connection, number: int, states: Sequence[str], **values: Any) -> bool:
    """Whether it was in one of these states."""
    changed = connection.execute(
        update(_table).where(_table.c.id == number, _table.c.state.in_(states)).values(**values)
    )
    return changed.rowcount == 1


def _found(connection: Connection, query: Select[Any]) -> Iterator[Request]:
    return (_request(row) for row in connection.execute(query).mappings().all())


def _request(row: RowMapping) -> Request:
    known = {field.name: row[field.name] for field in fields(Request)}
    return Request(**{**known, "sources": tuple(json.loads(row["sources"]))})
