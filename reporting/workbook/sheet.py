"""One table on its sheet: caption, head that stays in sight, rows, notes, source."""

from __future__ import annotations

from reporting.workbook.grids import MARKS, Grid, Head, Line, Width
from reporting.workbook.shapes import Shapes
from reporting.workbook.writer import LINE, Writer, lines_of

_LIMITS: dict[Width, tuple[int, int]] = {
    "wide": (26, 60),
    "text": (18, 48),
    "label": (12, 30),
    "figure": (11, 26),
    "number": (5, 7),
}
"""Least and most letters of a column."""
_MARKS_WIDTH = 9


def write_grid(page: object, grid: Grid, shapes: Shapes) -> None:
    writer = Writer(page, (*_widths(grid), *([_MARKS_WIDTH] if grid.has_marks else [])), shapes)
    writer.set_widths()
    top = _write_above(writer, grid)
    _write_heads(writer, grid, top)
    first = top + grid.head_rows
    writer.page.freeze_panes(first, grid.frozen)
    writer.page.repeat_rows(top, first - 1)
    for row, line in enumerate(grid.lines, start=first):
        writer.page.set_row(row, _height(writer, line))
        for place, (cell, width) in enumerate(zip(line.cells, grid.widths, strict=True)):
            writer.cell(row, place, cell, kind=line.kind, width=width)
        if grid.has_marks:
            writer.named(row, len(line.cells), f"({line.marks})" if line.marks else "", "marks")
    _write_below(writer, grid, first + len(grid.lines))


def _height(writer: Writer, line: Line) -> float:
    """A group's name runs on over the cells beside it."""
    if line.kind == "group":
        return LINE
    return LINE * max(lines_of(cell, width) for cell, width in zip(line.cells, writer.widths, strict=False))


def _widths(grid: Grid) -> tuple[int, ...]:
    """By what stands in each column, within its limits; a row that has its first cell alone runs over the others."""
    lines = [line.cells for line in grid.lines if any(line.cells[1:])]
    found = []
    for place, kind in enumerate(grid.widths):
        own = (head.text for head in grid.heads if (head.column, head.columns) == (place, 1))
        texts = [*(cells[place] for cells in lines), *(word for text in own for word in text.split())]
        least, most = _LIMITS[kind]
        found.append(min(most, max(least, *(len(text) + 2 for text in texts))))
    return tuple(found)


def _write_above(writer: Writer, grid: Grid) -> int:
    """Returns the row of the head."""
    row = writer.across(0, grid.caption, "title")
    if grid.over:
        row = writer.across(row, grid.over, "over")
    for text in grid.before:
        row = writer.across(row, text, "said")
    return row


def _write_heads(writer: Writer, grid: Grid, top: int) -> None:
    heads = grid.heads
    if grid.has_marks:
        heads = (*heads, Head(MARKS, 0, len(grid.widths), grid.head_rows))
    for head in heads:
        writer.merged(top + head.row, head.column, head.text, "head", rows=head.rows, columns=head.columns)
    for row in range(grid.head_rows):
        alone = [h for h in heads if (h.row, h.rows) == (row, 1)]
        sizes = (lines_of(h.text, sum(writer.widths[h.column : h.column + h.columns])) for h in alone)
        writer.page.set_row(top + row, LINE * max(sizes, default=1))


def _write_below(writer: Writer, grid: Grid, row: int) -> None:
    row += 1
    for note in grid.notes:
        row = writer.across(row, f"({note.mark}) {note.text}" if note.mark else note.text, "note")
    row = writer.across(row, grid.source, "said") if grid.source else row
    for below, text in enumerate(grid.after, start=row + 1):
        writer.across(below, text, "note")
