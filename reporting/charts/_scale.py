"""What charts share: coordinates as text, widths of words in the report's own type, an axis of percentages.

Coordinates are exact until they are written, with a plain decimal point; SVG lengths are in points."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from reporting.fonts import width_of
from transforms.rounding import round_half_up

WIDTH = 460
"""Of an SVG chart: within the 164 mm between the margins of an upright page."""
FIGURES = 10
"""Size of type of a chart's rows."""
_WHOLE_SCALE_FROM = 40
_LEAST_SPAN = 5
_STEPS = (1, 2, 5, 10)
_MOST_STEPS = 5


def percent_of(value: Fraction) -> str:
    """For CSS: 96.110."""
    return f"{round_half_up(value, places=3):f}"


def at(value: Fraction | int) -> str:
    """A coordinate or length of an SVG: 123.46."""
    return f"{round_half_up(Fraction(value), places=2):f}"


def widest(texts: Iterable[str]) -> str:
    """Width of a column of figures on one line, in points; the typesetter need not set each cell twice to find it."""
    return at(max((width_of(text, FIGURES) for text in texts), default=Fraction(0)) + 1)


@dataclass(frozen=True)
class Axis:
    """Percentages from low to high, with a tick at every step."""

    low: int
    high: int
    step: int

    @property
    def ticks(self) -> range:
        return range(self.low, self.high + 1, self.step)

    def share(self, value: Fraction) -> Fraction:
        """How far up the axis: 0 at its foot, 1 at its top."""
        return (value - self.low) / (self.high - self.low)


def axis_of(values: Collection[Fraction]) -> Axis:
    """From 0 where a value is low; else from below the lowest, over five points at least, so that a difference of
    hundredths is no cliff. values: percentages, at least one."""
    lowest, highest = min(values), max(values)
    if lowest <= _WHOLE_SCALE_FROM:
        return Axis(0, 100, 20)
    found = (_between(lowest, highest, step) for step in _STEPS)
    return next((axis for axis in found if len(axis.ticks) <= _MOST_STEPS + 1), Axis(0, 100, 20))


def _between(lowest: Fraction, highest: Fraction, step: int) -> Axis:
    low, high = (ceil(lowest / step) - 1) * step, ceil(highest / step) * step
    while high - low < _LEAST_SPAN:
        high, low = (high + step, low) if high - highest < lowest - low and high < 100 else (high, low - step)
    return Axis(low, high, step)
