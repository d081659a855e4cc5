"""Ratio A through the periods: heights are the values, no line crosses a break, and the axis tells where it begins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.periods import Period, earlier_of_kind, parse_period
from reporting.charts._scale import axis_of
from reporting.charts.trend import Member, Trend, trend_of
from reporting.history import last_of_kind
from reporting.inputs import ReportInput
from reporting.origin import Origin
from reporting.page import TrendChart
from reporting.scope import scope_of
from tests.reporting import charted, histories, sample
from tests.tried import tried
from transforms.over_time import Figure, Obstacle

PERIODS = last_of_kind(parse_period("2024Q4"))
BROKEN = Obstacle("đổi phần mềm", is_break=True)


def origin_of(report_input: ReportInput) -> Origin:
    return Origin(scope_of(report_input, None), report_input.period, report_input.spans)


def member(period: Period, counts: tuple[int, int], *, since: Obstacle = Obstacle(), joined: bool = True) -> Member:  # noqa: B008
    return Member(period, Figure(*counts), Fraction(100 * counts[0], counts[1]), since=since, joined=joined)


def chart(members: Sequence[Member]) -> TrendChart:
    return Trend(tuple(members), origin_of(sample.report_input())).chart(caption="Tỷ lệ A")


def trend(report_input: ReportInput) -> Trend | None:
    return trend_of(report_input, origin_of(report_input))


RATIOS = st.lists(st.tuples(st.integers(0, 300), st.integers(1, 300)), min_size=2, max_size=8)


@settings(max_examples=tried(100), deadline=None)
@given(RATIOS)
def test_the_order_of_heights_is_that_of_the_values(pairs: list[tuple[int, int]]) -> None:
    counts = [(min(pair), max(pair)) for pair in pairs]
    found = chart([member(period, pair) for period, pair in zip(PERIODS, counts, strict=False)])
    low, high = (Decimal(one.label.removesuffix("%")) for one in (found.ticks[0], found.ticks[-1]))
    for point, (one, of) in zip(found.points, counts, strict=True):
        share = (Fraction(100 * one, of) - Fraction(low)) / Fraction(high - low)
        base, top = Fraction(found.base), Fraction(found.top)
        assert abs(Fraction(point.y) - (base - share * (base - top))) <= Fraction(1, 100)
        assert top <= Fraction(point.y) <= base
        assert Fraction(found.top) - 20 <= Fraction(point.label_y) - 9
        assert Fraction(point.label_y) <= base
    assert bool(found.cut) == (low != 0)
    assert ("không bắt đầu từ 0" in found.notes[0].text) == (low != 0)


@given(st.lists(st.fractions(0, 100), min_size=1, max_size=8))
def test_an_axis_has_room_for_all_and_few_ticks(values: list[Fraction]) -> None:
    axis = axis_of(values)
    assert 0 <= axis.low <= min(values)
    assert max(values) <= axis.high <= 100
    assert axis.low < min(values) or axis.low == 0
    assert axis.high - axis.low >= 5
    assert (axis.high - axis.low) % axis.step == 0
    assert 2 <= len(axis.ticks) <= 6


def test_nothing_in_time_stands_on_the_axis_and_all_at_its_top() -> None:
    found = chart([member(PERIODS[0], (0, 5)), member(PERIODS[1], (5, 5))])
    assert [point.y for point in found.points] == [found.base, found.top]
    assert found.cut == ""


def points_of(path: str) -> list[str]:
    return re.findall(r"[\d.]+,[\d.]+", path)


def test_no_line_crosses_a_break() -> None:
    members = [member(period, (n + 80, 100)) for n, period in enumerate(PERIODS[:6])]
    members[3] = member(PERIODS[3], (83, 100), since=BROKEN, joined=False)
    found = chart(members)
    at = [f"{point.x},{point.y}" for point in found.points]
    assert [points_of(path) for path in found.lines] == [at[:3], at[3:]]
    (break_,) = found.breaks
    assert Decimal(found.points[2].x) < Decimal(break_.x) < Decimal(found.points[3].x)
    assert break_.mark == "i"


def test_figures_do_not_stand_on_the_line_that_rises_from_a_valley() -> None:
    found = chart(
        [member(period, counts) for period, counts in zip(PERIODS, ((9, 10), (7, 10), (9, 10)), strict=False)]
    )
    above = [Decimal(point.label_y) < Decimal(point.y) for point in found.points]
    assert above == [True, False, True]


def test_a_stored_series_with_a_hole_and_a_break() -> None:
    found = trend(charted.with_periods(sample.report_input(), broken=date(2023, 12, 15)))
    assert found is not None
    assert [m.period.id for m in found.members] == [p.id for p in PERIODS[1:]]
    assert [m.joined for m in found.members] == [False, True, True, False, False, False, True]
    assert [bool(m.since.why) for m in found.members] == [False, False, False, True, False, False, False]
    table = found.table(caption="Tỷ lệ A")
    assert table.rows[4].cells == ("Quý II năm 2024", "–", "–", "–")
    assert table.rows[3].marks == "i"
    said = [note.text for note in table.notes]
    assert "Đứt chuỗi số liệu: đổi phần mềm một cửa từ ngày 15/12/2023." in said
    assert "Quý II năm 2024: chưa có số liệu trong kho dữ liệu." in said


def test_the_own_period_s_figure_is_that_of_the_ratio() -> None:
    given_ = charted.with_periods(sample.report_input())
    found = trend(given_)
    assert found is not None
    tally = origin_of(given_).scope.tally(origin_of(given_).scope.codes)
    assert tally is not None
    assert found.members[-1].counts == (tally.in_time_or_early, tally.column(7))


@pytest.mark.parametrize("before", [(), ("2024H1",), ("2022Q1",)])
def test_one_figure_is_no_trend(before: tuple[str, ...]) -> None:
    assert trend(charted.with_periods(sample.report_input(), before)) is None


def test_a_period_whose_source_is_missing_has_no_point_and_says_why() -> None:
    given_ = sample.report_input()
    stored = [
        histories.invented(given_.province, "2024Q2"),
        histories.invented(given_.province, "2024Q3", missing=["cam-lam"]),
    ]
    found = trend(histories.with_history(given_, stored))
    assert found is not None
    assert [m.ratio is None for m in found.members] == [False, True, False]
    assert len(found.chart(caption="").points) == 2
    assert not found.chart(caption="").lines
    assert any("Quý III năm 2024: chưa có số liệu của nguồn" in note.text for note in found.table(caption="").notes)


def test_the_reorganisation_is_a_gap_with_a_mark() -> None:
    given_ = sample.report_input(period_id="2025Q3")
    found = trend(charted.with_periods(given_, ("2025Q1", "2025Q2")))
    assert found is not None
    assert [m.joined for m in found.members] == [False, True, False]
    assert found.members[-1].since.is_break
    assert len(found.chart(caption="").breaks) == 1


def test_a_period_that_still_runs_is_not_joined() -> None:
    given_ = sample.report_input(as_of=date(2024, 11, 30))
    found = trend(charted.with_periods(given_, ("2024Q3",)))
    assert found is not None
    assert not found.members[-1].joined
    assert found.members[-1].since.why == "kỳ này chưa kết thúc"


@pytest.mark.parametrize(
    ("members", "alt"),
    [
        (
            [member(PERIODS[5], (90, 100)), member(PERIODS[6], (95, 100)), member(PERIODS[7], (93, 100))],
            "Tỷ lệ A qua các kỳ. Từ quý II năm 2024 đến quý IV năm 2024: thấp nhất quý II năm 2024, 90,00% (90/100 hồ"
            " sơ); cao nhất quý III năm 2024, 95,00% (95/100 hồ sơ); kỳ cuối, quý IV năm 2024, 93,00% (93/100 hồ sơ).",
        ),
        (
            [member(PERIODS[6], (1, 1)), member(PERIODS[7], (2, 2))],
            "Tỷ lệ A qua các kỳ. Từ quý III năm 2024 đến quý IV năm 2024: không đổi, 100,00%.",
        ),
        (
            [member(PERIODS[6], (1, 2)), member(PERIODS[7], (2, 2), since=BROKEN)],
            "Tỷ lệ A qua các kỳ. Riêng quý III năm 2024, 50,00% (1/2 hồ sơ). Riêng quý IV năm 2024, 100,00% (2/2 hồ"
            " sơ). Giữa các đoạn trên, số liệu không so sánh được với nhau.",
        ),
    ],
)
def test_the_same_in_words(members: list[Member], alt: str) -> None:
    assert chart(members).alt == alt


@pytest.mark.parametrize(
    ("period", "words"),
    [
        ("2024Q4", ("Quý IV", "2024")),
        ("2024M07", ("Tháng 7", "2024")),
        ("2024H1", ("6 tháng", "2024")),
        ("2024T9", ("9 tháng", "2024")),
        ("2024Y", ("Năm", "2024")),
    ],
)
def test_the_name_of_a_period_below_the_axis(period: str, words: tuple[str, str]) -> None:
    now = parse_period(period)
    before = earlier_of_kind(now)
    assert before is not None
    slots = chart([member(before, (1, 2)), member(now, (1, 2))]).slots
    assert (slots[-1].first, slots[-1].second) == words


@pytest.mark.parametrize(
    ("period", "before"),
    [("2024Q1", "2023Q4"), ("2024M01", "2023M12"), ("2024H1", "2023H1"), ("2024T9", "2023T9"), ("2024Y", "2023Y")],
)
def test_the_row_of_periods_of_a_kind(period: str, before: str) -> None:
    found = earlier_of_kind(parse_period(period))
    assert found is not None
    assert found.id == before


def test_a_free_range_has_none_before_it() -> None:
    assert last_of_kind(parse_period("2024-01-01..2024-02-01")) == (parse_period("2024-01-01..2024-02-01"),)
