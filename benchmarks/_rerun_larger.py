"""The demonstration's systems with as many dossiers as a real province has: each again under other numbers."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

_CODES = {"MaHoSo", "SO_BIEN_NHAN"}
_REFERS = {"HoSoId": "HoSo", "TIEP_NHAN_ID": "TIEP_NHAN"}


def enlarge(folder: Path, times: int) -> int:
    """Every dossier and its pauses so many times; of the workbook's district, which has 88, once. Returns dossiers."""
    dossiers = 0
    for file in sorted(folder.glob("*.sqlite")):
        with closing(sqlite3.connect(file)) as system, system:
            tables = [name for (name,) in system.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            rows = {name: _one(system, f"SELECT max(rowid) FROM {name}") for name in tables}
            for name in tables:
                for n in range(1, times):
                    system.execute(_again(system, name, n, rows))
            first = next(name for name in tables if name in _REFERS.values())
            dossiers += _one(system, f"SELECT count(*) FROM {first}")
    return dossiers


def _again(system: sqlite3.Connection, table: str, n: int, rows: dict[str, int]) -> str:
    """…-0009 becomes …-10009: a code of the same form that nobody has."""
    columns = [row[1] for row in system.execute(f"PRAGMA table_info({table})")]
    key, cells = columns[0], []
    for column in columns:
        if column == key:
            cells.append(f"{key} + {n * rows[table]}")
        elif column in _REFERS:
            cells.append(f"{column} + {n * rows[_REFERS[column]]}")
        elif column in _CODES:
            number = f"substr({column}, 1, length({column}) - 4) || '{n}' || substr({column}, -4)"
            cells.append(f"CASE WHEN length({column}) > 8 THEN {number} ELSE {column} END")
        else:
            cells.append(column)
    return f"INSERT INTO {table} SELECT {', '.join(cells)} FROM {table} WHERE {key} <= {rows[table]}"


def _one(system: sqlite3.Connection, query: str) -> int:
    return int(system.execute(query).fetchone()[0])
