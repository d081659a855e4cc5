"""Accounts as they are looked for: by name, role, unit and state."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from contracts.units import Unit
from portal.house import House
from warehouse.accounts import Account, State


@dataclass(frozen=True)
class Asked:
    """tim: part of a name or login, without accents too; don_vi: agency code; "": any."""

    tim: str = ""
    vai_tro: str = ""
    don_vi: str = ""
    tinh_trang: str = ""

    @property
    def is_narrow(self) -> bool:
        return bool(self.tim or self.vai_tro or self.don_vi or self.tinh_trang)


@dataclass(frozen=True)
class Line:
    """unit_name: the code, where the catalogue no longer has the unit."""

    account: Account
    state: State
    unit_name: str


def listed(house: House, everybody: list[Account], asked: Asked, now: datetime) -> list[Line]:
    lines = (Line(one, one.state(now), _unit_name(house, one.unit_code)) for one in everybody)
    return [line for line in lines if _fits(line, asked)]


def units_of(house: House, everybody: list[Account]) -> list[tuple[str, str]]:
    """Code and name of every unit that an account belongs to, by name."""
    codes = {one.unit_code for one in everybody if one.unit_code}
    return sorted(((code, _unit_name(house, code)) for code in codes), key=lambda one: (one[1], one[0]))


def _fits(line: Line, asked: Asked) -> bool:
    account, sought = line.account, letters(asked.tim)
    return (
        asked.vai_tro in {"", account.role}
        and asked.don_vi in {"", account.unit_code}
        and asked.tinh_trang in {"", line.state}
        and (sought in letters(account.name) or sought in account.login)
    )


def _unit_name(house: House, code: str) -> str:
    units = house.province.units
    unit: Unit | None = units.by_agency(code) if units.has_agency(code) else None
    return unit.name if unit else code


def letters(text: str) -> str:
    """As people type to search: without accents, capitals and needless spaces."""
    plain = unicodedata.normalize("NFD", " ".join(text.casefold().split()).replace("đ", "d"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
