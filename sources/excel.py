"""Reading a workbook that a unit sends: one sheet a table, found by its column heads."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from contracts.periods import Span
from contracts.source_config import SourceConfig, TableMap
from contracts.table_spec import FileTable
from sources.excel_errors import error_cells
from sources.reader import BATCH_ROWS, Schema, batch_schema, drifted, not_received, unreachable


def spec_of(table: TableMap) -> FileTable:
    assert isinstance(table.spec, FileTable)
    return table.spec


Cell = str | float | bool | date | time | timedelta
Rows = Sequence[Sequence[Any]]
_TOTAL = re.compile(r"(tổng cộng|tổng số|cộng)\b", re.IGNORECASE)
_NUMBERING = re.compile(r"\(?\d{1,2}\)?")
_FOOT_CELLS = 2
"""Below the total row, a row with no more filled mapped cells than this is a note or a signature."""


class ExcelReader:
    """A reader of one workbook (.xlsx, .xls, .ods); see `sources.reader.Reader`.

    The workbook is that of the period already, so the window does not cut it.
    """

    def __init__(self, source: SourceConfig) -> None:
        self.source = source
        self._file = Path(source.address)
        self._workbook: CalamineWorkbook | None = None

    def __enter__(self) -> Self:
        self._workbook = self._opened()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._workbook is not None:
            self._workbook.close()
        self._workbook = None

    def probe(self) -> Schema:
        found = {}
        for name, table in self.source.tables.items():
            sheet, rows = self._sheet(table)
            heads = _heads(rows, table)
            self._places(table, sheet, heads)
            found[name] = dict.fromkeys(heads, "")
        return Schema(found)

    def read(self, table: TableMap, window: Span) -> Iterator[pa.RecordBatch]:
        sheet, rows = self._sheet(table)
        places = self._places(table, sheet, _heads(rows, table))
        kept = [
            [*(_text(row[place]) for place in places), f"{sheet}!{number}"]
            for number, row in _data_rows(rows, after=spec_of(table).header_row, places=places)
        ]
        for start in range(0, len(kept), BATCH_ROWS):
            columns = [pa.array(c, pa.string()) for c in zip(*kept[start : start + BATCH_ROWS], strict=True)]
            yield pa.RecordBatch.from_arrays(columns, schema=batch_schema(table))

    def _opened(self) -> CalamineWorkbook:
        name = self._file.name
        if self._workbook is not None:
            return self._workbook
        if not self._file.exists():
            raise not_received(self.source, f"chưa nhận được tệp «{name}»")
        try:
            return CalamineWorkbook.from_path(str(self._file))
        except PasswordError as error:
            raise unreachable(self.source, f"tệp «{name}» có mật khẩu, không đọc được") from error
        except (CalamineError, OSError) as error:
            raise unreachable(self.source, f"tệp «{name}» hỏng hoặc không phải là bảng tính Excel") from error

    def _sheet(self, table: TableMap) -> tuple[str, Rows]:
        """Name and rows, from row 1 and column A, of the configured sheet, or of the first if none is named."""
        workbook = self._opened()
        wanted = plain(spec_of(table).sheet)
        named = [name for name in workbook.sheet_names if plain(name) == wanted or not wanted]
        if not named:
            there = ", ".join(f"«{name}»" for name in workbook.sheet_names)
            cause = f"tệp «{self._file.name}» không có trang tính «{spec_of(table).sheet}»; hiện có: {there}"
            raise drifted(self.source, cause)
        try:
            rows = workbook.get_sheet_by_name(named[0]).to_python(skip_empty_area=False)
            for row, column, said in error_cells(self._file, named[0]):
                rows[row][column] = said
            return named[0], rows
        except CalamineError as error:
            cause = f"trang tính «{named[0]}» của tệp «{self._file.name}» hỏng, không đọc được"
            raise unreachable(self.source, cause) from error

    def _places(self, table: TableMap, sheet: str, heads: list[str]) -> list[int]:
        """Where each column of the allow-list stands. A head that is lost or stands twice is drift."""
        wanted = [plain(column) for column in table.source_columns]
        lost = [head for head in wanted if head not in heads]
        twice = [head for head in wanted if heads.count(head) > 1]
        if not lost and not twice:
            return [heads.index(head) for head in wanted]
        wrong = [f"thiếu cột «{head}»" for head in lost] + [f"cột «{head}» có hai lần" for head in twice]
        there = ", ".join(f"«{head}»" for head in heads if head) or "không có tiêu đề nào"
        where = f"trang tính «{sheet}», dòng tiêu đề {spec_of(table).header_row}"
        raise drifted(self.source, f"{where}: {'; '.join(wrong)}; hiện có: {there}")


def plain(head: str) -> str:
    """NFC, and every run of white space one space: what a head or a sheet's name looks like to a reader."""
    return " ".join(unicodedata.normalize("NFC", head).split())


def _heads(rows: Rows, table: TableMap) -> list[str]:
    place = spec_of(table).header_row - 1
    return [plain(_text(cell) or "") for cell in rows[place]] if place < len(rows) else []


def _data_rows(rows: Rows, *, after: int, places: list[int]) -> Iterator[tuple[int, Sequence[Any]]]:
    """Row numbers (from 1) and rows below the head that are dossiers, or might be."""
    below_total = False
    for number, row in enumerate(rows[after:], start=after + 1):
        filled = sum(_text(row[place]) is not None for place in places)
        if _is_total(row, places):
            below_total = True
        elif _is_blank(row, filled) or (number == after + 1 and _is_numbering(row)):
            continue
        elif not (below_total and filled <= _FOOT_CELLS):
            yield number, row


def _is_blank(row: Sequence[Any], filled: int) -> bool:
    """Nothing in a mapped cell and no text elsewhere: a running number alone, written ahead, is no dossier."""
    return filled == 0 and not any(isinstance(cell, str) and cell.strip() for cell in row)


def _is_numbering(row: Sequence[Any]) -> bool:
    """The row (1) (2) (3) … that forms have below their heads."""
    said = [text for cell in row if (text := _text(cell)) is not None]
    return bool(said) and all(_NUMBERING.fullmatch(text) for text in said)


def _is_total(row: Sequence[Any], places: list[int]) -> bool:
    """The first filled cell says «Tổng cộng», and no other mapped cell holds a text: a dossier has codes."""
    first = next((cell for cell in row if _text(cell) is not None), None)
    if not isinstance(first, str) or not _TOTAL.match(plain(first)):
        return False
    return not any(isinstance(row[p], str) and row[p].strip() and row[p] is not first for p in places)


def _text(cell: Cell) -> str | None:
    """A cell as text: dates in ISO form, whole numbers without a point, blank as none."""
    match cell:
        case str():
            return cell if cell.strip() else None
        case bool():
            return "TRUE" if cell else "FALSE"
        case float():
            return str(int(cell)) if cell.is_integer() else repr(cell)
        case datetime() if cell.time() == time.min:
            return cell.date().isoformat()
        case datetime() | date() | time():
            return cell.isoformat()
        case _:
            return str(cell)
