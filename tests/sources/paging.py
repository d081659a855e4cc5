"""A system that hands out its rows page by page, in miniature: an SQLite file, which says what it was asked and can be
told to break off. Its reader goes on from a mark."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Self

import pyarrow as pa

from contracts.errors import SourceChanged
from contracts.periods import Span
from contracts.source_config import SourceConfig, TableMap
from contracts.table_spec import Kind, SqlTable
from sources.databases.sql import row_batch
from sources.reader import Schema, batch_schema, unreachable
from tests.sources.systems import DOSSIER, PAUSE_COLUMNS, SQL_COLUMNS, source, table_map

KIND: Kind = "paging"  # type: ignore[assignment]
READER = "tests.sources.paging:PagesReader"
PAGE_ROWS = 10
NAMES = {"dossiers": SQL_COLUMNS, "pauses": PAUSE_COLUMNS}


class PagesReader:
    """Table by table, PAGE_ROWS at a time; the mark is the next page and the number of rows that there were."""

    def __init__(self, config: SourceConfig) -> None:
        self.source = config
        self._file = Path(config.address)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def probe(self) -> Schema:
        return Schema({name: self._columns(name) for name in self.source.tables})

    def read(self, table: TableMap, window: Span) -> Iterator[pa.RecordBatch]:
        for batch, _ in self.read_from(table, window, ""):
            yield batch

    def read_from(self, table: TableMap, window: Span, mark: str) -> Iterator[tuple[pa.RecordBatch, str]]:
        page, total = json.loads(mark) if mark else (0, self._count(table.name))
        while page * PAGE_ROWS < total:
            rows = self._page(table, page)
            if self._count(table.name) != total:
                raise SourceChanged("số dòng đã đổi", source_id=self.source.id)
            page += 1
            yield self._batch(table, rows), "" if page in self._said("unmarked") else json.dumps([page, total])

    def _page(self, table: TableMap, page: int) -> list[tuple[Any, ...]]:
        if page in self._said("broken", table.name):
            raise unreachable(self.source, f"trang {page} không trả lời")
        with closing(_opened(self._file)) as system, system:
            system.execute("INSERT INTO asked VALUES (?, ?)", (table.name, page))
            named = ", ".join(table.source_columns)
            asked = f"SELECT {named} FROM {table.name} ORDER BY rowid LIMIT {PAGE_ROWS} OFFSET {page * PAGE_ROWS}"
            return system.execute(asked).fetchall()

    def _batch(self, table: TableMap, rows: Sequence[Sequence[Any]]) -> pa.RecordBatch:
        texts = [[None if cell is None else str(cell) for cell in row] for row in rows]
        return row_batch(table, texts) if texts else pa.RecordBatch.from_pylist([], batch_schema(table))

    def _count(self, table: str) -> int:
        return int(self._ask(f"SELECT count(*) FROM {table}")[0][0])

    def _columns(self, table: str) -> dict[str, str]:
        return {str(name): str(kind) for _, name, kind, *_ in self._ask(f"PRAGMA table_info({table})")}

    def _said(self, what: str, table: str = "") -> set[int]:
        return {page for (page,) in self._ask("SELECT page FROM told WHERE what = ? AND name = ?", what, table)}

    def _ask(self, query: str, *values: str) -> list[Any]:
        with closing(_opened(self._file)) as system:
            return system.execute(query, values).fetchall()


class PagingSystem:
    """The system itself, and the configuration with which it is read."""

    def __init__(self, folder: Path, *, dossiers: int = 0, pauses: int | None = None) -> None:
        self.file = folder / "trang.sqlite"
        with closing(_opened(self.file)) as system, system:
            system.execute("CREATE TABLE asked (name, page)")
            system.execute("CREATE TABLE told (what, name, page)")
            for name, columns in NAMES.items():
                system.execute(
                    f"CREATE TABLE {name} ({', '.join(source_column for source_column, _ in columns.values())})"
                )
        tables = {"dossiers": dossiers} if pauses is None else {"dossiers": dossiers, "pauses": pauses}
        self.config = source(self.file, {n: table_map(n, NAMES[n], SqlTable(from_=n)) for n in tables}, kind=KIND)
        for name, rows in tables.items():
            self.add(name, rows)

    def add(self, name: str, rows: int) -> None:
        marks = ", ".join("?" * len(NAMES[name]))
        with closing(_opened(self.file)) as system, system:
            system.executemany(f"INSERT INTO {name} VALUES ({marks})", (_row(name, n) for n in range(rows)))

    def change(self, statement: str, *values: object) -> None:
        with closing(_opened(self.file)) as system, system:
            system.execute(statement, values)

    def break_at(self, *pages: int, name: str = "dossiers") -> None:
        """From now on these pages, and no others, get no answer."""
        self.change("DELETE FROM told WHERE what = 'broken'")
        for page in pages:
            self.change("INSERT INTO told VALUES ('broken', ?, ?)", name, page)

    def no_mark_after(self, *pages: int) -> None:
        for page in pages:
            self.change("INSERT INTO told VALUES ('unmarked', '', ?)", page)

    def asked(self) -> list[tuple[str, int]]:
        """Table and page of every answer since the last look."""
        with closing(_opened(self.file)) as system, system:
            found = system.execute("SELECT name, page FROM asked ORDER BY rowid").fetchall()
            system.execute("DELETE FROM asked")
        return found


def _opened(file: Path) -> sqlite3.Connection:
    system = sqlite3.connect(file)
    system.execute("PRAGMA synchronous = OFF")  # nothing of it has to survive a power cut
    return system


def _row(name: str, number: int) -> Sequence[Any]:
    code = f"H32.30-241015-{number:04d}"
    return (code, *DOSSIER[1:]) if name == "dossiers" else (code, "2024-10-16", None, 5)
