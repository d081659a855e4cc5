"""Reading PostgreSQL (from 10), with two drivers: psycopg looks, ADBC reads rows straight into Arrow. One connection
at a time.

Address: postgresql://host:port/database, with ?search_path=one,two where tables are named without their schema; no
other option. The account needs CONNECT on the database, USAGE on the schema and SELECT on the columns that are read,
those of where included, and nothing more: GRANT SELECT (ma_ho_so, …) ON ho_so TO ….

Every statement runs in a read-only transaction of one snapshot, so the rows and their count are of one moment; what is
set is set for that transaction alone, and nothing is left behind in a pool of connections. Values are the text into
which the server casts them; a moment with a zone is given in Vietnam's. What the server computes before it answers,
and each wait for more rows, ends after the source's time-out; a whole stream after an hour.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator
from types import TracebackType
from typing import Any

import adbc_driver_manager
import psycopg
import pyarrow as pa
from psycopg.conninfo import make_conninfo
from psycopg.errors import _WaitTimeout
from sqlalchemy import BindParameter, Connection, Engine, String, create_engine, event, func, text
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.pool import NullPool
from sqlalchemy.sql.visitors import cloned_traverse

from contracts.errors import SourceError
from contracts.periods import Span
from contracts.source_config import TableMap
from contracts.table_spec import SqlConnection
from sources.databases.postgresql_arrow import ArrowSession
from sources.databases.postgresql_columns import no_columns, rows_among
from sources.databases.postgresql_errors import explained
from sources.databases.postgresql_text import Writer, as_given, writer_of
from sources.databases.sql import (
    SOME_DAYS,
    Query,
    SqlReader,
    bare_of,
    compose,
    days_of,
    lost_columns,
    names_in,
    readable,
    spec_of,
)
from sources.databases.sql_address import SqlAddress, account, ca_file, sql_address
from sources.reader import address_column, batch_schema

logging.getLogger("psycopg").setLevel(logging.ERROR)  # it would tell the operator that it knows no such time zone

_PORT = 5432
_SENDING_SECONDS = 3600
_SERVER_FIRST = 2.0  # seconds after which we stop waiting for a server that should have stopped by itself
_TLS = {"off": "disable", "on": "require", "verify": "verify-full"}
_VIETNAM = "<+07>-07"  # by offset: a server need not know the names of time zones
_LITERAL: Dialect = PGDialect(paramstyle="named")  # type: ignore[no-untyped-call]  # leaves % alone

_COLUMNS = """
SELECT n.nspname || '.' || c.relname, n.nspname = ANY (current_schemas(false)), c.relname, a.attname,
       format_type(a.atttypid, a.atttypmod)
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND lower(c.relname) = ANY (:names)
  AND (n.nspname = ANY (current_schemas(false)) OR lower(n.nspname) = ANY (:names))
