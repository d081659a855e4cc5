"""Finding a place by what people type: with or without accents, with or without its kind, by an old name."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import islice

from contracts.configfile import plain
from contracts.unit_history import Link, Place, registry


@dataclass(frozen=True)
class FoundUnit:
    """successors: what the place went into, where it is not valid on the day that was asked for."""

    place: Place
    successors: tuple[Link, ...] = ()


def find_units(
    text: str, *, on: date | None = None, province: str | None = None, limit: int = 20
) -> tuple[FoundUnit, ...]:
    """Places whose code or name fits, the best first: the same letters before those without accents, whole names before
    beginnings before parts. A place of another time comes with its successors, after those valid on the day.

    province: code of a province of today; what lies there now, or lay in what went into it."""
    sought = plain(text).casefold()
    if not sought:
        return ()
    if sought.isdecimal():
        places: Sequence[Place] = registry().with_code(sought)
    else:
        ranked = ((_rank(sought, spelt), place) for spelt, place in _names(province))
        found = [(rank, not _valid(place, on), place) for rank, place in ranked if rank is not None]
        places = [place for *_, place in sorted(found, key=lambda one: (*one[:2], one[2].level, one[2].code))]
    here = (p for p in places if province in {None, registry().province_since(p).code})
    return tuple(_found(place, on) for place in islice(here, limit))


def unaccented(text: str) -> str:
    """Khánh Sơn → khanh son: to be searched, never to be shown."""
    letters = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _valid(place: Place, on: date | None) -> bool:
    return on is None or place.valid_on(on)


def _found(place: Place, on: date | None) -> FoundUnit:
    return FoundUnit(place, () if _valid(place, on) else registry().successors(place))


@dataclass(frozen=True, slots=True)
class _Spelt:
    """The name and the name without its kind, each as written and without accents."""

    written: tuple[str, str]
    bare: tuple[str, str]


@cache
def _names(province: str | None) -> tuple[tuple[_Spelt, Place], ...]:
    """Of one province alone, so that a page need not go through the whole country's."""
    if province is None:
        return tuple((_spelt(place), place) for place in registry().places)
    return tuple(one for one in _names(None) if registry().province_since(one[1]).code == province)


def _spelt(place: Place) -> _Spelt:
    name = plain(place.name).casefold()
    kinds = ("thành phố", "thị xã", "thị trấn", "đặc khu", "phường", "huyện", "quận", "tỉnh", "xã")
    kind = next((kind for kind in kinds if name.startswith(f"{kind} ")), "")
    own = name.removeprefix(kind).strip()
    return _Spelt((name, own), (unaccented(name), unaccented(own)))


def _rank(sought: str, spelt: _Spelt) -> int | None:
    """0 is best; None: does not fit."""
    if (rank := _fit(sought, spelt.written)) is not None:
        return 2 * rank
    rank = _fit(unaccented(sought), spelt.bare) if sought == unaccented(sought) else None
    return None if rank is None else 2 * rank + 1


def _fit(sought: str, names: tuple[str, str]) -> int | None:
    if sought in names:
        return 0
    if any(name.startswith(sought) for name in names):
        return 1
    return 2 if f" {sought}" in names[0] else None
