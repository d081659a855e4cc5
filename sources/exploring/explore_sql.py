"""Looking at an SQL system: its catalogue, the codes of a column, the shape of its dates."""

from __future__ import annotations

from functools import partial, reduce
from typing import Any

from sqlalchemy import Connection, Select, and_, case, func, select

from contracts.errors import SourceError
from contracts.personal import is_forbidden
from contracts.source_config import TableMap
from sources.databases.sql import SqlReader, bare_of, compose
from sources.exploring.catalogue import quoted, tables_of
from sources.exploring.code_lists import code_list
from sources.exploring.date_shapes import SAMPLE, SHAPES, TWO_NUMBERS, date_column
from sources.exploring.explore import LONGEST_CODE, MOST_CODES, Code, DateColumn, FoundTable, WindowColumns
from sources.exploring.window_sql import window

_LONGEST_SHAPE = 40
_DIGITS = "012345678"
_ZONES_OF_THEIR_OWN = {"sqlserver", "oracle"}
"""Kinds that take the day of a moment in the zone written with it; the others in their session's, Vietnam's."""
Column = Any


class SqlExplorer:
    """See `explore.Explorer`. Everything is asked through the reader of the kind, and so under its rules: read
    only, with a time-out, and where the kind can, with personal columns refused by the database itself."""

    def __init__(self, reader: SqlReader) -> None:
        self._reader = reader
        self._kind = reader.source.kind

    def tables(self, wanted: str = "") -> list[FoundTable]:
        with self._reader.transaction() as connection:
            return tables_of(connection, self._kind, wanted)

    def unreadable(self, table: FoundTable, columns: list[str]) -> list[str]:
        with self._reader.transaction() as connection:
            return [c for c in columns if not self._may_read(connection, self._query(table, c))]

    def _may_read(self, connection: Connection, query: Select[Any]) -> bool:
        try:
            return self._reader.answers(connection, query)
        except SourceError:  # without the right; or the system is gone, and nothing more can be asked
            if connection.invalidated or connection.closed:
                raise
            return False

    def _query(self, table: FoundTable, *columns: str) -> Select[Any]:
        """The columns as texts; no other statement reads a row here, and none of personal data."""
        refused = [column for column in columns if is_forbidden(column)]
        assert not refused, "a column of personal data is never looked at"
        return compose(bare_of(TableMap("dossiers", table.spec, ())), self._reader.dialect, columns=columns)

    def codes(self, table: FoundTable, column: str, label: str) -> list[Code] | None:
        wanted = [column, label] if label else [column]
        try:
            with self._reader.transaction() as connection, connection.begin_nested():
                found = connection.execute(self.code_query(table, *wanted))
                rows = [tuple(str(cell or "") for cell in row) for row in found]
        except SourceError:  # not in time: the draft is written all the same
            return None
        codes = code_list(rows)
        return self.codes(table, column, "") if codes is None and label else codes

    def code_query(self, table: FoundTable, *columns: str) -> Select[Any]:
        """The beginnings of the distinct values, one more than a list of codes may have."""
        texts = self._query(table, *columns).subquery()
        cut = [self._cut(text, 1, LONGEST_CODE + 1) for text in texts.c]
        return select(*cut).where(texts.c[0].is_not(None)).distinct().limit(MOST_CODES + 1)

    def _cut(self, text: Column, start: int, length: int) -> Column:
        return (func.substring if self._kind == "sqlserver" else func.substr)(text, start, length)

    def date(self, table: FoundTable, column: str) -> DateColumn:
        named = table.columns[column]
        if self._kind != "sqlite" and any(word in named for word in ("date", "time")):
            zoned = self._kind in _ZONES_OF_THEIR_OWN and any(word in named for word in ("offset", "zone"))
            return DateColumn(column, "iso", typed=True, zoned=zoned)
        with self._reader.transaction() as connection:
            return self._by_shape(connection, table, column)

    def _by_shape(self, connection: Connection, table: FoundTable, column: str) -> DateColumn:
        """Only known shapes leave the database; of every other text no more than that it is there."""
        found = connection.execute(self.shape_query(table, column))
        rows = [(shape or "", int(n), int(a), int(b)) for shape, n, a, b in found]
        return date_column(
            column,
            {shape: n for shape, n, _, _ in rows if shape},
            others=sum(n for shape, n, _, _ in rows if not shape),
            first_over_12=sum(row[2] for row in rows),
            second_over_12=sum(row[3] for row in rows),
        )

    def shape_query(self, table: FoundTable, column: str) -> Select[Any]:
        """Shape, texts of it, and those whose first, or second, leading number is no month."""
        text = self._query(table, column).subquery().c[0]
        some = select(text.label("t")).where(func.char_length(text) > 0).limit(SAMPLE).subquery().c.t
        one = self._shape_of(some).subquery().c
        return select(one.shape, func.count(), func.sum(one.first), func.sum(one.second)).group_by(one.shape)

    def _shape_of(self, text: Column) -> Select[Any]:
        """shape: «» where it is not a known one. first, second: 1 where that of the two leading numbers is no month."""
        shape = reduce(lambda made, digit: func.replace(made, digit, "9"), _DIGITS, self._cut(text, 1, _LONGEST_SHAPE))
        two_numbers = shape.in_(list(TWO_NUMBERS))
        over_12 = [case((and_(two_numbers, self._cut(text, at, 2) > "12"), 1), else_=0) for at in (1, 4)]
        known = case((shape.in_(list(SHAPES)), shape), else_="")
        return select(known.label("shape"), over_12[0].label("first"), over_12[1].label("second"))

    def where(self, columns: WindowColumns) -> str:
        return window(self._kind, columns, partial(quoted, self._reader.dialect, self._kind))
