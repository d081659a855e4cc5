"""Opening a province's warehouse, and the two ways to talk to it: reading and writing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from contracts.errors import WarehouseError, machine_error
from warehouse.failures import told

BUSY_SECONDS = 60
"""How long a writer waits for another one's transaction in SQLite; the longest takes a second or two."""

_POSTGRESQL: dict[str, Any] = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
    "application_name": "cchc",
}
"""A wire that is dead without a word, as behind a switch that was turned off, is noticed within a minute, not after the
twelve that Linux takes by itself."""

_engines: WeakSet[Engine] = WeakSet()
_afterwards: WeakKeyDictionary[Connection, list[Callable[[], None]]] = WeakKeyDictionary()


def open_warehouse(url: str) -> Engine:
    """The warehouse at that URL (`sqlite:///<file>` or `postgresql+psycopg://…`), its tables up to date.

    Creates the folder of a SQLite file. Quick where nothing is to be done; two processes may start at once.
    Raises WarehouseError."""
    from warehouse.upgrade import bring_up_to_date

    try:
        engine = _engine(url)
        if not is_postgresql(engine):
            sqlite_file(engine).parent.mkdir(parents=True, exist_ok=True)
        with told():
            bring_up_to_date(engine)
    except OSError as error:
        refusal = machine_error(error)
        raise WarehouseError(
            f"không ghi được vào thư mục của kho dữ liệu ({refusal.cause if refusal else error.filename})",
            advice="đặt CCHC_HOME vào nơi ghi được",
        ) from None
    return engine


def open_unchanged(url: str) -> Engine:
    """The warehouse at that URL as it is, not brought up to date: to copy it, or to fill it. Raises WarehouseError for
    an address that is none; whether there is anything, whoever reads it finds out."""
    return _engine(url)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection on which all reads see the same moment."""
    snapshot = engine.execution_options(isolation_level="REPEATABLE READ") if is_postgresql(engine) else engine
    with told(), snapshot.connect() as connection:
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction: all of it or nothing. What was put off until `afterwards` is done once it has come to stay."""
    with told(), engine.execution_options(cchc_begin="BEGIN IMMEDIATE").begin() as connection:
        yield connection
    for then in _afterwards.pop(connection, ()):
        then()


def afterwards(connection: Connection, then: Callable[[], None]) -> None:
    """Call this once the transaction (of `writing`) is committed; never where it is not."""
    _afterwards.setdefault(connection, []).append(then)


def is_postgresql(engine: Engine) -> bool:
    return engine.dialect.name == "postgresql"


def sqlite_file(engine: Engine) -> Path:
    """The file of an embedded warehouse; locks lie beside it."""
    assert engine.url.database is not None
    return Path(engine.url.database)


@cache
def _engine(url: str) -> Engine:
    """One a process: its connections to a server are shared by all who open the same warehouse."""
    parsed = _parse(url)
    return _sqlite(parsed) if parsed.get_backend_name() == "sqlite" else _postgresql(parsed)


def _parse(url: str) -> URL:
    advice = "đặt CCHC_WAREHOUSE_URL dạng postgresql+psycopg://tài-khoản:mật-khẩu@máy/cơ-sở-dữ-liệu, hoặc bỏ trống"
    try:
        parsed = make_url(url)
    except ArgumentError:  # its text holds the whole address, and so the password
        raise WarehouseError("địa chỉ kho dữ liệu không đúng dạng", advice=advice) from None
    if parsed.drivername in {"postgresql", "postgres"}:
        return parsed.set(drivername="postgresql+psycopg")
    in_file = parsed.drivername == "sqlite" and parsed.database not in {None, "", ":memory:"}
    if parsed.drivername != "postgresql+psycopg" and not in_file:
        raise WarehouseError(f"kho dữ liệu không dùng được «{parsed.drivername}»", advice=advice)
    return parsed


def _sqlite(url: URL) -> Engine:
    # Without a pool nothing is shared with a forked worker; opening a file costs a fraction of a millisecond.
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _configure_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes too late: see _begin_sqlite
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes the write lock at once, so that what it read first cannot change before it writes."""
    if begin := connection.get_execution_options().get("cchc_begin", "BEGIN"):
        connection.exec_driver_sql(begin)


def _postgresql(url: URL) -> Engine:
    chosen = {name: value for name, value in _POSTGRESQL.items() if name not in url.query}
    engine = create_engine(url, pool_pre_ping=True, hide_parameters=True, connect_args=chosen)
    _engines.add(engine)
    return engine


def _forget_parents_connections() -> None:
    """A forked worker must not talk through its parent's sockets."""
    for engine in list(_engines):
        engine.dispose(close=False)


os.register_at_fork(after_in_child=_forget_parents_connections)
