"""Every figure that a report prints of its units and fields, as exact counts: what two versions are compared by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from contracts.codes import Series
from reporting.inputs import ReportInput
from reporting.kept import OWN, TREE, Cell, Counts, Figures
from reporting.ratios import of_columns, of_forms
from reporting.scope import Scope
from reporting.tally import COLUMNS, Tally, tallies
from reporting.through_time import figures_through_time
from transforms.durations import median_days_of
from transforms.indicators import Indicator, counts_of, declared

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

MEDIAN = "PROCESSING_DAYS_MEDIAN"
"""The median of the working days, as a fraction."""
BY_UNIT = frozenset({"PROGRESS_ON_TIME"})
"""Indicators that the report prints of every unit right below its own, and not of the whole alone."""


def figures_of(report_input: ReportInput, scope: Scope) -> Figures:
    """What the report of that scope prints: columns (3) to (13) of each row of its forms, the parts told of its total,
    the indicators with both counts, and what other periods are a part of. Of what is not known there is nothing."""
    root = scope.root.agency_code
    found: dict[Cell, Counts] = {}
    for agency, whose, counts in _rows(scope):
        found |= _columns(agency, whose, "", counts)
    for field, counts in tallies(scope.facts, by="field").items():
        found |= _columns(root, TREE, field, counts)
    if (total := scope.tally(scope.codes)) is not None:
        found |= {Cell(root, TREE, "", name): Counts(total[name]) for name in PARTS}
    found |= _of_forms(report_input, scope) | _of_index(report_input, scope)
    return found | figures_through_time(report_input, scope)


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


def _of_forms(report_input: ReportInput, scope: Scope) -> dict[Cell, Counts]:
    """What is made of the forms' counts, for the whole report; by field where the report says so. A count that is a
    column of the form is not a second figure."""
    root, total = scope.root.agency_code, scope.tally(scope.codes)
    by_field = tallies(scope.facts, by="field")
    found: dict[Cell, Counts | None] = {}
    for indicator in of_forms(report_input.spans[Series.FORMS]):
        if indicator.denominator or not of_columns(indicator):
            found[Cell(root, TREE, "", indicator.id)] = _two(indicator, total)
        if indicator.by_field and not of_columns(indicator):
            found |= {Cell(root, TREE, name, indicator.id): _two(indicator, of) for name, of in by_field.items()}
    if (median := median_days_of(report_input.durations, scope.codes)) is not None:
        found[Cell(root, TREE, "", MEDIAN)] = Counts(median.numerator, median.denominator)
    return {cell: counts for cell, counts in found.items() if counts is not None}


def _two(indicator: Indicator, tally: Tally | None) -> Counts | None:
    numerator, denominator = counts_of(indicator, tally.counts if tally else None)
    return None if numerator is None else Counts(numerator, denominator)


def _of_index(report_input: ReportInput, scope: Scope) -> dict[Cell, Counts]:
    """What is counted on the index's days: of the report's unit all; of its office and its children what stands in a
    table by unit."""
    frame = report_input.indicators
    ids = {i.id for i in declared() if i.series is Series.INDEX}
    parents = set(frame.loc[frame["scope"] == "tree", "agency_code"].astype(str))
    listed = {(u.agency_code, TREE) for u in scope.children(scope.root)}
    listed |= {(scope.root.agency_code, OWN)} if scope.has_own_office else set()
    found = {}
    for row in frame[frame["agency_code"].isin(scope.codes) & frame["indicator"].isin(ids)].to_dict("records"):
        agency, indicator = str(row["agency_code"]), str(row["indicator"])
        whose = OWN if row["scope"] == "unit" and agency in parents else TREE
        is_whole = (agency, whose) == (scope.root.agency_code, TREE)
        counts = _counts(row)
        if counts and not row.get("field") and (is_whole or (indicator in BY_UNIT and (agency, whose) in listed)):
            found[Cell(agency, whose, "", indicator)] = counts
    return found


def _counts(row: dict[Any, Any]) -> Counts | None:
    if pd.isna(row["numerator"]):
        return None
    return Counts(int(row["numerator"]), None if pd.isna(row["denominator"]) else int(row["denominator"]))
