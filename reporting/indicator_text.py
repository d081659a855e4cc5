"""One indicator as it is printed, by its unit: 96,11% · 2.365 · 3,47 ngày làm việc; a share always with both counts."""

from __future__ import annotations

from fractions import Fraction

from reporting.formats import MISSING, count_text, decimal_text, percent_text
from transforms.indicators import Indicator
from transforms.rounding import round_half_up


def value_text(indicator: Indicator, numerator: int | None, denominator: int | None) -> str:
    """The figure without its unit, but for %: a share and a mean with two decimals, half up; a count as it is; – where
    it is not known, or there is nothing to divide by. A share of all is 100,00%."""
    if not indicator.denominator:
        return count_text(numerator)
    if indicator.unit == "%":
        return percent_text(numerator, denominator)
    if numerator is None or not denominator:
        return MISSING
    return decimal_text(round_half_up(Fraction(int(numerator), int(denominator))))


def basis_text(indicator: Indicator, numerator: int | None, denominator: int | None) -> str:
    """What the figure rests on: 6.355/6.612; empty for a count, and where nothing is known."""
    if not indicator.denominator or numerator is None or denominator is None:
        return ""
    return f"{count_text(numerator)}/{count_text(denominator)}"


def whole_text(indicator: Indicator, numerator: int | None, denominator: int | None) -> str:
    """The figure with its unit and both counts, for a sentence: 96,11% (6.355/6.612) · 768 hồ sơ · 3,47 ngày làm việc
    (416/120)."""
    value = value_text(indicator, numerator, denominator)
    basis = basis_text(indicator, numerator, denominator)
    unit = "" if indicator.unit == "%" or value == MISSING else f" {indicator.unit}"
    return f"{value}{unit}" + (f" ({basis})" if basis else "")
