"""Reading MariaDB (from 10.1) and MySQL (from 5.7), with PyMySQL.

Values come as the server writes them, zero dates included, in UTF-8 whatever the column's character set;
`sources.mariadb_rows` says how they reach Arrow. All tables and their counts are of one snapshot, as far as the
tables are InnoDB's; the rows of others may change meanwhile, and the count tells where one was lost.

Nothing in the server's or the account's own settings changes what is read: sql_mode, character set, row limits and
isolation are set for the session. Its time zone is Vietnam's, since the days that count are Vietnam's: TIMESTAMP, which
the server keeps as a moment, is given in it; DATETIME and DATE are given as they were written. No statement can write:
session and transaction are read-only.

What the server computes before it answers ends after the source's time-out, on both sides. While it sends rows, each
wait for more ends after it, and the whole after an hour: what is slow then may be the line.
"""

from __future__ import annotations

import math
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

import pyarrow as pa
import pymysql
from pymysql.constants import CR
from pymysql.cursors import SSCursor
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.pool import NullPool

from contracts.errors import ConfigError, SourceError
from contracts.secrets import secret
from contracts.source_config import TableMap
from contracts.table_spec import SqlConnection
from sources.mariadb_errors import explained
from sources.mariadb_rows import texts_of
from sources.reader import address_column, batch_schema, unreachable
from sources.sql import Query, SqlReader, names_in

_PORT = 3306
_VIETNAM = "+07:00"  # by offset: a server need not know the names of time zones
_SENDING_SECONDS = 3600
_SERVER_FIRST = 2.0  # seconds after which we stop waiting for a server that should have stopped by itself
_NOT_THE_PROTOCOL = (AssertionError, IndexError, ValueError, RuntimeError)  # what PyMySQL makes of another one's answer
_OLDEST = {True: (10, 1), False: (5, 7)}  # MariaDB, MySQL: the first with a time-out for a statement


class Place(NamedTuple):
    host: str
    port: int
    database: str


