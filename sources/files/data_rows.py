"""The rows below the heads of a sheet or a CSV that are dossiers: not totals, headings, numbering, notes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter

from sources.files.heads import UNREADABLE, Cells, Chunk, Layout, Merge, Records, Row, plain

_TOTAL = re.compile(r"(tổng|cộng|lũy kế|luỹ kế)\b", re.IGNORECASE)
_TOTAL_STARTS = frozenset("tTcClL")
_NUMBERING = re.compile(r"\(?(\d{1,2}|[A-ZĐ])\)?")
_COUNT = re.compile(r"[\d.,\s%()–]+(hồ sơ)?\s*")
_CODE = re.compile(r"\S*\d\S*")
_MOST_DIGITS = 7
"""In a count: a day or a code written in digits alone has more."""

_NOTE_CELLS = 2
"""Below the total row, a row with no more filled mapped cells than this is a note or a signature."""
_MOST_NOTES = 100


class NotWhole(Exception):
    """There is no row of totals at the end, where one was agreed."""


def records(layout: Layout, merges: Sequence[Merge] | None = None) -> Iterator[tuple[int, Cells | None]]:
    """`record_chunks`, row by row."""
    for numbers, rows in record_chunks(layout, merges):
        yield from zip(numbers, rows, strict=True)


def record_chunks(
    layout: Layout, merges: Sequence[Merge] | None = None, *, total_row: bool = False
) -> Iterator[Records]:
    """Rows below the heads that are dossiers, or might be, with their numbers; None for one that has not as many cells
    as there are heads: which cell is which cannot be told.

    Left out: blank rows and running numbers written ahead, the row (1) (2) (3) …, headings merged across the sheet,
    rows of totals, and notes and signatures below the last of them. total_row: raises NotWhole
    at the end where no row of totals is the last."""
    sieve = _Sieve(layout, merges or ())
    for numbers, rows in _without_numbering(layout.chunks):
        if sieve.lets_all_through(numbers, rows):
            yield numbers, rows
        elif kept := list(sieve.sifted(zip(numbers, rows, strict=True))):
            yield [number for number, _ in kept], [cells for _, cells in kept]
    if total_row and not sieve.is_below_total:
        raise NotWhole


class _Sieve:
    """What was seen so far of totals, and of the rows below the last one that look like notes."""

    def __init__(self, layout: Layout, merges: Sequence[Merge]) -> None:
        self._layout = layout
        self._width = len(layout.heads)
        self._headings = _headings(layout, merges)
        self.is_below_total = False
        self._notes: list[Row] = []

    def lets_all_through(self, numbers: Sequence[int], rows: Sequence[Cells]) -> bool:
        """Whether all are surely dossiers: whole, with a code, and nothing in the first cell that a row of totals could
        begin with. Nearly all rows are, so they are looked at by the thousand."""
        if self.is_below_total or set(map(len, rows)) != {self._width} or not self._headings.isdisjoint(numbers):
            return False
        first = {(cell or "")[:1] for cell in map(itemgetter(0), rows)}
        return all(map(itemgetter(self._layout.key), rows)) and all(map(_begins_plainly, first))

    def sifted(self, rows: Iterable[Row]) -> Iterator[tuple[int, Cells | None]]:
        for number, cells in rows:
            if number in self._headings or _is_blank(cells, self._layout.places):
                continue
            if is_total(cells, self._layout.places):
                yield from self._released(below_total=True)
            elif self.is_below_total and len(self._notes) < _MOST_NOTES and _is_note(cells, self._layout):
                self._notes.append((number, cells))
            else:
                yield from self._released(below_total=False)
                yield number, self._whole(cells)

    def _released(self, *, below_total: bool) -> Iterator[tuple[int, Cells | None]]:
        """What looked like notes has other rows below it: so it was none."""
        notes, self._notes, self.is_below_total = self._notes, [], below_total
        yield from ((number, self._whole(cells)) for number, cells in notes)

    def _whole(self, cells: Cells) -> Cells | None:
        return cells if len(cells) == self._width else None


def spread_down(
    rows: Iterable[tuple[int, Cells | None]], merges: Sequence[Merge] | None
) -> Iterator[tuple[int, Cells | None]]:
    """A value merged over several rows stands in each of them. Only what is truly merged is spread."""
    begin: dict[int, list[tuple[int, int]]] = {}
    for (first, column), (last, _) in merges or ():
        if last > first:
            begin.setdefault(first, []).append((column, last))
    open_: dict[int, tuple[int, str | None]] = {}
    for number, cells in rows:
        if cells is not None and (open_ or number in begin):
            open_ = {c: found for c, found in open_.items() if found[0] >= number}
            open_ |= {c: (last, cells[c]) for c, last in begin.get(number, ())}
            yield number, [open_[c][1] if c in open_ and not text else text for c, text in enumerate(cells)]
        else:
            yield number, cells


def is_total(cells: Cells, places: Sequence[int] = ()) -> bool:
    """The first filled cell says «Tổng cộng», and no other mapped cell holds more than a count: a dossier has codes."""
    first = next((n for n, cell in enumerate(cells) if cell and not cell.isspace()), None)
    if first is None or not _TOTAL.match(plain(cells[first] or "")):
        return False
    others = (cells[p] for p in places if p < len(cells) and p != first)
    return all(not cell or cell.isspace() or _is_count(cell) for cell in others)


def _is_count(cell: str) -> bool:
    return _COUNT.fullmatch(cell) is not None and sum(map(str.isdigit, cell)) <= _MOST_DIGITS


def _begins_plainly(start: str) -> bool:
    """Whether a first cell that begins like this is filled, and not as in a row of totals."""
    return start.isalnum() and start not in _TOTAL_STARTS


def _is_blank(cells: Cells, places: Sequence[int]) -> bool:
    """Nothing in a mapped cell and no text elsewhere: a running number alone, written ahead, is no dossier."""
    said = {n for n, cell in enumerate(cells) if cell and not cell.isspace()}
    return said.isdisjoint(places) and all(_COUNT.fullmatch(cells[n] or "") for n in said)


def _is_note(cells: Cells, layout: Layout) -> bool:
    filled = [p for p in layout.places if p < len(cells) and (cells[p] or "").strip()]
    code = (cells[layout.key] or "").strip() if layout.key < len(cells) else ""
    return len(filled) <= _NOTE_CELLS and not _CODE.fullmatch(code) and UNREADABLE not in cells


def _without_numbering(chunks: Iterator[Chunk]) -> Iterator[Chunk]:
    """Without the row (1) (2) (3) … or A, B, 1, 2 … that forms have below their heads."""
    is_first = True
    for numbers, rows in chunks:
        skipped = int(is_first and bool(rows) and _is_numbering(rows[0]))
        is_first = is_first and not rows
        if rows[skipped:]:
            yield numbers[skipped:], rows[skipped:]


def _is_numbering(cells: Cells) -> bool:
    said = [cell.strip() for cell in cells if cell and cell.strip()]
    return len(said) >= 2 and all(_NUMBERING.fullmatch(cell) for cell in said)


def _headings(layout: Layout, merges: Iterable[Merge]) -> frozenset[int]:
    """Rows on which one merged cell takes more than half of the mapped columns: headings of groups."""
    half = len(layout.places) / 2
    return frozenset(
        first
        for (first, left), (last, right) in merges
        if first == last > layout.last_head and sum(left <= p <= right for p in layout.places) > half
    )
