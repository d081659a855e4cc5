"""Every kind of period reads right in the title, in sentences and in the forms' heads."""

from __future__ import annotations

import pytest

from reporting.context import build_context
from tests.reporting import sample

TABLE = """
Kỳ                     | Dòng hai của trích yếu                        | Trong câu                                     | Kỳ báo cáo của biểu
2024Q4                 | quý IV năm 2024                               | quý IV năm 2024                               | Quý IV năm 2024, từ ngày 15/09/2024 đến ngày 14/12/2024
2024M11                | tháng 11 năm 2024                             | tháng 11 năm 2024                             | Tháng 11 năm 2024, từ ngày 15/10/2024 đến ngày 14/11/2024
2024H1                 | 6 tháng đầu năm 2024                          | 6 tháng đầu năm 2024                          | 6 tháng đầu năm 2024, từ ngày 15/12/2023 đến ngày 14/06/2024
2024T9                 | 9 tháng đầu năm 2024                          | 9 tháng đầu năm 2024                          | 9 tháng đầu năm 2024, từ ngày 15/12/2023 đến ngày 14/09/2024
2024Y                  | năm 2024                                      | năm 2024                                      | Năm 2024, từ ngày 15/12/2023 đến ngày 14/12/2024
2024-01-01..2024-11-30 | từ ngày 01/01/2024 đến ngày 30/11/2024        | từ ngày 01/01/2024 đến ngày 30/11/2024        | Từ ngày 01/01/2024 đến ngày 30/11/2024
"""  # noqa: E501 (a table is read across)
ROWS = [tuple(cell.strip() for cell in row.split("|")) for row in TABLE.strip().splitlines()[1:]]


@pytest.mark.parametrize(("period", "in_title", "in_sentence", "in_form"), ROWS, ids=[row[0] for row in ROWS])
def test_a_period_is_named_as_officials_name_it(period: str, in_title: str, in_sentence: str, in_form: str) -> None:
    context = build_context(sample.report_input(period_id=period, with_previous=False), unit=None)
    assert context.head.subject[1] == f"{in_title} của tỉnh Khánh Hòa"
    report = f"kết quả công tác cải cách hành chính {in_sentence}"
    assert context.opening.endswith(f"báo cáo {report} như sau:")
    assert f"báo cáo {report} của" in context.closing
    assert context.by_field.form.period == in_form
