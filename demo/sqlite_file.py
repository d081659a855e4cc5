"""Writing a system's database file in one go."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from demo.workdays import Array

Columns = Mapping[str, Array]


@contextmanager
def database(path: Path) -> Iterator[sqlite3.Connection]:
    """A new database. It is swapped in whole when all systems are written, so it needs no journal."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN")
        yield connection
        connection.execute("COMMIT")
    finally:
        connection.close()


def fill(connection: sqlite3.Connection, table: str, columns: Columns, types: Mapping[str, str]) -> None:
    """Rows of parallel columns into a table, which is made where it is not there. types: TEXT where not named."""
    declared = ", ".join(f"{name} {types.get(name, 'TEXT')}" for name in columns)
    connection.execute(f"CREATE TABLE IF NOT EXISTS {table} ({declared})")
    marks = ", ".join("?" * len(columns))
    rows = zip(*(values.tolist() for values in columns.values()), strict=True)
    connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)  # noqa: S608
