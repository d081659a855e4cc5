"""Writes a book as .xlsx: the same cells, the same bytes.

No text of a district is ever taken for a formula, a link or a number: it is written as text, and marked so that it
stays text when somebody edits the cell."""

from __future__ import annotations

import io
import unicodedata
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reporting.feedback.book import Book, Cell, Column, Sheet, Table

LONGEST = 32_000
"""Excel takes no more than 32,767 characters in a cell."""
ROWS = 1_048_000
"""Rows of a table; a sheet of Excel ends soon after."""
_NO_DATE = datetime(2000, 1, 1)  # noqa: DTZ001 (a workbook's moments have no zone)
_EARLIEST = date(1900, 3, 1)
"""Excel counts a 29/2/1900 that never was: an earlier day is written as text."""
_SHEET_LINES = 2
"""Title and mark above the head of a list."""
_AS_THEY_ARE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def workbook_bytes(book: Book) -> bytes:
    target = io.BytesIO()  # nothing lies in a folder for passing files: it would be dossier codes after a kill
    made = xlsxwriter.Workbook(target, {"in_memory": True, **_AS_THEY_ARE})
    made.set_properties({"title": _clean(book.title), "created": _moment(book.created)})
    made.set_size(1600, 1000)
    formats = _formats(made)
    for sheet in book.sheets:
        page = made.add_worksheet(sheet.name)
        _set_paper(page, book)
        (_write_summary if sheet.lines else _write_list)(page, book, sheet, formats)
    made.close()
    return target.getvalue()


def _moment(created: datetime | None) -> datetime:
    return created.replace(tzinfo=None) if created else _NO_DATE


def _formats(made: Any) -> dict[str, Format]:
    shared = {"font_name": "Times New Roman", "font_size": 11, "valign": "top"}
    cell = {**shared, "border": 1, "border_color": "#BFBFBF"}
    wrapped = {**cell, "text_wrap": True}
    kinds: dict[str, dict[str, Any]] = {
        "text": {**wrapped, "quote_prefix": True},
        "code": {**cell, "num_format": "@", "quote_prefix": True},
        "number": {**cell, "num_format": "#,##0", "align": "right"},
        "count": {**cell, "num_format": "#,##0", "align": "left", "bold": True},
        "day": {**cell, "num_format": "dd/mm/yyyy", "align": "center"},
        "reply": {**wrapped, "bg_color": "#FFF8DC", "locked": False},
        "head": {**wrapped, "bold": True, "bg_color": "#E7E6E6", "valign": "vcenter", "align": "center"},
        "title": {**shared, "bold": True, "font_size": 13},
        "mark": {**shared, "italic": True, "bold": True},
        "caption": {**shared, "bold": True, "font_size": 12},
        "label": {**wrapped, "bold": True},
        "note": {**shared, "italic": True},
    }
    return {name: made.add_format(said) for name, said in kinds.items()}


def _set_paper(page: Worksheet, book: Book) -> None:
    """For whoever prints it: A4 across, the width of one page, the mark on each."""
    page.set_landscape()
    page.set_paper(9)
    page.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.6)
    page.fit_to_pages(1, 0)
    page.set_header(f'&L&"Times New Roman,Italic"&10{book.mark.replace("&", "&&")}')
    page.set_footer('&L&"Times New Roman,Regular"&10&A&R&"Times New Roman,Regular"&10&P/&N')


def _write_list(page: Worksheet, book: Book, sheet: Sheet, formats: dict[str, Format]) -> None:
    """One table, whose head stays in sight and can be filtered."""
    (table,) = sheet.tables
    page.write_string(0, 0, _clean(f"{sheet.name} – {book.title}"), formats["title"])
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
    page.write_string(0, 0, _clean(book.title), formats["title"])
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
        page.write_string(*at, _clean(f"{cell:%d/%m/%Y}" if isinstance(cell, date) else cell), shape)


@lru_cache(maxsize=10_000)
def _clean(text: str) -> str:
    """Composed, without control and direction marks, short enough for a cell."""
    composed = unicodedata.normalize("NFC", text)
    if not composed.isprintable():
        composed = "".join(c for c in composed if unicodedata.category(c) not in {"Cc", "Cf", "Cs"})
    return composed[:LONGEST]
