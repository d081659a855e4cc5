"""Extraction of 300,000 dossiers from an SQLite table of 26 columns to a Parquet file on the disk.

Ours reads the 15 columns that are mapped, as text, counts them and lands them with checksums. The obvious way and
the peer read the table as it is; the limit drains the same query with the bare driver and keeps nothing.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import create_engine, text

from benchmarks.measure import Result, side_by_side
from contracts.columns import DOSSIER_COLUMNS
from contracts.periods import parse_period
from contracts.source_config import ColumnMap, SourceConfig, TableMap
from contracts.table_spec import SqlTable
from sources.landing import land

ROWS = 300_000
PERIOD = parse_period("2024Q4")
MAPPED = tuple(c.name for c in DOSSIER_COLUMNS)
UNMAPPED = tuple(f"personal_{n}" for n in range(26 - len(MAPPED)))
FILE = "system.sqlite"


def run() -> list[Result]:
    with TemporaryDirectory() as folder:
        write(Path(folder, FILE))
        ways = {way: f"{__name__}:{way}" for way in ("ours", "obvious", "core", "limit")}
        found = side_by_side(ways, folder)
    if {one.answer for one in found.values()} != {ROWS}:
        raise AssertionError(f"the ways differ: {found}")
    return [
        Result(
            stage="extract",
            case=f"SQLite, {ROWS:,} rows",
            ours_s=found["ours"].seconds,
            ours_peak_mb=found["ours"].peak_mb,
            obvious_s=found["obvious"].seconds,
            peers={"SQLAlchemy Core": found["core"].seconds},
            limit_s=found["limit"].seconds,
        )
    ]


def ours(folder: str) -> int:
    with TemporaryDirectory(dir=folder) as root:
        return land(_source(Path(folder, FILE)), PERIOD, root=Path(root)).rows["dossiers"]


def obvious(folder: str) -> int:
    """pandas.read_sql of the table, then to_parquet."""
    with sqlite3.connect(Path(folder, FILE)) as system:
        frame = pd.read_sql("SELECT * FROM HoSo", system)
    frame.to_parquet(Path(folder, "obvious.parquet"))
    return len(frame)


def core(folder: str) -> int:
    """Rows of SQLAlchemy Core, turned into columns by Arrow."""
    with create_engine(f"sqlite:///{Path(folder, FILE)}").connect() as connection:
        result = connection.execute(text("SELECT * FROM HoSo"))
        table = pa.table(dict(zip(result.keys(), zip(*result.fetchall(), strict=True), strict=True)))
    pq.write_table(table, Path(folder, "core.parquet"))
    return table.num_rows


def limit(folder: str) -> int:
    """Every mapped value as a Python object, once."""
    asked = ", ".join(f"CAST({name} AS TEXT)" for name in MAPPED)
    with sqlite3.connect(Path(folder, FILE)) as system:
        cursor, rows = system.execute(f"SELECT {asked} FROM HoSo"), 0
        while batch := cursor.fetchmany(5_000):
            rows += len(batch)
    return rows


def write(path: Path) -> None:
    """The table: codes, moments to the second, and eleven columns of which nobody may read any."""
    random = np.random.default_rng(2024)
    columns = {name: _values(name, random) for name in MAPPED} | {name: _people(name) for name in UNMAPPED}
    with sqlite3.connect(path) as system:
        system.execute(f"CREATE TABLE HoSo ({', '.join(columns)})")
        marks = ", ".join("?" * len(columns))
        system.executemany(f"INSERT INTO HoSo VALUES ({marks})", zip(*columns.values(), strict=True))


def _values(name: str, random: np.random.Generator) -> list[str]:
    if name == "dossier_code":
        return [f"H32.30.05-241015-{n:06d}" for n in range(ROWS)]
    if name.endswith("_date"):
        seconds = random.integers(0, 90 * 86_400, ROWS).astype("timedelta64[s]")
        return [str(moment).replace("T", " ") for moment in np.datetime64("2024-09-15T00:00:00") + seconds]
    return [f"{name} {n}" for n in random.integers(0, 200, ROWS)]


def _people(name: str) -> list[str]:
    return [f"{name} của người số {n}" for n in range(ROWS)]


def _source(path: Path) -> SourceConfig:
    columns = tuple(ColumnMap(c, c.name, "iso") for c in DOSSIER_COLUMNS)
    return SourceConfig(
        id="bench",
        name="bench",
        kind="sqlite",
        address=str(path),
        units=(),
        contact="",
        timeout_seconds=60,
        folder=Path(),
        tables={"dossiers": TableMap("dossiers", SqlTable(from_="HoSo"), columns)},
        status_map={},
        channel_map={},
        unit_map={},
    )
