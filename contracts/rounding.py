"""Rounding as officials do it by hand: half up, once, from exact values, never through a binary fraction."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import floor


def round_half_up(value: Fraction, *, places: int = 2) -> Decimal:
    """The exact value to that many decimals; half goes up (17,345 → 17,35)."""
    shifted = floor(value * 10**places + Fraction(1, 2))
    return Decimal(shifted).scaleb(-places)
