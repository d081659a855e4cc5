"""One run of a quarter at a time: a lock that ends with the process that holds it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from contracts import clock
from contracts.errors import UsageError
from warehouse.database import is_postgresql, sqlite_file
from warehouse.failures import told
from warehouse.filelock import LockTaken, file_lock, note_of_holder

PATIENCE_SECONDS = 2.0
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


@contextmanager
def run_lock(engine: Engine, name: str) -> Iterator[None]:
    """Hold the run of that name (a period id). Raises UsageError, with the holder, while another one goes on."""
    lock = _in_postgresql(engine, name) if is_postgresql(engine) else _beside_file(engine, name)
    with lock:
        yield


@contextmanager
def between_runs(engine: Engine, name: str) -> Iterator[None]:
    """The same for something that takes a moment: another such thing is waited for, a run is not."""
    with _turn, ExitStack() as held:
        ends = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                held.enter_context(run_lock(engine, name))
                break
            except UsageError:
                if time.monotonic() > ends:
                    raise
                time.sleep(0.02)
        yield


def going_on(engine: Engine, name: str) -> UsageError | None:
    """What run_lock would raise now; None where it would not. Takes no lock."""
    if is_postgresql(engine):
        with told(), engine.connect() as connection:
            row = connection.execute(_HOLDER, _key(name)).first()
            return _busy(name, _find_holder(connection, _key(name))) if row else None
    note = note_of_holder(_lock_file(engine, name))
    return None if note is None else _busy(name, _read_note(note))


def _lock_file(engine: Engine, name: str) -> Path:
    file = sqlite_file(engine)
    return file.with_name(f"{file.stem}.{quote(name, safe='')}.run.lock")


@contextmanager
def _beside_file(engine: Engine, name: str) -> Iterator[None]:
    me = Holder.me()
    note = json.dumps({"pid": me.pid, "host": me.host, "since": str(me.since)})
    try:
        with file_lock(_lock_file(engine, name), note=note, wait=False):
            yield
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
    SELECT session.application_name, session.backend_start
    FROM pg_locks AS held JOIN pg_stat_activity AS session ON session.pid = held.pid
    WHERE held.locktype = 'advisory' AND held.granted AND held.objsubid = 1
      AND (CAST(held.classid AS bigint) << 32) | CAST(held.objid AS bigint) = :key
      AND session.datname = current_database()
    """
)


@contextmanager
def _in_postgresql(engine: Engine, name: str) -> Iterator[None]:
    """An advisory lock of a session of its own, outside any transaction: it may last for hours."""
    key = _key(name)
    with told():
        connection = engine.execution_options(isolation_level="AUTOCOMMIT").connect()
    with connection:
        with told():
            connection.detach()
            connection.execute(_SESSION, {"who": f"cchc {os.getpid()}@{socket.gethostname()}"})
            if not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), key):
                raise _busy(name, _find_holder(connection, key))
        try:
            yield
        finally:
            with suppress(DBAPIError):  # a lost session has let go of the lock already
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), key)


def _key(name: str) -> dict[str, int]:
    return {"key": int.from_bytes(hashlib.sha256(f"cchc run {name}".encode()).digest()[:8], signed=True)}


def _find_holder(connection: Connection, key: dict[str, int]) -> Holder | None:
    row = connection.execute(_HOLDER, key).one_or_none()
    said = re.fullmatch(r"cchc (\d+)@(.*)", row.application_name or "") if row else None
    return Holder(int(said[1]), said[2], row.backend_start) if row and said else None


def _busy(name: str, holder: Holder | None) -> UsageError:
    if holder is None:
        return UsageError(
            f"kỳ {name} đang được một lượt chạy khác xử lý", advice="chờ lượt đó xong rồi chạy lại lệnh này"
        )
    since = holder.since.astimezone(clock.VIETNAM)
    return UsageError(
        f"kỳ {name} đang được một lượt chạy khác xử lý: tiến trình {holder.pid} trên máy {holder.host},"
        f" từ {since:%H:%M} ngày {since:%d/%m/%Y}",
        advice=f"chờ lượt đó xong rồi chạy lại lệnh này; nếu nó bị treo: kill {holder.pid} trên máy đó",
    )
