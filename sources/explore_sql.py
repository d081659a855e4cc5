"""Looking at an SQL system: its catalogue, the codes of a column, the shape of its dates."""

from __future__ import annotations

import re
from functools import reduce
from typing import Any

from sqlalchemy import Connection, Select, and_, case, func, inspect, select
from sqlalchemy.engine.reflection import Inspector, ObjectKind

from contracts.errors import SourceError
from contracts.personal import is_forbidden
from contracts.source_config import TableMap
from contracts.table_spec import SqlTable
from sources.date_shapes import SHAPES, date_column
from sources.explore import LONGEST_CODE, MOST_CODES, Code, DateColumn, FoundTable, WindowColumns
from sources.sql import SqlReader, bare_of, compose
from sources.window_sql import window

_SAMPLE = 2_000
_LONGEST_SHAPE = 40
_DIGITS = "012345678"
_OF_THE_SYSTEM = {"information_schema", "pg_catalog", "pg_toast", "sys", "mysql", "performance_schema"}
_SEVERAL_SCHEMAS = {"postgresql", "sqlserver"}
_FOLDING_CASE = {"postgresql", "oracle"}
_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
Column = Any


class SqlExplorer:
    """See `sources.explore.Explorer`. Everything is asked through the reader of the kind, and so under its rules: read
    only, with a time-out, and where the kind can, with personal columns refused by the database itself."""

    def __init__(self, reader: SqlReader) -> None:
        self._reader = reader
        self._kind = reader.source.kind

    def tables(self, wanted: str = "") -> list[FoundTable]:
        with self._reader.transaction() as connection:
            inspector = inspect(connection)
            return [t for schema in self._schemas(inspector) for t in self._tables_of(inspector, schema)]

    def _schemas(self, inspector: Inspector) -> list[str | None]:
        """The account's own, first."""
        if self._kind not in _SEVERAL_SCHEMAS:
            return [None]
        others = set(inspector.get_schema_names()) - _OF_THE_SYSTEM - {inspector.default_schema_name}
        return [None, *sorted(others)]

    def _tables_of(self, inspector: Inspector, schema: str | None) -> list[FoundTable]:
        there = inspector.get_multi_columns(schema=schema, kind=ObjectKind.ANY)
        keys = inspector.get_multi_pk_constraint(schema=schema, kind=ObjectKind.TABLE)
        return [
            FoundTable(
                f"{schema}.{name}" if schema else name,
                {c["name"]: str(c["type"]).lower() for c in columns},
                SqlTable(from_=self._quoted(schema, name), key=_key(keys.get((schema, name)))),
            )
            for (_, name), columns in sorted(there.items(), key=lambda item: item[0][1])
        ]

    def _quoted(self, *names: str | None) -> str:
        return ".".join(self._quoted_where_needed(name) for name in names if name)

    def _quoted_where_needed(self, name: str) -> str:
        """As a person would write it: plain where the database reads it so."""
        preparer = self._reader.dialect.identifier_preparer
        is_plain = _PLAIN_NAME.fullmatch(name) and name.lower() not in preparer.reserved_words
        return name if is_plain and self._kind not in _FOLDING_CASE else preparer.quote(name)

    def unreadable(self, table: FoundTable, columns: list[str]) -> list[str]:
        with self._reader.transaction() as connection:
            return [c for c in columns if not self._reader.answers(connection, self._query(table, c))]

    def _query(self, table: FoundTable, *columns: str) -> Select[Any]:
        """The columns as texts; no other statement reads a row here, and none of personal data."""
        refused = [column for column in columns if is_forbidden(column)]
        assert not refused, "a column of personal data is never looked at"
        return compose(bare_of(TableMap("dossiers", table.spec, ())), self._reader.dialect, columns=columns)

    def codes(self, table: FoundTable, column: str, label: str) -> list[Code] | None:
        wanted = [column, label] if label else [column]
        texts = self._query(table, *wanted).subquery()
        cut = [self._cut(c, 1, LONGEST_CODE + 1) for c in texts.c]
        query = select(*cut).where(texts.c[0].is_not(None)).distinct().limit(MOST_CODES + 1)
        try:
            with self._reader.transaction() as connection, connection.begin_nested():
                rows = [tuple(str(cell or "") for cell in row) for row in connection.execute(query)]
        except SourceError:  # not in time: the draft is written all the same
            return None
        if len(rows) > MOST_CODES or any(len(cell) > LONGEST_CODE for row in rows for cell in row):
            return self.codes(table, column, "") if label else None
        return [Code(*row) for row in sorted(rows) if row[0].strip()]

    def _cut(self, text: Column, start: int, length: int) -> Column:
        return (func.substring if self._kind == "sqlserver" else func.substr)(text, start, length)

    def date(self, table: FoundTable, column: str) -> DateColumn:
        named = table.columns[column]
        if self._kind != "sqlite" and any(word in named for word in ("date", "time")):
            return DateColumn(column, "iso", typed=True)
        with self._reader.transaction() as connection:
            return self._by_shape(connection, table, column)

    def _by_shape(self, connection: Connection, table: FoundTable, column: str) -> DateColumn:
        """Only known shapes leave the database; of every other text no more than that it is there."""
        text = self._query(table, column).subquery().c[0]
        some = select(text.label("t")).where(and_(text.is_not(None), text != "")).limit(_SAMPLE).subquery().c.t
        one = self._shape_of(some).subquery().c
        query = select(one.shape, func.count(), func.sum(one.first), func.sum(one.second)).group_by(one.shape)
        rows = [(str(shape), int(n), int(a), int(b)) for shape, n, a, b in connection.execute(query)]
        return date_column(
            column,
            {shape: n for shape, n, _, _ in rows if shape},
            others=sum(n for shape, n, _, _ in rows if not shape),
            first_over_12=sum(row[2] for row in rows),
            second_over_12=sum(row[3] for row in rows),
        )

    def _shape_of(self, text: Column) -> Select[Any]:
        """shape: «» where it is not a known one. first, second: 1 where that of the two leading numbers is no month."""
        shape = reduce(lambda made, digit: func.replace(made, digit, "9"), _DIGITS, self._cut(text, 1, _LONGEST_SHAPE))
        two_numbers = shape.in_([s for s in SHAPES if s[:2] == s[3:5] == "99"])
        over_12 = [case((and_(two_numbers, self._cut(text, at, 2) > "12"), 1), else_=0) for at in (1, 4)]
        known = case((shape.in_(list(SHAPES)), shape), else_="")
        return select(known.label("shape"), over_12[0].label("first"), over_12[1].label("second"))

    def where(self, columns: WindowColumns) -> str:
        return window(self._kind, columns, self._quoted)


def _key(constraint: Any) -> str:
    """The one column that leads to a row; none where it takes several, or looks like personal data."""
    columns = constraint["constrained_columns"] if constraint else []
    return columns[0] if len(columns) == 1 and not is_forbidden(columns[0]) else ""
