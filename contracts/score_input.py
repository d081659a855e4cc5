"""Figures that are to be scored, from a CSV: agency_code, level, indicator, numerator, denominator (and ratio)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from contracts.codes import Level
from contracts.configfile import Mistakes
from contracts.errors import ConfigError, UsageError
from contracts.figures_file import Row, cells_of, check_once, rows_of, tell
from contracts.index_766 import Item, items_on, level_of

COLUMNS = ("agency_code", "level", "indicator", "numerator", "denominator")
RATIO = "ratio"
ADDED = ("score", "max_score", "label")
"""Columns that the scores are written into; a file that has one of them already is refused, so that none is lost."""


@dataclass(frozen=True)
class Given:
    """What is to be scored, a line of the file. cells: the whole line as it stands."""

    line: int
    cells: dict[str, str]
    agency_code: str
    level: Level
    indicator: str
    numerator: int | None
    denominator: int | None
    ratio: Fraction | None


def read_given(path: Path, *, on: date) -> list[Given]:
    """The lines of the file, in its order. Raises UsageError where no formula is in force that day or there is no such
    file, ConfigError with every mistake of the file."""
    items = {item.id: item for item in items_on(on)}
    if not items:
        raise UsageError(
            f"ngày {on:%d/%m/%Y} chưa có công thức nào của bộ chỉ số 766",
            advice="chọn --as-of từ ngày 23/06/2022 (Quyết định 766/QĐ-TTg)",
        )
    rows = rows_of(path, columns=COLUMNS)
    mistakes = Mistakes()
    mistakes.add(_taken(rows[0]))
    mistakes.add(_known(rows, items))
    values = [_values(row, items, mistakes) for row in rows]
    check_once(rows, ("agency_code", "indicator"), mistakes)
    mistakes.add(_levels_apart(rows, values))
    tell(mistakes)
    return [Given(line=row.line, cells=row.cells, **of) for row, of in zip(rows, values, strict=True)]


def remarks(found: list[Given]) -> Iterator[str]:
    """Vietnamese, what is odd about figures that are scored all the same."""
    for given in found:
        numerator, denominator = given.numerator, given.denominator
        if numerator is not None and denominator is not None and numerator > denominator:
            yield (
                f"dòng {given.line}, {given.agency_code} {given.indicator}: tử số {numerator} lớn hơn mẫu số"
                f" {denominator}; kiểm tra lại số liệu"
            )


def _values(row: Row, items: Mapping[str, Item], mistakes: Mistakes) -> dict[str, Any]:
    readers = {
        "agency_code": row.text,
        "level": lambda column: _level(row, column),
        "indicator": lambda column: _indicator(row, column, items),
        **dict.fromkeys(("numerator", "denominator"), row.count),
        RATIO: lambda column: row.decimal(column, most=1),
    }
    return cells_of(row, readers, mistakes)


def _level(row: Row, column: str) -> Level:
    try:
        return level_of(row.text(column), agency_code=row.cells["agency_code"])
    except ValueError as wrong:
        raise row.refusal(column, str(wrong)) from None


def _indicator(row: Row, column: str, items: Mapping[str, Item]) -> str:
    named = row.text(column)
    if named not in items:
        raise row.refusal(column, f"không có chỉ tiêu «{named}»")
    return named


def _known(rows: list[Row], items: Mapping[str, Item]) -> Iterator[ConfigError]:
    """The list of indicators, once, where a line names another."""
    if any(row.cells["indicator"] not in items for row in rows):
        yield ConfigError(f"các chỉ tiêu có thể ghi: {', '.join(items)}", file=rows[0].path)


def _taken(first: Row) -> Iterator[ConfigError]:
    taken = [name for name in ADDED if name in first.cells]
    if taken:
        yield ConfigError(
            f"cột {', '.join(taken)}: tên này dành cho kết quả; đổi tên cột, ví dụ official_score",
            file=first.path,
            line=1,
        )


def _levels_apart(rows: list[Row], values: list[dict[str, Any]]) -> Iterator[ConfigError]:
    """An agency that stands on two levels: which of them it is ranked on would be a guess."""
    first: dict[str, tuple[Level, int]] = {}
    for row, of in zip(rows, values, strict=True):
        if "level" not in of:
            continue
        agency, level = row.cells["agency_code"], of["level"]
        known, line = first.setdefault(agency, (level, row.line))
        if known is not level:
            yield row.refusal("level", f"{agency} là «{level}», ở dòng {line} là «{known}»; ghi cùng một cấp")
