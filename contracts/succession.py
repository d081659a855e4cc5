"""Which units of a province's tree took the place of which: the registry's word, over the tree's own days.

A place is linked to the registry by its code and its days. A department has no such code: what it took over stands in
agencies.csv, in the column `predecessors`, which may be left out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from contracts.codes import Level
from contracts.unit_history import Place, registry

if TYPE_CHECKING:  # units.py asks for successors where it finds no unit
    from contracts.units import Unit, UnitTree

_PLACES = {Level.PROVINCE, Level.DISTRICT, Level.COMMUNE}


def place_of(unit: Unit) -> Place | None:
    """What the registry holds of the unit; None where it is no place, or its code is not there in its time."""
    if unit.level not in _PLACES:
        return None
    known = [p for p in registry().with_code(unit.unit_code) if p.level is unit.level]
    day = unit.valid_to or unit.valid_from
    return next((p for p in known if day is not None and p.valid_on(day)), known[-1] if known and not day else None)


def successors_of(unit: Unit, tree: UnitTree) -> tuple[Unit, ...]:
    """The units of the tree that a unit went into; none where it has not ended, or none is known."""
    if unit.valid_to is None:
        return ()
    begun, place = unit.valid_to + timedelta(days=1), place_of(unit)
    after = {link.place.code for link in registry().successors(place)} if place else set()
    found = (u for u in tree if u.valid_on(begun))
    return tuple(
        u for u in found if unit.agency_code in u.predecessors or (u.level in _PLACES and u.unit_code in after)
    )


def predecessors_of(unit: Unit, tree: UnitTree) -> tuple[Unit, ...]:
    """The units of the tree that went into a unit, in whole or in part, and the districts that they lay in; none where
    it was always there, or none is known."""
    if unit.valid_from is None:
        return ()
    ended, place = unit.valid_from - timedelta(days=1), place_of(unit)
    before = [link.place for link in registry().predecessors(place)] if place else []
    codes = {(p.level, p.code) for p in before} | {(Level.DISTRICT, p.parent_code) for p in before}
    found = (u for u in tree if u.valid_on(ended))
    return tuple(u for u in found if u.agency_code in unit.predecessors or (u.level, u.unit_code) in codes)


def takes_over(unit: Unit) -> bool:
    """Whether the unit took the place of others, so that it holds dossiers that were received before it began."""
    place = place_of(unit)
    return bool(unit.predecessors or (place is not None and registry().predecessors(place)))


def what_became_of(code: str, tree: UnitTree, *, on: date) -> tuple[str, str] | None:
    """Of a code that names a unit of another time: what it was, and what to ask for instead; Vietnamese."""
    named = [u for u in tree if code in (u.unit_code, u.agency_code)]
    if not named:
        return None
    unit = named[-1]
    if unit.valid_to is not None and unit.valid_to < on:
        said = (
            f"{unit.name} ({code}) kết thúc hoạt động ngày {unit.valid_to:%d/%m/%Y}, không còn vào ngày {on:%d/%m/%Y}"
        )
        return said, _instead(unit, successors_of(unit, tree))
    first = unit.valid_from or on
    said = f"{unit.name} ({code}) hoạt động từ ngày {first:%d/%m/%Y}, chưa có vào ngày {on:%d/%m/%Y}"
    before = _listed(predecessors_of(unit, tree))
    return said, f"trước đó dùng: {before}" if before else "chọn kỳ sau ngày đó"


def _instead(unit: Unit, after: tuple[Unit, ...]) -> str:
    if after:
        grouped = "; nhóm theo địa bàn huyện cũ có ở phụ lục so sánh của báo cáo tỉnh"
        return f"dùng đơn vị kế thừa: {_listed(after)}{grouped if unit.level is Level.DISTRICT else ''}"
    place = place_of(unit)
    links = registry().successors(place) if place else ()
    if not links:
        return "xem mã đơn vị trong agencies.csv của tỉnh"
    names = ", ".join(f"{link.place.name} ({link.place.code})" for link in links)
    return f"đơn vị kế thừa: {names}; bổ sung vào agencies.csv của tỉnh"


def _listed(units: tuple[Unit, ...]) -> str:
    return ", ".join(f"{unit.name} ({unit.unit_code})" for unit in units)
