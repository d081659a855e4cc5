"""The national registry of places through time: what a code was on a day, and what became of it on 1/7/2025.

data/administrative_units.csv has every province, district and commune with its days; administrative_unit_successors.csv
what each went into. General Statistics Office codes are used again: a place is (code, level, valid_from). A district
has no successor of its own: what it was lives on in the communes that its communes went into.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from contracts.codes import Level

_LENGTH = {Level.PROVINCE: 2, Level.DISTRICT: 3, Level.COMMUNE: 5}
"""Digits of a code; systems leave out zeros in front."""


class Extent(StrEnum):
    """How much of the old unit the new one took: all of it, a part, or the part that counts as the main one."""

    WHOLE = "whole"
    PART = "part"
    PART_MAIN = "part-main"


@dataclass(frozen=True, slots=True)
class Place:
    """kind: xã, phường, huyện … parent_code: of the level above in its time; "" for a province. valid_from, valid_to:
    first and last day; None: not known, or still valid."""

    code: str
    level: Level
    kind: str
    name: str
    parent_code: str
    valid_from: date | None
    valid_to: date | None

    def valid_on(self, day: date) -> bool:
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)


@dataclass(frozen=True, slots=True)
class Link:
    """A place, and how much went there, or came from there."""

    place: Place
    extent: Extent


@dataclass(frozen=True)
class Registry:
    """All places, and who succeeded whom."""

    places: tuple[Place, ...]
    _by_code: Mapping[str, tuple[Place, ...]]
    _above: Mapping[Place, Place]
    _children: Mapping[Place, tuple[Place, ...]]
    _after: Mapping[Place, tuple[Link, ...]]
    _before: Mapping[Place, tuple[Link, ...]]

    def find(self, code: str, *, on: date, level: Level | None = None) -> Place | None:
        """The place with that code on that day; zeros in front may be left out."""
        for written in _written(code, level):
            for place in self._by_code.get(written, ()):
                if place.valid_on(on) and level in {None, place.level}:
                    return place
        return None

    def with_code(self, code: str) -> tuple[Place, ...]:
        """Every place that ever had the code, the older first; zeros in front may be left out."""
        return next((found for written in _written(code, None) if (found := self._by_code.get(written))), ())

    def children(self, place: Place) -> tuple[Place, ...]:
        """Of the level right below, in its time."""
        return self._children.get(place, ())

    def successors(self, place: Place) -> tuple[Link, ...]:
        """What the place went into; of a district, what its communes went into, each of which took a part of it."""
        if place.level is not Level.DISTRICT or place in self._after:
            return self._after.get(place, ())
        taken = dict.fromkeys(link.place for child in self.children(place) for link in self.successors(child))
        extent = Extent.WHOLE if len(taken) == 1 else Extent.PART
        return tuple(Link(new, extent) for new in taken)

    def predecessors(self, place: Place) -> tuple[Link, ...]:
        """What went into the place, and how much of each."""
        return self._before.get(place, ())

    def province_since(self, place: Place) -> Place:
        """The province in which the place lies today, or into which its own went."""
        while (above := self._above.get(place)) is not None:
            place = above
        return next((link.place for link in self.successors(place)), place)

    def maps_whole(self, old: Collection[Place], new: Collection[Place]) -> bool:
        """Whether the two sets are one territory: all of every old place went into the new ones, and these draw on
        nothing else. Only then are their sums of like with like. Places of one level each: a district stands for its
        communes. False where either is empty, or a place has no known counterpart."""
        olds, news = self._communes(old), set(new)
        into = [{link.place for link in self.successors(place)} for place in olds]
        out_of = [{link.place for link in self.predecessors(place)} for place in news]
        if not (olds and news and all(into) and all(out_of)):
            return False
        return set().union(*into) <= news and set().union(*out_of) <= olds

    def _communes(self, places: Collection[Place]) -> set[Place]:
        """Districts taken apart; one that has no communes stays, and is its own territory."""
        parts = [self.children(p) if p.level is Level.DISTRICT else () for p in places]
        return {place for whole, split in zip(places, parts, strict=True) for place in (split or (whole,))}


@cache
def registry() -> Registry:
    """The registry, read once when it is first wanted."""
    by_code: dict[str, list[Place]] = defaultdict(list)
    for row in _rows("administrative_units.csv"):
        by_code[row["code"]].append(_place(row))
    places = tuple(place for found in by_code.values() for place in found)
    above = {place: found for place in places if (found := _above(place, by_code)) is not None}
    children: dict[Place, list[Place]] = defaultdict(list)
    for place, its_own in above.items():
        children[its_own].append(place)
    after, before = _links(by_code)
    return Registry(places, _frozen(by_code), above, *(_frozen(found) for found in (children, after, before)))


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = files("contracts").joinpath(f"data/{name}").read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines())


def _place(row: Mapping[str, str]) -> Place:
    days = (date.fromisoformat(row[name]) if row[name] else None for name in ("valid_from", "valid_to"))
    return Place(row["code"], Level(row["level"]), row["kind"], row["name"], row["parent_code"], *days)


def _above(place: Place, by_code: Mapping[str, list[Place]]) -> Place | None:
    day = place.valid_to or place.valid_from or date.min
    return next((p for p in by_code.get(place.parent_code, ()) if p.valid_on(day) and p.level is not place.level), None)


def _links(by_code: Mapping[str, list[Place]]) -> tuple[dict[Place, list[Link]], dict[Place, list[Link]]]:
    """From old to new, and from new to old. What ended went into what began on the next day."""
    after: dict[Place, list[Link]] = defaultdict(list)
    before: dict[Place, list[Link]] = defaultdict(list)
    for row in _rows("administrative_unit_successors.csv"):
        old = next(p for p in by_code[row["old_code"]] if p.level == row["old_level"] and p.valid_to is not None)
        assert old.valid_to is not None
        begun = old.valid_to + timedelta(days=1)
        new = next(p for p in by_code[row["new_code"]] if p.valid_from == begun)
        after[old].append(Link(new, Extent(row["extent"])))
        before[new].append(Link(old, Extent(row["extent"])))
    return after, before


def _frozen(lists: Mapping[Any, list[Any]]) -> dict[Any, tuple[Any, ...]]:
    return {key: tuple(values) for key, values in lists.items()}


def _written(code: str, level: Level | None) -> Iterator[str]:
    """The code as given, then with the zeros that it may lack."""
    yield code
    if code.isdecimal():
        lengths = [_LENGTH[level]] if level in _LENGTH else sorted(_LENGTH.values(), reverse=True)
        yield from (code.zfill(length) for length in lengths if len(code) < length)
