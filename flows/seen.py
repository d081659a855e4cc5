"""A period as it stands this moment: what its reports would say, were they made now. For whoever looks, and runs
nothing.

Nothing here is stored: a source that failed since the last run is missing here, though the run's indicators have it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from functools import cached_property

from pandas import DataFrame
from sqlalchemy import Engine

from contracts import clock
from contracts.codes import Series
from contracts.province import Province, mark_of_files
from contracts.settings import Settings
from contracts.units import Unit
from flows.figures import indicators
from flows.place import Place, as_settled
from reporting.figures import figures_of
from reporting.gather import figures
from reporting.inputs import ReportInput
from reporting.kept import Figures
from reporting.origin import Origin
from reporting.scope import Scope, code_of, scope_of
from warehouse import at_a_glance, read


@dataclass(frozen=True)
class Seen:
    """place: as of the day that the stored figures are of. input: what the figures of its reports are made of.
    index_facts: counts on the days of the 766 index, of loaded sources."""

    place: Place
    input: ReportInput
    index_facts: DataFrame
    _printed: dict[str, Figures] = field(default_factory=dict, repr=False, compare=False)
    _scopes: dict[tuple[str, Series], Scope] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def units(self) -> dict[str, Unit]:
        """Code as the register calls the unit's report → unit."""
        tree = self.province.units
        return {code_of(unit, tree): unit for unit in tree}

    @property
    def province(self) -> Province:
        return self.place.province

    def scope(self, unit: Unit, series: Series = Series.FORMS) -> Scope:
        """What the report of that unit covers; of the index's days where asked."""
        key = unit.agency_code, series
        if key not in self._scopes:
            self._scopes[key] = self._scope(unit, series)
        return self._scopes[key]

    def origin(self, unit: Unit) -> Origin:
        return Origin(self.scope(unit), self.place.period, self.input.spans)

    def printed(self, unit: Unit) -> Figures:
        """Every figure that the report of that unit would print."""
        if unit.agency_code not in self._printed:
            self._printed[unit.agency_code] = figures_of(self.input, self.scope(unit))
        return self._printed[unit.agency_code]

    def _scope(self, unit: Unit, series: Series) -> Scope:
        if series is Series.INDEX:
            of_forms = self.scope(unit)
            ours = self.index_facts["agency_code"].isin(of_forms.codes)
            return replace(of_forms, facts=self.index_facts[ours])
        return scope_of(self.input, None if unit == self.province.units.root else unit)


def seen(engine: Engine, place: Place) -> Seen:
    """Raises UsageError where the stored figures are of several days, or not settled, ConfigError where the province's
    files are wrong, CriticalCheckError where counts do not add up."""
    place, period = as_settled(place), place.period
    found = figures(engine, province=place.province, period=period, as_of=place.as_of, sources=place.sources())
    found = replace(found, indicators=indicators(engine, place))
    loaded = [source.id for source in found.sources if source.loaded]
    return Seen(place, found, read.facts(engine, period.id, loaded, series=Series.INDEX))


def mark(engine: Engine, settings: Settings) -> str:
    """Changes when anything changes that a period's figures follow from: a step of any source in any period, a file of
    the province, the day."""
    said = [at_a_glance.mark(engine), clock.today().isoformat(), mark_of_files(settings.province_folder)]
    return hashlib.sha256(repr(said).encode()).hexdigest()
