"""Reading workbooks that units send (.xlsx, .xls): the sheets that fit, found by their column heads."""

from __future__ import annotations

import fnmatch
import io
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from itertools import islice
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetMetadata,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from contracts.errors import SourceUnreachable
from contracts.lettering import letters
from contracts.source_config import SourceConfig
from contracts.table_spec import FileTable
from sources.files import excel_errors, xls_errors
from sources.files.data_rows import record_chunks
from sources.files.encodings.old_fonts import OLD_FONTS, from_old_font
from sources.files.file_reader import FileReader
from sources.files.heads import UNREADABLE, Chunk, Grid, Merge, Misfit, Row, layout_of, plain
from sources.files.sent_files import SentFile
from sources.reader import BATCH_ROWS, unreachable

MOST_BYTES = 256 << 20
MOST_UNPACKED = 2 << 30
"""A workbook beyond these is none that a unit wrote."""

_ZIP = b"PK"
_TOO_LONG = 1e15
"""A number of more than fifteen digits has lost the last of them: two codes could have become one."""


class ExcelReader(FileReader):
    """A reader of workbooks; see `sources.files.file_reader.FileReader`."""

    def __init__(self, source: SourceConfig) -> None:
        super().__init__(source)
        self._last: tuple[SentFile, _Book] | None = None
        encoding = self.files.connection.encoding
        self._font = encoding if encoding in OLD_FONTS else ""

    def __exit__(self, *error: Any) -> None:
        self._last = None
        super().__exit__(*error)

    def grids(self, file: SentFile, spec: FileTable, wanted: Sequence[str]) -> Iterator[Grid]:
        book = self._book(file)
        if wanted and not spec.sheet:
            self._check_alone(file, book, spec, wanted)
        for sheet in _fitting(book.sheets, spec.sheet, file):
            with self._told(file, f"trang tính «{sheet.name}»"):
                found = book.workbook.get_sheet_by_name(sheet.name)
                errors = book.errors(sheet.name)
            yield Grid(file.name, plain(sheet.name), _chunks(self._rows(found, errors)), _merges(found))

    def _check_alone(self, file: SentFile, book: _Book, spec: FileTable, wanted: Sequence[str]) -> None:
        """Where no sheet is named, a further one that holds dossiers, too, would be lost. Raises Misfit."""
        shown = _shown(book.sheets)
        for sheet in shown[1:]:
            with self._told(file, f"trang tính «{sheet.name}»"):
                found = book.workbook.get_sheet_by_name(sheet.name)
            if _holds_rows(Grid(file.name, sheet.name, _chunks(self._rows(found, {})), _merges(found)), spec, wanted):
                both = f"cả hai trang tính «{shown[0].name}» và «{sheet.name}»"
                raise Misfit(f"tệp «{file.name}» có dữ liệu ở {both}: ghi tên hoặc mẫu tên ở «sheet»")

    def shown(self, file: SentFile) -> list[str]:
        return [plain(sheet.name) for sheet in _shown(self._book(file).sheets)]

    def column(self, place: int) -> str:
        return letters(place)

    def _rows(self, sheet: CalamineSheet, errors: dict[int, dict[int, str]]) -> Iterator[Row]:
        """Rows from 1, all of one width, cells from column A; the workbook gives them from its first filled column."""
        left = [None] * (sheet.start[1] if sheet.start else 0)
        width = sheet.end[1] + 1 if sheet.end else 0
        number = 0
        for number, row in enumerate(sheet.iter_rows(), start=1):
            cells = [*left, *map(self._text, row)]
            yield number, _with_errors(cells, errors.get(number - 1, {}))
        for below in sorted(row for row in errors if row >= number):
            yield below + 1, _with_errors([None] * width, errors[below])

    def _text(self, cell: Any) -> str | None:
        """A cell as text: dates in ISO form, whole numbers without a point, blank as none."""
        if cell.__class__ is str:
            if not cell or cell.isspace():
                return None
            return from_old_font(cell, self._font) if self._font else str(cell)
        return _typed(cell)

    def _book(self, file: SentFile) -> _Book:
        """Opened once for all tables that it holds."""
        if self._last is None or self._last[0] != file:
            self._last = None
            content = self.files.content(file, most=MOST_BYTES)
            with self._told(file):
                self._last = file, _Book(content)
        return self._last[1]

    @contextmanager
    def _told(self, file: SentFile, part: str = "") -> Iterator[None]:
        """What is wrong with a file, as a person would say it."""
        what = f"{part} của tệp «{file.name}»" if part else f"tệp «{file.name}»"
        try:
            yield
        except (PasswordError, xls_errors.LockedFile):
            raise unreachable(self.source, f"{what} có mật khẩu, không đọc được") from None
        except _NotExcel as wrong:
            raise unreachable(self.source, f"{what} hỏng hoặc không phải là bảng tính Excel{wrong}") from None
        except (CalamineError, zipfile.BadZipFile, xls_errors.BrokenFile, OSError, ValueError):
            raise self._damaged(what) from None
        except BaseException as error:
            if type(error).__name__ != "PanicException":  # the fast reader's way of saying that it cannot go on
                raise
            raise self._damaged(what) from None

    def _damaged(self, what: str) -> SourceUnreachable:
        return unreachable(self.source, f"{what} hỏng, hoặc chưa gửi trọn")


