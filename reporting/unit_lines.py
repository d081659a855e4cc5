"""The lines of a report by unit: its own office, then each unit right below it with all below that one.

Forms, charts, annexes and sentences by unit are of these lines, so that their figures are the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contracts.codes import Level
from contracts.units import Unit
from reporting.scope import Scope
from reporting.tally import Tally
from reporting.wording import inline, own_office, place_of

BELOW = (Level.DEPARTMENT, Level.DISTRICT, Level.COMMUNE)


@dataclass(frozen=True)
class UnitLine:
    """name: as a table has it; said: as within a sentence. level: None of the report's own office. agencies: whose
    dossiers it adds up."""

    unit: Unit
    name: str
    said: str
    level: Level | None
    agencies: frozenset[str]

    def counts(self, scope: Scope) -> Tally | None:
        """None where nothing of it is known."""
        return scope.tally(self.agencies)


def unit_lines(scope: Scope) -> tuple[UnitLine, ...]:
    """In the order of the forms; a report of a single unit has one."""
    return tuple(_lines(scope))


def _lines(scope: Scope) -> Iterator[UnitLine]:
    root = scope.root
    if scope.has_own_office:
        name = own_office(root)
        yield UnitLine(root, name, name, None, frozenset({root.agency_code}))
    for level in BELOW:
        for unit in scope.children(root):
            if unit.level is level:
                yield UnitLine(unit, place_of(unit), inline(unit), level, scope.below(unit))
