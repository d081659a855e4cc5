"""Working days as whole numbers, so that whole columns of dates can be moved at once.

The simulated offices promise and finish in working days: Saturdays, Sundays and the days of rest_days.csv are
skipped, and a Saturday worked in place of another day counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
DAY = "datetime64[D]"


class WorkingDays:
    """The working days between two days, numbered from 0."""

    def __init__(self, rest_days: Mapping[date, bool], *, first: date, last: date) -> None:
        days = np.arange(np.datetime64(first, "D"), np.datetime64(last, "D") + 1)
        working = np.is_busday(days)
        for day, is_off in rest_days.items():
            if first <= day <= last:
                working[(day - first).days] = not is_off
        self._days = days[working]

    def number(self, day: date) -> int:
        """Number of the last working day up to that day."""
        return int(np.searchsorted(self._days, np.datetime64(day, "D"), side="right")) - 1

    def day(self, numbers: Array) -> Array:
        """The days with those numbers (datetime64[D])."""
        days: Array = self._days[numbers]
        return days
