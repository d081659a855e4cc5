"""A returned workbook as cells: values by their types, and where a formula or a merged range stands."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from sources.files.excel_errors import formula_cells

MOST_BYTES = 16 << 20
MOST_UNPACKED = 256 << 20
"""A workbook beyond these is no form that was filled in."""


class NotAForm(Exception):
    """What is wrong with the file as a whole, in Vietnamese, and what to do."""

    def __init__(self, wrong: str, advice: str) -> None:
        super().__init__(wrong)
        self.wrong = wrong
        self.advice = advice


@dataclass(frozen=True)
class Page:
    """A sheet. cells: (row, column) from 0 → value; blank ones are left out. merged: first cells of merged ranges."""

    cells: dict[tuple[int, int], Any]
    formulas: frozenset[tuple[int, int]]
    merged: tuple[tuple[int, int], ...]

    def text(self, row: int, column: int) -> str:
        found = self.cells.get((row, column))
        return found if isinstance(found, str) else ""


def read_workbook(content: bytes) -> dict[str, Page]:
    """Every sheet by its name, hidden ones too. Raises NotAForm."""
    _check(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return {name: _page(book, name, content) for name in book.sheet_names}
    except PasswordError:
        raise NotAForm("tệp có mật khẩu, không đọc được", "bỏ mật khẩu rồi gửi lại") from None
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError, UnicodeDecodeError):
        raise _damaged() from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # the fast reader's way of saying that it cannot go on
            raise
        raise _damaged() from None


def _damaged() -> NotAForm:
    return NotAForm("tệp hỏng, hoặc chưa gửi trọn", "gửi lại tệp")


def _check(content: bytes) -> None:
    advice = "lưu phiếu ở dạng Excel Workbook (.xlsx) rồi gửi lại"
    if len(content) > MOST_BYTES:
        raise NotAForm("tệp lớn quá mức của một phiếu", "bỏ ảnh, bảng dán thêm rồi gửi lại")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            names = parts.namelist()
            unpacked = sum(part.file_size for part in parts.infolist())
    except zipfile.BadZipFile:
        raise NotAForm("không phải là tệp Excel .xlsx (tệp .xls, .csv, hoặc tệp hỏng)", advice) from None
    if "xl/workbook.xml" not in names or unpacked > MOST_UNPACKED:
        raise NotAForm("không phải là tệp Excel .xlsx", advice)


def _page(book: CalamineWorkbook, name: str, content: bytes) -> Page:
    sheet = book.get_sheet_by_name(name)
    rows = sheet.to_python(skip_empty_area=False)
    cells = {(r, c): value for r, row in enumerate(rows) for c, value in enumerate(row) if _is_filled(value)}
    formulas = frozenset(formula_cells(io.BytesIO(content), name))
    return Page(cells, formulas, tuple(first for first, _ in sheet.merged_cell_ranges or ()))


def _is_filled(value: Any) -> bool:
    return value is not None and not (isinstance(value, str) and not value.strip())
