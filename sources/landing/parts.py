"""A landed table on the disk: parts of a bounded number of rows, cut by count alone, so that the same rows are the same
parts however they came."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import pyarrow as pa

from sources.landing.parquet import PartWriter, Written

PART_ROWS = 250_000


def part_name(table: str, number: int) -> str:
    return f"{table}-{number:05d}.parquet"


def write_parts(
    batches: Iterable[pa.RecordBatch], schema: pa.Schema, *, folder: Path, table: str
) -> tuple[Written, ...]:
    """All rows in parts of exactly PART_ROWS, the last one of what is left; one without rows where there are none.

    A part is completed and synced while the next one is being filled. Raises OSError where the disk refuses."""
    closing: list[Future[Written]] = []
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="parts") as closer:
        for number, numbered in groupby(_numbered(batches), key=itemgetter(0)):
            part = _filled(folder / part_name(table, number), schema, (piece for _, piece in numbered))
            if closing:
                closing[-1].result()  # a full disk is told at once, and parts do not queue up in memory
            closing.append(closer.submit(_closed, part))
        if not closing:
            closing.append(closer.submit(_closed, _filled(folder / part_name(table, 0), schema, ())))
    return tuple(one.result() for one in closing)


def _numbered(batches: Iterable[pa.RecordBatch]) -> Iterator[tuple[int, pa.RecordBatch]]:
    """Pieces of batches, each with the number of the one part that it lies in."""
    place = 0
    for batch in batches:
        taken = 0
        while taken < batch.num_rows:
            piece = batch.slice(taken, PART_ROWS - place % PART_ROWS)
            yield place // PART_ROWS, piece
            taken, place = taken + piece.num_rows, place + piece.num_rows


def _filled(path: Path, schema: pa.Schema, pieces: Iterable[pa.RecordBatch]) -> PartWriter:
    """A part with all its rows handed over, still open; broken off where they break off."""
    with ExitStack() as broken_off:
        part = broken_off.enter_context(PartWriter(path, schema))
        for piece in pieces:
            part.write(piece)
        broken_off.pop_all()
    return part


def _closed(part: PartWriter) -> Written:
    with part:
        return part.close()
