"""What every page needs to know of this machine and province: read once, when the portal starts."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, cast

from fastapi import Request
from sqlalchemy import Engine

from contracts.portal_settings import PortalSettings
from contracts.province import Province, read_province
from contracts.settings import Settings
from contracts.units import Unit
from flows.place import Place, find_place
from portal.quarters import Quarters
from portal.schedule_look import ScheduleLook
from reporting.scope import code_of
from warehouse import owner
from warehouse.database import open_warehouse

if TYPE_CHECKING:
    from portal.shelf import Shelf


@dataclass(frozen=True)
class House:
    """settings: where things lie; province: as its files said when the portal started; shelves: what portal.shelf has
    read of the register, by period."""

    settings: Settings
    province: Province
    shelves: dict[str, Shelf] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, settings: Settings) -> House:
        return cls(settings, read_province(settings.province_folder))

    @property
    def policy(self) -> PortalSettings:
        return self.province.file.portal

    @cached_property
    def engine(self) -> Engine:
        engine = open_warehouse(self.settings.database_url(self.province.id))
        owner.claim(engine, self.province.id)
        return engine

    @cached_property
    def quarters(self) -> Quarters:
        """The periods as they stand, for whoever looks at their figures."""
        return Quarters(self.engine, self.settings)

    @cached_property
    def schedule(self) -> ScheduleLook:
        return ScheduleLook(self.engine, self.province)

    def unit_with(self, code: str) -> Unit | None:
        """The unit whose reports the register calls so."""
        return self._by_code.get(code)

    @cached_property
    def _by_code(self) -> dict[str, Unit]:
        return {code_of(unit, self.province.units): unit for unit in self.province.units}

    def agencies_below(self, agency_code: str) -> frozenset[str]:
        """Agency codes of the unit and of all below it; none for a unit that the catalogue no longer has."""
        if agency_code not in self._below:
            units = self.province.units
            below = units.subtree(agency_code) if units.has_agency(agency_code) else ()
            self._below[agency_code] = frozenset(unit.agency_code for unit in below)
        return self._below[agency_code]

    @cached_property
    def rank_of_units(self) -> dict[str, int]:
        """Place in the catalogue, by agency code."""
        return {unit.agency_code: place for place, unit in enumerate(self.province.units)}

    @cached_property
    def _below(self) -> dict[str, frozenset[str]]:
        return {}

    def place(self, period: str) -> Place:
        """Of one period, as commands see it. Raises UsageError where there is no such period."""
        return find_place(period, province=str(self.settings.province_folder))


def house_of(request: Request) -> House:
    return cast(House, request.app.state.house)
