"""The reports that a person may see. The only place that decides it: pages, files, zip and feed ask here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from contracts.roles import Right
from contracts.units import Unit
from portal.house import House
from portal.people import Person
from portal.refusals import NotFound
from warehouse import progress
from warehouse.progress import Mark
from warehouse.register import ReportVersion
from warehouse.stages import FROZEN, RELEASED, Stage, Standing, VersionOf, standings


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


@dataclass(frozen=True)
class Shelf:
    """Every version of one period. mark: of the register when it was read."""

    mark: Mark
    versions: tuple[Shelved, ...]


def all_shelves(house: House, person: Person) -> Iterator[Shelved]:
    """Every version of every period that the person may see, period by period."""
    for shelf in _shelves(house).values():
        yield from (one for one in shelf.versions if may_see(house, person, one))


def on_shelf(house: House, person: Person, period: str) -> Iterator[Shelved]:
    """Every version of the period that the person may see, the province's report first, then by unit and version."""
    shelf = _shelves(house).get(period)
    yield from (one for one in (shelf.versions if shelf else ()) if may_see(house, person, one))


def may_see(house: House, person: Person, one: Shelved) -> bool:
    """Drafts: who may read drafts. What was released: also who belongs to that unit or to one above it."""
    if person.may(Right.READ_DRAFTS):
        return True
    if not person.may(Right.READ_PUBLISHED) or one.stage not in RELEASED:
        return False
    return one.unit.agency_code in house.agencies_below(person.account.unit_code)


def seen_since(person: Person, one: Shelved) -> datetime:
    """From when on the person may see a version that he may see: who reads drafts, since it was printed."""
    if person.may(Right.READ_DRAFTS) or one.standing.published is None:
        return one.version.created_at
    return one.standing.published.at


def taken(house: House, person: Person, period: str, unit: str, number: int) -> Shelved:
    """That version of that report. Raises NotFound where there is none, and just so where the person may not see it.

    unit: the code that the register has of the report."""
    for one in on_shelf(house, person, period):
        if (one.version.unit_code, one.version.version) == (unit, number):
            return one
    raise NotFound


def _shelves(house: House) -> Mapping[str, Shelf]:
    """By period. Kept from one request to the next, and read anew where the register has come further: it is asked how
    far every time, so that nothing is seen that no longer may be, and nothing that is new is missed."""
    marks = progress.marks(house.engine)
    known = {period: shelf for period, shelf in list(house.shelves.items()) if shelf.mark == marks.get(period)}
    stale = {period: mark for period, mark in marks.items() if period not in known}
    if stale:
        known |= _read(house, stale)
        house.shelves.update(known)
    return known


def _read(house: House, wanted: Mapping[str, Mark]) -> dict[str, Shelf]:
    """The marks were taken first: what was entered since is at worst read once more."""
    versions = progress.versions_of(house.engine, wanted.keys())
    events = progress.events_of(house.engine, wanted.keys())
    return {
        period: Shelf(mark, tuple(_shelved(house, versions.get(period, []), standings(events.get(period, [])))))
        for period, mark in wanted.items()
    }


def _shelved(house: House, versions: list[ReportVersion], stands: Mapping[VersionOf, Standing]) -> Iterator[Shelved]:
    for version in versions:
        unit = house.unit_with(version.unit_code)
        if unit is not None:  # else of a catalogue that was another then
            yield Shelved(version, unit, stands.get((version.key, version.version), Standing()))
