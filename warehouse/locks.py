"""One run of a quarter at a time, and one process at each of its sources: locks that end with the process that holds
them."""

from __future__ import annotations

import hashlib
import json
import os
import re
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from sqlalchemy import Connection, Engine, Row, text
from sqlalchemy.exc import SQLAlchemyError

from contracts import clock
from contracts.errors import UsageError
from warehouse.database import is_postgresql, sqlite_file
from warehouse.failures import told
from warehouse.filelock import LockTaken, file_lock, note_of_holder

PATIENCE_SECONDS = 2.0
PARTITION_PATIENCE_SECONDS = 600.0
"""For whoever works on a source still, of a run that was killed: longer than a large source takes."""
SCHEDULE_PATIENCE_SECONDS = 600.0
"""For what the schedule runs, whoever has its period just then: nobody who made a quality page at six is to cost a
quarter its run. A person is told at once."""
_ASK_EVERY = 0.5
_T = TypeVar("_T")
_turn = threading.Lock()
"""Threads of one process queue up; another process is asked again and again."""


@dataclass(frozen=True)
class Holder:
    """Who is running: process, machine, since when."""

    pid: int
    host: str
    since: datetime

    @classmethod
    def me(cls) -> Holder:
        return cls(os.getpid(), socket.gethostname(), clock.now())

    def __str__(self) -> str:
        """In Vietnamese."""
        since = self.since.astimezone(clock.VIETNAM)
        return f"tiến trình {self.pid} trên máy {self.host}, từ {since:%H:%M} ngày {since:%d/%m/%Y}"


@dataclass(frozen=True)
class Held:
    """By whom, None where it does not say, and since how many seconds, by the clock of the database's server."""

    holder: Holder | None
    seconds: float


@contextmanager
def run_lock(engine: Engine, name: str, *, patience: float = 0.0) -> Iterator[Callable[[], None]]:
    """Hold the run of that name (a period id). Raises UsageError, with the holder, while another one goes on, after
    waiting for it so many seconds.

    Gives a function to be called before what must be done by one alone: a lock in a database ends with its session,
    and the run may outlive that. It takes the lock again where nobody else did; else it raises UsageError."""
    busy = partial(_run_busy, engine)

    def lock() -> AbstractContextManager[Callable[[], None]]:
        return _in_postgresql(engine, name, busy) if is_postgresql(engine) else _beside_file(engine, name)

    with ExitStack() as held:
        yield _taken(held, lock, patience=patience, every=_ASK_EVERY)


@contextmanager
def between_runs(engine: Engine, name: str) -> Iterator[None]:
    """The same for something that takes a moment: another such thing is waited for, a run is not."""
    with _turn, ExitStack() as held:
        _taken(held, lambda: run_lock(engine, name), patience=PATIENCE_SECONDS, every=0.02)
        yield


@contextmanager
def partition_lock(
    engine: Engine, period_id: str, source_id: str, *, patience: float = PARTITION_PATIENCE_SECONDS
) -> Iterator[None]:
    """Be the one that works on that source of the period. Waits for another one so many seconds, then raises UsageError
    with who it is. An embedded warehouse needs none: who holds its period is the one process that works on it."""
    if not is_postgresql(engine):
        yield
        return
    name = _of_partition(period_id, source_id)
    with ExitStack() as held:
        _taken(held, lambda: _in_postgresql(engine, name, _partition_busy), patience=patience, every=_ASK_EVERY)
        yield


def _taken(held: ExitStack, lock: Callable[[], AbstractContextManager[_T]], *, patience: float, every: float) -> _T:
    """What the lock gives; held until the stack ends."""
    ends = time.monotonic() + patience
    while True:
        try:
            return held.enter_context(lock())
        except UsageError:
            if time.monotonic() >= ends:
                raise
            time.sleep(every)


@contextmanager
def keeping_lock(engine: Engine) -> Iterator[None]:
    """Be the one that backs up, or removes by age. An embedded warehouse has a lock beside its home: flows.backups."""
    if not is_postgresql(engine):
        yield
        return
    with _in_postgresql(engine, "keeping", _keeping_busy):
        yield


def partition_going_on(engine: Engine, period_id: str, source_id: str) -> UsageError | None:
    """What partition_lock would raise, without waiting; None where it would not."""
    if not is_postgresql(engine):
        return None
    name = _of_partition(period_id, source_id)
    with told(), engine.connect() as connection:
        row = connection.execute(_HOLDER, _key(name)).first()
        return _partition_busy(name, _find_holder(connection, _key(name))) if row else None


def worked_on(engine: Engine, period_id: str, source_ids: Iterable[str]) -> dict[str, int]:
    """Those of the sources that some process works on now, and its number on its machine, 0 where it does not say (of a
    warehouse in PostgreSQL)."""
    found = held(engine, period_id, source_ids)
    return {source_id: one.holder.pid if one.holder else 0 for source_id, one in found.items()}


