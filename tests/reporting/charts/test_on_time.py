"""On time by unit: lengths are the values, and who is below the target is told without colour."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.charts.on_time import MOST_BARS, Line, on_time_chart
from reporting.inputs import ReportInput
from reporting.origin import Origin
from reporting.page import Chart
from reporting.scope import scope_of
from reporting.tally import COUNTED, Tally
from tests.reporting import charted, sample
from tests.tried import tried

Counts = tuple[int, int]


def line(name: str, counts: Counts, marks: str = "") -> Line:
    """counts: in time or early, and resolved."""
    in_time, resolved = counts
    found = dict.fromkeys(COUNTED, 0) | {"on_time": in_time, "overdue": resolved - in_time}
    return name, marks, Tally(found)


def drawn(*lines: Line, target: str = "") -> Chart | None:
    report_input: ReportInput = sample.report_input()
    if target:
        report_input = charted.with_target(report_input, target)
    origin = Origin(scope_of(report_input, None), report_input.period, report_input.spans)
    return on_time_chart(report_input, origin, lines, caption="Tỷ lệ A", of_what="đơn vị")


def chart(*lines: Line, target: str = "") -> Chart:
    found = drawn(*lines, target=target)
    assert found is not None
    return found


@settings(max_examples=tried(60), deadline=None)
@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=1, max_size=MOST_BARS))
def test_the_order_of_lengths_is_that_of_the_values(pairs: list[Counts]) -> None:
    counts = [(min(pair), max(pair)) for pair in pairs if max(pair)]
    if not counts:
        return
    bars = chart(*(line(f"Đơn vị {n}", pair) for n, pair in enumerate(counts))).bars
    lengths = [Decimal(bar.width) for bar in bars]
    exact = sorted(Fraction(100 * one, of) for one, of in counts)
    assert lengths == sorted(lengths)
    assert all(abs(Fraction(length) - ratio) <= Fraction(1, 2000) for length, ratio in zip(lengths, exact, strict=True))


@pytest.mark.parametrize(
    ("counts", "target", "fill", "distance"),
    [
        ((95, 100), "95", "whole", "0,00"),
        ((94999, 100000), "95", "below", "0,00"),
        ((94, 100), "95", "below", "−1,00"),
        ((100, 100), "95", "whole", "+5,00"),
        ((0, 3), "95", "none", "−95,00"),
        ((94, 100), "", "whole", ""),
    ],
)
def test_against_the_target(counts: Counts, target: str, fill: str, distance: str) -> None:
    (bar,) = chart(line("Sở Y tế", counts), target=target).bars
    assert (bar.fill, bar.distance) == (fill, distance)


def test_figures_that_are_not_whole_are_white_and_not_judged() -> None:
    found = chart(line("Huyện A", (1, 2), "a"), line("Huyện B", (1, 2)), target="95")
    assert [(bar.name, bar.fill, bar.distance) for bar in found.bars] == [
        ("Huyện A", "partial", "–"),
        ("Huyện B", "below", "−45,00"),
    ]
    assert found.alt.endswith("1/1 đơn vị có đủ số liệu thấp hơn mục tiêu 95%.")
    said = " ".join(note.text for note in found.notes)
    assert "Cột trắng: số liệu chưa đầy đủ, không so với mục tiêu." in said


@pytest.mark.parametrize(
    ("lines", "target", "alt"),
    [
        ([("Sở Y tế", (3, 4))], "", "Sở Y tế: 75,00% (3/4 hồ sơ)."),
        (
            [("Sở Y tế", (40, 40)), ("Sở A", (80, 80))],
            "",
            "2 đơn vị được so sánh có cùng tỷ lệ 100,00%.",
        ),
        (
            [("Sở Y tế", (30, 40)), ("Sở A", (80, 80)), ("Sở B", (20, 40))],
            "80",
            "Thấp nhất trong 3 đơn vị được so sánh là Sở B, 50,00% (20/40 hồ sơ); cao nhất là Sở A, 100,00% (80/80"
            " hồ sơ). 2/3 đơn vị thấp hơn mục tiêu 80%.",
        ),
        (
            [("Sở Y tế", (30, 40)), ("Sở A", (80, 80)), ("Sở B", (0, 1)), ("Sở C", (29, 29))],
            "",
            "Thấp nhất trong 2 đơn vị được so sánh là Sở Y tế, 75,00% (30/40 hồ sơ); cao nhất là Sở A, 100,00% (80/80"
            " hồ sơ). Không đưa vào so sánh: 2 đơn vị có dưới 30 hồ sơ đã giải quyết.",
        ),
        (
            [("Sở Y tế", (30, 40)), ("Sở B", (0, 1))],
            "",
            "Biểu đồ có 2 đơn vị, không đủ để nêu thấp nhất, cao nhất. Không đưa vào so sánh: 1 đơn vị có dưới 30 hồ"
            " sơ đã giải quyết.",
        ),
        (
            [("Sở Y tế", (30, 40)), ("Xã A", (50, 50)), ("Phường B", (80, 80)), ("Sở C", (60, 60))],
            "",
            "Thấp nhất trong 4 đơn vị được so sánh là Sở Y tế, 75,00% (30/40 hồ sơ); cao nhất là phường B, 100,00%"
            " (80/80 hồ sơ) và 2 đơn vị khác có cùng tỷ lệ.",
        ),
        ([("Sở Y tế", (3, 4))], "70", "Sở Y tế: 75,00% (3/4 hồ sơ). Không có đơn vị nào thấp hơn mục tiêu 70%."),
    ],
)
def test_the_same_in_words(lines: list[tuple[str, Counts]], target: str, alt: str) -> None:
    assert chart(*(line(*one) for one in lines), target=target).alt == alt


def test_a_unit_whose_figures_are_not_whole_is_neither_the_lowest_nor_the_highest() -> None:
    lines = [line("Huyện A", (1, 200), "a"), line("Huyện B", (190, 200)), line("Huyện C", (180, 200))]
    found = chart(*lines, line("Huyện D", (200, 200), "b"), target="85")
    assert found.alt == (
        "Thấp nhất trong 2 đơn vị được so sánh là huyện C, 90,00% (180/200 hồ sơ); cao nhất là huyện B, 95,00%"
        " (190/200 hồ sơ). Không đưa vào so sánh: 2 đơn vị chưa có đủ số liệu. Trong 2 đơn vị có đủ số liệu, không"
        " đơn vị nào thấp hơn mục tiêu 85%."
    )


def test_the_lowest_thirty_of_many_and_who_had_nothing() -> None:
    lines = [line(f"Xã {n:03}", (n, 200)) for n in range(1, 101)]
    found = chart(*lines, line("Xã trống", (0, 0)), ("Xã chưa có", "a", None))
    assert [bar.name for bar in found.bars] == [f"Xã {n:03}" for n in range(1, 31)]
    said = [note.text for note in found.notes]
    assert "Nêu 30 đơn vị có tỷ lệ thấp nhất trong 100 đơn vị." in said
    assert "Không có hồ sơ đã giải quyết trong kỳ: Xã trống." in said


def test_nothing_resolved_is_no_chart() -> None:
    assert drawn(line("Xã A", (0, 0)), ("Xã B", "a", None)) is None


def test_the_target_is_told_with_its_source() -> None:
    given_ = charted.with_target(sample.report_input(), "97.5", source="Kế hoạch <b>1</b> 😀.")
    origin = Origin(scope_of(given_, None), given_.period, given_.spans)
    found = on_time_chart(given_, origin, [line("Sở Y tế", (1, 2))], caption="", of_what="đơn vị")
    assert found is not None
    assert (found.target, found.target_label) == ("97.500", "Mục tiêu: 97,5%")
    said = "Mục tiêu 97,5%: Kế hoạch <b>1</b> □ (chưa đối chiếu với văn bản)."
    assert said in [note.text for note in found.notes]


def test_a_running_period_is_held_against_the_target_of_its_cut_off() -> None:
    given_ = charted.with_target(sample.report_input(as_of=date(2024, 11, 20)), "97.5")
    (target,) = given_.province.file.target
    later = target.model_copy(update={"valid_from": date(2024, 12, 1)})
    file = given_.province.file.model_copy(update={"target": [later]})
    given_ = replace(given_, province=replace(given_.province, file=file))
    origin = Origin(scope_of(given_, None), given_.period, given_.spans)
    found = on_time_chart(given_, origin, [line("Sở Y tế", (1, 2))], caption="", of_what="đơn vị")
    assert found is not None and found.target_label == "Mục tiêu: 97,5%"
