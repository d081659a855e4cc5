"""Fills a form as an officer does: opens the workbook, types into its yellow cells, saves it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.workbook import Workbook

from contracts.return_form import COVER, COVER_VALUE, SHEETS, Column, CoverRow, cell_name

APPROXIMATE = "Chỉ có số gần đúng"
NOT_YET = "Chưa có số liệu"
OUTSIDE = "Không thuộc phạm vi"
COVER_CELLS: dict[CoverRow, Any] = {
    CoverRow.PREPARED_BY: "Nguyễn Văn A, chuyên viên",
    CoverRow.PREPARED_ON: datetime(2024, 12, 15),
    CoverRow.APPROVED_BY: "Trần Thị B, Trưởng phòng",
}


def cell(book: Workbook, indicator: str, column: Column) -> Any:
    """The cell of that line, found as a reader of the sheet would: by the line's row."""
    for name in SHEETS:
        if name not in book.sheetnames:
            continue
        for row in book[name].iter_rows(min_col=Column.ID + 1, max_col=Column.ID + 1):
            if row[0].value == indicator:
                return book[name].cell(row[0].row, column + 1)
    raise AssertionError(f"the form does not ask {indicator}")


def fill(path: Path, answers: Mapping[str, Any], *, to: Path | None = None, cover: Mapping[CoverRow, Any] = {}) -> Path:
    """answers: by id of the line: a value; (numerator, denominator) of a share; a state's label; ("~", text) for an
    approximate figure; a dict of columns for anything else."""
    book = openpyxl.load_workbook(path)
    for row, said in {**COVER_CELLS, **cover}.items():
        book[COVER][cell_name(row, COVER_VALUE)] = said
    for indicator, said in answers.items():
        for column, value in columns_of(said).items():
            cell(book, indicator, column).value = value
    target = to or path
    target.parent.mkdir(parents=True, exist_ok=True)
    book.save(target)
    return target


def columns_of(said: Any) -> dict[Column, Any]:
    match said:
        case dict():
            return said
        case ("~", str(text)):
            return {Column.STATE: APPROXIMATE, Column.VALUE: text}
        case (numerator, denominator):
            return {Column.NUMERATOR: numerator, Column.DENOMINATOR: denominator}
        case str() if said in (NOT_YET, OUTSIDE):
            return {Column.STATE: said}
        case date():
            return {Column.VALUE: datetime(said.year, said.month, said.day)}
        case _:
            return {Column.VALUE: said}
