"""What a report is given of the returns: plain data, read before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from contracts.answers import Answer, Received
from contracts.periods import Period
from contracts.returned import Asked, Derived


@dataclass(frozen=True)
class Returns:
    """asked: by agency code, in the catalogue's order, the ids of the lines that the unit is asked in the period; units
    that are asked nothing are left out. received: by agency code, the returns that count. before: the same of the same
    period last year; None where nothing was returned then."""

    period: Period
    lines: tuple[Asked, ...]
    derived: tuple[Derived, ...]
    asked: Mapping[str, frozenset[str]]
    received: Mapping[str, Received]
    before: Returns | None = None

    def answers(self, line: Asked, agencies: frozenset[str]) -> dict[str, Answer | None]:
        """Of those of the agencies that are asked the line."""
        return {
            code: self._answer(code, line.id) for code, ids in self.asked.items() if code in agencies and line.id in ids
        }

    def _answer(self, code: str, indicator: str) -> Answer | None:
        return self.received[code].content.of(indicator) if code in self.received else None

    def beside(self, before: Returns | None) -> Returns:
        """With what was returned a year before, where anything was."""
        return replace(self, before=before if before and before.received else None)
