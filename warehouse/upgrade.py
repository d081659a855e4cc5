"""Bringing a warehouse's tables up to date, once, whoever comes first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from contracts.errors import WarehouseError
from warehouse.database import is_postgresql, sqlite_file
from warehouse.filelock import file_lock

HEAD = "0016"
"""The newest migration; named here so that Alembic is imported only where there is something to do."""

SCRIPTS = Path(__file__).parent / "migrations"
_LOCK = 0x63636863  # «cchc»: the key of PostgreSQL's advisory lock


def bring_up_to_date(engine: Engine) -> None:
    """Run the migrations that are missing, in one transaction. Raises WarehouseError for a newer warehouse."""
    if _is_current(engine):
        return
    with _alone(engine):
        if not is_postgresql(engine):
            _use_wal(engine)
        with engine.execution_options(cchc_begin="BEGIN IMMEDIATE").begin() as connection:
            if version_of(connection) != HEAD:
                migrate(connection)


def _is_current(engine: Engine) -> bool:
    with engine.connect() as connection:
        current = version_of(connection) == HEAD
        return current and (is_postgresql(engine) or _journal(connection) == "wal")


def version_of(connection: Connection) -> str | None:
    """The migration at which the warehouse is; None where it has no tables of ours yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return str(connection.scalar(text("SELECT version_num FROM alembic_version")))


def _journal(connection: Connection) -> str:
    return str(connection.exec_driver_sql("PRAGMA journal_mode").scalar())


def _use_wal(engine: Engine) -> None:
    """Readers go on while one writes. It stays with the file, but not with a copy made by VACUUM INTO, and it
    cannot be set within a transaction."""
    with engine.execution_options(cchc_begin="").connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode = WAL")


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    """Wait until no other process is migrating."""
    if not is_postgresql(engine):
        with file_lock(sqlite_file(engine).with_suffix(".migrate.lock"), wait=True):
            yield
        return
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _LOCK})


def migrate(connection: Connection, *, to: str = "head") -> None:
    """Run Alembic on that connection, within its transaction. to: the migration to stop at."""
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        if found := version_of(connection):
            ScriptDirectory.from_config(config).get_revision(found)
        command.upgrade(config, to)
    except CommandError:
        raise WarehouseError(
            f"kho dữ liệu ở phiên bản {found}, do một bản cchc mới hơn tạo ra",
            advice="cài bản cchc mới hơn, hoặc khôi phục kho dữ liệu từ bản sao lưu cũ",
        ) from None
