"""What is told of a unit's period beside its indicators: the median time, and the cumulative counts."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from contracts.units import Unit
from flows.place import Place
from reporting.cumulated import cumulated
from reporting.gather import counted_at
from reporting.history import Shelf
from transforms.cumulative import Cumulative
from transforms.durations import median_days_of
from warehouse.read import one_moment


@dataclass(frozen=True)
class Shown:
    """median: working days of the unit with all below it, exact; None where none is known. timed: of how many
    dossiers. cumulative: one an opening balance of the unit."""

    median: Fraction | None
    timed: int
    cumulative: tuple[Cumulative, ...]


def shown(place: Place, unit: Unit, *, field: str | None) -> Shown:
    """As the report of that unit has them; cumulative counts are of all fields together."""
    period, sources = place.period, place.sources()
    with one_moment(place.open_warehouse()) as stored:
        known = counted_at(stored, province=place.province, period=period, as_of=place.as_of, sources=sources)
        taken = stored.durations(period.id, known.loaded)
        cumulative = () if field else cumulated(Shelf(stored, place.province, known.now))
    codes = {below.agency_code for below in place.province.units.subtree(unit.agency_code)}
    fields = [field] if field else []
    mine = taken["agency_code"].isin(list(codes)) & (taken["field"].isin(fields) if fields else True)
    own = tuple(one for one in cumulative if one.opening.unit == unit.agency_code)
    return Shown(median_days_of(taken, codes, fields=fields), int(taken["dossiers"][mine].sum()), own)
