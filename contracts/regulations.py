"""The documents that reports and findings cite, from data/regulations.toml: dated, for regulations change."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Regulation:
    """id: the duty; texts that followed one another share it. number: as a finding cites it. signed: when and by
    whom, as a report adds; about: its title. verified: whether what is printed by it was held against its text."""

    id: str
    number: str
    signed: str
    valid_from: date
    valid_to: date | None
    source: str
    about: str = ""
    verified: bool = True

    def in_force_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@cache
def regulations() -> tuple[Regulation, ...]:
    text = files("contracts").joinpath("data/regulations.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text)["regulation"]
    return tuple(Regulation(**{"valid_to": None, **row}) for row in rows)


def numbers(duty: str) -> list[str]:
    """Every text of that duty, the oldest first."""
    return [r.number for r in regulations() if r.id == duty]


def in_force(duty: str, *, on: date) -> Regulation | None:
    """The text of that duty in force on that day."""
    return next((r for r in regulations() if r.id == duty and r.in_force_on(on)), None)


def citation(duty: str, *, on: date) -> str:
    """Its number; "" where there is none, or the rule cites nothing."""
    found = in_force(duty, on=on)
    return found.number if found else ""


def full_citation(duty: str, *, on: date) -> str:
    """Its number, date and signatory; "" where there is none."""
    found = in_force(duty, on=on)
    return f"{found.number} {found.signed}" if found else ""


def first_citation(duty: str, *, on: date) -> str:
    """With its title, as a document cites a text the first time (NĐ 30/2020/NĐ-CP, Phụ lục I, phần I, II.6.b)."""
    found = in_force(duty, on=on)
    return f"{found.number} {found.signed} {found.about}".strip() if found else ""
