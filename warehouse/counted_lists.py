"""Codes of the dossiers behind one figure, read from warehouse.counted a piece at a time: never a file whole.

Pseudonymous personal data (Luật 91/2025/QH15): whoever asks for them is entered in the audit trail by who answers."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from contracts.codes import PartitionState
from warehouse import counted
from warehouse.ledger import Partition

LISTED = ("dossier_code", "agency_code", "field", "came", "went")
"""What is read of a dossier."""
_PIECE = 10_000


@dataclass(frozen=True)
class Held:
    """The dossiers of which that column holds one of these measures. column: came or went."""

    column: str
    measures: frozenset[str]


@dataclass(frozen=True)
class Chosen:
    """Dossiers of these agencies, of one field ("": all), that are held by every one of `within` and by none of
    `without`."""

    agencies: frozenset[str]
    field: str
    within: tuple[Held, ...]
    without: tuple[Held, ...] = ()


@dataclass(frozen=True)
class Listed:
    """One dossier. came, went: measures, "" where it counts in none."""

    source_id: str
    dossier_code: str
    agency_code: str
    field: str
    came: str
    went: str


def is_kept(root: Path, partition: Partition) -> bool:
    """Whether the dossiers behind the figures of that source that stand were kept."""
    return partition.state is PartitionState.LOADED and counted.is_whole(root, partition)


def number(root: Path, partition: Partition, chosen: Chosen) -> int | None:
    """How many are chosen of that source; None where its list was not kept, or is not of the figures that stand."""
    dataset = _dataset(root, partition)
    return None if dataset is None else int(dataset.count_rows(filter=_filter(chosen)))


def dossiers(root: Path, partition: Partition, chosen: Chosen, *, skip: int = 0) -> Iterator[Listed]:
    """Those chosen of that source but for the first, in the order of its landing; none where `number` is None."""
    dataset = _dataset(root, partition)
    if dataset is None:
        return
    scanner = dataset.scanner(columns=list(LISTED), filter=_filter(chosen), batch_size=_PIECE, use_threads=False)
    for batch in scanner.to_batches():
        if skip >= batch.num_rows:
            skip -= batch.num_rows
            continue
        for row in batch.slice(skip).to_pylist():
            yield Listed(partition.source_id, *((row[name] or "") for name in LISTED))
        skip = 0


def _dataset(root: Path, partition: Partition) -> ds.Dataset | None:
    if not is_kept(root, partition):
        return None
    return ds.dataset(counted.file_of(root, partition), format="parquet", partitioning=None)


def _filter(chosen: Chosen) -> pc.Expression:
    found = (pc.field("elsewhere") == "") & pc.field("agency_code").isin(_texts(chosen.agencies))
    if chosen.field:
        found &= pc.field("field") == chosen.field
    for held in chosen.within:
        found &= _held(held)
    for held in chosen.without:
        found &= ~_held(held)
    return found


def _texts(values: Collection[str]) -> pa.Array:
    return pa.array(sorted(values), type=pa.string())


def _held(held: Held) -> pc.Expression:
    """False, and not missing, where the column is empty."""
    column = pc.field(held.column)
    return column.is_valid() & column.isin(_texts(held.measures))
