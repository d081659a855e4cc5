"""Percentages as they are worked out by hand: from whole counts, half up, two decimals."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.tables import read_table
from transforms.rounding import percent, round_half_up

PERCENTAGES = """
| tử số  | mẫu số | tỷ lệ  |
| 5      | 7      | 71.43  |
| 2      | 7      | 28.57  |
| 7      | 12     | 58.33  |
| 2350   | 2365   | 99.37  |
| 6355   | 6612   | 96.11  |
| 6397   | 6654   | 96.14  |
| 1      | 800    | 0.13   |
| 3      | 800    | 0.38   |
| 5      | 800    | 0.63   |
| 13409  | 200000 | 6.70   |
| 13411  | 200000 | 6.71   |
| 19999  | 20000  | 100.00 |
| 0      | 9      | 0.00   |
| 9      | 9      | 100.00 |
| 12     | 9      | 133.33 |
| 0      | 0      | -      |
| 3      | 0      | -      |
"""


@pytest.mark.parametrize("row", read_table(PERCENTAGES), ids=lambda row: f"{row['tử số']}/{row['mẫu số']}")
def test_percentages(row: dict[str, str]) -> None:
    found = percent(int(row["tử số"]), int(row["mẫu số"]))
    assert ("-" if found is None else str(found)) == row["tỷ lệ"]


def test_counts_from_a_frame_are_taken_too() -> None:
    assert percent(np.int64(1), np.int64(800)) == Decimal("0.13")


@given(st.integers(0, 10**7), st.integers(1, 10**7))
def test_the_printed_percentage_is_nearest_and_a_half_goes_up(numerator: int, denominator: int) -> None:
    found = percent(numerator, denominator)
    assert found is not None and -found.as_tuple().exponent == 2
    left_out = Fraction(100 * numerator, denominator) - Fraction(found)
    assert Fraction(-1, 200) <= left_out < Fraction(1, 200)


@pytest.mark.parametrize(("value", "places", "rounded"), [("17.345", 2, "17.35"), ("2.5", 0, "3"), ("0.05", 1, "0.1")])
def test_half_goes_up(value: str, places: int, rounded: str) -> None:
    assert round_half_up(Fraction(value), places=places) == Decimal(rounded)
