"""Reading an SQLite file, read-only in four ways: mode=ro, query_only, one read transaction, an authoriser."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import NullPool
from sqlalchemy.sql.compiler import IdentifierPreparer

from contracts.errors import SourceError
from contracts.personal import is_forbidden
from sources.databases.sql import Query, SqlReader
from sources.reader import drifted, unreachable

_STEPS_BETWEEN_LOOKS = 20_000  # of SQLite's machine, some milliseconds
_READING = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
    sqlite3.SQLITE_PRAGMA,
    sqlite3.SQLITE_TRANSACTION,
    sqlite3.SQLITE_SAVEPOINT,
}


class SqliteReader(SqlReader):
    driver_error = sqlite3.Error
    _deadline = 0.0
    _refused = ""

    @property
    def _file(self) -> Path:
        return Path(self.source.address)

    def engine(self) -> Engine:
        engine = create_engine("sqlite://", creator=self._connect, poolclass=NullPool, hide_parameters=True)
        # SQLite takes "no such column" in double quotes for a text; in backticks it is an error.
        engine.dialect.identifier_preparer = IdentifierPreparer(engine.dialect, initial_quote="`")
        event.listen(engine, "begin", _begin)
        return engine

    def _connect(self) -> sqlite3.Connection:
        self._require_file()
        address = f"{self._file.resolve().as_uri()}?mode=ro"
        connection = sqlite3.connect(address, uri=True, timeout=self.source.timeout_seconds, isolation_level=None)
        connection.execute("PRAGMA query_only = ON")
        connection.set_progress_handler(self._is_late, _STEPS_BETWEEN_LOOKS)
        connection.set_authorizer(self._authorise)
        return connection

    def _require_file(self) -> None:
        """SQLite takes an empty file for an empty database, and a folder for a locked one."""
        try:
            size = self._file.stat().st_size
        except OSError as error:
            raise unreachable(self.source, f"không tìm thấy tệp «{self._file.name}»") from error
        if not self._file.is_file() or size == 0:
            raise unreachable(self.source, f"tệp «{self._file.name}» rỗng hoặc không phải là tệp")

    def stream(self, connection: Connection, query: Query, days: dict[str, str]) -> Iterator[Sequence[Any]]:
        """As bytes: Arrow reads UTF-8 itself, and text that is none does not end the run."""
        driver: Any = connection.connection.driver_connection
        driver.text_factory = bytes
        try:
            yield from super().stream(connection, query, days)
        finally:
            driver.text_factory = str

    def restart_timeout(self) -> None:
        self._deadline = time.monotonic() + self.source.timeout_seconds

    def _is_late(self) -> bool:
        return time.monotonic() > self._deadline

    def _authorise(
        self, action: int, table: str | None, column: str | None, _database: str | None, view: str | None
    ) -> int:
        """SQLite asks before every column that a statement touches. One of personal data is refused, and reads
        as NULL where a view of the system's own holds it."""
        if action not in _READING:
            return sqlite3.SQLITE_DENY
        own_catalogue = (table or "").startswith("sqlite_")
        if action != sqlite3.SQLITE_READ or own_catalogue or not column or not is_forbidden(column):
            return sqlite3.SQLITE_OK
        self._refused = column
        return sqlite3.SQLITE_IGNORE if view else sqlite3.SQLITE_DENY

    def explained(self, error: BaseException | None) -> SourceError:
        code = getattr(error, "sqlite_errorname", "")
        waited = f"{self.source.timeout_seconds:g} giây"
        causes = {
            "SQLITE_CANTOPEN": f"không mở được tệp «{self._file.name}»",
            "SQLITE_PERM": f"không có quyền đọc tệp «{self._file.name}»",
            "SQLITE_NOTADB": f"tệp «{self._file.name}» không phải là cơ sở dữ liệu SQLite",
            "SQLITE_CORRUPT": f"cơ sở dữ liệu «{self._file.name}» hỏng",
            "SQLITE_BUSY": f"cơ sở dữ liệu đang bị khóa, đã chờ {waited}",
            "SQLITE_INTERRUPT": f"hết thời gian chờ {waited}",
            "SQLITE_IOERR": f"lỗi đĩa khi đọc tệp «{self._file.name}»",
        }
        for start, cause in causes.items():
            if code.startswith(start):
                return unreachable(self.source, cause)
        if code == "SQLITE_AUTH":
            what = f"đọc cột dữ liệu cá nhân «{self._refused}»" if self._refused else "ghi vào hệ thống"
            return drifted(self.source, f"cấu hình from/where đòi {what}, không được phép")
        if code == "SQLITE_ERROR":
            return drifted(self.source, "bảng hoặc cột trong câu truy vấn không còn, hoặc câu truy vấn sai cú pháp")
        return unreachable(self.source, f"cơ sở dữ liệu trả lỗi {code or type(error).__name__}")


def _begin(connection: Connection) -> None:
    """The driver would begin only at a write; rows and their count must be of one moment."""
    connection.exec_driver_sql("BEGIN")
