"""The formulas of the 766 index (Quyết định 766/QĐ-TTg), from data/index_766.toml: dated, for formulas change.

They give the scores that the national portal published (docs/scoring-766.md) and are no legal text. What is scored here
is an estimate («ước tính») and never takes the place of a published score.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib.resources import files
from itertools import combinations
from typing import Any, Literal, TypeVar

from contracts.codes import Level
from contracts.published import GROUP_LABELS, Group
from contracts.rounding import round_half_up

_PROVINCE = re.compile(r"(?:000\.00\.00\.)?H\d\d", re.ASCII)
_LEVELS = {level.value: level for level in Level}


@dataclass(frozen=True, kw_only=True)
class _Dated:
    valid_from: date
    valid_to: date | None = None
    verified: bool = False

    def valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, kw_only=True)
class Item(_Dated):
    """One item of a group: max_points × min(1, ratio / target), half up to two decimals.

    formula: its number in the decision, "" where no source confirms it. denominator_0: what a ratio without a
    denominator earns. not_applied_at: levels that earn the maximum because the item does not apply to them. verified:
    official figures that this project carries give the published score."""

    id: str
    group: Group
    formula: str
    label: str
    max_points: Fraction
    target: Fraction
    denominator_0: Literal["zero", "full"]
    not_applied_at: frozenset[Level]

    def score(self, numerator: int | None, denominator: int | None, *, level: Level | None = None) -> Decimal | None:
        """Points; None where a count is not known, for null is not 0."""
        if level in self.not_applied_at:
            return round_half_up(self.max_points)
        if numerator is None or denominator is None:
            return None
        if denominator == 0:
            return round_half_up(self.max_points if self.denominator_0 == "full" else Fraction(0))
        return self.score_of_ratio(Fraction(numerator, denominator), level=level)

    def score_of_ratio(self, ratio: Fraction | None, *, level: Level | None = None) -> Decimal | None:
        """Points of a ratio that was given without its counts (0 to 1); None where it is not known."""
        if level in self.not_applied_at:
            return round_half_up(self.max_points)
        return None if ratio is None else round_half_up(min(Fraction(1), ratio / self.target) * self.max_points)


@dataclass(frozen=True, kw_only=True)
class GroupMaximum(_Dated):
    id: Group
    max_points: Fraction

    @property
    def label(self) -> str:
        return GROUP_LABELS[self.id]


@dataclass(frozen=True, kw_only=True)
class Classes(_Dated):
    """Names of scores, the best first, each with the least score that earns it."""

    bands: tuple[tuple[str, Decimal], ...]

    def of(self, score: Decimal) -> str:
        return next(label for label, at_least in self.bands if score >= at_least)


D = TypeVar("D", bound=_Dated)


def items_on(day: date) -> tuple[Item, ...]:
    """The items in force that day, in the order of the groups; none before the decision."""
    return tuple(item for item in _items() if item.valid_on(day))


def item_on(indicator: str, *, on: date) -> Item | None:
    """The item of that id in force that day."""
    return next((item for item in items_on(on) if item.id == indicator), None)


def groups_on(day: date) -> tuple[GroupMaximum, ...]:
    return tuple(group for group in _groups() if group.valid_on(day))


def classes_on(day: date) -> Classes | None:
    return next((classes for classes in _classes() if classes.valid_on(day)), None)


def level_of(text: str, *, agency_code: str) -> Level:
    """The level that the portal (PROVINCE for the province and its bodies, COMMUNE) or our catalogue names, in any
    case. Raises ValueError for another."""
    level = _LEVELS.get(text.strip().lower())
    if level is None:
        raise ValueError(f"«{text}» không phải là cấp nào trong: {', '.join(_LEVELS)}")
    if level is Level.PROVINCE and not _PROVINCE.fullmatch(agency_code):
        return Level.DEPARTMENT
    return level


@cache
def _items() -> tuple[Item, ...]:
    found = tuple(_item(row) for row in _data()["item"])
    _check_days([(item.id, item) for item in found])
    return found


@cache
def _groups() -> tuple[GroupMaximum, ...]:
    found = tuple(
        GroupMaximum(id=Group(row["id"]), max_points=Fraction(row["max"]), **_days(row)) for row in _data()["group"]
    )
    _check_days([(group.id, group) for group in found])
    return found


@cache
def _classes() -> tuple[Classes, ...]:
    found = tuple(Classes(bands=tuple(_bands(row)), **_days(row)) for row in _data()["classes"])
    _check_days([("classes", classes) for classes in found])
    return found


@cache
def _data() -> dict[str, Any]:
    text = files("contracts").joinpath("data/index_766.toml").read_text(encoding="utf-8")
    return tomllib.loads(text, parse_float=Fraction)


def _item(row: dict[str, Any]) -> Item:
    return Item(
        group=Group(row["group"]),
        max_points=Fraction(row["max"]),
        target=Fraction(row["target"]),
        not_applied_at=frozenset(Level(level) for level in row["not_applied_at"]),
        **{name: row[name] for name in ("id", "formula", "label", "denominator_0")},
        **_days(row),
    )


def _days(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("valid_from", "valid_to", "verified") if name in row}


def _bands(row: dict[str, Any]) -> Iterator[tuple[str, Decimal]]:
    for band in sorted(row["bands"], key=lambda band: band["at_least"], reverse=True):
        yield band["label"], round_half_up(Fraction(band["at_least"]))


def _check_days(named: list[tuple[str, D]]) -> None:
    """Raises ValueError where two formulas of one name claim the same day."""
    for (name, one), (other, later) in combinations(named, 2):
        if name == other and (one.valid_on(later.valid_from) or later.valid_on(one.valid_from)):
            raise ValueError(f"{name}: two formulas are valid on {max(one.valid_from, later.valid_from)}")
