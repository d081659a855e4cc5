"""Which numbers of a text were typed by hand, and which of them look wrong beside the computed ones."""

from __future__ import annotations

from functools import cache

import pytest

from reporting.context import build_context
from reporting.scope import scope_of
from reporting.written.references import Quoted
from reporting.written.typed import Printed, Typed, printed_numbers, remarks, typed_numbers
from tests.reporting import sample

# line                                                          | typed numbers
LINES = """
Ban hành 12 văn bản, đạt 96,11% kế hoạch                        | 12; 96,11%
Kế hoạch số 67/KH-UBND ngày 15/9/2024, Nghị quyết 76/NQ-CP      |
Năm 2024, Quý 4, tháng 9, Điều 5 khoản 2, giai đoạn 2021-2030   |
Nghị định 30/2020/NĐ-CP, biểu số II.06a, mẫu 4.0, QĐ1234        |
Tổng số 120 hồ sơ; toàn số 15; trong tháng 1.234 hồ sơ          | 120; 15; 1.234
Còn {cột 10} hồ sơ, {tỷ lệ A, tử số} đúng hạn                   |
12/13 xã; từ 15/9 đến 14/12; 2.365/2.400 hồ sơ                  | 12/13; 2.365/2.400
Tăng 4,5 điểm, 96.11 %, 1.234.567 đồng                          | 4,5; 96.11 %; 1.234.567
Từ 8 giờ, 5 huyện, 3-4 lần                                      | 8; 5
"""


def parsed(table: str) -> list[tuple[str, list[str]]]:
    pairs = (line.split("|") for line in table.strip("\n").splitlines())
    return [(left.strip(), [one.strip() for one in right.split(";") if one.strip()]) for left, right in pairs]


@pytest.mark.parametrize(("line", "numbers"), parsed(LINES))
def test_numbers_are_told_from_names(line: str, numbers: list[str]) -> None:
    assert [one.text for one in typed_numbers([(7, line)])] == numbers


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2.365", "2365"),
        ("96,11%", "96.11"),
        ("96.11%", "96.11"),
        ("1.234,5", "1234.5"),
        ("12", "12"),
        ("12/13", "None"),
    ],
)
def test_a_number_as_vietnamese_has_it(text: str, value: str) -> None:
    assert str(Typed(text, 1).value) == value


@cache
def report() -> tuple[Quoted, Printed]:
    given = sample.report_input()
    return Quoted(given, scope_of(given, None)), printed_numbers(build_context(given, unit=None))


def told(line: str) -> list[str]:
    quoted, printed = report()
    return [fault.wrong for fault in remarks(typed_numbers([(3, line)]), printed, quoted)]


def test_a_percentage_that_the_report_does_not_have_is_told_beside_the_computed_one() -> None:
    quoted, _ = report()
    share = quoted.text("tỷ lệ A")
    assert told("đạt {tỷ lệ A} và 12,34%") == [
        f"tỷ lệ «12,34%» gõ tay không có trong số liệu của báo cáo; cùng dòng phần mềm điền {{tỷ lệ A}} = {share}"
    ]


def test_a_number_of_dossiers_that_the_report_does_not_have_is_told() -> None:
    assert told("tiếp nhận 123.456.789 hồ sơ") == ["số hồ sơ «123.456.789» gõ tay không có trong số liệu của báo cáo"]
    assert told("ban hành 123.456.789 văn bản") == [], "of what is not counted here nothing is known"


def test_a_figure_that_was_copied_by_hand_had_better_be_computed() -> None:
    quoted, _ = report()
    (said,) = told(f"đạt {quoted.text('tỷ lệ A')}")
    assert said.endswith("đúng bằng {tỷ lệ A} lúc này")
    (said,) = told(f"nhận {quoted.text('cột 3')} hồ sơ")
    assert said.endswith("đúng bằng {cột 3} lúc này")


def test_a_percentage_may_be_the_report_s_own_rounded() -> None:
    quoted, _ = report()
    share = Typed(quoted.text("tỷ lệ A"), 1).value
    assert share is not None
    assert told(f"khoảng {share:.1f}%".replace(".", ",")) == []


def test_an_english_point_is_told() -> None:
    (said, *_) = told("đạt 96.11%")
    assert said == "«96.11%» viết dấu chấm thập phân"


def test_nothing_is_held_against_figures_that_are_not_there() -> None:
    quoted, _ = report()
    assert list(remarks(typed_numbers([(1, "đạt 12,34% hồ sơ")]), None, quoted)) == []
