"""Reads a filled sheet of points of the provincial index back: the workbook that was given out, or a CSV with its
heads."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from contracts.configfile import plain, read_csv
from contracts.criteria_points import NEEDED, POINTS, FilledSheet
from contracts.errors import ConfigError, UsageError
from contracts.lettering import letters
from sources.returns.workbook import NotAForm, Page, read_workbook


def read_sheet(path: Path) -> FilledSheet:
    """The first sheet that has the heads. Raises UsageError or ConfigError."""
    if path.suffix.lower() == ".csv":
        return FilledSheet(path, list(read_csv(path, NEEDED)))
    try:
        pages = read_workbook(path.read_bytes())
    except FileNotFoundError:
        raise UsageError(f"không có tệp {path}", advice="kiểm tra lại đường dẫn") from None
    except NotAForm as refused:
        raise UsageError(f"{path.name}: {refused.wrong}", advice=refused.advice) from None
    for page in pages.values():
        if (heads := _heads(page)) is not None:
            return _sheet(path, page, heads)
    missing = ", ".join(NEEDED)
    raise ConfigError(f"dòng đầu của trang tính phải có các cột: {missing}", file=path, line=1, advice="dùng tệp mẫu")


def _heads(page: Page) -> dict[str, int] | None:
    """Head → column, where the first row has all that are needed."""
    found = {plain(str(value)): column for (row, column), value in page.cells.items() if row == 0}
    return found if set(NEEDED) <= set(found) else None


def _sheet(path: Path, page: Page, heads: dict[str, int]) -> FilledSheet:
    named = {head: letters(column) for head, column in heads.items()}
    lines = sorted({row for row, _ in page.cells if row})
    rows = [(row + 1, {head: _text(page.cells.get((row, column))) for head, column in heads.items()}) for row in lines]
    sheet = FilledSheet(path, rows, named)
    formulas = sorted(row + 1 for row, column in page.formulas if column == heads[POINTS])
    if formulas:
        raise sheet.wrong(formulas[0], POINTS, "là công thức; dán lại thành giá trị")
    return sheet


def _text(value: Any) -> str:
    """A number as the shortest decimals that mean it, with a comma: 2.5 → 2,5; 3.0 → 3."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return f"{Decimal(repr(value)).normalize():f}".replace(".", ",")
