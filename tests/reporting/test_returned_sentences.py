"""What units returned, as the body says it: of how many units, of which days, and none for 0."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from contracts.units import Unit
from reporting.annexes.overdue import cause_table
from reporting.body._returned import NOTHING
from reporting.context import build_context
from reporting.origin import Origin
from reporting.page import Missing, Table
from reporting.scope import scope_of
from tests.reporting.blocks import paragraphs_under, under
from tests.returns.conftest import MakeOffice, office
from tests.returns.filling import NOT_YET
from tests.returns.whole_way import Office

__all__ = ["office"]
INSTITUTIONS, PETITIONS, STAFF, FINANCE, DIGITAL = (
    "1. Cải cách thể chế",
    "phản ánh, kiến nghị",
    "4. Cải cách chế độ công vụ",
    "5. Cải cách tài chính công",
    "6. Xây dựng",
)
SEE = " Chi tiết nêu tại Phụ lục V."
"""Of the province's report."""


def said(one: Office, heading: str, agency: str = "") -> str:
    given = one.report_input()
    unit: Unit | None = given.province.units.by_agency(agency) if agency else None
    return " ".join(paragraphs_under(build_context(given, unit=unit), heading))


@pytest.mark.parametrize(
    ("heading", "answers", "text"),
    [
        (
            INSTITUTIONS,
            {"H99": {"legal_documents": 5}},
            "Trong kỳ, theo phiếu báo cáo của 1/3 đơn vị: ban hành, trình ban hành 5 văn bản quy phạm pháp luật.",
        ),
        (
            INSTITUTIONS,
            {"H99": {"legal_documents": 0, "legal_reviewed": (0, 0), "coordination_rules": NOT_YET}},
            "Trong kỳ, theo phiếu báo cáo của 1/3 đơn vị: không ban hành, trình ban hành văn bản quy phạm pháp luật;"
            " không có văn bản phải xử lý.",
        ),
        (
            PETITIONS,
            {"H99": {"petitions_received": 0, "petitions_in_time": 0}},
            "Trong kỳ, theo phiếu báo cáo của 1/5 đơn vị: không tiếp nhận phản ánh, kiến nghị nào về thủ tục hành"
            " chính.",
        ),
        (
            PETITIONS,
            {"H99": {"petitions_received": 0}, "H99.31": {"petitions_in_time": 4}},
            "Trong kỳ, theo phiếu báo cáo: không tiếp nhận phản ánh, kiến nghị nào về thủ tục hành chính, theo 1/5 đơn"
            " vị; 4 phản ánh, kiến nghị được xử lý đúng hạn, theo 1/5 đơn vị.",
        ),
        (
            PETITIONS,
            {"H99": {"petitions_received": 5, "petitions_in_time": 4}, "H99.31": {"petitions_received": 1}},
            "Trong kỳ, theo phiếu báo cáo: tiếp nhận 6 phản ánh, kiến nghị về thủ tục hành chính, theo 2/5 đơn vị;"
            " 4 phản ánh, kiến nghị được xử lý đúng hạn, theo 1/5 đơn vị; tỷ lệ phản ánh, kiến nghị xử lý đúng hạn là"
            " 80,00% (4/5), theo 1/5 đơn vị.",
        ),
        (
            STAFF,
            {"H99": {"staff_quota_before": 100, "staff_quota": 98}},
            "Đến hết ngày 14/12/2024, theo phiếu báo cáo của 1/3 đơn vị: biên chế công chức được giao năm báo cáo là"
            " 98 người; biên chế công chức so với năm trước giảm 2 chỉ tiêu; tỷ lệ tinh giản biên chế công chức so với"
            " năm trước là 2,00% (2/100).",
        ),
        (
            FINANCE,
            {"H99": {"reform_budget": 1250.5}, "H99.31": {"reform_budget": 20, "budget_enough": "Đáp ứng đủ"}},
            "Lũy kế từ đầu năm đến hết ngày 14/12/2024, theo phiếu báo cáo: kinh phí bố trí cho cải cách hành chính là"
            " 1.270,5 triệu đồng, theo 2/5 đơn vị; mức đáp ứng của kinh phí so với nhiệm vụ cải cách hành chính: 1 đơn"
            " vị “Đáp ứng đủ”, theo 1/5 đơn vị.",
        ),
        (
            DIGITAL,
            {"H99.31": {"iso_applied": "Có"}, "H99.02": {"iso_applied": "Không"}},
            "Đến hết ngày 14/12/2024, theo phiếu báo cáo của 2/4 đơn vị: 1 đơn vị áp dụng, duy trì hệ thống quản lý"
            " chất lượng ISO.",
        ),
    ],
)
def test_sums_of_the_province(
    office: MakeOffice, heading: str, answers: Mapping[str, Mapping[str, Any]], text: str
) -> None:
    one = office()
    for agency, filled in answers.items():
        one.take(agency, filled)
    assert said(one, heading) == text + SEE


