"""What was returned, added up over the units of one report: tables and sentences read it here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from contracts.returned import Derived
from reporting.inputs import ReportInput
from reporting.returns.inputs import Returns
from reporting.scope import Scope
from transforms.returned import Derivation, Total, derive, total


@dataclass(frozen=True)
class Sums:
    """agencies: those of the report that are asked anything."""

    returns: Returns
    agencies: frozenset[str]

    @cached_property
    def totals(self) -> dict[str, Total]:
        """By id, in the order of the form, every line that concerns a unit of the report, or does not by its own
        word."""
        found = (total(line, self.returns.answers(line, self.agencies)) for line in self.returns.lines)
        return {one.line.id: one for one in found if one.concerned or one.outside}

    @cached_property
    def asked(self) -> list[str]:
        return [code for code in self.returns.asked if code in self.agencies]

    @cached_property
    def received(self) -> list[str]:
        """Agencies whose return counts."""
        return [code for code in self.asked if code in self.returns.received]

    @property
    def missing(self) -> list[str]:
        return [code for code in self.asked if code not in self.returns.received]

    def derivation(self, line: Derived) -> Derivation | None:
        """None where one of its terms is not asked here."""
        return derive(line, self.totals) if all(term in self.totals for term in line.terms) else None


def sums_of(report_input: ReportInput, scope: Scope) -> Sums | None:
    """None where nobody has returned anything for the period, or no unit of the report is asked."""
    found = report_input.returns
    mine = frozenset(found.asked) & scope.codes if found else frozenset()
    return Sums(found, mine) if found is not None and mine else None
