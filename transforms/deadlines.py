"""Working days: days off and worked Saturdays from the dated table, weekends otherwise.

The source's own due date (ngày hẹn trả) is the one that counts; a date worked out here only checks it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np

Days = np.ndarray[Any, np.dtype[np.datetime64]]
Counts = np.ndarray[Any, np.dtype[np.integer[Any]]]

UNKNOWN = -1
_SATURDAY = 5
_DAY = timedelta(days=1)


def day_of_month_after(day: date, number: int) -> date:
    """The first day with that number in its month (28 at most) after the day."""
    month = day if day.day < number else day.replace(day=28) + 4 * _DAY
    return month.replace(day=number)


class WorkingCalendar:
    """rest_days: True a day off, False a day worked in place of one (contracts/data/rest_days.csv).

    Days off are decided year by year: the calendar is good from the first year of its table to the last
    (`covers`); outside them it knows only weekends.
    """

    def __init__(self, rest_days: Mapping[date, bool]) -> None:
        self._rest_days = dict(rest_days)
        years = {day.year for day in rest_days} or {date.min.year}
        self._first, self._last = date(min(years), 1, 1), date(max(years), 12, 31)

    def covers(self, day: date) -> bool:
        """Whether the days off of that day's year are known."""
        return self._first <= day <= self._last

    def is_working_day(self, day: date) -> bool:
        return not self._rest_days.get(day, day.weekday() >= _SATURDAY)

    def roll_forward(self, day: date) -> date:
        """The day itself, or the first working day after it."""
        while not self.is_working_day(day):
            day += _DAY
        return day

    def add_working_days(self, start: date, days: int) -> date:
        """The last of that many working days, counted from the day after `start`."""
        if days < 0:
            raise ValueError("working days are counted forward")
        for _ in range(days):
            start = self.roll_forward(start + _DAY)
        return start

    def add_working_days_each(self, starts: Days, days: Counts) -> Days:
        """add_working_days for whole columns, days ≥ 1, as datetime64[D].

        NaT where the start is missing, or where it or the result lies in a year that the calendar does not
        cover: such a due date cannot be checked.
        """
        starts = starts.astype("datetime64[D]")
        position = np.searchsorted(self._working, starts, side="right") + days - 1
        known = (starts >= np.datetime64(self._first)) & (position < len(self._working))
        found = np.full(starts.shape, "NaT", dtype="datetime64[D]")
        found[known] = self._working[position[known]]
        return found

    def working_days_between(self, starts: Days, ends: Days) -> Counts:
        """Working days from the day after each start up to its end, whole columns at once.

        UNKNOWN where a day is missing, lies in a year that the calendar does not cover, or the end lies before the
        start: a time that is not known is not guessed.
        """
        first, last = (np.datetime64(day).astype(np.int64) for day in (self._first, self._last))
        start, end = (days.astype("datetime64[D]").astype(np.int64) for days in (starts, ends))
        known = (start >= first) & (end <= last) & (start <= end)  # a missing day is the least of all numbers
        found = self._worked_by[np.where(known, end - first, 0)] - self._worked_by[np.where(known, start - first, 0)]
        return np.where(known, found, np.int32(UNKNOWN))

    @cached_property
    def _worked_by(self) -> Counts:
        """Working days up to each day of the years covered."""
        is_working = np.zeros((self._last - self._first).days + 1, dtype=np.int32)
        is_working[(self._working - np.datetime64(self._first)).astype(np.int64)] = 1
        return np.cumsum(is_working, dtype=np.int32)

    @cached_property
    def _working(self) -> Days:
        """Every working day of the years covered, in order; numpy knows weekends and days off, but no
        worked Saturdays."""
        end = np.datetime64(self._last) + np.timedelta64(1, "D")
        every_day: Days = np.arange(np.datetime64(self._first), end)
        off, worked = (
            np.array([day for day, is_off in self._rest_days.items() if is_off is kind], dtype="datetime64[D]")
            for kind in (True, False)
        )
        is_working = np.is_busday(every_day, holidays=off) | np.isin(every_day, worked)
        return every_day[is_working]
