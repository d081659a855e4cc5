"""The territory of a former district, in a province's own tree: a historical grouping, and no level of government.

Since 1/7/2025 there is no district. Its territory can still be compared with itself where the registry says that its
communes went, whole, into communes that draw on nothing else; the sum of all bodies there before, the district's own
office among them, is then beside the sum of all there since.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from contracts.codes import Level
from contracts.succession import place_of
from contracts.unit_history import Place, Registry, registry
from contracts.units import Unit, UnitTree


@dataclass(frozen=True)
class FormerDistrict:
    """district: the former one. before: it and all below it. since: the units of today that its communes went into.
    why_not_whole: why the two are not the same territory, a clause; "" where they are."""

    district: Unit
    before: tuple[Unit, ...]
    since: tuple[Unit, ...]
    why_not_whole: str

    @property
    def last_day(self) -> date:
        assert self.district.valid_to is not None
        return self.district.valid_to

    @property
    def first_day_after(self) -> date:
        return self.last_day + timedelta(days=1)

    @property
    def units(self) -> tuple[Unit, ...]:
        return (*self.before, *self.since)


def former_districts(tree: UnitTree) -> tuple[FormerDistrict, ...]:
    """Of every district of the tree that has ended, in the tree's order."""
    links = registry()
    return tuple(_area(unit, tree, links) for unit in tree if unit.level is Level.DISTRICT and unit.valid_to)


def _area(district: Unit, tree: UnitTree, links: Registry) -> FormerDistrict:
    assert district.valid_to is not None
    before = tree.subtree(district.agency_code)
    place = place_of(district)
    if place is None:
        return FormerDistrict(district, before, (), "danh mục quốc gia không có đơn vị này")
    after = [link.place for link in links.successors(place)]
    begun = district.valid_to + timedelta(days=1)
    ours = {u.unit_code: u for u in tree if u.level is Level.COMMUNE and u.valid_on(begun)}
    since = tuple(ours[p.code] for p in after if p.code in ours)
    return FormerDistrict(district, before, since, _why_not_whole(place, after, {u.unit_code for u in since}, links))


def _why_not_whole(place: Place, after: list[Place], known: set[str], links: Registry) -> str:
    lacking = [p.name for p in after if p.code not in known]
    if not after or lacking:
        return f"agencies.csv chưa có {', '.join(lacking) or 'đơn vị kế thừa'}"
    if links.maps_whole([place], after):
        return ""
    mixed = [p.name for p in after if not _draws_only_on(place, p, links)]
    return f"{', '.join(mixed)} gồm cả địa bàn của huyện khác"


def _draws_only_on(district: Place, new: Place, links: Registry) -> bool:
    return {link.place.parent_code for link in links.predecessors(new)} == {district.code}
