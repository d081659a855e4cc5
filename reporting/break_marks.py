"""Marks and notes of what stands between two periods: a break of the series, or why they are not compared."""

from __future__ import annotations

from reporting.page import Note
from transforms.over_time import Obstacle

BREAK = "Đứt chuỗi số liệu"
NO_COMPARISON = "Không so sánh được"


class BreakMarks:
    """Marks of what stands between two periods, one a reason: i, ii, iii … in the order in which they are met."""

    def __init__(self) -> None:
        self._reasons: dict[Obstacle, str] = {}

    def of(self, found: Obstacle) -> str:
        """The mark; "" where nothing stands between."""
        return self._reasons.setdefault(found, _roman(len(self._reasons) + 1)) if found.why else ""

    @property
    def notes(self) -> tuple[Note, ...]:
        return tuple(Note(mark, f"{headline(found)}: {found.why}.") for found, mark in self._reasons.items())


def headline(found: Obstacle) -> str:
    return BREAK if found.is_break else NO_COMPARISON


def _roman(number: int) -> str:
    """i … xxxix."""
    tens, ones = divmod(number, 10)
    return "x" * tens + ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")[ones]
