"""What a page of figures is asked for: a period, a unit, a figure; each found, or said not to be there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Query, Request

from contracts.units import Unit
from flows.seen import Seen
from portal.figures import known, opened
from portal.house import House, house_of
from portal.quarters import Quarter
from portal.refusals import NotFound
from reporting.fonts import vietnamese_order
from reporting.kept import OWN, TREE
from reporting.opened import Opened
from reporting.scope import code_of

Field = Annotated[str, Query(alias="linh-vuc", max_length=300)]
Whose = Annotated[str, Query(alias="pham-vi", max_length=10)]
"""How an address names the field, and whether a unit alone is meant or all below it; see `whose_of`."""


@dataclass(frozen=True)
class Asked:
    """What a page of figures is about."""

    house: House
    quarter: Quarter
    seen: Seen
    unit: Unit
    code: str

    @property
    def period(self) -> str:
        return self.quarter.place.period.id

    def figure(self, name: str, *, whose: str, field: str) -> Opened:
        """Raises NotFound where there is no such figure; CriticalCheckError where its parts do not add up to it."""
        found = known(self.seen).get(name)
        if found is None:
            raise NotFound
        one = opened(self.seen, self.unit, found, whose=whose, field=field)
        if field and field not in fields_of(self.seen):
            raise NotFound
        one.check()
        return one


def asked(request: Request, period: str, code: str) -> Asked:
    """Raises NotFound where there is no such period, or no such unit in it."""
    house = house_of(request)
    quarter = house.quarters.of(period)
    seen = quarter.figures
    root = seen.province.units.root
    unit = seen.units.get(code) if code else root
    if unit is None or unit.agency_code not in seen.scope(root).codes:
        raise NotFound
    return Asked(house, quarter, seen, unit, code_of(unit, seen.province.units))


def fields_of(seen: Seen) -> list[str]:
    """Every field that the province's dossiers of the period have."""
    return sorted(set(seen.scope(seen.province.units.root).facts["field"].astype(str)), key=vietnamese_order)


def whose_of(value: str) -> str:
    return OWN if value == "unit" else TREE
