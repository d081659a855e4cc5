"""Figures, dates and moments as Vietnamese officials write them: 2.365 · 96,11% · 15/09/2024.

A figure is rounded once, here, half up, from whole counts. What is not known is a dash, never a zero.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from contracts.clock import VIETNAM
from contracts.decimals import plain_decimal
from contracts.periods import Span
from transforms.rounding import percent, round_half_up

MISSING = "–"
MINUS = "−"
Kind = Literal["count", "number", "percent", "change", "points"]
"""change and points are differences, of counts and of percentages, and carry their sign."""


class Figure(str):
    """A figure as it is printed, which knows what it shows: a table's cell becomes a number in the workbook, and what
    stands on a page can be held against what is stored.

    number: as printed, so already rounded; of a percentage 96.11, not 0.9611. of: the counts it was made of, where it
    is made of two. Joined into a sentence it is plain text."""

    number: Decimal
    kind: Kind
    of: tuple[int, int] | None

    def __new__(cls, text: str, number: Decimal, kind: Kind, of: tuple[int, int] | None = None) -> Figure:
        figure = super().__new__(cls, text)
        figure.number, figure.kind, figure.of = number, kind, of
        return figure

    def __getnewargs__(self) -> tuple[Any, ...]:
        """For pickle: the presses are processes of their own."""
        return str(self), self.number, self.kind, self.of

    def __deepcopy__(self, memo: object) -> Figure:
        return self


def count_text(count: int | None) -> str:
    """2365 → 2.365; None → –."""
    if count is None:
        return MISSING
    return Figure(f"{int(count):,}".replace(",", "."), Decimal(int(count)), "count")


def decimal_text(value: Decimal) -> Figure:
    """1234.50 → 1.234,50, with as many decimals as the value has."""
    return Figure(_swapped(value), value, "number")


def amount_text(value: Decimal) -> Figure:
    """The same without zeros at the end: 1.234,5."""
    return decimal_text(Decimal(plain_decimal(value)))


def with_unit(figure: str, unit: str) -> str:
    """The figure with its unit behind it, still a figure: 10 đơn vị · +0,25 điểm % · 89,20%; – stays alone."""
    if not isinstance(figure, Figure):
        return figure
    kind = "percent" if unit == "%" and figure.kind == "number" else figure.kind
    return Figure(f"{figure}{unit}", figure.number, kind, figure.of)


def _swapped(value: Decimal) -> str:
    return f"{value:,f}".translate(str.maketrans(",.", ".,")).replace("-", MINUS)


def percent_text(numerator: int | None, denominator: int | None) -> str:
    """Two decimals, half up; – where either count is missing or the denominator is 0."""
    if numerator is None or denominator is None:
        return MISSING
    value = percent(numerator, denominator)
    if value is None:
        return MISSING
    return Figure(f"{_swapped(value)}%", value, "percent", (int(numerator), int(denominator)))


def share(numerator: int, denominator: int) -> Fraction | None:
    """The exact ratio, in percent; None where there is nothing to divide by."""
    return Fraction(100 * int(numerator), int(denominator)) if denominator else None


def points_text(now: Fraction | None, before: Fraction | None) -> str:
    """The difference of two percentages in percentage points, signed, rounded once: +1,25."""
    if now is None or before is None:
        return MISSING
    size = round_half_up(abs(now - before))
    return _signed(_swapped(size), size, now > before, "points")


def change_text(now: int, before: int) -> str:
    """The difference of two counts, signed: −1.204."""
    size = Decimal(abs(int(now) - int(before)))
    return _signed(str(count_text(int(size))), size, now > before, "change")


def difference_text(difference: Decimal) -> str:
    """A difference of amounts, signed, with as many decimals as it has: +1.234,5."""
    size = Decimal(plain_decimal(abs(difference)))
    return _signed(_swapped(size), size, difference > 0, "points")


def _signed(text: str, size: Decimal, grown: bool, kind: Kind) -> Figure:
    """Without a sign where it is 0 as printed."""
    if not size:
        return Figure(text, size, kind)
    return Figure(("+" if grown else MINUS) + text, size if grown else -size, kind)


def date_text(day: date) -> str:
    """15/09/2024."""
    return f"{day:%d/%m/%Y}"


def span_text(span: Span) -> str:
    """từ ngày 15/09/2024 đến ngày 14/12/2024, or one day."""
    return f"từ ngày {date_text(span.first_day)} đến ngày {date_text(span.last_day)}"


def moment_text(moment: datetime) -> str:
    """lúc 08:00 ngày 16/12/2024, in Vietnam."""
    here = moment.astimezone(VIETNAM) if moment.tzinfo else moment
    return f"lúc {here:%H:%M} ngày {here:%d/%m/%Y}"


def stamp_text(moment: datetime) -> str:
    """08:00 16/12/2024, for a column."""
    here = moment.astimezone(VIETNAM) if moment.tzinfo else moment
    return f"{here:%H:%M %d/%m/%Y}"


def moments_text(moments: list[datetime]) -> str:
    """One moment, or the first and the last of several; empty where there is none."""
    texts = list(dict.fromkeys(moment_text(m) for m in sorted(moments)))
    if not texts:
        return ""
    return texts[0] if len(texts) == 1 else f"từ {texts[0]} đến {texts[-1]}"


def listed(names: list[str]) -> str:
    """a, b và c."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} và {names[-1]}"
