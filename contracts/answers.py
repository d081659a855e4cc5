"""What a unit answered: one return (phiếu báo cáo) with its answers, as read, stored and reported."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from contracts.returned import Kind, State

_NUMBER = r"\d+(?:[.,]\d+)*(?:/\d+)?\s*%?"
_BOUND = re.compile(rf"(?P<operator>>=|<=|[<>≥≤~≈]|gần|hơn|trên|dưới|khoảng)\s*{_NUMBER}", re.IGNORECASE)
_RANGE = re.compile(rf"{_NUMBER}\s*[-–]\s*{_NUMBER}")
_PERCENT = re.compile(r"(?P<percent>\d{1,3}(?:,\d+)?)\s*%")


@dataclass(frozen=True)
class Answer:
    """One line of a return. numerator: of a share; the count itself; 1 or 0 for yes or no. amount: of a number.
    text: of a text or choice, an ISO date, or an approximate figure as it was written. cell: sheet!cell."""

    indicator: str
    kind: Kind
    state: State
    numerator: int | None = None
    denominator: int | None = None
    amount: Decimal | None = None
    text: str = ""
    evidence: str = ""
    note: str = ""
    cell: str = ""

    @property
    def said(self) -> Answer:
        """Without the cell: what two returns are compared by."""
        return replace(self, cell="")

    @property
    def day(self) -> date | None:
        return date.fromisoformat(self.text) if self.kind is Kind.DATE and self.state is State.GIVEN else None


@dataclass(frozen=True)
class Return:
    """A return as its file says it, every line of the form answered or not. prepared_by, approved_by, document: as
    written by the unit."""

    period_id: str
    agency_code: str
    form_version: str
    prepared_by: str
    prepared_on: date
    approved_by: str
    document: str
    answers: tuple[Answer, ...]

    def of(self, indicator: str) -> Answer | None:
        return next((a for a in self.answers if a.indicator == indicator), None)

    @property
    def filled(self) -> int:
        """Lines with a figure or a reason why there is none of it to be had."""
        return sum(a.state not in {State.UNANSWERED, State.NOT_YET} for a in self.answers)

    @property
    def missing(self) -> int:
        return len(self.answers) - self.filled


@dataclass(frozen=True)
class Received:
    """A return that was taken. number: 1 for the unit's first of the period; the largest counts. sha256: of the file,
    which is kept. file_name: as it was handed in."""

    content: Return
    number: int
    received_at: datetime
    sha256: str
    file_name: str


def is_approximate(text: str) -> bool:
    """>300 · gần 250 · 1/3-1/2 · 97,3%: a bound, a range, or a percentage whose counts are not known."""
    return any(shape.fullmatch(text) for shape in (_BOUND, _RANGE, _PERCENT))


def percentage(text: str) -> Decimal | None:
    """97,3% → 97.3: what a check may compare; None for a bound or a range, which is compared with nothing."""
    found = _PERCENT.fullmatch(text)
    return Decimal(found["percent"].replace(",", ".")) if found else None
