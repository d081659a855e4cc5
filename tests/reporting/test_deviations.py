"""Counts of units that another period does not let expect, in the annex."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from contracts.comparisons import CARRIED_OVER, UNUSUAL_CHANGE
from reporting.context import build_context
from reporting.deviations import PRINTED
from reporting.page import Table
from tests.reporting import sample

TOLD = [
    (CARRIED_OVER, "H32.32", "carried_over", 120, 117),
    (UNUSUAL_CHANGE, "H32.32.01", "received", 400, 90),
    (UNUSUAL_CHANGE, "H32.10", "overdue", 2, 75),
    ("published.differs", "H32.10", "PROGRESS", 2, 75),
]


def deviations_of(told: list[tuple[str, str, str, int, int]], *, unit: str | None = None) -> Table | None:
    frame = pd.DataFrame(told, columns=["rule_id", "agency_code", "measure", "was", "now"])
    given = replace(sample.report_input(), deviations=frame)
    root = given.province.units.find(unit, on=given.as_of) if unit else None
    tables = build_context(given, unit=root).provenance.tables
    return next((table for table in tables if "Chênh lệch với kỳ trước" in table.caption), None)


def test_the_largest_difference_comes_first() -> None:
    table = deviations_of(TOLD)
    assert table is not None
    assert [row.cells[2:] for row in table.rows] == [
        ("cùng kỳ năm trước", "400", "90", "−310"),
        ("cùng kỳ năm trước", "2", "75", "+73"),
        ("cuối kỳ trước (11)", "120", "117", "−3"),
    ]
    assert {row.cells[0] for row in table.rows} == {"Xã Cam Tân", "Huyện Cam Lâm", _name("H32.10")}


def test_a_district_sees_its_own_units_alone() -> None:
    table = deviations_of(TOLD, unit="570")
    assert table is not None
    assert [row.cells[0] for row in table.rows] == ["Xã Cam Tân", "Huyện Cam Lâm"]
    assert deviations_of(TOLD[2:], unit="570") is None


def test_nothing_differs() -> None:
    assert deviations_of([]) is None


def test_a_long_list_says_how_much_it_leaves_out() -> None:
    units = sorted(sample.report_input().facts["agency_code"].unique())[: PRINTED + 4]
    table = deviations_of([(UNUSUAL_CHANGE, code, "received", 100 + n, 0) for n, code in enumerate(units)])
    assert table is not None
    assert len(table.rows) == PRINTED
    assert not any("trình ký" in note.text for note in table.notes), (
        "what is still to be done is no part of what is signed"
    )
    assert table.notes[-1].text.startswith("Còn 4 dòng")


def _name(agency_code: str) -> str:
    return next(u.name for u in sample.province().units if u.agency_code == agency_code)
