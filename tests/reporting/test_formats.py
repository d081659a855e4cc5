"""How figures, dates and moments are written."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.clock import VIETNAM
from contracts.periods import Span
from reporting import formats

COUNTS = """
        0  0
       12  12
      999  999
     2365  2.365
   464494  464.494
123456789  123.456.789
"""

PERCENTS = """
 2350   2365  99,37%
    5      7  71,43%
    0      7  0,00%
    7      7  100,00%
    1  20000  0,01%
    1  20001  0,00%
    0      0  –
 6397   6654  96,14%
"""

DIFFERENCES = """
 9611 10000  9486 10000  +1,25
 9486 10000  9611 10000  −1,25
    1     2     1     2  0,00
    1     3     1     3  0,00
    2     3     1     3  +33,33
    1     3     2     3  −33,33
    1 20000     0 20000  +0,01
    0 20000     1 20000  −0,01
"""


def lines(table: str) -> list[list[str]]:
    return [line.split() for line in table.strip().splitlines()]


@pytest.mark.parametrize(("count", "text"), lines(COUNTS))
def test_counts(count: str, text: str) -> None:
    assert formats.count_text(int(count)) == text


@pytest.mark.parametrize(("part", "whole", "text"), lines(PERCENTS))
def test_percentages_round_half_up_once_from_counts(part: str, whole: str, text: str) -> None:
    assert formats.percent_text(int(part), int(whole)) == text


@pytest.mark.parametrize(("a", "b", "c", "d", "text"), lines(DIFFERENCES))
def test_percentage_points_round_the_exact_difference(a: str, b: str, c: str, d: str, text: str) -> None:
    now, before = formats.share(int(a), int(b)), formats.share(int(c), int(d))
    assert formats.points_text(now, before) == text


def test_what_is_missing_is_a_dash_and_never_a_zero() -> None:
    assert formats.count_text(None) == "–"
    assert formats.percent_text(None, 5) == "–"
    assert formats.percent_text(5, None) == "–"
    assert formats.points_text(None, Fraction(1)) == "–"


@given(st.integers(0, 10**12))
def test_a_count_is_read_back_as_it_was(count: int) -> None:
    assert int(formats.count_text(count).replace(".", "")) == count


@given(st.integers(0, 10**7), st.integers(1, 10**7))
def test_points_of_two_periods_mirror_each_other(a: int, b: int) -> None:
    one, other = formats.share(a, b), Fraction(50)
    there, back = formats.points_text(one, other), formats.points_text(other, one)
    assert there.lstrip("+−") == back.lstrip("+−")
    assert (there[0], back[0]) in {("+", "−"), ("−", "+")} or there == back == "0,00"


def test_days_and_moments() -> None:
    assert formats.date_text(date(2024, 9, 5)) == "05/09/2024"
    span = Span(date(2024, 9, 15), date(2024, 12, 14))
    assert formats.span_text(span) == "từ ngày 15/09/2024 đến ngày 14/12/2024"
    assert formats.moment_text(datetime(2024, 12, 16, 1, 0, tzinfo=UTC)) == "lúc 08:00 ngày 16/12/2024"


def test_several_moments_are_the_first_and_the_last() -> None:
    times = [datetime(2024, 12, 16, hour, 5, tzinfo=VIETNAM) for hour in (9, 8, 10)]
    assert formats.moments_text(times) == "từ lúc 08:05 ngày 16/12/2024 đến lúc 10:05 ngày 16/12/2024"
    assert formats.moments_text(times[:1]) == "lúc 09:05 ngày 16/12/2024"
    assert formats.moments_text([]) == ""


def test_names_in_a_row() -> None:
    assert formats.listed(["a"]) == "a"
    assert formats.listed(["a", "b", "c"]) == "a, b và c"
