"""A rule: what must hold, how bad it is where it does not, and the sentence that tells a district what to do.

A rule is declared once, as data; `engine` makes an expectation of it, `catalogue` a line of docs/rules.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from contracts.codes import Severity
from contracts.columns import DOSSIER_COLUMNS


class Given(StrEnum):
    """What a rule compares with that only the run knows: stands in a check's arguments for the values."""

    AGENCIES = "agencies"
    PROCEDURES = "procedures"
    DOSSIER_CODE_PATTERNS = "dossier_code_patterns"


@dataclass(frozen=True)
class Check:
    """One expectation of Great Expectations.

    kind: its class. where: a boolean column; the check looks only at rows where it is true.
    """

    kind: str
    arguments: Mapping[str, Any]
    where: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """What it compares, `where` aside."""
        single = (self.arguments[key] for key in ("column", "column_A", "column_B") if key in self.arguments)
        return (*single, *self.arguments.get("column_list", ()))


@dataclass(frozen=True)
class Rule:
    """id: `<subject>.<what must hold>`, stable: quarantine and corrections refer to it.

    sentence: Vietnamese, for the district: what is wrong, then what to do. Never a value of a row.
    regulation: id in regulations.toml of the duty that it follows from. about: our columns in whose cells a person
    looks first; those of the check where they are ours.
    """

    id: str
    severity: Severity
    check: Check
    sentence: str
    regulation: str = ""
    about: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.about:
            object.__setattr__(self, "about", tuple(name for name in self.check.columns if name in _OURS))


@dataclass(frozen=True)
class Notice:
    """What no expectation looks for, because it is no matter of a row: it is counted elsewhere, and told among the
    findings in the same words as a rule."""

    id: str
    severity: Severity
    sentence: str
    regulation: str = ""


Told = Rule | Notice
_OURS = frozenset(c.name for c in DOSSIER_COLUMNS)


def filled(column: str, *, where: str = "") -> Check:
    return Check("ExpectColumnValuesToNotBeNull", {"column": column}, where)


def empty(column: str, *, where: str = "") -> Check:
    return Check("ExpectColumnValuesToBeNull", {"column": column}, where)


def true(column: str, *, where: str = "") -> Check:
    return Check("ExpectColumnValuesToBeInSet", {"column": column, "value_set": [True]}, where)


def one_of(column: str, values: Given | list[str], *, where: str = "") -> Check:
    """An empty cell passes: whether there must be a value is a rule of its own."""
    return Check("ExpectColumnValuesToBeInSet", {"column": column, "value_set": values}, where)


def matches(column: str, pattern: str, *, where: str = "") -> Check:
    return Check("ExpectColumnValuesToMatchRegex", {"column": column, "regex": pattern}, where)


def matches_any(column: str, patterns: Given, *, where: str = "") -> Check:
    arguments = {"column": column, "regex_list": patterns, "match_on": "any"}
    return Check("ExpectColumnValuesToMatchRegexList", arguments, where)


def not_before(later: str, earlier: str, *, where: str = "") -> Check:
    """Where one of the two is missing nothing can be said, and the row passes."""
    pair = {"column_A": later, "column_B": earlier, "or_equal": True}
    return Check("ExpectColumnPairValuesAToBeGreaterThanB", pair | {"ignore_row_if": "either_value_is_missing"}, where)


def equal(left: str, right: str) -> Check:
    pair = {"column_A": left, "column_B": right, "ignore_row_if": "neither"}
    return Check("ExpectColumnPairValuesToBeEqual", pair)


def equal_where_known(left: str, right: str) -> Check:
    """Where one of the two is missing nothing can be said, and the row passes."""
    pair = {"column_A": left, "column_B": right, "ignore_row_if": "either_value_is_missing"}
    return Check("ExpectColumnPairValuesToBeEqual", pair)


def pair_in(left: str, right: str, pairs: list[tuple[str, str]]) -> Check:
    columns = {"column_A": left, "column_B": right, "value_pairs_set": pairs}
    return Check("ExpectColumnPairValuesToBeInSet", columns | {"ignore_row_if": "either_value_is_missing"})


def unique(columns: list[str]) -> Check:
    return Check("ExpectCompoundColumnsToBeUnique", {"column_list": columns})
