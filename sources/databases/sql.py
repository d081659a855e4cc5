"""Reading any SQL system: one composed query a table, in a stream, inside one read transaction.

Only the mapped columns stand in the query, each cast to text by the database itself, so nothing is retyped on
the way. What differs between systems (how to connect, what an error means) is in the file of the kind.
"""

from __future__ import annotations

import difflib
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from types import TracebackType
from typing import Any, ClassVar, Self

import pyarrow as pa
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    Text,
    cast,
    func,
    inspect,
    literal_column,
    select,
    text,
)
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.exc import DBAPIError

from contracts import clock
from contracts.errors import SourceDrift, SourceError
from contracts.periods import Span
from contracts.personal import is_forbidden
from contracts.source_config import SourceConfig, TableMap
from contracts.source_places import file_of, places_of, query_file
from contracts.table_spec import SqlTable
from sources.databases.lost_names import lost_names
from sources.reader import BATCH_ROWS, Schema, address_column, batch_schema, drifted, unreachable

_ONE: Any = literal_column("1")
SOME_DAYS = dict.fromkeys(("first", "last", "today"), "2000-01-01")
_AS_TEXT = {
    "mssql": "CONVERT(NVARCHAR(MAX), {}, 126)",  # dates in ISO form, money and float with all their digits
    "oracle": "TO_CHAR({})",  # dates as the session was told to; CAST would give a CLOB
}
"""How a database other than by CAST(… AS TEXT) writes a value as text."""

Query = Select[Any]


def spec_of(table: TableMap) -> SqlTable:
    assert isinstance(table.spec, SqlTable)
    return table.spec


def compose(table: TableMap, dialect: Dialect, *, columns: Sequence[str] = ()) -> Query:
    """SELECT of these columns (by default the whole allow-list) from the table, under its condition.

    Every statement that reads rows is made here, and none has a star.
    """
    spec = spec_of(table)
    quote = dialect.identifier_preparer.quote_identifier
    named = [".".join(map(quote, column.split("."))) for column in columns or table.source_columns]
    texts = [_as_text(name, dialect).label(f"c{place}") for place, name in enumerate(named)]
    query = select(*texts).select_from(text(f"({spec.query}\n) q" if spec.query else spec.from_))
    return query.where(text(f"({spec.where}\n)")) if spec.where else query


def _as_text(name: str, dialect: Dialect) -> ColumnElement[str]:
    written = _AS_TEXT.get(dialect.name)
    return literal_column(written.format(name)) if written else cast(literal_column(name), Text)


class SqlReader(ABC):
    """A reader of one SQL system; see `sources.reader.Reader`."""

    driver_error: ClassVar[type[Exception] | tuple[type[Exception], ...]]

    def __init__(self, source: SourceConfig) -> None:
        self.source = source
        self._engine = self.engine()
        self._open = ExitStack()
        self._connection: Connection | None = None

    @abstractmethod
    def engine(self) -> Engine:
        """A read-only engine. Must not connect yet."""

    @abstractmethod
    def explained(self, error: BaseException | None) -> SourceError:
        """The driver's error as one of ours, its cause in Vietnamese; SourceDrift if a name is gone."""

    @abstractmethod
    def restart_timeout(self) -> None:
        """Called before each wait for the system. Empty where the driver keeps the time-out itself."""

    def __enter__(self) -> Self:
        self._connection = self._open.enter_context(self.transaction())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection = None
        self._open.close()

    def probe(self) -> Schema:
        with self.transaction() as connection:
            found = {name: self.columns(connection, table) for name, table in self.source.tables.items()}
            for name, table in self.source.tables.items():
                self._check(connection, table, found[name])
            return Schema(found)

    def read(self, table: TableMap, window: Span) -> Iterator[pa.RecordBatch]:
        query, days = compose(table, self._engine.dialect), days_of(window)
        with self.transaction() as connection:
            expected = connection.scalar(query.with_only_columns(func.count()), days)
            yield from self.counted(table, self.batches(connection, query, days, table), expected)

    def counted(
        self, table: TableMap, batches: Iterable[pa.RecordBatch], expected: int | None
    ) -> Iterator[pa.RecordBatch]:
        """The batches; raises SourceUnreachable at their end where they held another number of rows."""
        given = 0
        for batch in batches:
            given += batch.num_rows
            yield batch
        if given != expected:
            cause = f"bảng «{table.name}» đọc được {given} dòng, nhưng hệ thống đếm {expected} dòng"
            raise unreachable(self.source, cause)

    def batches(
        self, connection: Connection, query: Query, days: dict[str, str], table: TableMap
    ) -> Iterator[pa.RecordBatch]:
        """The query's rows in the form of `batch_schema(table)`. A kind with a faster road to Arrow overrides this."""
        for rows in self.stream(connection, query, days):
            yield row_batch(table, rows)

    def stream(self, connection: Connection, query: Query, days: dict[str, str]) -> Iterator[Sequence[Any]]:
        """Rows from the driver's own cursor: SQLAlchemy's row objects would double the time, and its streaming
        keeps the first row to itself. A driver that would fetch everything overrides this."""
        self.restart_timeout()
        cursor = connection.execute(query, days).cursor
        assert cursor is not None
        while rows := cursor.fetchmany(BATCH_ROWS):
            yield rows
            self.restart_timeout()

    @property
    def dialect(self) -> Dialect:
        return self._engine.dialect

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """The transaction of `with`, else one for this call; the driver's errors become ours."""
        with self.told():
            self.restart_timeout()
            if self._connection is not None:
                yield self._connection
            else:
                with self._engine.connect() as connection:
                    connection.begin()  # and never committed: nothing was written, and the line may be cut by then
                    yield connection

    @contextmanager
    def told(self) -> Iterator[None]:
        """The driver's errors become ours."""
        try:
            yield
        except DBAPIError as error:
            raise self.explained(error.orig) from error
        except self.driver_error as error:
            raise self.explained(error) from error

    def columns(self, connection: Connection, table: TableMap) -> dict[str, str]:
        """table.column → type, of the tables and views that the configuration names, as they are now."""
        inspector = inspect(connection)
        words = names_in(table)
        there = [*inspector.get_table_names(), *inspector.get_view_names()]
        named = [name for name in there if name.lower() in words]
        return {
            f"{name}.{column['name']}": str(column["type"]).lower()
            for name in named
            for column in inspector.get_columns(name)
        }

    def _check(self, connection: Connection, table: TableMap, found: Iterable[str]) -> None:
        """Name every column that is gone, not only the first."""
        if not self.answers(connection, compose(bare_of(table), self._engine.dialect).with_only_columns(_ONE)):
            raise self._gone(connection, table)
        if lost := self.lost(connection, table):
            raise lost_columns(self.source, table, lost, found=found)
        if not self.answers(connection, compose(table, self._engine.dialect)):
            cause = f"điều kiện where của bảng «{table.name}» không chạy được: cột không còn nữa, hoặc sai cú pháp"
            raise drifted(self.source, cause)

    def _gone(self, connection: Connection, table: TableMap) -> SourceError:
        spec, file = spec_of(table), query_file(table.name)
        if spec.from_:
            return drifted(self.source, f"không còn bảng «{spec.from_}»")
        names = lost_names(spec.query, kind=self.source.kind, answers=partial(self.answers, connection))
        gone = f"hệ thống không còn {', '.join(f'«{name}»' for name in names)}" if names else "bảng, cột không còn"
        return drifted(self.source, f"{file} không chạy được: {gone}", at=[str(file_of(self.source, file))])

    def lost(self, connection: Connection, table: TableMap) -> list[str]:
        """Those of the allow-list that the system no longer has as columns."""
        queries = {c: compose(bare_of(table), self._engine.dialect, columns=[c]) for c in table.source_columns}
        return [column for column, query in queries.items() if not self.answers(connection, query)]

    def answers(self, connection: Connection, query: Query) -> bool:
        """Whether the system knows every name in the query; no row is read."""
        self.restart_timeout()
        try:
            with connection.begin_nested():
                connection.execute(query.limit(0), SOME_DAYS)
        except DBAPIError as error:
            told = self.explained(error.orig)
            if isinstance(told, SourceDrift):
                return False
            raise told from error
        return True