ORDER BY n.nspname, c.relname, a.attnum
"""


class PostgresqlReader(SqlReader):
    driver_error = (psycopg.Error, adbc_driver_manager.Error)
    _looking: _Patient | None = None
    _session: ArrowSession | None = None

    @property
    def place(self) -> SqlAddress:
        return sql_address(self.source, port=_PORT, options=("search_path",))

    def engine(self) -> Engine:
        engine = create_engine(
            "postgresql+psycopg://",
            creator=self._connect,
            poolclass=NullPool,
            hide_parameters=True,
            isolation_level="REPEATABLE READ",
            execution_options={"postgresql_readonly": True},
        )
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(self._settings()))
        return engine

    def _connect(self) -> psycopg.Connection[Any]:
        self._looking = _Patient.connect(self._conninfo())
        self._looking.seconds = self.source.timeout_seconds + _SERVER_FIRST
        return self._looking

    def _conninfo(self) -> str:
        place, reader = self.place, account(self.source)
        wanted = self.source.connection
        assert isinstance(wanted, SqlConnection)
        authority = ca_file(self.source) or ("system" if wanted.tls == "verify" else None)
        return make_conninfo(
            host=place.host,
            port=place.port,
            dbname=place.database,
            user=reader.text("user"),
            password=reader.text("password"),
            sslmode=_TLS[wanted.tls],
            sslrootcert=str(authority) if authority else None,
            ssl_min_protocol_version="TLSv1" if wanted.legacy else None,
            gssencmode="disable",
            client_encoding="UTF8",
            application_name="cchc",
            connect_timeout=math.ceil(self.source.timeout_seconds),
            keepalives_idle=30,
            keepalives_interval=10,
            keepalives_count=3,
        )

    def _settings(self) -> str:
        """One statement that makes the transaction ours, whatever the server's and the account's settings are; a
        server that is too old to know one of them goes without it."""
        wait = math.ceil(1000 * self.source.timeout_seconds)
        values = {
            "statement_timeout": f"{wait}",
            "lock_timeout": f"{wait // 2}",  # of the two, the one that says more is to come first
            "client_connection_check_interval": "10s",  # a query that nobody waits for any more ends
            "TimeZone": _VIETNAM,
            "DateStyle": "ISO",
            "IntervalStyle": "postgres",
            "extra_float_digits": "1",
            "bytea_output": "hex",
            "search_path": self.place.options.get("search_path", ""),
        }
        wanted = ", ".join(f"('{name}', {_quoted(value)})" for name, value in values.items() if value)
        return (
            "SELECT set_config(s.name, v.value, true) FROM pg_catalog.pg_settings s "  # noqa: S608  # quoted
            f"JOIN (VALUES {wanted}) v (name, value) ON v.name = s.name"
        )

    def restart_timeout(self) -> None:
        """Nothing to do: server and drivers keep it."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, trace)
        self._session = None

    def read(self, table: TableMap, window: Span) -> Iterator[pa.RecordBatch]:
        query, days = compose(table, self.dialect), days_of(window)
        with self.told():
            session = self._arrow()
            expected = session.run(_written(query.with_only_columns(func.count()), days))[0]
            yield from self.counted(table, self._rows(session, query, days, table), expected)

    def _arrow(self) -> ArrowSession:
        """The session that reads; the one that looked around ends, so that the server has one of ours at a time."""
        if self._session is None:
            self._connection = None
            self._open.close()
            wait = self.source.timeout_seconds
            self._session = ArrowSession(self._conninfo(), port=self.place.port, seconds=wait)
            self._open.enter_context(self._session)
            self._session.run(self._settings())
        return self._session

    def _rows(
        self, session: ArrowSession, query: Query, days: dict[str, str], table: TableMap
    ) -> Iterator[pa.RecordBatch]:
        fields = session.schema(_written(_plain(query), days))
        if rows := rows_among(fields, table.source_columns):
            raise lost_columns(self.source, table, rows)
        writers, asked = _uncast(query, fields)
        is_ascii = session.run("SELECT current_setting('server_encoding')") == ["SQL_ASCII"]
        if is_ascii:  # bytes of who knows what encoding, which the server would refuse to pass off as UTF-8
            session.run("SELECT set_config('client_encoding', 'SQL_ASCII', true)")
        place = table.source_columns.index(address_column(table))
        session.run(_limit(_SENDING_SECONDS))
        for batch in session.batches(_written(asked, days)):
            texts = [write(column) for write, column in zip(writers, batch.columns, strict=True)]
            texts = list(map(readable, texts)) if is_ascii else texts
            yield pa.RecordBatch.from_arrays([*texts, texts[place]], schema=batch_schema(table))
        session.run(_limit(self.source.timeout_seconds))

    def columns(self, connection: Connection, table: TableMap) -> dict[str, str]:
        """From the catalogue, of the tables that are named; of query.sql the columns that it gives."""
        if spec_of(table).query:
            return self._given(connection, table)
        found = connection.execute(text(_COLUMNS), {"names": sorted(names_in(table))})
        return {f"{near if is_near else full}.{column}": kind for full, is_near, near, column, kind in found}

    def _given(self, connection: Connection, table: TableMap) -> dict[str, str]:
        query = compose(bare_of(table), self.dialect)
        if not self.answers(connection, query):
            return {}
        cursor = connection.execute(_plain(query).limit(0), SOME_DAYS).cursor
        assert cursor is not None
        types = [column[1] for column in cursor.description]
        named = connection.scalar(
            text("SELECT array_agg(format_type(t, NULL)) FROM unnest(:types) t"), {"types": types}
        )
        return dict(zip(table.source_columns, named, strict=True))

    def lost(self, connection: Connection, table: TableMap) -> list[str]:
        gone = super().lost(connection, table)
        left = [column for column in table.source_columns if column not in gone]
        if left:
            query = _plain(compose(bare_of(table), self.dialect, columns=left))
            gone += no_columns(connection, query, left)
        return [column for column in table.source_columns if column in gone]

    def explained(self, error: BaseException | None) -> SourceError:
        is_late = any(line is not None and line.is_late for line in (self._looking, self._session))
        return explained(self.source, error, is_late=is_late)


class _Patient(psycopg.Connection[Any]):
    """A connection that waits so many seconds for the server, and no longer."""

    seconds = 0.0
    is_late = False

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        try:
            return super().wait(gen, interval, self.seconds if timeout is None else timeout)
        except _WaitTimeout:
            self.is_late = True
            self.pgconn.finish()  # nothing more can be asked on a line that owes an answer
            raise


def _plain(query: Query) -> Query:
    """The same columns as they are."""
    return query.with_only_columns(*(column.element.clause.label(column.name) for column in query.selected_columns))


def _uncast(query: Query, fields: pa.Schema) -> tuple[list[Writer], Query]:
    """What writes each column as text, and the query that gives them; what only the server can write, it casts.
    fields: the query's columns as they are."""
    writers = list(map(writer_of, fields))
    chosen = [
        as_it_is if writer else cast
        for as_it_is, cast, writer in zip(_plain(query).selected_columns, query.selected_columns, writers, strict=True)
    ]
    return [writer or as_given for writer in writers], query.with_only_columns(*chosen)


def _written(query: Query, days: dict[str, str]) -> str:
    """The query with the days in it, as text constants: COPY takes no parameters."""

    def fill_in(parameter: BindParameter[Any]) -> None:
        parameter.value, parameter.type = days[parameter.key], String()

    filled = cloned_traverse(query, {}, {"bindparam": fill_in})
    return str(filled.compile(dialect=_LITERAL, compile_kwargs={"literal_binds": True}))


def _limit(seconds: float) -> str:
    return f"SELECT set_config('statement_timeout', '{math.ceil(1000 * seconds)}', true)"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
