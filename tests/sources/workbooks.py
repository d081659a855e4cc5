"""Workbooks as units send them, and what is read of them."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwt
from openpyxl.utils import range_boundaries

from contracts.errors import SourceDrift
from contracts.source_config import SourceConfig
from sources.reader import open_reader, probe
from tests.sources.systems import (
    HEADS,
    IN_WORDS,
    PERIOD,
    rows_of,
)

Row = Sequence[Any]
HEAD_TEXTS = [head for head, _ in HEADS.values()]


def read(config: SourceConfig) -> list[tuple[str | None, ...]]:
    with open_reader(config) as reader:
        return [row for batch in reader.read(config.tables["dossiers"], PERIOD.window) for row in rows_of(batch)]


def with_cell(place: int, cell: object) -> Row:
    return (*IN_WORDS[:place], cell, *IN_WORDS[place + 1 :])


def drifts(config: SourceConfig) -> str:
    with pytest.raises(SourceDrift) as caught:
        probe(config)
    with pytest.raises(SourceDrift):
        read(config)
    return caught.value.cause


def change_sheet(path: Path, old: bytes, new: bytes, *, most: int | None = None) -> None:
    """The first sheet's XML with that replaced, or cut after so many bytes."""
    with zipfile.ZipFile(path) as workbook:
        parts = {name: workbook.read(name) for name in workbook.namelist()}
    with zipfile.ZipFile(path, "w") as workbook:
        for name, content in parts.items():
            workbook.writestr(name, content.replace(old, new)[:most] if name.endswith("sheet1.xml") else content)


def a_web_page(path: Path) -> None:
    path.write_text("<html>phiên làm việc đã hết hạn</html>")


def write_merged(path: Path, rows: Sequence[Row], merges: Sequence[str]) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Hồ sơ"
    for row in rows:
        book.active.append(row)
    for merge in merges:
        book.active.merge_cells(merge)
    book.save(path)


def write_xls(path: Path, rows: Sequence[Row], merges: Sequence[str] = ()) -> None:
    """As Excel 97 wrote it; «=» is a formula in error."""
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet("Hồ sơ", cell_overwrite_ok=True)
    day = xlwt.easyxf(num_format_str="dd/mm/yyyy")
    for line, row in enumerate(rows):
        for place, cell in enumerate(row):
            if cell == "#N/A":
                page.row(line).set_cell_error(place, 0x2A)
            elif cell is not None:
                page.write(line, place, cell, day if isinstance(cell, date) else xlwt.Style.default_style)
    for merge in merges:
        (left, top, right, bottom) = range_boundaries(merge)
        page.merge(top - 1, bottom - 1, left - 1, right - 1)
    book.save(str(path))
