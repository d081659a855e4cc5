"""How dossiers were filed: parts of a bar are shares of its counts, and words stand only where they fit."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.count_words import RECEIVED_NOW
from reporting.charts.channels import Channels, Filed, channels_of
from reporting.fonts import width_of
from reporting.inputs import ReportInput
from reporting.origin import Origin
from reporting.page import ChannelsChart
from reporting.scope import scope_of
from tests.reporting import charted, sample
from tests.tried import tried

COUNTS = st.tuples(*(st.integers(0, 10**9) for _ in RECEIVED_NOW))


def origin_of(report_input: ReportInput) -> Origin:
    return Origin(scope_of(report_input, None), report_input.period, report_input.spans)


def filed(*counts: int, label: str = "Quý IV năm 2024") -> Filed:
    return Filed(label, dict(zip(RECEIVED_NOW, counts, strict=True)))


def chart(*periods: Filed) -> ChannelsChart:
    return Channels(periods, (), origin_of(sample.report_input())).chart(caption="")


@settings(max_examples=tried(100), deadline=None)
@given(COUNTS.filter(any))
def test_parts_are_shares_and_fill_the_bar(counts: tuple[int, ...]) -> None:
    found = chart(filed(*counts))
    start, end = Fraction(found.ticks[0].at), Fraction(found.ticks[-1].at)
    x, parts = start, iter(found.stacks[0].segments)
    for count in filter(None, counts):
        part = next(parts)
        assert abs(Fraction(part.x) - x) <= Fraction(1, 50)
        assert abs(Fraction(part.width) - Fraction(count, sum(counts)) * (end - start)) <= Fraction(1, 100)
        x = Fraction(part.x) + Fraction(part.width)
        if part.label:
            assert width_of(part.label, 9, bold=True) < Fraction(part.width)
    assert next(parts, None) is None
    assert abs(x - end) <= Fraction(1, 50)


def test_a_part_that_is_too_narrow_has_no_label_and_the_table_has_its_share() -> None:
    found = chart(filed(98, 1, 1))
    assert [bool(part.label) for part in found.stacks[0].segments] == [True, False, False]
    table = Channels((filed(98, 1, 1),), (), origin_of(sample.report_input())).table(caption="")
    assert [row.cells[1:] for row in table.rows] == [("98", "1", "1", "100"), ("98,00%", "1,00%", "1,00%", "100,00%")]


def test_all_in_one_channel_is_one_part_with_its_pattern() -> None:
    (part,) = chart(filed(0, 7, 0)).stacks[0].segments
    assert (part.fill, part.label) == ("hatched", "100,00%")


def test_a_period_without_receipts_has_no_bar_and_says_so() -> None:
    found = chart(filed(1, 1, 1), filed(0, 0, 0, label="Quý III năm 2024"))
    assert [stack.label for stack in found.stacks] == ["Quý IV năm 2024"]
    assert [note.text for note in found.notes] == ["Không tiếp nhận hồ sơ mới: quý III năm 2024."]


def test_the_same_in_words() -> None:
    assert chart(filed(63, 30, 7), filed(1, 0, 1, label="Quý III năm 2024")).alt == (
        "Hồ sơ tiếp nhận trong kỳ theo hình thức nộp. Quý IV năm 2024: trực tuyến 63,00% (63/100 hồ sơ), trực tiếp"
        " 30,00% (30/100 hồ sơ), bưu chính công ích 7,00% (7/100 hồ sơ). Quý III năm 2024: trực tuyến 50,00% (1/2 hồ"
        " sơ), trực tiếp 0,00% (0/2 hồ sơ), bưu chính công ích 50,00% (1/2 hồ sơ)."
    )


def test_the_period_before_and_last_year_s_stand_beside() -> None:
    given_ = charted.with_periods(sample.report_input())
    found = channels_of(given_, origin_of(given_))
    assert found is not None
    assert [one.label for one in found.periods] == ["Quý IV năm 2024", "Quý III năm 2024", "Quý IV năm 2023"]
    tally = origin_of(given_).scope.tally(origin_of(given_).scope.codes)
    assert tally is not None
    assert [found.periods[0].counts[name] for name in RECEIVED_NOW] == [tally[name] for name in RECEIVED_NOW]
    assert found.periods[0].total == tally.received


def test_what_is_not_comparable_does_not_stand_beside() -> None:
    given_ = charted.with_periods(sample.report_input(), broken=sample.date(2023, 12, 15))
    found = channels_of(given_, origin_of(given_))
    assert found is not None
    assert [one.label for one in found.periods] == ["Quý IV năm 2024", "Quý III năm 2024"]
    said = "Không so sánh với quý IV năm 2023: đổi phần mềm một cửa từ ngày 15/12/2023."
    assert said in [note.text for note in found.table(caption="").notes]


def test_with_a_source_missing_nothing_is_compared_and_the_row_is_marked() -> None:
    given_ = charted.with_periods(sample.report_input(missing=["cam-lam"]))
    found = channels_of(given_, origin_of(given_))
    assert found is not None
    assert len(found.periods) == 1
    assert found.table(caption="").rows[0].marks == "a"
    drawn = found.chart(caption="")
    assert "Quý IV năm 2024 (số liệu chưa đầy đủ): trực tuyến" in drawn.alt
    assert "Số liệu quý IV năm 2024 chưa đầy đủ: xem ghi chú dưới bảng." in [note.text for note in drawn.notes]


@pytest.mark.parametrize(("counts", "told"), [((1, 1, 1), True), ((63, 30, 7), False), ((0, 7, 0), False)])
def test_shares_that_do_not_add_up_as_printed_say_why(counts: tuple[int, ...], told: bool) -> None:
    table = Channels((filed(*counts),), (), origin_of(sample.report_input())).table(caption="")
    said = "Mỗi tỷ lệ được làm tròn riêng, nên cộng lại có thể lệch 0,01% so với 100%."
    assert (said in [note.text for note in table.notes]) == told


@pytest.mark.parametrize("kind", ["missing", "nothing received"])
def test_nothing_known_or_received_is_no_chart(kind: str) -> None:
    given_ = sample.report_input()
    if kind == "missing":
        given_ = sample.report_input(missing=[s.id for s in given_.sources], with_previous=False)
    else:
        facts = given_.facts.copy()
        facts[list(RECEIVED_NOW)] = 0
        facts["carried_over"] = facts[["early", "on_time", "overdue", "open_in_time", "open_overdue"]].sum(axis=1)
        given_ = replace(given_, facts=facts)
    assert channels_of(given_, origin_of(given_)) is None
