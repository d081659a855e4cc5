"""What the readers of sent files share: all fitting files, their heads, their rows as batches of text."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.compute as pc

from contracts.periods import Span
from contracts.source_config import SourceConfig, TableMap
from contracts.table_spec import FileTable
from sources.files.data_rows import NotWhole, record_chunks, spread_down
from sources.files.heads import Cells, Grid, Layout, Merge, Misfit, Records, layout_of
from sources.files.sent_files import SentFile, SentFiles
from sources.reader import BATCH_ROWS, Schema, address_column, batch_schema, drifted, unreachable

_MOST_TOLD = 10
_UNREADABLE = re.compile("[\ud800-\udfff]")


class FileReader(ABC):
    """A reader of files that units send; see `sources.reader.Reader`. They are of the period already, so the window
    does not cut them."""

    def __init__(self, source: SourceConfig) -> None:
        self.source = source
        self.files = SentFiles(source)
        self._places: dict[str, dict[str, dict[str, str]]] = {}

    def __enter__(self) -> Self:
        self.files.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.files.__exit__(kind, error, trace)

    @abstractmethod
    def grids(self, file: SentFile, spec: FileTable, wanted: Sequence[str]) -> Iterator[Grid]:
        """The sheets of that file that fit. wanted: heads that are looked for. Raises Misfit where none fits."""

    @abstractmethod
    def shown(self, file: SentFile) -> list[str]:
        """Names of the sheets that a person sees; one empty name for a CSV."""

    @abstractmethod
    def column(self, place: int) -> str:
        """How a person calls the column at that place, from 0: «H», or «8»."""

    def probe(self) -> Schema:
        """Every file and sheet is looked at; what differs is told of all of them at once. Columns of the first."""
        found: dict[str, dict[str, str]] = {}
        wrong: list[str] = []
        for name, table in self.source.tables.items():
            for file in self.files.fitting(spec_of(table).file, count=spec_of(table).files):
                try:
                    for _, layout in self._laid_out(table, file):
                        found.setdefault(name, dict.fromkeys(layout.heads, ""))
                except Misfit as misfit:
                    wrong.append(str(misfit))
        if wrong:
            raise drifted(self.source, _joined(wrong))
        return Schema(found)

    def read(self, table: TableMap, window: Span) -> Iterator[pa.RecordBatch]:
        spec = spec_of(table)
        schema = batch_schema(table)
        places = self._places[table.name] = {}
        with self.told():
            for file in self.files.fitting(spec.file, count=spec.files):
                for grid, layout in self._laid_out(table, file):
                    columns = zip(table.source_columns, layout.places, strict=True)
                    places[grid.place] = {column: self.column(place) for column, place in columns}
                    records = record_chunks(layout, grid.merges, total_row=spec.total_row)
                    with self._whole(grid):
                        for numbers, rows in _spread(records, grid.merges):
                            yield _batch(numbers, rows, grid.place, layout, schema)

    def places(self, table: TableMap) -> dict[str, dict[str, str]]:
        """See `sources.reader.PlacedReader`; of what was read."""
        return self._places.get(table.name, {})

    @contextmanager
    def _whole(self, grid: Grid) -> Iterator[None]:
        try:
            yield
        except NotWhole:
            cause = f"{grid.said}: không có dòng tổng cộng ở cuối (total_row): có thể chưa gửi trọn"
            raise unreachable(self.source, cause) from None

    @contextmanager
    def told(self) -> Iterator[None]:
        """A Misfit becomes SourceDrift."""
        try:
            yield
        except Misfit as misfit:
            raise drifted(self.source, str(misfit)) from None

    def _laid_out(self, table: TableMap, file: SentFile) -> Iterator[tuple[Grid, Layout]]:
        spec = spec_of(table)
        for grid in self.grids(file, spec, table.source_columns):
            yield grid, layout_of(grid, spec, wanted=table.source_columns, key=address_column(table))


def spec_of(table: TableMap) -> FileTable:
    assert isinstance(table.spec, FileTable)
    return table.spec


def _joined(wrong: Sequence[str]) -> str:
    told = "; ".join(wrong[:_MOST_TOLD])
    return told if len(wrong) <= _MOST_TOLD else f"{told}; và {len(wrong) - _MOST_TOLD} chỗ khác"


def _spread(chunks: Iterator[Records], merges: Sequence[Merge] | None) -> Iterator[Records]:
    """With the values of merged cells; see `spread_down`."""
    if not merges:
        yield from chunks
        return
    rows = spread_down((row for numbers, cells in chunks for row in zip(numbers, cells, strict=True)), merges)
    while some := list(islice(rows, BATCH_ROWS)):
        yield [number for number, _ in some], [cells for _, cells in some]


def _batch(
    numbers: Sequence[int], rows: Sequence[Cells | None], place: str, layout: Layout, schema: pa.Schema
) -> pa.RecordBatch:
    nothing = (None,) * len(layout.heads)
    columns = list(zip(*(nothing if cells is None else cells for cells in rows), strict=True))
    addresses = pa.array([f"{place}!{number}" for number in numbers], pa.string())
    return pa.RecordBatch.from_arrays([*_columns([columns[p] for p in layout.places]), addresses], schema=schema)


def _columns(columns: Sequence[Sequence[str | None]]) -> list[pa.Array]:
    """A row with a cell that could not be read is left without any: a rule will reject it, and name its place."""
    try:
        return [_column(values) for values in columns]
    except UnicodeEncodeError:  # a lone surrogate stands for what could not be read
        readable = [row if _is_readable(row) else (None,) * len(row) for row in zip(*columns, strict=True)]
        return [_column(values) for values in zip(*readable, strict=True)]


def _column(values: Sequence[str | None]) -> pa.Array:
    texts: Any = pa.array(values, pa.string())
    if "" not in values:
        return texts
    return pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)


def _is_readable(row: Sequence[str | None]) -> bool:
    return not any(cell and _UNREADABLE.search(cell) for cell in row)
