"""Every figure that a report prints of its units and fields, as exact counts: what two versions are compared by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from reporting.inputs import ReportInput
from reporting.kept import OWN, TREE, Cell, Counts, Figures
from reporting.scope import Scope
from reporting.tally import COLUMNS, Tally, tallies
from transforms.indicators import declared

PARTS = {
    "received_in_person": "Tiếp nhận trực tiếp",
    "received_postal": "Tiếp nhận qua bưu chính công ích",
    "withdrawn": "Công dân, tổ chức xin rút hồ sơ",
    "paused": "Đang chờ bổ sung giấy tờ hoặc thực hiện nghĩa vụ tài chính",
    "stopped": "Cơ quan đã dừng giải quyết",
    "no_due_date": "Không có ngày hẹn trả",
    "linked_resolved": "Hồ sơ liên thông đã giải quyết",
}
"""Counts that the report's total tells beside the columns."""
COLUMN_LABELS = {
    3: "Nhận giải quyết",
    4: "Tiếp nhận trực tuyến",
    5: "Tiếp nhận trực tiếp, bưu chính",
    6: "Từ kỳ trước chuyển sang",
    7: "Đã giải quyết",
    8: "Giải quyết trước hạn",
    9: "Giải quyết đúng hạn",
    10: "Giải quyết quá hạn",
    11: "Đang giải quyết",
    12: "Đang giải quyết trong hạn",
    13: "Đang giải quyết quá hạn",
}
BY_UNIT = frozenset({"PROGRESS_ON_TIME"})
"""Indicators that the report prints of every unit right below its own, and not of the whole alone."""
_ORDER = (*(f"column_{n}" for n in COLUMNS), *PARTS)


def figures_of(report_input: ReportInput, scope: Scope) -> Figures:
    """What the report of that scope prints: columns (3) to (13) of each row of its forms, the parts told of its total,
    and the indicators with both counts. Of what is not known there is nothing."""
    root = scope.root.agency_code
    found: dict[Cell, Counts] = {}
    for agency, whose, counts in _rows(scope):
        found |= _columns(agency, whose, "", counts)
    for field, counts in tallies(scope.facts, by="field").items():
        found |= _columns(root, TREE, field, counts)
    if (total := scope.tally(scope.codes)) is not None:
        found |= {Cell(root, TREE, "", name): Counts(total[name]) for name in PARTS}
    return found | _indicators(report_input, scope)


def _rows(scope: Scope) -> Iterator[tuple[str, str, Tally]]:
    """Every unit with all below it, and its own office where it has units below."""
    for unit in scope.units:
        code = unit.agency_code
        if (counts := scope.tally(scope.below(unit))) is not None:
            yield code, TREE, counts
        if scope.children(unit) and _has_office(scope, code) and (counts := scope.tally({code})) is not None:
            yield code, OWN, counts


def _has_office(scope: Scope, code: str) -> bool:
    return scope.has_own_office if code == scope.root.agency_code else True


def _columns(agency: str, whose: str, field: str, counts: Tally) -> dict[Cell, Counts]:
    return {Cell(agency, whose, field, f"column_{n}"): Counts(counts.column(n)) for n in COLUMNS}


def _indicators(report_input: ReportInput, scope: Scope) -> dict[Cell, Counts]:
    """Of the report's unit all of them; of its office and its children those that stand in a table by unit."""
    frame = report_input.indicators
    parents = set(frame.loc[frame["scope"] == "tree", "agency_code"].astype(str))
    listed = {(u.agency_code, TREE) for u in scope.children(scope.root)}
    listed |= {(scope.root.agency_code, OWN)} if scope.has_own_office else set()
    found = {}
    for row in frame[frame["agency_code"].isin(scope.codes)].to_dict("records"):
        agency, indicator = str(row["agency_code"]), str(row["indicator"])
        whose = OWN if row["scope"] == "unit" and agency in parents else TREE
        is_whole = (agency, whose) == (scope.root.agency_code, TREE)
        counts = _counts(row)
        if counts and (is_whole or (indicator in BY_UNIT and (agency, whose) in listed)):
            found[Cell(agency, whose, str(row.get("field") or ""), indicator)] = counts
    return found


def _counts(row: dict[Any, Any]) -> Counts | None:
    if pd.isna(row["numerator"]):
        return None
    return Counts(int(row["numerator"]), None if pd.isna(row["denominator"]) else int(row["denominator"]))


def order_of(figure: str) -> tuple[int, str]:
    """The place of a figure among those of its unit: as the form has them, then the indicators."""
    return (_ORDER.index(figure), "") if figure in _ORDER else (len(_ORDER), figure)


def label_of(figure: str) -> str:
    """Giải quyết trước hạn – cột (8) · Tỷ lệ A. …; one that is no longer known goes by its id."""
    if figure in PARTS:
        return PARTS[figure]
    number = figure.removeprefix("column_")
    if number != figure:
        return f"{COLUMN_LABELS[int(number)]} – cột ({number})"
    known = [i for i in declared() if i.id == figure]
    if not known:
        return figure
    return f"{known[-1].mark}. {known[-1].label}" if known[-1].mark else known[-1].label
