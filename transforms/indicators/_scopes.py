"""Over which units an indicator is summed, and whether anything is missing there."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from contracts.units import Unit, UnitTree


@dataclass(frozen=True)
class Scope:
    """One unit, alone ("unit": the dossiers that it received itself) or with all below it ("tree").

    absent: nothing is known, so the figure is missing and not zero. complete: nothing is missing.
    """

    unit: Unit
    kind: Literal["unit", "tree"]
    absent: bool
    complete: bool


def scopes_of(units: UnitTree, *, on: date, with_facts: Collection[str], missing: Collection[str]) -> Iterator[Scope]:
    """Scopes of every unit that is valid that day or has facts, in the tree's order."""
    lacking = _lacking(units, with_facts=with_facts, missing=missing)
    shown = {u.agency_code for u in units if u.valid_on(on)} | set(with_facts)
    parents_shown = _above(units, shown)
    lacking_below, facts_below = (_above(units, codes) | codes for codes in (lacking, set(with_facts)))
    for unit in units:
        code = unit.agency_code
        if code not in shown:
            continue
        if code in parents_shown:
            is_lacking = code in lacking_below
            yield Scope(unit, "tree", absent=is_lacking and code not in facts_below, complete=not is_lacking)
        if code not in parents_shown or unit.parent or code in with_facts or code in missing:
            is_lacking = code in lacking
            yield Scope(unit, "unit", absent=is_lacking and code not in with_facts, complete=not is_lacking)


def _lacking(units: UnitTree, *, with_facts: Collection[str], missing: Collection[str]) -> set[str]:
    """The missing units, and those below them down to a unit with facts: a source answers for all below its
    units, but a unit below with facts came from another source, which answers for the rest."""
    found = set(missing)
    for unit in units:  # a parent stands before its children
        if unit.parent in found and unit.agency_code not in with_facts:
            found.add(unit.agency_code)
    return found


def _above(units: UnitTree, codes: Collection[str]) -> set[str]:
    """The units that have one of those below them."""
    found: set[str] = set()
    for unit in reversed(units.units):
        if unit.parent and (unit.agency_code in codes or unit.agency_code in found):
            found.add(unit.parent)
    return found