def days_of(window: Span) -> dict[str, str]:
    """Values of :first, :last and :today."""
    named = {"first": window.first_day, "last": window.last_day, "today": clock.today()}
    return {name: day.isoformat() for name, day in named.items()}


def bare_of(table: TableMap) -> TableMap:
    """The table without its condition."""
    return TableMap(table.name, spec_of(table).model_copy(update={"where": ""}), table.columns)


def names_in(table: TableMap) -> set[str]:
    """Every word of from, or of query.sql, in lower case: what may be a table's name."""
    return {word.lower() for word in re.findall(r"\w+", spec_of(table).from_ or spec_of(table).query)}


def lost_columns(source: SourceConfig, table: TableMap, lost: list[str], *, found: Iterable[str] = ()) -> SourceDrift:
    """found: the columns that there are, where they are known."""
    return drifted(source, _said_of_lost(table, lost, found), at=places_of(source, table=table.name, names=lost))


def _said_of_lost(table: TableMap, lost: list[str], found: Iterable[str]) -> str:
    """The lost columns, each with the column that it may have become."""
    names = [column.rsplit(".", maxsplit=1)[-1] for column in found]
    candidates = [name for name in names if name not in table.source_columns and not is_forbidden(name)]
    said = []
    for column in lost:
        near = difflib.get_close_matches(column.rsplit(".", maxsplit=1)[-1], candidates, n=1)
        said.append(f"«{column}»" + (f" (có thể nay là «{near[0]}»)" if near else ""))
    return f"bảng «{spec_of(table).from_ or query_file(table.name)}» không còn cột {', '.join(said)}"


def row_batch(table: TableMap, rows: Sequence[Any]) -> pa.RecordBatch:
    arrays = [_texts(values) for values in zip(*rows, strict=True)]
    arrays.append(arrays[table.source_columns.index(address_column(table))])
    return pa.RecordBatch.from_arrays(arrays, schema=batch_schema(table))


def _texts(values: Sequence[str | bytes | None]) -> pa.Array:
    """Text as given. Bytes that are no UTF-8 are kept as \\xNN, so that one bad row does not cost the rest."""
    try:
        return pa.array(values, pa.string())
    except (pa.ArrowInvalid, UnicodeError):
        known = [v.decode("utf-8", "backslashreplace") if isinstance(v, bytes) else v for v in values]
        return pa.array(known, pa.string())


def readable(texts: pa.Array) -> pa.Array:
    """The same for texts that a driver has taken for UTF-8 unseen."""
    try:
        texts.validate(full=True)
    except pa.ArrowInvalid:
        return _texts(texts.cast(pa.binary()).to_pylist())
    return texts
