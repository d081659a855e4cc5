"""Rounding as officials do it by hand: half up, once, from whole counts, never through a binary fraction."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from contracts.rounding import round_half_up

__all__ = ["percent", "round_half_up"]


def percent(numerator: int, denominator: int, *, places: int = 2) -> Decimal | None:
    """100 × numerator / denominator; None where the denominator is 0, which is neither 0 % nor 100 %."""
    if denominator == 0:
        return None
    return round_half_up(Fraction(100 * int(numerator), int(denominator)), places=places)
