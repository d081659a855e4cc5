"""The annex's table of what was set aside and warned of: each number with what it counts."""

from __future__ import annotations

from contracts.codes import Severity
from reporting.context import build_context
from reporting.page import Table
from tests.reporting import sample
from tests.reporting.blocks import paragraphs_under


def finding_table() -> Table:
    tables = build_context(sample.report_input(), unit=None).provenance.tables
    return next(table for table in tables if "bị loại và cảnh báo" in table.caption)


def rows_of(rule_id: str) -> int:
    found = sample.report_input().findings
    return int(found.loc[found["rule_id"] == rule_id, "rows"].sum())


def test_a_number_that_counts_no_rows_says_what_it_counts() -> None:
    numbers = {row.cells[0].split(":")[0]: row.cells[2] for row in finding_table().rows}
    assert numbers["Số chuyển kỳ sau khác số còn lại của kỳ trước"] == f"{rows_of('continuity.carried_over')} đơn vị"
    assert numbers["Hồ sơ không có ngày hẹn trả"] == str(rows_of("dates.due_filled"))
    assert finding_table().unit == "Đơn vị tính: dòng dữ liệu; số đếm thứ khác có ghi rõ"


def test_the_body_counts_warnings_as_the_annex_lists_them() -> None:
    """Rows of one rule and units of another do not make a sum."""
    found = sample.report_input().findings
    rules = found.loc[found["severity"] == Severity.WARNING.value, "rule_id"].nunique()
    (body,) = paragraphs_under(build_context(sample.report_input(), unit=None), "chất lượng số liệu")
    assert f"Có {rules} nội dung cảnh báo cần rà soát" in body
    assert rules == sum(row.cells[1] == "cảnh báo" for row in finding_table().rows) == 2