def held(engine: Engine, period_id: str, source_ids: Iterable[str]) -> dict[str, Held]:
    """The same with all that is known of it."""
    keys = {_key(_of_partition(period_id, source_id))["key"]: source_id for source_id in source_ids}
    with told(), engine.connect() as connection:
        rows = connection.execute(_HELD).all()
    return {keys[row.key]: Held(_holder(row), row.seconds) for row in rows if row.key in keys}


def at_sources(engine: Engine, period_id: str) -> dict[str, Holder]:
    """Source → the process that works on it now, where it is another one than that of the whole run; by source. None
    are known of an embedded warehouse, of which one process does all."""
    if not is_postgresql(engine):
        return {}
    with told(), engine.connect() as connection:
        query = text("SELECT source_id FROM partition WHERE period_id = :period ORDER BY source_id")
        source_ids = list(connection.scalars(query, {"period": period_id}))
        run = _find_holder(connection, _key(period_id))
    found = held(engine, period_id, source_ids)
    known = {source_id: found[source_id].holder for source_id in source_ids if source_id in found}
    return {s: one for s, one in known.items() if one and (run is None or (one.pid, one.host) != (run.pid, run.host))}


def session_of(engine: Engine, name: str) -> str:
    """What tells the session that holds the run of that name from any before and after it (in PostgreSQL): its process
    of the server, and since when it is there; "" where nobody holds it."""
    with told(), engine.connect() as connection:
        row = connection.execute(_HOLDER, _key(name)).first()
    return _named(row) if row else ""


def session_behind(alone: Callable[[], None]) -> str:
    """The same of the session by which `run_lock`, which gave that function, holds the run, or held it last: also where
    another one holds it by now. "" of an embedded warehouse."""
    return alone.session if isinstance(alone, _Kept) else ""


def _named(row: Row[Any]) -> str:
    return f"{row.pid} {row.backend_start.timestamp()}"


def going_on(engine: Engine, name: str) -> UsageError | None:
    """What run_lock would raise now; None where it would not. Takes no lock."""
    if is_postgresql(engine):
        with told(), engine.connect() as connection:
            row = connection.execute(_HOLDER, _key(name)).first()
            holder = _find_holder(connection, _key(name))
        return _run_busy(engine, name, holder) if row else None
    note = note_of_holder(_lock_file(engine, name))
    return None if note is None else _busy(name, _read_note(note))


def holder_of(engine: Engine, name: str) -> Holder | None:
    """Who has the run of that name; None where nobody has, or it is not known who."""
    if is_postgresql(engine):
        with told(), engine.connect() as connection:
            return _find_holder(connection, _key(name))
    note = note_of_holder(_lock_file(engine, name))
    return None if note is None else _read_note(note)


def _lock_file(engine: Engine, name: str) -> Path:
    file = sqlite_file(engine)
    return file.with_name(f"{file.stem}.{quote(name, safe='')}.run.lock")


@contextmanager
def _beside_file(engine: Engine, name: str) -> Iterator[Callable[[], None]]:
    me = Holder.me()
    note = json.dumps({"pid": me.pid, "host": me.host, "since": str(me.since)})
    try:
        with file_lock(_lock_file(engine, name), note=note, wait=False):
            yield lambda: None  # held as long as the process lives
    except LockTaken as taken:
        raise _busy(name, _read_note(taken.note)) from None


def _read_note(note: str) -> Holder | None:
    """A holder that is just starting or ending has no note."""
    try:
        said = json.loads(note)
        return Holder(said["pid"], said["host"], datetime.fromisoformat(said["since"]))
    except (ValueError, KeyError):
        return None


_SESSION = text(
    """
    SELECT set_config('application_name', :who, false),
           set_config('idle_session_timeout', '0', false),  -- the session idles while the run works
           set_config('tcp_keepalives_idle', '30', false),  -- so that a machine that is gone lets go
           set_config('tcp_keepalives_interval', '10', false),
           set_config('tcp_keepalives_count', '3', false)
    """
)
_HOLDER = text(
    """
    SELECT session.application_name, session.backend_start, session.pid
    FROM pg_locks AS held JOIN pg_stat_activity AS session ON session.pid = held.pid
    WHERE held.locktype = 'advisory' AND held.granted AND held.objsubid = 1
      AND (CAST(held.classid AS bigint) << 32) | CAST(held.objid AS bigint) = :key
      AND session.datname = current_database()
    """
)
_OURS = text("SELECT pid, backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()")
_END = text("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE pid = :pid AND application_name = :who")
_HELD = text(
    """
    SELECT (CAST(held.classid AS bigint) << 32) | CAST(held.objid AS bigint) AS key,
           session.application_name, session.backend_start,
           CAST(EXTRACT(EPOCH FROM clock_timestamp() - session.backend_start) AS double precision) AS seconds
    FROM pg_locks AS held JOIN pg_stat_activity AS session ON session.pid = held.pid
    WHERE held.locktype = 'advisory' AND held.granted AND held.objsubid = 1
      AND session.datname = current_database()
    """
)


