"""Finding the heads of a sheet or a CSV."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from contracts.table_spec import FileTable

Cells = Sequence[str | None]
Row = tuple[int, Cells]
Chunk = tuple[Sequence[int], Sequence[Cells]]
"""Rows that are handed on together: their numbers, and their cells."""

Records = tuple[Sequence[int], Sequence[Cells | None]]
"""As a Chunk; None for a row of which it cannot be told which cell is which."""

Merge = tuple[tuple[int, int], tuple[int, int]]
"""First and last cell of a merged range: (row from 1, column from 0)."""

SEPARATOR = " / "
UNREADABLE = "\udcff"
"""Stands for bytes that mean nothing in a file's encoding, and for NUL: no text that is landed can hold it."""

_LOOK_FURTHER = 30
"""Rows below the configured head row among which a head row that has moved is looked for."""


class Misfit(Exception):
    """A file or sheet that is not as the configuration says; its text says how, in Vietnamese."""


@dataclass(frozen=True)
class Grid:
    """A sheet of a workbook, or a whole CSV: its rows with their numbers, from 1. A blank cell is empty or None.

    merges: ranges merged in the sheet; None where the kind of file does not say."""

    file: str
    sheet: str
    chunks: Iterator[Chunk]
    merges: tuple[Merge, ...] | None = None

    @property
    def rows(self) -> Iterator[Row]:
        """The rows one by one; what is taken of the last chunk's is gone."""
        return (row for numbers, cells in self.chunks for row in zip(numbers, cells, strict=True))

    @property
    def place(self) -> str:
        """How the addresses of its rows begin."""
        return f"{self.file}!{self.sheet}" if self.sheet else self.file

    @property
    def said(self) -> str:
        return f"tệp «{self.file}»" + (f", trang tính «{self.sheet}»" if self.sheet else "")


@dataclass(frozen=True)
class Layout:
    """Where a grid's heads stand. heads: of all columns; places: of the wanted ones, from 0; key: the place of the
    column that every dossier has filled; last_head: number of the last head row; chunks: the rows below it."""

    heads: tuple[str, ...]
    places: tuple[int, ...]
    key: int
    last_head: int
    chunks: Iterator[Chunk]


def plain(head: str) -> str:
    """NFC, and every run of white space one space: what a head or a sheet's name looks like to a reader."""
    return " ".join(unicodedata.normalize("NFC", head.replace(UNREADABLE, "\ufffd")).split())


def layout_of(grid: Grid, spec: FileTable, *, wanted: Sequence[str], key: str) -> Layout:
    """Find the wanted columns' heads. key: one of them. Raises Misfit where one is lost or stands twice."""
    top = _top(grid.chunks, spec.header_row + spec.header_rows - 1 + _LOOK_FURTHER)
    first = next((n for n, (number, _) in enumerate(top) if number >= spec.header_row), len(top))
    head_rows = top[first : first + spec.header_rows]
    heads = heads_of([cells for _, cells in head_rows], merges_in(grid.merges, head_rows))
    asked = [plain(column) for column in wanted]
    if problem := _problem(heads, asked):
        where = f"{grid.said}, dòng tiêu đề {spec.header_row}"
        raise Misfit(f"{where}: {problem}{_moved_to(top, asked, spec)}")
    places = tuple(heads.index(head) for head in asked)
    last = head_rows[-1][0]
    below = top[first + spec.header_rows :]
    chunks = chain([([number for number, _ in below], [cells for _, cells in below])], grid.chunks)
    return Layout(tuple(heads), places, heads.index(plain(key)), last, chunks)


def heads_of(levels: Sequence[Cells], merges: Sequence[Merge] | None) -> list[str]:
    """One head a column, «upper / lower» where it stands on several rows. merges: with rows from 0; where they are not
    known, a blank cell right of an upper head belongs to it if both have something below."""
    texts = [[plain(cell or "") for cell in row] for row in levels]
    width = max(map(len, texts), default=0)
    texts = [row + [""] * (width - len(row)) for row in texts]
    _spread(texts, merges) if merges is not None else _guess(texts)
    return [SEPARATOR.join(dict.fromkeys(part for part in column if part)) for column in zip(*texts, strict=True)]


def _top(chunks: Iterator[Chunk], count: int) -> list[Row]:
    """The first rows: at least so many, unless there are fewer."""
    found: list[Row] = []
    for numbers, rows in chunks:
        found += zip(numbers, rows, strict=True)
        if len(found) >= count:
            break
    return found


def merges_in(merges: Sequence[Merge] | None, rows: Sequence[Row]) -> list[Merge] | None:
    """Those that begin in these rows, counted from the first of them."""
    if merges is None:
        return None
    numbers = {number: place for place, (number, _) in enumerate(rows)}
    end = len(rows) - 1
    return [
        ((numbers[first], left), (min(numbers[first] + last - first, end), right))
        for (first, left), (last, right) in merges
        if first in numbers
    ]


def _spread(texts: list[list[str]], merges: Sequence[Merge]) -> None:
    """A merged head stands in every row, and where something can be below it, in every column of its range."""
    end = len(texts) - 1
    for (top, left), (bottom, right) in merges:
        if left >= len(texts[top]):
            continue
        columns = range(left, min(right + 1, len(texts[top]))) if bottom < end else (left,)
        for row in range(top, bottom + 1):
            for column in columns:
                texts[row][column] = texts[top][left]


def _guess(texts: list[list[str]]) -> None:
    for level, row in enumerate(texts[:-1]):
        below = [any(lower[n] for lower in texts[level + 1 :]) for n in range(len(row))]
        for column in range(1, len(row)):
            if not row[column] and below[column] and below[column - 1]:
                row[column] = row[column - 1]


def _problem(heads: Sequence[str], wanted: Sequence[str]) -> str:
    """Which of the wanted heads are lost or stand twice. The other heads are named only where the row is surely one of
    heads: where the rows have moved, it may hold a dossier."""
    lost = [head for head in wanted if head not in heads]
    twice = [head for head in wanted if heads.count(head) > 1]
    if not lost and not twice:
        return ""
    if 2 * len(lost) > len(wanted):
        return "không giống dòng tiêu đề" if any(heads) else "không có tiêu đề nào"
    wrong = [f"thiếu cột «{head}»{_near(head, heads, wanted)}" for head in lost]
    wrong += [f"cột «{head}» có hai lần" for head in twice]
    there = ", ".join(f"«{head}»" for head in heads if head)
    return f"{'; '.join(wrong)}; hiện có: {there}"


def _near(head: str, heads: Sequence[str], wanted: Sequence[str]) -> str:
    others = [other for other in heads if other and other not in wanted]
    near = difflib.get_close_matches(head, others, n=1)
    return f" (có thể nay là «{near[0]}»)" if near else ""


def _moved_to(top: Sequence[Row], wanted: Sequence[str], spec: FileTable) -> str:
    """The row that does look like the heads."""
    if spec.header_rows > 1:
        return ""
    found = {number: sum(plain(cell or "") in wanted for cell in cells) for number, cells in top}
    best = max(found, key=lambda number: found[number], default=spec.header_row)
    if best == spec.header_row or 2 * found.get(best, 0) <= len(wanted):
        return ""
    return f"; tiêu đề có vẻ nằm ở dòng {best} (sửa header_row = {best})"
