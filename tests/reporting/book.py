"""Reads a workbook back as Excel shows it on a Vietnamese machine, by its own reading of number formats."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import openpyxl
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

_PIECE = re.compile(r'"([^"]*)"|(#,##0(?:\.(0+))?)(%?)|(\+)')


@dataclass(frozen=True)
class Shown:
    """A table on its sheet: the head's first texts apart, rows as displayed, marks of each row."""

    name: str
    caption: str
    rows: tuple[tuple[str, ...], ...]
    marks: tuple[str, ...]


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def displayed(cell: Any) -> str:
    """A number by its format, with Vietnamese separators; text as it is."""
    value = cell.value
    if value is None or isinstance(value, str):
        return value or ""
    return shown_number(Decimal(str(value)), cell.number_format)


def shown_number(value: Decimal, form: str) -> str:
    """0.9611 in 0.00% → 96,11%. Raises ValueError for a format that this reading does not know."""
    sections = form.split(";")
    section = sections[0] if value > 0 or len(sections) < 3 else sections[1 if value < 0 else 2]
    if value < 0 and len(sections) < 3:
        raise ValueError(f"no section for what is negative: {form}")
    text, end = "", 0
    for piece in _PIECE.finditer(section):
        if piece.start() != end:
            raise ValueError(f"unknown number format {form}")
        end = piece.end()
        literal, digits, places, percent, plus = piece.groups()
        text += literal or plus or (_digits(abs(value), len(places or ""), percent) if digits else "")
    if end != len(section):
        raise ValueError(f"unknown number format {form}")
    return text


def _digits(size: Decimal, places: int, percent: str) -> str:
    whole = (size * 100 if percent else size).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{whole:,f}".translate(str.maketrans(",.", ".,")) + percent


def first_row(sheet: Worksheet) -> int:
    """Of the rows: what is frozen ends above it."""
    return int(re.sub(r"\D", "", str(sheet.freeze_panes)))


def table_on(sheet: Worksheet, rows: int) -> Shown:
    """So many rows below the frozen head."""
    first = first_row(sheet)
    has_marks = any(cell.value == "Ghi chú" for line in sheet.iter_rows(max_row=first - 1) for cell in line)
    lines = list(sheet.iter_rows(min_row=first, max_row=first + rows - 1)) if rows else []
    shown = [tuple(displayed(cell) for cell in line) for line in lines]
    return Shown(
        name=sheet.title,
        caption=str(sheet["A1"].value),
        rows=tuple(line[:-1] if has_marks else line for line in shown),
        marks=tuple(line[-1] if has_marks else "" for line in shown),
    )


def number_cells(book: Any) -> list[tuple[str, Cell]]:
    """Every cell that holds a number, with the name of its sheet."""
    return [
        (sheet.title, cell)
        for sheet in book.worksheets
        for line in sheet.iter_rows()
        for cell in line
        if isinstance(cell.value, int | float)
    ]
