"""A CSV of figures that a person made, read cell by cell: all mistakes are told at once, with file, line and column.

An empty cell is not known, and never 0. «1.234» is refused: it may be one thousand or one and a bit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, NoReturn

from contracts.configfile import Mistakes, read_csv
from contracts.errors import ConfigError, UsageError

_MOST_DIGITS = 15
"""With more a count is no longer exact in every program, and no figure of a province."""
_TOLD = 20
_WHOLE = re.compile(rf"(\d{{1,{_MOST_DIGITS}}})(?:\.0)?", re.ASCII)
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,\N{NO-BREAK SPACE} ]\d{3})+", re.ASCII)
_DECIMAL = re.compile(r"\d{1,3}(?:[.,]\d{1,17})?", re.ASCII)
_NEGATIVE = re.compile(r"[-\N{MINUS SIGN}]\s*\d.*")


@dataclass(frozen=True)
class Row:
    """One line of the file. Its cells have no white space at the ends."""

    path: Path
    line: int
    cells: dict[str, str]

    def text(self, column: str) -> str:
        """Raises ConfigError where the cell is empty."""
        return self.cells[column] or self._refuse(column, "ô trống")

    def count(self, column: str) -> int | None:
        """A whole number from 0; None where the cell is empty or the column is not there."""
        cell = self.cells.get(column, "")
        if not cell:
            return None
        found = _WHOLE.fullmatch(cell)
        return int(found[1]) if found else self._refuse_count(column, cell)

    def _refuse_count(self, column: str, cell: str) -> NoReturn:
        if _THOUSANDS.fullmatch(cell):
            digits = re.sub(r"\D", "", cell)
            self._refuse(column, f"«{cell}» đọc được theo hai cách; nếu là số {digits}, viết liền: {digits}")
        self._refuse(column, f"«{cell}» {self._wrong(cell, 'số nguyên từ 0, viết liền, ví dụ 2365')}")

    def decimal(self, column: str, *, most: Fraction | int | None = None) -> Fraction | None:
        """A number from 0 with a decimal point or comma; None where the cell is empty or the column is not there. most:
        the largest that it can be."""
        cell = self.cells.get(column, "")
        if not cell:
            return None
        if not _DECIMAL.fullmatch(cell):
            self._refuse(column, f"«{cell}» {self._wrong(cell, 'số, ví dụ 17.35')}")
        found = Fraction(cell.replace(",", "."))
        if most is not None and found > most:
            self._refuse(column, f"«{cell}» lớn hơn {most}")
        return found

    def refusal(self, column: str, said: str) -> ConfigError:
        return ConfigError(f"cột {column}: {said}", file=self.path, line=self.line)

    def _refuse(self, column: str, said: str) -> NoReturn:
        raise self.refusal(column, said)

    @staticmethod
    def _wrong(cell: str, wanted: str) -> str:
        return "là số âm" if _NEGATIVE.fullmatch(cell) else f"không phải là {wanted}"


def rows_of(path: Path, *, columns: tuple[str, ...]) -> list[Row]:
    """The lines of the file that hold anything. columns: those that it must have; others are left as they are.

    Raises UsageError where there is no such file or nothing in it, ConfigError where it is no such table."""
    if not path.is_file():
        raise UsageError(f"không có tệp {path.absolute()}", advice="kiểm tra tên tệp và thư mục")
    found = [Row(path, line, row) for line, row in read_csv(path, columns) if any(row.values())]
    if not found:
        raise UsageError(f"{path}: tệp không có dòng số liệu nào", advice="ghi ít nhất một dòng dưới dòng tên cột")
    return found


def cells_of(row: Row, readers: Mapping[str, Callable[[str], Any]], mistakes: Mistakes) -> dict[str, Any]:
    """Each column by its reader; every wrong cell is noted, and left out here."""
    found = {}
    for column, read in readers.items():
        with mistakes.noted():
            found[column] = read(column)
    return found


def tell(mistakes: Mistakes) -> None:
    """Raise the first mistake with those beside it, of which so many are told that the list can be read."""
    try:
        mistakes.tell()
    except ConfigError as first:
        left = len(first.others) + 1 - _TOLD
        if left > 0:
            more = ConfigError(f"còn {left} lỗi nữa, chưa in ở đây", file=first.file)
            first.others = (*first.others[: _TOLD - 1], more)
        raise first from None


def check_once(rows: list[Row], keys: tuple[str, ...], mistakes: Mistakes) -> None:
    """Note every line that says again what another has said: the same cells in the columns `keys`."""
    first: dict[tuple[str, ...], int] = {}
    for row in rows:
        named = tuple(row.cells[key] for key in keys)
        if (known := first.setdefault(named, row.line)) != row.line:
            mistakes.add([row.refusal(keys[-1], f"{' '.join(named)} đã có ở dòng {known}; giữ lại một dòng")])
