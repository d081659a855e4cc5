"""Which unit an account belongs to: a viewer's, and nobody else's."""

from __future__ import annotations

from difflib import get_close_matches

from contracts.errors import UsageError
from contracts.roles import ROLE_LABELS, Role
from contracts.units import Unit, UnitTree
from portal.account_list import letters
from portal.house import House

NAMED = 4
"""How many units are named to whoever typed one that is not there."""


def unit_code_for(house: House, role: Role, typed: str) -> str:
    """The agency code to keep with an account of that role, "" where it has none. typed: an agency code, or the code of
    the unit's reports. Raises UsageError."""
    code = typed.strip()
    if role is not Role.VIEWER:
        if code:
            raise UsageError(
                f"vai trò {ROLE_LABELS[role]} xem cả tỉnh, không gắn với một đơn vị", advice="bỏ trống đơn vị"
            )
        return ""
    if not code:
        raise UsageError("người xem phải thuộc một đơn vị", advice="ghi đơn vị của người đó, ví dụ mã H32.32 hoặc 570")
    return unit_called(house, code).agency_code


def unit_called(house: House, code: str) -> Unit:
    """Raises UsageError, which names what is near: whoever types a name reads its code."""
    units = house.province.units
    found = units.by_agency(code.upper()) if units.has_agency(code.upper()) else house.unit_with(code)
    if found is not None:
        return found
    near = "; ".join(f"{unit.agency_code} {unit.name}" for unit in _near(units, code))
    advice = f"có phải: {near}" if near else f"xem mã đơn vị trong {house.province.folder / 'agencies.csv'}"
    raise UsageError(f"tỉnh {house.province.name} không có đơn vị mã «{code[:100]}»", advice=advice)


def _near(units: UnitTree, typed: str) -> list[Unit]:
    """By the letters of a name or a code, without accents: parts of them first."""
    sought = letters(typed)
    called = {letters(said): unit for unit in reversed(units.units) for said in _calls(unit)}
    holding = [said for said in called if len(sought) > 2 and sought in said]
    close = get_close_matches(sought, list(called), n=NAMED, cutoff=0.6)
    return list(dict.fromkeys(called[said] for said in (*sorted(holding, key=len), *close)))[:NAMED]


def _calls(unit: Unit) -> tuple[str, ...]:
    return unit.agency_code, unit.unit_code, unit.name
