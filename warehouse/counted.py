"""The dossiers behind the facts, a Parquet file a (period, source): too many for the database, and wanted whole.

<root>/<period>/<source>/<name>.parquet, where the name says which facts it belongs to: written before they are stored,
so that a reader who finds the facts finds the file; older ones go afterwards. Names codes of dossiers: for operators
and owners only, like the landing.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import IO

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from contracts.codes import PartitionState
from contracts.counted import COUNTED_COLUMNS
from storage import finished
from storage.errors import StoredFileDamaged, StoreError
from warehouse.ledger import Partition

_DAYS = ("received_date", "due_date", "end_date", "deleted_date")
_PIECE = 100_000
_DAY = b"as_of"
_SCHEMA = pa.schema(
    [
        (name, pa.int64() if name == "row" else pa.timestamp("s") if name in _DAYS else pa.string())
        for name in COUNTED_COLUMNS
    ]
)


def file_of(root: Path, partition: Partition) -> Path:
    """Where the dossiers behind that partition's facts lie."""
    return _folder(root, partition) / name_of(partition.landing_id, partition.load_fingerprint, partition.across)


def name_of(landing_id: str | None, load_fingerprint: str | None, across: str | None) -> str:
    """Of the file, by what was counted and how."""
    said = f"{landing_id} {load_fingerprint} {across}"
    return f"{sha256(said.encode()).hexdigest()[:32]}.parquet"


def write(path: Path, dossiers: pd.DataFrame, *, as_of: date) -> None:
    """dossiers: COUNTED_COLUMNS, counted as of that day. Whole or not at all; in the shared store, too. Raises
    StoreError."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    descriptor, name = tempfile.mkstemp(prefix=".part-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            _write(file, dossiers[list(COUNTED_COLUMNS)], as_of)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o640)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    finished.keep_sealed(path)


def _write(file: IO[bytes], dossiers: pd.DataFrame, as_of: date) -> None:
    """A piece at a time: as plain text all of them would be most of a run's memory."""
    said = _SCHEMA.with_metadata({_DAY: as_of.isoformat()})
    with pq.ParquetWriter(file, said, compression="zstd") as parquet:
        for first in range(0, max(len(dossiers), 1), _PIECE):
            piece = dossiers.iloc[first : first + _PIECE]
            parquet.write_table(pa.Table.from_pandas(piece, schema=_SCHEMA, preserve_index=False))


def is_whole(root: Path, partition: Partition) -> bool:
    """Whether the dossiers behind that partition's facts are there, with all COUNTED_COLUMNS. Raises StoreError where
    the shared store does not say."""
    try:
        return {*COUNTED_COLUMNS} <= _columns(file_of(root, partition))
    except StoredFileDamaged:
        return False


def read(root: Path, partition: Partition, columns: Sequence[str] = COUNTED_COLUMNS) -> pd.DataFrame | None:
    """Those columns; None where the partition is not loaded, or was counted before there were such files or columns, or
    the file was cut off.

    Text comes as categories, missing where it is; came, went, warnings and elsewhere, too. Raises StoreError, also
    where the shared store's file is not the one that was put there."""
    return _read(file_of(root, partition), columns) if partition.state is PartitionState.LOADED else None


def last(root: Path, partition: Partition, columns: Sequence[str] = COUNTED_COLUMNS) -> pd.DataFrame | None:
    """As `read`, whatever has become of the facts since: an attempt that began, failed or was cut off leaves the
    dossiers of those that stood last. None where they are not there. Raises StoreError."""
    return _read(_last(root, partition), columns)


def last_day(root: Path, partition: Partition) -> date | None:
    """As of which those were counted; None where they are not there, or do not say it. Raises StoreError."""
    schema = _schema(_last(root, partition))
    said = (schema.metadata or {}).get(_DAY) if schema else None
    return date.fromisoformat(said.decode()) if said else None


def _last(root: Path, partition: Partition) -> Path:
    current, folder = file_of(root, partition), _folder(root, partition)
    lying = {*folder.glob("*.parquet"), *finished.others(folder)}
    only = next(iter(lying)) if len(lying) == 1 else current  # what was read since may have another name
    return current if current in lying else only


def _read(path: Path, columns: Sequence[str]) -> pd.DataFrame | None:
    if not {*columns} <= _columns(path):
        return None
    text = [name for name in columns if _SCHEMA.field(name).type == pa.string()]
    table = pq.read_table(path, columns=list(columns), read_dictionary=text, partitioning=None)
    found: pd.DataFrame = table.to_pandas()
    return found


def _columns(path: Path) -> set[str]:
    schema = _schema(path)
    return {*schema.names} if schema else set()


def _schema(path: Path) -> pa.Schema | None:
    """Of a file that is there and has its end."""
    try:
        finished.bring_sealed(path)
        return pq.read_schema(path)
    except (FileNotFoundError, pa.ArrowInvalid):
        return None


def keep_only(root: Path, partition: Partition) -> None:
    """Remove what belongs to facts that no longer stand. What a shared store does not let go of now, it will the next
    time: it is named by what was counted, and in nobody's way."""
    current, folder = file_of(root, partition), _folder(root, partition)
    for path in folder.glob("*"):
        if path != current:
            path.unlink(missing_ok=True)
    with suppress(StoreError):
        for path in finished.others(folder):
            if path != current:
                finished.remove(path)


def _folder(root: Path, partition: Partition) -> Path:
    return root / partition.period_id / partition.source_id
