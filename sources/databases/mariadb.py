"""Reading MariaDB (from 10.1) and MySQL (from 5.7), with PyMySQL.

Values come as the server writes them, zero dates included, in UTF-8 whatever the column's character set;
`mariadb_rows` says how they reach Arrow. All tables and their counts are of one snapshot, as far as the
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
import re
import ssl
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pyarrow as pa
import pymysql
from pymysql.constants import CR
from pymysql.cursors import SSCursor
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.pool import NullPool

from contracts.errors import ConfigError, SourceError
from contracts.source_config import TableMap
from contracts.table_spec import SqlConnection
from sources.databases.mariadb_errors import explained
from sources.databases.mariadb_rows import texts_of
from sources.databases.sql import Query, SqlReader, names_in
from sources.databases.sql_address import SqlAddress, account, ca_file, sql_address
from sources.reader import address_column, batch_schema, unreachable

_PORT = 3306
_VIETNAM = "+07:00"  # by offset: a server need not know the names of time zones
_SENDING_SECONDS = 3600
_SERVER_FIRST = 2.0  # seconds after which we stop waiting for a server that should have stopped by itself
_NOT_THE_PROTOCOL = (AssertionError, IndexError, ValueError, RuntimeError, struct.error)
"""What PyMySQL makes of the words of another kind of server."""

_OLDEST = {True: (10, 1), False: (5, 7)}  # MariaDB, MySQL: the first with a time-out for a statement
_COLUMNS = """
SELECT table_schema = database(), table_schema, table_name, column_name, column_type FROM information_schema.columns
WHERE lower(table_name) IN :names AND (table_schema = database() OR lower(table_schema) IN :names)
ORDER BY table_schema, table_name, ordinal_position
"""


class MariadbReader(SqlReader):
    driver_error = pymysql.err.Error
    _is_mariadb = True

    @property
    def place(self) -> SqlAddress:
        return sql_address(self.source, port=_PORT)

    def engine(self) -> Engine:
        engine = create_engine("mysql+pymysql://", creator=self._connect, poolclass=NullPool, hide_parameters=True)
        event.listen(engine, "begin", _begin)
        return engine

    def _connect(self) -> Any:
        place, reader, tls, wait = self.place, account(self.source), self._tls(), self.source.timeout_seconds
        try:
            connection = pymysql.connect(
                host=place.host,
                port=place.port,
                database=place.database,
                user=reader.text("user"),
                password=reader.text("password").encode(),  # PyMySQL would take the text for Latin-1
                charset="utf8mb4",
                autocommit=True,  # outside of the transaction nothing is held
                connect_timeout=wait,
                read_timeout=wait + _SERVER_FIRST,
                write_timeout=wait + _SERVER_FIRST,
                program_name="cchc",
                auth_plugin_map=dict.fromkeys(("mysql_clear_password", "dialog"), _NotInClear),
                **tls,
            )
        except _NOT_THE_PROTOCOL as error:
            raise unreachable(self.source, f"{place.host} không trả lời như một máy chủ MariaDB hay MySQL") from error
        try:
            self._settle(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _tls(self) -> dict[str, Any]:
        wanted = self.source.connection
        assert isinstance(wanted, SqlConnection)
        if wanted.tls == "off":
            return {"ssl_disabled": True}
        try:
            context = ssl.create_default_context(cafile=ca_file(self.source))
        except ssl.SSLError as error:
            said = f"tệp ca_file «{wanted.ca_file}» không phải là chứng chỉ (PEM)"
            raise ConfigError(said, file=self.source.folder / "source.toml") from error
        if wanted.tls == "on":
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        if wanted.legacy:
            context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
            context.set_ciphers("DEFAULT:@SECLEVEL=0")
        return {"ssl": context}

    def _settle(self, connection: Any) -> None:
        """Make the session ours, whatever the server's and the account's settings are."""
        said = str(connection.get_server_info())
        self._is_mariadb = "mariadb" in said.lower()
        version = tuple(map(int, re.findall(r"\d+", said.removeprefix("5.5.5-"))[:2]))
        if version < (oldest := _OLDEST[self._is_mariadb]):
            numbers = [".".join(map(str, one)) for one in (version, oldest)]
            raise unreachable(self.source, f"máy chủ chạy phiên bản quá cũ ({numbers[0]}); cần từ {numbers[1]}")
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
        found = connection.execute(text(_COLUMNS), {"names": tuple(names_in(table))})
        return {
            f"{name if is_own else f'{database}.{name}'}.{column}": str(kind).lower()
            for is_own, database, name, column, kind in found
        }

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
