"""Extraction of 300,000 dossiers from a CSV of 26 columns to a Parquet file on the disk.

Ours reads the 15 columns that are mapped, as text, each row with its line, and lands them with checksums; rows of other
lengths, totals and unreadable bytes would be told. The obvious way and the peer read the file as it is.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from benchmarks import extract_sqlite as sqlite
from benchmarks.measure import Result, side_by_side
from contracts.source_config import SourceConfig
from contracts.table_spec import FileConnection, FileTable
from sources.landing import land

ROWS, PERIOD, MAPPED, UNMAPPED = sqlite.ROWS, sqlite.PERIOD, sqlite.MAPPED, sqlite.UNMAPPED
FILE = "system.csv"


def run() -> list[Result]:
    with TemporaryDirectory() as folder:
        write(Path(folder, FILE))
        ways = {way: f"{__name__}:{way}" for way in ("ours", "obvious", "arrow", "limit")}
        found = side_by_side(ways, folder)
    if {one.answer for one in found.values()} != {ROWS}:
        raise AssertionError(f"the ways differ: {found}")
    return [
        Result(
            stage="extract",
            case=f"CSV, {ROWS:,} rows",
            ours_s=found["ours"].seconds,
            ours_peak_mb=found["ours"].peak_mb,
            obvious_s=found["obvious"].seconds,
            peers={"pyarrow.csv": found["arrow"].seconds},
            limit_s=found["limit"].seconds,
        )
    ]


def ours(folder: str) -> int:
    with TemporaryDirectory(dir=folder) as root:
        return land(_source(Path(folder, FILE)), PERIOD, root=Path(root)).rows["dossiers"]


def obvious(folder: str) -> int:
    """pandas.read_csv of everything as text, then to_parquet."""
    frame = pd.read_csv(Path(folder, FILE), dtype="str", keep_default_na=False)
    frame.to_parquet(Path(folder, "obvious.parquet"))
    return len(frame)


def arrow(folder: str) -> int:
    """Arrow's reader, all columns as text, in all threads; it knows no lines."""
    names = [*MAPPED, *UNMAPPED]
    options = pa_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()))
    table = pa_csv.read_csv(Path(folder, FILE), convert_options=options)
    pq.write_table(table, Path(folder, "arrow.parquet"))
    return table.num_rows


def limit(folder: str) -> int:
    """Every line of the file, once."""
    with Path(folder, FILE).open("rb") as file:
        return sum(1 for _ in file) - 1


def write(path: Path) -> None:
    """The same columns as those of the SQLite table."""
    random = np.random.default_rng(2024)
    columns = {name: sqlite._values(name, random) for name in MAPPED} | {n: sqlite._people(n) for n in UNMAPPED}
    pd.DataFrame(columns).to_csv(path, index=False)


def _source(path: Path) -> SourceConfig:
    """The benchmark's source, as a file."""
    as_table = sqlite._source(path)
    table = replace(as_table.tables["dossiers"], spec=FileTable())
    return replace(as_table, kind="csv", connection=FileConnection(), tables={"dossiers": table})
