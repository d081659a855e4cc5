"""Which units a reader means who types a name: with or without accents, an old name, a code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from contracts.codes import Level
from contracts.configfile import plain
from contracts.succession import place_of, successors_of
from contracts.unit_history import Link, Place, registry
from contracts.unit_names import find_units, unaccented
from contracts.units import Unit, UnitTree
from portal.house import House
from reporting.scope import code_of

LONGEST = 100
_TOLD = 5
"""Old names of which is told what became of them; a part of a name may fit dozens."""


@dataclass(frozen=True)
class Meant:
    """codes: of the reports of these units, as the register has them; said: what became of those of another time."""

    codes: frozenset[str]
    said: tuple[str, ...]


def meant(house: House, text: str, *, today: date) -> Meant:
    """Of a name, a part of it, or a code."""
    return _meant(house.province.id, plain(text)[:LONGEST], today, _Tree(house.province.units))


class _Tree:
    """The province's units, one for all requests: alike wherever it is asked."""

    def __init__(self, units: UnitTree) -> None:
        self.units = units

    def __hash__(self) -> int:
        return id(self.units)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Tree) and other.units is self.units


@lru_cache(maxsize=512)
def _meant(province_id: str, text: str, today: date, tree: _Tree) -> Meant:
    units = tree.units
    named = [unit for unit in units if _fits(unit, text, units)]
    told: dict[str, None] = {}
    wanted = dict.fromkeys(named)
    for unit in named:
        if unit.valid_to is not None and unit.valid_to < today:
            after = successors_of(unit, units)
            wanted |= dict.fromkeys(after)
            told |= dict.fromkeys(_now(unit.name, _names_of(unit, after)))
    for place in _old_places(text, units, today):
        links = registry().successors(place)
        wanted |= dict.fromkeys(_units_of(links, units))
        told |= dict.fromkeys(_now(place.name, [link.place.name for link in links]))
    if len(named) <= _TOLD:
        for unit, district in _districts_of(named, units):
            wanted[district] = None
            told[f"{unit.name} thuộc {district.name} (đến {unit.valid_to:%d/%m/%Y})."] = None
        for unit in named:
            if unit.level is Level.DEPARTMENT:
                wanted[units.root] = None
                told[f"Số liệu của {unit.name} nằm trong báo cáo của {units.root.name}."] = None
    return Meant(frozenset(code_of(unit, units) for unit in wanted), tuple(told)[:_TOLD])


def _fits(unit: Unit, text: str, units: UnitTree) -> bool:
    """A code whole; of a name a part, without accents where none were typed."""
    typed = text.casefold()
    if typed in {unit.unit_code.casefold(), unit.agency_code.casefold(), code_of(unit, units).casefold()}:
        return True
    if typed == unaccented(typed):
        return typed in unaccented(plain(unit.name))
    return typed in plain(unit.name).casefold()


def _old_places(text: str, units: UnitTree, today: date) -> Iterator[Place]:
    """Places of the province that have ended, and are no units of the tree."""
    known = {(unit.level, unit.unit_code, unit.name) for unit in units}
    for found in find_units(text, on=today, province=units.root.unit_code):
        place = found.place
        ended = place.valid_to is not None and place.valid_to < today
        if ended and (place.level, place.code, place.name) not in known:
            yield place


def _units_of(links: tuple[Link, ...], units: UnitTree) -> Iterator[Unit]:
    after = {(link.place.level, link.place.code, link.place.name) for link in links}
    yield from (unit for unit in units if (unit.level, unit.unit_code, unit.name) in after)


def _districts_of(named: list[Unit], units: UnitTree) -> Iterator[tuple[Unit, Unit]]:
    """A commune of a district's time had no report of its own: its district's tells of it."""
    for unit in named:
        if unit.level is Level.COMMUNE and unit.valid_to is not None and units.has_agency(unit.parent):
            above = units.by_agency(unit.parent)
            if above.level is Level.DISTRICT:
                yield unit, above


def _names_of(unit: Unit, after: tuple[Unit, ...]) -> list[str]:
    """What a unit went into; by the registry where the catalogue does not have that yet."""
    if after:
        return [one.name for one in after]
    place = place_of(unit)
    return [link.place.name for link in registry().successors(place)] if place else []


def _now(old: str, names: list[str]) -> Iterator[str]:
    """Xã Suối Hiệp nay thuộc Xã Diên Lạc."""
    new = list(dict.fromkeys(names))
    if new == [old]:
        return
    if len(new) == 1:
        yield f"{old} nay thuộc {new[0]}."
    elif new:
        yield f"{old} nay thuộc {', '.join(new[:-1])} và {new[-1]}, mỗi nơi một phần."
    else:
        yield f"{old} không còn hoạt động; chưa rõ nay thuộc đơn vị nào."
