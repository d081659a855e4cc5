"""How wide the columns of a table of our own are, from what stands in them.

The typesetter can find this out itself, by setting every cell twice before it sets the table; that took half of the
time of a report. Here it is a sum of the letters' widths, which the fonts tell. Lengths are in em of the table's
font, so that another size of type in the style sheet keeps figures whole; only the width of a page is a constant."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from reporting.fonts import width_of
from reporting.page import Column, Row, Table

MAKER = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()  # other widths are other pages
PAGE = 46.4  # em: 164 mm between the margins of a portrait page, at 10 points
GAP = 0.86  # em: 3 mm, the padding to the left of every column but the first
WIDE_GAP = 1.14  # em: 4 mm, between a long text and a text on one line
SLACK = 1.01  # kerning and rounding
RIGID = ("figure", "label")  # on one line; the others are broken into lines
MARK = 0.65  # size of a mark against the text
FLEXIBLE_SHARE = 0.4  # of the page, that long texts keep before figures have more than they need
HEAD = 5.5  # em: a head over figures that is no longer stands on one line where there is room; others on two
AIR = 0.7  # em more than figures need, where there is room


@dataclass(frozen=True)
class _Need:
    """Of a column. least: so that nothing overflows; easy: with a head of few lines; longest: no cell is broken."""

    least: float
    easy: float
    longest: float


def column_widths(table: Table) -> tuple[str, ...]:
    """A CSS length for each column."""
    needs = [_need(table, place) for place in range(len(table.columns))]
    rigid = [place for place, column in enumerate(table.columns) if column.kind in RIGID]
    flexible = [place for place, column in enumerate(table.columns) if column.kind not in RIGID]
    kept = min(sum(needs[place].longest for place in flexible), FLEXIBLE_SHARE * PAGE)
    widths = _rigid_widths(needs, rigid, table.columns, room=PAGE - kept)
    rest = PAGE - sum(widths.values())
    widths |= _flexible_widths(table, needs, flexible, rest)
    if rigid and (surplus := PAGE - sum(widths.values())) > 0:
        widths |= {place: widths[place] + surplus / len(rigid) for place in rigid}
    return tuple(f"{widths[place]:.2f}em" for place in range(len(table.columns)))


def _rigid_widths(
    needs: Sequence[_Need], rigid: Sequence[int], columns: Sequence[Column], *, room: float
) -> dict[int, float]:
    """All figures alike where there is room, else as near to what their heads like as can be, and never less than
    they must have."""
    easy = {place: needs[place].easy for place in rigid}
    alike = max((easy[place] for place in rigid if columns[place].kind == "figure"), default=0.0)
    even = {place: alike if columns[place].kind == "figure" else easy[place] for place in rigid}
    if sum(even.values()) <= room:
        return even
    least = {place: needs[place].least for place in rigid}
    wished, spare = sum(easy.values()) - sum(least.values()), room - sum(least.values())
    share = min(1.0, max(0.0, spare / wished)) if wished else 0.0
    return {place: least[place] + share * (easy[place] - least[place]) for place in rigid}


def _flexible_widths(table: Table, needs: Sequence[_Need], flexible: Sequence[int], rest: float) -> dict[int, float]:
    """What is left, but no more than a text on one line or its fair share fills; two columns so that the table has
    the fewest lines."""
    if len(flexible) == 2:
        return _fewest_lines(table, needs, flexible, rest)
    fair = max(rest, 0.0) / max(1, len(flexible))
    if len(flexible) == 1:
        (place,) = flexible
        return {place: max(needs[place].least, min(rest, max(needs[place].longest, FLEXIBLE_SHARE * PAGE)))}
    # what needs more than a fair share takes it from the others: together they are no wider than the page
    greedy = {place: needs[place].least for place in flexible if needs[place].least > fair}
    others = len(flexible) - len(greedy)
    left = (rest - sum(greedy.values())) / others if others else 0.0
    return {place: greedy.get(place, max(needs[place].least, left)) for place in flexible}


def _fewest_lines(table: Table, needs: Sequence[_Need], places: Sequence[int], rest: float) -> dict[int, float]:
    """Shares of a twentieth each; of equally long tables the one with the more even columns."""
    first, second = places
    texts = [(_length(row, first), _length(row, second)) for row in table.rows if not _spans(row)]

    def lines(share: int) -> tuple[int, int]:
        left, right = rest * share / 20, rest * (20 - share) / 20
        if left < needs[first].least or right < needs[second].least:
            return 10**9, abs(10 - share)
        return sum(max(ceil(a / (left - GAP)), ceil(b / (right - GAP))) for a, b in texts), abs(10 - share)

    best = min(range(4, 17), key=lines)
    return {first: rest * best / 20, second: rest * (20 - best) / 20}


def _need(table: Table, place: int) -> _Need:
    column = table.columns[place]
    gap = _gap(table.columns, place)
    cells = [_length(row, place) for row in table.rows if not _spans(row)]
    words = [length for row in table.rows if not _spans(row) for length in _words(row, place)]
    head, head_words = _width(column.head, bold=True), [_width(w, bold=True) for w in column.head.split()]
    longest = max(cells, default=0.0)
    least = max([*head_words, *(() if column.kind in RIGID else words), longest if column.kind in RIGID else 0.0])
    air = AIR if column.kind == "figure" and place else 0.0
    easy = max(least, min(head, max(HEAD, _on_two_lines(head_words)))) + air
    return _Need(least + gap, easy + gap, longest + gap)


def _on_two_lines(words: Sequence[float]) -> float:
    """The longer line where the break is best. A space is a quarter of an em."""
    lines = [sum(part) + (len(part) - 1) / 4 for k in range(1, len(words)) for part in (words[:k], words[k:])]
    return min((max(pair) for pair in zip(lines[::2], lines[1::2], strict=True)), default=sum(words))


def _gap(columns: Sequence[Column], place: int) -> float:
    if place == 0:
        return 0.0
    return WIDE_GAP if columns[place].kind == "label" and columns[place - 1].kind == "wide" else GAP


def _spans(row: Row) -> bool:
    """A heading among the rows stands across all columns."""
    return row.kind == "group" and not any(row.cells[1:])


def _length(row: Row, place: int) -> float:
    """Of a cell on one line, its marks included."""
    marks = _width(f"({row.marks})", bold=False) * MARK if row.marks and place == 0 else 0.0
    return _width(row.cells[place], bold=_bold(row)) + marks


def _words(row: Row, place: int) -> list[float]:
    """A word that is longer than a third of the page will be broken, wherever it stands."""
    return [min(_width(word, bold=_bold(row)), PAGE / 3) for word in row.cells[place].split()]


def _bold(row: Row) -> bool:
    return row.kind in {"group", "total"}


def _width(text: str, *, bold: bool) -> float:
    return SLACK * float(width_of(text, 1, bold=bold))
