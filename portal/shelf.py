"""The reports that a person may see. The only place that decides it: pages, files, zip and feed ask here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contracts.roles import Right
from contracts.units import Unit
from portal.house import House
from portal.people import Person
from portal.refusals import NotFound
from warehouse import publications, register
from warehouse.register import ReportVersion
from warehouse.stages import FROZEN, RELEASED, Stage, Standing, standings


@dataclass(frozen=True)
class Shelved:
    """One version of a report, the unit that it is of, and how far it has come."""

    version: ReportVersion
    unit: Unit
    standing: Standing

    @property
    def stage(self) -> Stage:
        return self.standing.stage

    @property
    def is_frozen(self) -> bool:
        return self.stage in FROZEN


def on_shelf(house: House, person: Person, period: str) -> Iterator[Shelved]:
    """Every version of the period that the person may see, the province's report first, then by unit and version."""
    stands = standings(publications.events(house.engine, period))
    for version in register.versions(house.engine, period):
        unit = house.unit_with(version.unit_code)
        if unit is None:  # of a catalogue that was another then
            continue
        one = Shelved(version, unit, stands.get((version.key, version.version), Standing()))
        if may_see(house, person, one):
            yield one


def may_see(house: House, person: Person, one: Shelved) -> bool:
    """Drafts: who may read drafts. What was released: also who belongs to that unit or to one above it."""
    if person.may(Right.READ_DRAFTS):
        return True
    if not person.may(Right.READ_PUBLISHED) or one.stage not in RELEASED:
        return False
    return one.unit.agency_code in house.agencies_below(person.account.unit_code)


def taken(house: House, person: Person, period: str, unit: str, number: int) -> Shelved:
    """That version of that report. Raises NotFound where there is none, and just so where the person may not see it.

    unit: the code that the register has of the report."""
    for one in on_shelf(house, person, period):
        if (one.version.unit_code, one.version.version) == (unit, number):
            return one
    raise NotFound