class _Kept:
    """An advisory lock of a session of its own, outside any transaction: it may last for hours. To be called before
    what must be done by one alone. session: as of `session_of`."""

    def __init__(self, engine: Engine, name: str, busy: Callable[[str, Holder | None], UsageError]) -> None:
        self._lock = partial(_locked, engine, name, busy)
        self._engine, self._key = engine, _key(name)
        self._connection, self.session = self._lock()
        self._backend = _backend_of(self._connection)

    def __call__(self) -> None:
        try:
            self._connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            _leave(self._connection)
            _end_backend(self._engine, self._backend)
            self._connection, self.session = self._lock()
            self._backend = _backend_of(self._connection)

    def let_go(self) -> None:
        with suppress(SQLAlchemyError):  # a lost session has let go of the lock already
            self._connection.execute(text("SELECT pg_advisory_unlock(:key)"), self._key)
        _leave(self._connection)


@contextmanager
def _in_postgresql(
    engine: Engine, name: str, busy: Callable[[str, Holder | None], UsageError]
) -> Iterator[Callable[[], None]]:
    kept = _Kept(engine, name, busy)
    try:
        yield kept
    finally:
        kept.let_go()


def _locked(engine: Engine, name: str, busy: Callable[[str, Holder | None], UsageError]) -> tuple[Connection, str]:
    """A session that holds the lock, and what tells it from others. Raises what `busy` makes of another holder."""
    with told(), ExitStack() as ending:
        session = engine.execution_options(isolation_level="AUTOCOMMIT").connect()
        ending.callback(_leave, session)
        session.detach()
        session.execute(_SESSION, {"who": _who()})
        if not session.scalar(text("SELECT pg_try_advisory_lock(:key)"), _key(name)):
            raise busy(name, _find_holder(session, _key(name)))
        known = _named(session.execute(_OURS).one())
        ending.pop_all()
        return session, known


def _who() -> str:
    return f"cchc {os.getpid()}@{socket.gethostname()}"


def _backend_of(session: Connection) -> int:
    """The server's process behind it."""
    pid: int = session.connection.dbapi_connection.info.backend_pid  # type: ignore[union-attr]
    return pid


def _end_backend(engine: Engine, pid: int) -> None:
    """The server may not have noticed yet that the wire is cut, and keep the lock for whom nobody hears any more."""
    with told(), engine.connect() as connection:
        connection.execute(_END, {"pid": pid, "who": _who()})


def _leave(session: Connection) -> None:
    with suppress(SQLAlchemyError):  # it may be lost
        session.close()


def _key(name: str) -> dict[str, int]:
    return {"key": int.from_bytes(hashlib.sha256(f"cchc run {name}".encode()).digest()[:8], signed=True)}


def _find_holder(connection: Connection, key: dict[str, int]) -> Holder | None:
    row = connection.execute(_HOLDER, key).one_or_none()
    return _holder(row) if row else None


def _holder(row: Row[Any]) -> Holder | None:
    said = re.fullmatch(r"cchc (\d+)@(.*)", row.application_name or "")
    return Holder(int(said[1]), said[2], row.backend_start) if said else None


def _of_partition(period_id: str, source_id: str) -> str:
    return f"{period_id} {source_id}"


def _busy(name: str, holder: Holder | None) -> UsageError:
    return _told(f"kỳ {name} đang được một lượt chạy khác xử lý", holder, name)


def _run_busy(engine: Engine, name: str, holder: Holder | None) -> UsageError:
    """Whoever waits for others stands still because they do: these are to be looked at first."""
    error, others = _busy(name, holder), at_sources(engine, name)
    if others:
        listed = "; ".join(f"nguồn {source_id} ({one})" for source_id, one in others.items())
        error.advice = (
            f"{_wait(name)}; lượt đó đang chờ {listed}: nếu một tiến trình ở nguồn bị treo thì dừng chính tiến trình đó"
            " trên máy của nó (kill -9), nguồn sẽ được giao lại; không dừng lượt chạy"
        )
    return error


def _wait(period_id: str) -> str:
    return f"chờ lượt đó xong rồi chạy lại lệnh này; xem nó làm đến đâu: cchc status {period_id}"


def _partition_busy(name: str, holder: Holder | None) -> UsageError:
    period_id, _, source_id = name.partition(" ")
    return _told(f"kỳ {period_id}: nguồn {source_id} đang được một tiến trình khác xử lý", holder, period_id)


def _keeping_busy(_name: str, holder: Holder | None) -> UsageError:
    by = f": tiến trình {holder.pid} trên máy {holder.host}" if holder else ""
    return UsageError(
        f"một lượt sao lưu hoặc xóa theo thời hạn khác đang diễn ra trên dữ liệu này{by}",
        advice="chờ lượt đó xong rồi chạy lại",
    )


def _told(cause: str, holder: Holder | None, period_id: str) -> UsageError:
    if holder is None:
        return UsageError(cause, advice="chờ lượt đó xong rồi chạy lại lệnh này")
    return UsageError(
        f"{cause}: {holder}",
        advice=f"{_wait(period_id)}; chỉ khi nó treo mới dừng nó: kill {holder.pid} trên máy đó",
    )
