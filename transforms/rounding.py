"""Rounding as officials do it by hand: half up, once, from whole counts, never through a binary fraction."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import floor


def round_half_up(value: Fraction, *, places: int = 2) -> Decimal:
    """The exact value to that many decimals; half goes up (17,345 → 17,35)."""
    shifted = floor(value * 10**places + Fraction(1, 2))
    return Decimal(shifted).scaleb(-places)


def percent(numerator: int, denominator: int, *, places: int = 2) -> Decimal | None:
    """100 × numerator / denominator; None where the denominator is 0, which is neither 0 % nor 100 %."""
    if denominator == 0:
        return None
    return round_half_up(Fraction(100 * int(numerator), int(denominator)), places=places)
