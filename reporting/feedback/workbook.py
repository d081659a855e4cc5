"""Writes a book as .xlsx: the same cells, the same bytes.

No text of a district is ever taken for a formula, a link or a number: it is written as text, and marked so that it
stays text when somebody edits the cell."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reporting import xlsx
from reporting.feedback.book import Book, Cell, Column, Sheet, Table

ROWS = 1_048_000
"""Rows of a table; a sheet of Excel ends soon after."""
_EARLIEST = date(1900, 3, 1)
"""Excel counts a 29/2/1900 that never was: an earlier day is written as text."""
_SHEET_LINES = 2
"""Title and mark above the head of a list."""


def workbook_bytes(book: Book) -> bytes:
    target = io.BytesIO()  # nothing lies in a folder for passing files: it would be dossier codes after a kill
    made = xlsx.new_workbook(target, title=book.title, created=_moment(book.created))
    formats = _formats(made)
    for sheet in book.sheets:
        page = made.add_worksheet(sheet.name)
        xlsx.set_paper(page, book.mark)
        (_write_summary if sheet.lines else _write_list)(page, book, sheet, formats)
    made.close()
    return target.getvalue()


def _moment(created: datetime | None) -> datetime | None:
    return created.replace(tzinfo=None) if created else None


def _formats(made: Any) -> dict[str, Format]:
    shared, cell = xlsx.LETTERS, xlsx.CELL
    wrapped = {**cell, "text_wrap": True}
    kinds: dict[str, dict[str, Any]] = {
        "text": {**wrapped, "quote_prefix": True},
        "code": {**cell, "num_format": "@", "quote_prefix": True},
        "number": {**cell, "num_format": "#,##0", "align": "right"},
        "count": {**cell, "num_format": "#,##0", "align": "left", "bold": True},
        "day": {**cell, "num_format": "dd/mm/yyyy", "align": "center"},
        "reply": {**wrapped, "bg_color": "#FFF8DC", "locked": False},
        "head": xlsx.HEAD,
        "title": {**shared, "bold": True, "font_size": 13},
        "mark": {**shared, "italic": True, "bold": True},
        "caption": {**shared, "bold": True, "font_size": 12},
        "label": {**wrapped, "bold": True},
        "note": {**shared, "italic": True},
    }
    return xlsx.add_formats(made, kinds)


def _write_list(page: Worksheet, book: Book, sheet: Sheet, formats: dict[str, Format]) -> None:
    """One table, whose head stays in sight and can be filtered."""
    (table,) = sheet.tables
    page.write_string(0, 0, xlsx.clean(f"{sheet.name} – {book.title}"), formats["title"])
    left_out = len(table.rows) - ROWS
    more = f". Còn {left_out} dòng không ghi được vào một trang Excel" if left_out > 0 else ""
    page.write_string(1, 0, book.mark + more, formats["mark"])
    _set_widths(page, table.columns)
    end = _write_table(page, table, _SHEET_LINES, formats)
    page.freeze_panes(_SHEET_LINES + 1, 2)
    page.repeat_rows(_SHEET_LINES)
    if table.rows:
        page.autofilter(_SHEET_LINES, 0, end - 1, len(table.columns) - 1)


def _write_summary(page: Worksheet, book: Book, sheet: Sheet, formats: dict[str, Format]) -> None:
    """Labels with their texts, then the tables below each other; the first of them can be filtered."""
    page.write_string(0, 0, xlsx.clean(book.title), formats["title"])
    page.write_string(1, 0, book.mark, formats["mark"])
    page.freeze_panes(_SHEET_LINES, 0)
    _set_widths(page, sheet.tables[0].columns)
    row = _SHEET_LINES
    for label, value in sheet.lines:
        _write_cell(page, (row, 0), label, formats["label"])
        _write_cell(page, (row, 1), value, formats["count" if isinstance(value, int) else "text"])
        row += 1
    for place, table in enumerate(sheet.tables):
        page.write_string(row + 1, 0, table.caption, formats["caption"])
        head, row = row + 2, _write_table(page, table, row + 2, formats)
        if table.rows and place == 0:
            page.autofilter(head, 0, row - 1, len(table.columns) - 1)


def _set_widths(page: Worksheet, columns: tuple[Column, ...]) -> None:
    for number, column in enumerate(columns):
        page.set_column(number, number, column.width)


def _write_table(page: Worksheet, table: Table, row: int, formats: dict[str, Format]) -> int:
    """From that row on; returns the row after it."""
    for number, column in enumerate(table.columns):
        page.write_string(row, number, column.head, formats["head"])
    if not table.rows:
        page.write_string(row + 1, 0, table.nothing, formats["note"])
        return row + 2
    for below, cells in enumerate(table.rows[:ROWS], start=row + 1):
        for number, (column, cell) in enumerate(zip(table.columns, cells, strict=True)):
            _write_cell(page, (below, number), cell, formats[column.kind])
    return row + 1 + len(table.rows[:ROWS])


def _write_cell(page: Worksheet, at: tuple[int, int], cell: Cell, shape: Format) -> None:
    """By what it is, never by what it looks like."""
    if cell is None:
        page.write_blank(*at, None, shape)
    elif isinstance(cell, int):
        page.write_number(*at, cell, shape)
    elif isinstance(cell, date) and cell >= _EARLIEST:
        page.write_datetime(*at, cell, shape)
    else:
        page.write_string(*at, xlsx.clean(f"{cell:%d/%m/%Y}" if isinstance(cell, date) else cell), shape)
