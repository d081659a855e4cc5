"""Reading SQL Server, with pymssql. Compiled and tested against the dialect, not run against a real server.

Address: sqlserver://host:1433/database; no options. The account needs SELECT on the columns that are read, those of
where included: GRANT SELECT ON dbo.HoSo (MaHoSo, …) TO ….

The session says that it only reads (ApplicationIntent=ReadOnly), and its transaction is never committed; SQL Server has
no read-only transaction, so the account's rights are what refuses a write. Where the database allows snapshots, all
tables and their counts are of one; elsewhere (READ COMMITTED) rows may change meanwhile, and the count tells where one
was lost. Values are written by CONVERT(NVARCHAR(MAX), x, 126): dates and moments in ISO form, money with four places,
float with sixteen digits. The order of day and month in a text is set for the session, not left to the account's
language. The driver cannot check a certificate: tls = "verify" is refused.
"""

from __future__ import annotations

import math
from typing import Any

import pymssql
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import NullPool

from contracts.errors import ConfigError, SourceError
from contracts.table_spec import SqlConnection
from sources.databases.sql import SqlReader
from sources.databases.sql_address import SqlAddress, account, sql_address
from sources.databases.sqlserver_errors import explained

_PORT = 1433
_ENCRYPTION = {"off": "off", "on": "require"}
_SNAPSHOTS = "SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state = 1"


class SqlServerReader(SqlReader):
    driver_error = pymssql.Error

    @property
    def place(self) -> SqlAddress:
        return sql_address(self.source, port=_PORT)

    def engine(self) -> Engine:
        return create_engine("mssql+pymssql://", creator=self._connect, poolclass=NullPool, hide_parameters=True)

    def _connect(self) -> Any:
        place, reader = self.place, account(self.source)
        wanted = self.source.connection
        assert isinstance(wanted, SqlConnection)
        if wanted.tls == "verify":
            raise ConfigError(
                "nguồn sqlserver không kiểm tra được chứng chỉ TLS của máy chủ",
                file=self.source.folder / "source.toml",
                advice='ghi tls = "on" trong [connection], và chỉ đọc qua mạng nội bộ',
            )
        wait = math.ceil(self.source.timeout_seconds)
        connection = pymssql.connect(
            server=place.host,
            port=str(place.port),
            database=place.database,
            user=reader.text("user"),
            password=reader.text("password"),
            timeout=wait,
            login_timeout=wait,
            charset="UTF-8",
            appname="cchc",
            encryption=_ENCRYPTION[wanted.tls],
            read_only=True,
            autocommit=True,
            tds_version="7.1" if wanted.legacy else "7.3",
        )
        with connection.cursor() as cursor:
            _settle(cursor, wait)
        connection.autocommit(False)
        return connection

    def restart_timeout(self) -> None:
        """Nothing to do: the driver keeps it."""

    def explained(self, error: BaseException | None) -> SourceError:
        return explained(self.source, error)


def _settle(cursor: Any, wait: int) -> None:
    """Make the session ours, before its transaction begins: a snapshot cannot be asked for within one."""
    for setting in ("LANGUAGE us_english", "DATEFORMAT ymd", "DEADLOCK_PRIORITY LOW", f"LOCK_TIMEOUT {1000 * wait}"):
        cursor.execute(f"SET {setting}")
    cursor.execute(_SNAPSHOTS)
    level = "SNAPSHOT" if cursor.fetchone() else "READ COMMITTED"
    cursor.execute(f"SET TRANSACTION ISOLATION LEVEL {level}")