class MariadbReader(SqlReader):
    driver_error = pymysql.err.Error
    _is_mariadb = True

    @property
    def place(self) -> Place:
        """mariadb://host:3306/database. Raises ConfigError."""
        parts = urlsplit(self.source.address)
        database = unquote(parts.path.strip("/"))
        if not parts.hostname or not database:
            raise ConfigError(
                f"address «{self.source.address}» thiếu tên máy chủ hoặc tên cơ sở dữ liệu",
                file=self.source.folder / "source.toml",
                advice=f"viết dạng {self.source.kind}://10.20.0.5:{_PORT}/mot_cua",
            )
        return Place(parts.hostname, parts.port or _PORT, database)

    def engine(self) -> Engine:
        engine = create_engine("mysql+pymysql://", creator=self._connect, poolclass=NullPool, hide_parameters=True)
        event.listen(engine, "begin", _begin)
        return engine

    def _connect(self) -> Any:
        host, port, database = self.place
        account, wait = secret(self.source.secret), self.source.timeout_seconds
        try:
            connection = pymysql.connect(
                host=host,
                port=port,
                database=database,
                user=account.text("user"),
                password=account.text("password").encode(),
                charset="utf8mb4",
                autocommit=True,  # outside of the transaction nothing is held
                connect_timeout=wait,
                read_timeout=wait + _SERVER_FIRST,
                write_timeout=wait + _SERVER_FIRST,
                program_name="cchc",
                auth_plugin_map=dict.fromkeys(("mysql_clear_password", "dialog"), _NotInClear),
                **self._tls(),
            )
        except _NOT_THE_PROTOCOL as error:
            raise unreachable(self.source, f"{host}:{port} không trả lời như một máy chủ MariaDB/MySQL") from error
        self._settle(connection)
        return connection

    def _tls(self) -> dict[str, Any]:
        wanted = self.source.connection
        assert isinstance(wanted, SqlConnection)
        if wanted.tls == "off":
            return {"ssl_disabled": True}
        context = ssl.create_default_context(cafile=self._authorities(wanted))
        if wanted.tls == "on":
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        if wanted.legacy:
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.set_ciphers("DEFAULT:@SECLEVEL=0")
        return {"ssl": context}

    def _authorities(self, wanted: SqlConnection) -> str | None:
        if wanted.tls != "verify" or not wanted.ca_file:
            return None
        path = self.source.folder / wanted.ca_file
        if not path.is_file():
            raise ConfigError(f"không có tệp ca_file «{wanted.ca_file}»", file=self.source.folder / "source.toml")
        return str(path)

    def _settle(self, connection: Any) -> None:
        """Make the session ours, whatever the server's and the account's settings are."""
        version = str(connection.get_server_info())
        self._is_mariadb = "mariadb" in version.lower()
        numbers = version.removeprefix("5.5.5-").split(".")
        if tuple(map(int, numbers[:2])) < _OLDEST[self._is_mariadb]:
            raise unreachable(self.source, f"máy chủ chạy phiên bản quá cũ ({'.'.join(numbers[:2])})")
        wait = max(1, math.ceil(self.source.timeout_seconds))
        session = {
            "sql_mode": "''",
            "time_zone": f"'{_VIETNAM}'",
            "lock_wait_timeout": wait,
            "innodb_lock_wait_timeout": wait,
            "wait_timeout": _SENDING_SECONDS,
            "sql_select_limit": 2**64 - 1,
            "sql_big_selects": 1,
        }
        with connection.cursor() as cursor:
            cursor.execute("SET SESSION " + ", ".join(f"{name} = {value}" for name, value in session.items()))
            cursor.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute(self._limit(self.source.timeout_seconds))

    def _limit(self, seconds: float) -> str:
        if self._is_mariadb:
            return f"SET SESSION max_statement_time = {seconds:f}"
        return f"SET SESSION max_execution_time = {math.ceil(1000 * seconds)}"

    def restart_timeout(self) -> None:
        """Nothing to do: server and driver keep it."""

    def batches(
        self, connection: Connection, query: Query, days: dict[str, str], table: TableMap
    ) -> Iterator[pa.RecordBatch]:
        """Without the casts: the server sends every value as text, and a cast would put «?» for bytes of no text."""
        values = [column.element.clause.label(column.name) for column in query.selected_columns]
        compiled = query.with_only_columns(*values).compile(dialect=self.dialect)
        place = table.source_columns.index(address_column(table))
        connection.exec_driver_sql(self._limit(_SENDING_SECONDS))
        with _given_up_unless_read_out(connection):
            cursor = SSCursor(connection.connection.driver_connection)
            cursor.execute(str(compiled), compiled.construct_params(days))
            for columns in texts_of(cursor):
                yield pa.RecordBatch.from_arrays([*columns, columns[place]], schema=batch_schema(table))
        connection.exec_driver_sql(self._limit(self.source.timeout_seconds))

    def columns(self, connection: Connection, table: TableMap) -> dict[str, str]:
        """From the catalogue, which shows an account the columns that it may read, and no others."""
        query = text(
            "SELECT table_name, column_name, column_type FROM information_schema.columns"
            " WHERE table_schema = :database AND lower(table_name) IN :names ORDER BY table_name, ordinal_position"
        )
        names = tuple(name.lower() for name in names_in(table))
        found = connection.execute(query, {"database": self.place.database, "names": names})
        return {f"{name}.{column}": str(kind).lower() for name, column, kind in found}

    def explained(self, error: BaseException | None) -> SourceError:
        return explained(self.source, error)


class _NotInClear:
    """Login methods that send the password as it is: only the server asks for them, and anyone may play the server."""

    def __init__(self, _connection: Any) -> None:
        pass

    def authenticate(self, _packet: Any) -> Any:
        raise pymysql.err.OperationalError(CR.CR_AUTH_PLUGIN_ERR, "cleartext")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")


@contextmanager
def _given_up_unless_read_out(connection: Connection) -> Iterator[None]:
    """A connection with rows that nobody wants is closed: nothing else stops the server sending them."""
    try:
        yield
    except BaseException:
        connection.invalidate()
        raise