def test_a_unit_alone_and_its_own_words(office: MakeOffice) -> None:
    """One return more or less changes the words, and an area of which nobody told anything is missing."""
    one = office()
    one.take("H99.31.01", {"plan_issued": "Không", "publicity": "12 tin, bài.", "petitions_received": 1})
    given = one.report_input()
    commune = build_context(given, unit=given.province.units.by_agency("H99.31.01"))
    (direction,) = [block.text for block in commune.parts[0].blocks if hasattr(block, "text")]
    assert direction == (
        "Lũy kế từ đầu năm đến hết ngày 14/12/2024, theo phiếu báo cáo của đơn vị: chưa ban hành đầy đủ kế hoạch cải"
        " cách hành chính của năm. Theo phiếu báo cáo của đơn vị: tuyên truyền cải cách hành chính: 12 tin, bài. Chi"
        " tiết nêu tại Phụ lục II."
    )
    assert under(commune, INSTITUTIONS) == [Missing(NOTHING)]
    assert said(one, PETITIONS, "H99.31.02") == ""
    (neighbour,) = build_context(given, unit=given.province.units.by_agency("H99.31.02")).parts[0].blocks
    assert neighbour == Missing(NOTHING)


OWN = """
[[indicator]]
id = "overdue_cause_staff"
area = 2
label = "Số hồ sơ quá hạn do thiếu nhân lực"
definition = "x"
unit = "hồ sơ"
kind = "count"
levels = ["district", "commune"]
source = "x"
verified = true
"""


WORDS = (
    OWN
    + """
[[indicator]]
id = "overdue_cause_words"
area = 2
label = "Nguyên nhân khác của hồ sơ quá hạn"
definition = "x"
unit = "chữ"
kind = "text"
levels = ["district", "commune"]
source = "x"
verified = true
"""
)


def test_causes_are_what_units_tell(office: MakeOffice) -> None:
    one = office(own=WORDS)
    assert causes(one) is None, "nobody returned anything"
    one.take("H99.31", {"overdue_cause_staff": 7, "overdue_cause_words": "Vướng xác minh nguồn gốc đất."})
    one.take("H99.31.01", {"overdue_cause_staff": 0})
    found = causes(one)
    assert found is not None
    assert [(row.kind, *row.cells) for row in found.rows] == [
        ("unit", "Số hồ sơ quá hạn do thiếu nhân lực", "7 hồ sơ", "2/3"),
        ("group", "Nguyên nhân khác của hồ sơ quá hạn", "", "1/3"),
        ("unit", "Huyện Khánh Sơn", "Vướng xác minh nguồn gốc đất.", ""),
    ]


def causes(one: Office) -> Table | None:
    given = one.report_input()
    return cause_table(given, Origin(scope_of(given, None), given.period, given.spans))


def test_a_provinces_own_line_has_the_general_form(office: MakeOffice) -> None:
    one = office(own=OWN)
    one.take("H99.31", {"overdue_cause_staff": 7})
    assert said(one, PETITIONS) == (
        "Trong kỳ, theo phiếu báo cáo của 1/3 đơn vị: số hồ sơ quá hạn do thiếu nhân lực là 7 hồ sơ." + SEE
    )
