"""The areas of administrative reform, from data/areas.toml: six since NQ 76/NQ-CP, «bảy nội dung» before it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Areas:
    """resolution: the text that has them. names: by number, the first is 1; a number means the same area in every
    list that has it. verified: whether a public source confirms the list."""

    resolution: str
    names: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    verified: bool

    def name(self, number: int) -> str:
        """Raises IndexError for an area that this list does not have."""
        if not 1 <= number <= len(self.names):
            raise IndexError(number)
        return self.names[number - 1]

    def valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def areas_on(day: date) -> Areas:
    """The list in force that day; before the first of them, the first."""
    known = _areas()
    return next((areas for areas in known if areas.valid_on(day)), known[0])


@cache
def _areas() -> tuple[Areas, ...]:
    """The oldest first."""
    rows = tomllib.loads(files("contracts").joinpath("data/areas.toml").read_text(encoding="utf-8"))["areas"]
    found = (
        Areas(row["resolution"], tuple(row["names"]), row["valid_from"], row.get("valid_to"), row["verified"])
        for row in rows
    )
    return tuple(sorted(found, key=lambda areas: areas.valid_from))
