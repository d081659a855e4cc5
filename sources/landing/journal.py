"""What a broken extract has read already, kept so that the next one goes on from there.

.unfinished-<what was asked>/ holds a file of rows a table, batch after batch as they came, and a journal with a line a
batch: its size, its checksum, when it came, and the mark after which reading goes on. Rows are synced before their
line, and a line before the next batch is asked for; so the journal never promises a row that is not there. Rows are
kept as the reader gave them and go through the same writing as all others: an extract that went on gives what an
undisturbed one gives. Where it goes on, the page before the break is asked for again, and must be the same.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import pyarrow as pa

from contracts import clock
from contracts.errors import SourceChanged, SourceDrift, SourceError
from contracts.periods import Span
from contracts.source_config import SourceConfig, TableMap
from sources.landing.disk import append, sync
from sources.reader import ResumableReader

JOURNAL = "journal"
FORMAT = 2
RESUME_WITHIN = timedelta(minutes=15)
"""Of the last rows that came: in what lies longer, what was corrected or removed since would not be seen."""
EXTRACT_WITHIN = timedelta(hours=6)
"""Of its beginning, and on the same day: its rows' dates are checked against one day of reading."""

_COMPRESSED = pa.ipc.IpcWriteOptions(compression="zstd")


@dataclass(frozen=True)
class _Entry:
    """A line of the journal: a batch of a table's rows, or that the table is done. at: when it came."""

    table: str
    at: str
    bytes: int = 0
    sha256: str = ""
    mark: str = ""
    done: bool = False

    @property
    def resumable(self) -> bool:
        return self.done or bool(self.mark)


class Journal:
    """The rows of one extract, kept as they are read. began: when the first of them were asked for. resumed: whether
    some are of a broken extract.

    asked: what must be equal for rows to be of the same extract. Used with `with`: an error leaves the journal for the
    next extract, unless it says that going on is no use, or nothing more was read than the time before."""

    def __init__(self, folder: Path, source: SourceConfig, asked: Mapping[str, str]) -> None:
        self.began = clock.now()
        self.resumed = False
        self._folder = folder
        self._source = source
        self._head: dict[str, Any] = {"format": FORMAT, "asked": dict(asked), "began": self.began.isoformat()}
        self._entries: list[_Entry] = []
        self._went_on = False
        if not self._go_on():
            self._begin()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        stuck = self.resumed and not self._went_on
        if isinstance(error, SourceChanged | SourceDrift) or (stuck and isinstance(error, SourceError)):
            self.discard()

    def rows(self, reader: ResumableReader, table: TableMap, window: Span) -> Iterator[pa.RecordBatch]:
        """All rows of a table in their order: those kept, then those still to be read, which are kept as they come.
        Raises SourceChanged where what was kept last is not what the system gives there now."""
        kept = _of(table.name, self._entries)
        last_page, mark = _last_page(kept)
        before, after, again = array("q"), array("q"), list[pa.RecordBatch]()
        for number, batch in enumerate(self._kept(table.name, kept)):
            before.extend(_hashes(batch))
            if number >= last_page:
                again.append(batch)
            yield batch
        if kept and kept[-1].done:
            return
        read = reader.read_from(table, window, mark)
        for was in again:
            self._check_same(was, next(read, (None, ""))[0])
        for batch, mark in read:
            self._keep(table.name, batch, mark)
            if kept:
                after.extend(_hashes(batch))
            yield batch
        self._check_none_twice(before, after)
        self._write(_Entry(table.name, _now(), done=True))

    def discard(self) -> None:
        """The journal itself first: nothing goes on from what is left of a half removed one."""
        if self._folder.exists():
            (self._folder / JOURNAL).unlink(missing_ok=True)
            sync(self._folder)
            shutil.rmtree(self._folder)

    def _kept(self, table: str, entries: Sequence[_Entry]) -> Iterator[pa.RecordBatch]:
        for _, data in _packages(self._rows_file(table), entries):
            yield from pa.ipc.open_stream(data)

    def _check_same(self, was: pa.RecordBatch, now: pa.RecordBatch | None) -> None:
        """The page before the break, asked for again: where rows have moved, it has other ones."""
        if now is None or not now.equals(was):
            raise SourceChanged(
                f"{self._source.name}: dữ liệu đã thay đổi từ khi lượt đọc bị ngắt",
                source_id=self._source.id,
                advice="chạy lại để đọc từ đầu",
            )

    def _check_none_twice(self, before: array[int], after: array[int]) -> None:
        """A row that was read before the break and again after it has moved, and another may have been missed."""
        twice = np.intersect1d(np.frombuffer(before, np.int64), np.frombuffer(after, np.int64)).size
        if twice:
            raise SourceChanged(
                f"{self._source.name}: dữ liệu đã thay đổi từ khi lượt đọc bị ngắt, {twice} dòng được trả hai lần",
                source_id=self._source.id,
                advice="chạy lại để đọc từ đầu",
            )

    def _keep(self, table: str, batch: pa.RecordBatch, mark: str) -> None:
        data = _packed(batch)
        append(self._rows_file(table), data)
        self._write(_Entry(table, _now(), len(data), _checksum(data, mark), mark))

    def _write(self, entry: _Entry) -> None:
        append(self._folder / JOURNAL, _line(asdict(entry)))
        self._went_on = self._went_on or entry.resumable

    def _rows_file(self, table: str) -> Path:
        return self._folder / f"{table}.rows"

    def _begin(self) -> None:
        self.discard()
        self._folder.mkdir(mode=0o750)
        append(self._folder / JOURNAL, _line(self._head))
        sync(self._folder)
        sync(self._folder.parent)

    def _go_on(self) -> bool:
        """Take up a journal of the same question, if it is recent and whole up to its last mark."""
        try:
            head, *lines = _read(self._folder / JOURNAL)
            began = datetime.fromisoformat(head["began"])
            entries = _up_to_last_mark([_Entry(**line) for line in lines])
            same = head == {**self._head, "began": head["began"]}
            recent = bool(entries) and _is_recent(began, datetime.fromisoformat(entries[-1].at))
            usable = same and recent and self._are_whole(entries)
        except (OSError, ValueError, KeyError, TypeError):
            return False
        if usable:
            self._cut_off(head, entries)
            self.began, self._entries, self.resumed = began, entries, True
        return usable

    def _are_whole(self, entries: Sequence[_Entry]) -> bool:
        """Whether every row that the journal promises is there as it was kept."""
        return all(
            _checksum(data, entry.mark) == entry.sha256
            for table in _tables(entries)
            for entry, data in _packages(self._rows_file(table), _of(table, entries))
        )

    def _cut_off(self, head: Mapping[str, Any], entries: Sequence[_Entry]) -> None:
        """What lies behind the last mark: a torn line, or rows that will come again."""
        os.truncate(self._folder / JOURNAL, sum(len(_line(one)) for one in (head, *map(asdict, entries))))
        for rows in self._folder.glob("*.rows"):
            os.truncate(rows, sum(entry.bytes for entry in _of(rows.stem, entries)))


