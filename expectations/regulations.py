"""The texts that rules cite, each with the days on which it is in force: a finding cites no other.

Sources: docs/glossary.md says what is known of each. A text whose first day no public source confirms is
given the day on which it was signed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Regulation:
    number: str
    valid_from: date
    valid_to: date | None = None

    def in_force_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


AGENCY_CODES = (Regulation("Quyết định số 20/2020/QĐ-TTg", date(2020, 9, 15)),)
FORMS = (Regulation("Thông tư số 01/2020/TT-VPCP", date(2020, 10, 21)),)
SERVICE_LEVELS = (Regulation("Nghị định số 42/2022/NĐ-CP", date(2022, 8, 15)),)
ONE_STOP = (
    Regulation("Nghị định số 61/2018/NĐ-CP", date(2018, 6, 21), date(2025, 6, 30)),
    Regulation("Nghị định số 118/2025/NĐ-CP", date(2025, 7, 1)),
)


def citation(regulations: Iterable[Regulation], *, on: date) -> str:
    """The text in force on that day, or nothing."""
    return next((r.number for r in regulations if r.in_force_on(on)), "")
