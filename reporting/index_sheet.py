"""Writes the sheet on which points of the provincial index are filled in: a row a unit and criterion, all protected but
the points, the evidence and the note. The same content, the same bytes."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from contracts.criteria import Criterion, ProvincialIndex
from contracts.criteria_points import (
    AGENCY,
    CRITERION,
    EVIDENCE,
    LABEL,
    MAXIMUM,
    NOTE,
    POINTS,
    UNIT,
    WITHDRAWN,
    YEAR,
)
from contracts.units import Unit
from reporting.wording import place_of

SELF_ASSESSED, PROPOSED = "Điểm tự chấm (đã nhập)", "Đề xuất từ số liệu (tham khảo)"
SHEET = "Chấm điểm"
_HEADS = {
    YEAR: 7,
    AGENCY: 13,
    UNIT: 22,
    CRITERION: 10,
    LABEL: 52,
    MAXIMUM: 9,
    POINTS: 9,
    EVIDENCE: 34,
    NOTE: 24,
    SELF_ASSESSED: 12,
    PROPOSED: 14,
}
"""Head → width of the column, in letters."""
_NO_DATE = datetime(2000, 1, 1)  # noqa: DTZ001 (a workbook's moments have no zone)
_AS_THEY_ARE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_CELL = {"font_name": "Times New Roman", "font_size": 11, "valign": "top", "text_wrap": True, "border": 1}
_KINDS: dict[str, dict[str, Any]] = {
    "head": {**_CELL, "bold": True, "bg_color": "#E7E6E6"},
    "cell": _CELL,
    "group": {**_CELL, "bold": True, "bg_color": "#F2F2F2"},
    "figure": {**_CELL, "num_format": "0.##", "align": "right"},
    "points": {**_CELL, "num_format": "0.##", "align": "right", "bg_color": "#FFF8DC", "locked": False},
    "words": {**_CELL, "num_format": "@", "bg_color": "#FFF8DC", "locked": False},
}

Shown = Mapping[tuple[str, str], Decimal]
"""(agency code, criterion id) → points for the reader's eyes."""


@dataclass(frozen=True)
class SheetRow:
    """leaf: whether the row is filled in; the others say what stands above it."""

    index: ProvincialIndex
    unit: Unit
    criterion: Criterion
    leaf: bool


def sheet_rows(index: ProvincialIndex, units: Collection[Unit]) -> Iterator[SheetRow]:
    """What each of these units is scored on, with the groups above it, in the order of the file."""
    for unit in units:
        leaves = index.applicable(unit)
        shown = {part.id for leaf in leaves for part in index.line_to(leaf)}
        for criterion in index.file.criterion:
            if criterion.id in shown:
                yield SheetRow(index, unit, criterion, criterion in leaves)


def sheet_bytes(rows: Collection[SheetRow], *, assessed: Shown, proposed: Shown) -> bytes:
    """The workbook. assessed: points that the units gave themselves; proposed: by our indicators; neither is read
    back."""
    target = io.BytesIO()
    made = xlsxwriter.Workbook(target, {"in_memory": True, **_AS_THEY_ARE})
    made.set_properties({"title": "Chấm điểm chỉ số cải cách hành chính", "created": _NO_DATE})
    formats = {name: made.add_format(said) for name, said in _KINDS.items()}
    page = made.add_worksheet(SHEET)
    _write_head(page, formats, last=len(rows))
    for line, row in enumerate(rows, start=1):
        _write_row(page, line, row, formats)
        for head, points in ((SELF_ASSESSED, assessed), (PROPOSED, proposed)):
            _write_shown(page, line, _place(head), points.get((row.unit.agency_code, row.criterion.id)), formats)
    made.close()
    return target.getvalue()


def _place(head: str) -> int:
    return list(_HEADS).index(head)


def _write_head(page: Worksheet, formats: dict[str, Any], *, last: int) -> None:
    for column, (head, width) in enumerate(_HEADS.items()):
        page.set_column(column, column, width)
        page.write_string(0, column, head, formats["head"])
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.freeze_panes(1, _place(MAXIMUM))
    page.autofilter(0, 0, last, len(_HEADS) - 1)
    page.protect("", {"autofilter": True, "format_columns": True, "format_rows": True})


def _write_row(page: Worksheet, line: int, row: SheetRow, formats: dict[str, Any]) -> None:
    shape = formats["cell" if row.leaf else "group"]
    page.write_number(line, _place(YEAR), row.index.year, shape)
    texts = {
        AGENCY: row.unit.agency_code,
        UNIT: place_of(row.unit),
        CRITERION: row.criterion.id,
        LABEL: row.criterion.label,
    }
    for head, text in texts.items():
        page.write_string(line, _place(head), text, shape)
    page.write_number(line, _place(MAXIMUM), float(row.criterion.max), shape)
    for head, kind in ((POINTS, "points"), (EVIDENCE, "words"), (NOTE, "words")):
        page.write_blank(line, _place(head), None, formats[kind] if row.leaf else shape)
    if row.leaf:
        page.data_validation(line, _place(POINTS), line, _place(POINTS), _rule(row.criterion))


def _rule(criterion: Criterion) -> dict[str, Any]:
    """What Excel lets a person type; reading checks the same again. A word is let through for what is taken back."""
    highest = f"{criterion.max:f}".replace(".", ",")
    return {
        "validate": "decimal",
        "criteria": "between",
        "minimum": 0,
        "maximum": float(criterion.max),
        "error_type": "warning",
        "error_title": "Điểm không hợp lệ",
        "error_message": f"Điểm từ 0 đến {highest}. Chưa chấm thì để trống; bỏ điểm đã nhập thì ghi «{WITHDRAWN}».",
    }


def _write_shown(page: Worksheet, line: int, column: int, points: Decimal | None, formats: dict[str, Any]) -> None:
    if points is None:
        page.write_blank(line, column, None, formats["cell"])
    else:
        page.write_number(line, column, float(points), formats["figure"])