def _of(table: str, entries: Sequence[_Entry]) -> list[_Entry]:
    return [entry for entry in entries if entry.table == table]


def _tables(entries: Sequence[_Entry]) -> set[str]:
    return {entry.table for entry in entries}


def _read(journal: Path) -> list[dict[str, Any]]:
    """The lines that were written whole; the last one may be torn."""
    said = []
    for line in journal.read_bytes().splitlines(keepends=True):
        if not line.endswith(b"\n"):
            break
        said.append(json.loads(line))
    return said


def _up_to_last_mark(entries: Sequence[_Entry]) -> list[_Entry]:
    last = max((place for place, entry in enumerate(entries, start=1) if entry.resumable), default=0)
    return list(entries[:last])


def _last_page(entries: Sequence[_Entry]) -> tuple[int, str]:
    """Where the batches behind the last mark but one begin, and that mark: what came last, up to the last mark."""
    marks = [place for place, entry in enumerate(entries[:-1], start=1) if entry.mark]
    return (marks[-1], entries[marks[-1] - 1].mark) if marks else (0, "")


def _packages(rows: Path, entries: Sequence[_Entry]) -> Iterator[tuple[_Entry, bytes]]:
    """The batches of one table, as they were packed."""
    batches = [entry for entry in entries if not entry.done]
    if not batches:
        return
    with rows.open("rb") as file:
        for entry in batches:
            yield entry, file.read(entry.bytes)


def _packed(batch: pa.RecordBatch) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema, options=_COMPRESSED) as stream:
        stream.write_batch(batch)
    packed: bytes = sink.getvalue().to_pybytes()
    return packed


def _hashes(batch: pa.RecordBatch) -> Iterator[int]:
    """One a row, of use in this process only."""
    return map(hash, zip(*(column.to_pylist() for column in batch.columns), strict=True))


def _checksum(data: bytes, mark: str) -> str:
    return hashlib.sha256(data + mark.encode()).hexdigest()


def _line(said: Mapping[str, Any]) -> bytes:
    return json.dumps(said, ensure_ascii=False).encode() + b"\n"


def _now() -> str:
    return clock.now().isoformat()


def _is_recent(began: datetime, last: datetime) -> bool:
    now = clock.now()
    one_extract = began.date() == now.date() and timedelta() <= now - began < EXTRACT_WITHIN
    return one_extract and timedelta() <= now - last < RESUME_WITHIN
