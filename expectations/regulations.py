"""The texts that rules cite, from regulations.toml: dated data, for regulations change and rules stay."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Regulation:
    """id: the duty; texts that followed one another share it. number: as it is cited."""

    id: str
    number: str
    valid_from: date
    valid_to: date | None
    source: str

    def in_force_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@cache
def regulations() -> tuple[Regulation, ...]:
    text = files("expectations").joinpath("regulations.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text)["regulation"]
    return tuple(Regulation(**{"valid_to": None, **row}) for row in rows)


def numbers(duty: str) -> list[str]:
    """Every text of that duty, the oldest first."""
    return [r.number for r in regulations() if r.id == duty]


def citation(duty: str, *, on: date) -> str:
    """The text in force on that day; "" where there is none, or the rule cites nothing."""
    return next((r.number for r in regulations() if r.id == duty and r.in_force_on(on)), "")