def _holds_rows(grid: Grid, spec: FileTable, wanted: Sequence[str]) -> bool:
    """Whether a sheet has the wanted heads, and rows below them."""
    try:
        layout = layout_of(grid, spec, wanted=wanted, key=wanted[0])
    except Misfit:
        return False
    return next(record_chunks(layout, grid.merges), None) is not None


def _chunks(rows: Iterator[Row]) -> Iterator[Chunk]:
    while some := list(islice(rows, BATCH_ROWS)):
        yield [number for number, _ in some], [cells for _, cells in some]


class _NotExcel(Exception):
    """Its text says what the file is instead."""


class _Book:
    """A workbook in memory."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._stream = b""
        if content.startswith(_ZIP):
            _check_xlsx(content)
        elif content.startswith(xls_errors.MAGIC):
            self._stream = xls_errors.workbook_stream(content)
        else:
            raise _NotExcel(": bên trong là trang web (HTML)" if content.lstrip()[:1] == b"<" else "")
        self.workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        self.sheets: list[SheetMetadata] = self.workbook.sheets_metadata

    def errors(self, sheet: str) -> dict[int, dict[int, str]]:
        """Cells without a value though one is meant: row → column (both from 0) → what stands there."""
        if self._stream:
            cells = xls_errors.error_cells(self._stream, self.workbook.sheet_names.index(sheet))
        else:
            cells = excel_errors.error_cells(io.BytesIO(self._content), sheet)
        found: dict[int, dict[int, str]] = {}
        for row, column, said in cells:
            found.setdefault(row, {})[column] = said
        return found


def _check_xlsx(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        if "xl/workbook.xml" not in parts.namelist():
            raise _NotExcel(" (.xlsx, .xls)")
        if sum(part.file_size for part in parts.infolist()) > MOST_UNPACKED:
            raise _NotExcel(": giải nén ra quá lớn")


def _fitting(sheets: Sequence[SheetMetadata], pattern: str, file: SentFile) -> list[SheetMetadata]:
    """Sheets of that name, or that fit the pattern, in the workbook's order. A hidden one counts only where it is
    named in full: under a pattern, nobody knows whether it was meant. Raises Misfit."""
    pages = [sheet for sheet in sheets if sheet.typ == SheetTypeEnum.WorkSheet]
    shown = _shown(sheets)
    if not pattern:
        return (shown or pages)[:1]
    if named := [sheet for sheet in pages if plain(sheet.name) == plain(pattern)]:
        return named
    fitting = [sheet for sheet in pages if fnmatch.fnmatchcase(plain(sheet.name), plain(pattern))]
    if hidden := [sheet.name for sheet in fitting if sheet not in shown]:
        raise Misfit(f"tệp «{file.name}» có trang tính ẩn «{hidden[0]}» khớp mẫu «{pattern}»: bỏ ẩn hoặc đổi tên")
    if not fitting:
        there = ", ".join(f"«{sheet.name}»" for sheet in sheets)
        raise Misfit(f"tệp «{file.name}» không có trang tính «{pattern}»; hiện có: {there}")
    return fitting


def _shown(sheets: Sequence[SheetMetadata]) -> list[SheetMetadata]:
    return [s for s in sheets if s.typ == SheetTypeEnum.WorkSheet and s.visible == SheetVisibleEnum.Visible]


def _merges(sheet: CalamineSheet) -> tuple[Merge, ...]:
    ranges = sheet.merged_cell_ranges or []
    return tuple(((top + 1, left), (bottom + 1, right)) for (top, left), (bottom, right) in ranges)


def _with_errors(cells: list[str | None], errors: dict[int, str]) -> list[str | None]:
    """A column that holds nothing but errors has no head: nothing of it is read."""
    for column, said in errors.items():
        if column < len(cells):
            cells[column] = said
    return cells


def _typed(cell: Any) -> str:
    match cell:
        case bool():
            return "TRUE" if cell else "FALSE"
        case float() if abs(cell) >= _TOO_LONG:
            return UNREADABLE
        case float():
            return str(int(cell)) if cell.is_integer() else repr(cell)
        case datetime() if cell.time() == time.min:
            return cell.date().isoformat()
        case datetime() | date() | time():
            return cell.isoformat()
        case _:
            return str(cell)
