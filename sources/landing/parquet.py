"""One Parquet file of a landing: written in a thread of its own, so that reading and writing overlap, and hashed on
the way, so that it is not read again for its checksum.
"""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

ROW_GROUP = 50_000
"""Rows a group: large ones compress well and read fast. At most two are in memory, one read and one being written."""

_LOOKED_AT = 10_000
_MOSTLY_OTHERS = 0.5
"""Share of distinct values above which a dictionary costs time and saves no room: codes and moments."""


@dataclass(frozen=True)
class Written:
    rows: int
    sha256: str
    bytes: int


class PartWriter:
    """A file of batches of one schema. The same rows give the same bytes, however they were cut into batches.

    `with PartWriter(path, schema) as part: part.write(batch) …; done = part.close()`. An error of the writing thread
    (a full disk) is raised by the next write, or by close. What is left without close is a broken file."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._schema = schema
        self._sink = _HashedFile(path)
        self._file: pq.ParquetWriter | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="parquet")
        self._pending: Future[None] | None = None
        self._gathered: list[pa.RecordBatch] = []
        self._waiting = 0
        self._rows = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.shutdown(cancel_futures=True)
        self._sink.close()

    def write(self, batch: pa.RecordBatch) -> None:
        while batch.num_rows:
            taken = batch.slice(0, ROW_GROUP - self._waiting)
            self._gathered.append(taken)
            self._waiting += taken.num_rows
            if self._waiting == ROW_GROUP:
                self._hand_over()
            batch = batch.slice(taken.num_rows)

    def close(self) -> Written:
        """Everything on the disk, synced."""
        if self._waiting or self._file is None:
            self._hand_over()
        self._wait()
        assert self._file is not None
        self._file.close()
        return Written(self._rows, *self._sink.finish())

    def _hand_over(self) -> None:
        group = pa.Table.from_batches(self._gathered, self._schema)
        self._gathered, self._waiting = [], 0
        self._rows += group.num_rows
        self._wait()
        self._file = self._file or self._opened(group)
        self._pending = self._thread.submit(_write_group, self._file, group)

    def _wait(self) -> None:
        if self._pending is not None:
            self._pending.result()
        self._pending = None

    def _opened(self, first: pa.Table) -> pq.ParquetWriter:
        return pq.ParquetWriter(
            self._sink,
            self._schema,
            compression="zstd",
            use_dictionary=[name for name in first.column_names if _repeats(first[name])],
            write_statistics=False,
            memory_pool=pa.system_memory_pool(),
        )


def _write_group(file: pq.ParquetWriter, group: pa.Table) -> None:
    """In one piece: Arrow looks whether a page is full only now and then, and anew in every chunk."""
    file.write_table(group.combine_chunks(memory_pool=pa.system_memory_pool()), row_group_size=ROW_GROUP)


def _repeats(column: pa.ChunkedArray) -> bool:
    seen = column.slice(0, _LOOKED_AT)
    return bool(pc.count_distinct(seen).as_py() <= _MOSTLY_OTHERS * max(len(seen), 1))


class _HashedFile:
    """A file for Arrow to write to, which knows its checksum at the end. Once closed it swallows what comes: Arrow
    completes an abandoned file when it forgets it, and half a file must not look like a whole one."""

    def __init__(self, path: Path) -> None:
        self._raw = path.open("wb", buffering=0)
        self._hash = hashlib.sha256()
        self._place = 0

    def write(self, data: Any) -> int:
        self._place += len(data)
        if self._raw.closed:
            return len(data)
        self._hash.update(data)
        left = memoryview(data)
        while left:
            left = left[self._raw.write(left) :]
        return len(data)

    def tell(self) -> int:
        return self._place

    def flush(self) -> None:
        """Nothing is held back."""

    def finish(self) -> tuple[str, int]:
        """Checksum and size, once it lies on the disk."""
        os.fsync(self._raw.fileno())
        return self._hash.hexdigest(), self._place

    def close(self) -> None:
        self._raw.close()

    @property
    def closed(self) -> bool:
        return False
