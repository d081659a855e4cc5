"""Writes texts and cells on one sheet, by what they are and never by what they look like."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter.worksheet import Worksheet

from reporting.formats import Figure
from reporting.page import Kind
from reporting.workbook.grids import Width
from reporting.workbook.shapes import Shapes, number_format, number_of
from reporting.xlsx import clean

LINE = 15.0
"""Points that a line of these letters takes."""


@dataclass(frozen=True)
class Writer:
    """One sheet with the widths of its columns, in letters."""

    page: Worksheet
    widths: Sequence[float]
    shapes: Shapes

    def set_widths(self) -> None:
        for place, width in enumerate(self.widths):
            self.page.set_column(place, place, width)

    def cell(self, row: int, place: int, cell: str, *, kind: Kind = "unit", width: Width = "wide") -> None:
        """A figure as a number, everything else as text."""
        if isinstance(cell, Figure):
            self.page.write_number(row, place, number_of(cell), self.shapes.figure(kind, number_format(cell)))
        elif cell:
            self.page.write_string(row, place, clean(cell), self.shapes.text(kind, width))
        else:
            self.page.write_blank(row, place, None, self.shapes.text(kind, width))

    def named(self, row: int, place: int, text: str, shape: str) -> None:
        self.page.write_string(row, place, clean(text), self.shapes.named(shape))

    def across(self, row: int, text: str, shape: str, *, first: int = 0) -> int:
        """A text over the columns from the first, as high as it needs; returns the row after it."""
        size = 1.2 if shape == "title" else 1.0
        self.page.set_row(row, LINE * size * lines_of(clean(text), sum(self.widths[first:]) / size))
        self.merged(row, first, text, shape, columns=len(self.widths) - first)
        return row + 1

    def merged(self, row: int, place: int, text: str, shape: str, *, rows: int = 1, columns: int = 1) -> None:
        if rows * columns > 1:
            last = (row + rows - 1, place + columns - 1)
            self.page.merge_range(row, place, *last, "", self.shapes.named(shape))
        self.named(row, place, text, shape)


def lines_of(text: str, width: float) -> int:
    """With room to spare: a width counts digits of Calibri, and the letters here are a third narrower on average."""
    return max(1, math.ceil(len(text) / (1.15 * width)))
