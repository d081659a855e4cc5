"""The annex's table of what was set aside and warned of: each number with what it counts."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from contracts.codes import Severity
from reporting.context import build_context
from reporting.inputs import ReportInput
from reporting.page import Table
from tests.reporting import sample
from tests.reporting.blocks import paragraphs_under


def finding_table(given: ReportInput | None = None) -> Table:
    tables = build_context(given or sample.report_input(), unit=None).provenance.tables
    return next(table for table in tables if "bị loại và cảnh báo" in table.caption)


def rows_of(rule_id: str) -> int:
    found = sample.report_input().findings
    return int(found.loc[found["rule_id"] == rule_id, "rows"].sum())


def test_a_number_that_counts_no_rows_says_what_it_counts() -> None:
    numbers = {row.cells[0].split(":")[0]: row.cells[2] for row in finding_table().rows}
    assert numbers["Số chuyển kỳ sau khác số còn lại của kỳ trước"] == f"{rows_of('continuity.carried_over')} đơn vị"
    assert numbers["Hồ sơ không có ngày hẹn trả"] == str(rows_of("dates.due_filled"))
    assert finding_table().unit == "Đơn vị tính: dòng dữ liệu, trừ ô ghi khác"


def test_the_body_counts_warnings_as_the_annex_lists_them() -> None:
    """Rows of one rule and units of another do not make a sum."""
    found = sample.report_input().findings
    rules = found.loc[found["severity"] == Severity.WARNING.value, "rule_id"].nunique()
    body = " ".join(paragraphs_under(build_context(sample.report_input(), unit=None), "chất lượng số liệu"))
    assert f"Có {rules} nội dung cảnh báo cần rà soát" in body
    assert rules == sum(row.cells[1] == "cảnh báo" for row in finding_table().rows) == 2


def many_findings() -> ReportInput:
    """Nine rules that set rows aside and two that warn, each at five sources."""
    given = sample.report_input()
    rows = [
        (source.id, f"dates.rule_{n}", "error" if n < 9 else "warning", 1 + n + place, f"Lỗi {n}; đề nghị sửa.", "")
        for n in range(11)
        for place, source in enumerate(given.sources[:5])
    ]
    return replace(given, findings=pd.DataFrame(rows, columns=list(given.findings.columns)))


def test_a_signed_report_has_the_worst_few_of_each_kind_and_says_what_it_leaves_out() -> None:
    """Most rows first, three sources each; what the owner is asked to do stands in the return to it."""
    table = finding_table(many_findings())
    aside = [row.cells for row in table.rows if row.cells[1] == "loại ra"]
    warned = [row.cells for row in table.rows if row.cells[1] == "cảnh báo"]
    assert [row[0] for row in aside] == [f"Lỗi {n}" for n in (8, 7, 6, 5, 4, 3, 2)]
    assert [row[0] for row in warned] == ["Lỗi 10", "Lỗi 9"]
    assert aside[0][2] == str(9 + 10 + 11 + 12 + 13)
    assert [part.rsplit(": ")[-1] for part in aside[0][3].split("; ")] == ["13", "12", "11", "2 nguồn khác"]
    assert "Còn 2 nội dung khác" in table.notes[0].text
