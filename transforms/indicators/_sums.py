"""Counts added up over fields and up the tree of units, before anything is divided."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from contracts.columns import MEASURES, MEMOS
from contracts.units import UnitTree
from transforms.indicators._scopes import Scope

COUNTS = [*MEASURES, *MEMOS]
_KEYS = ["scope", "agency_code", "field"]


def table_of(facts: pd.DataFrame, scopes: Sequence[Scope], units: UnitTree) -> pd.DataFrame:
    """scope, agency_code, unit_code, level, absent, complete, field and all counts: a row a scope, in their order, with
    the field "" for the sum of its fields, and after it a row for each field that it has.

    facts: agency_code, field and counts, of one series. A scope without facts counts 0."""
    sums = _sums(facts, units)
    shown = pd.DataFrame(
        [(s.kind, s.unit.agency_code, s.unit.unit_code, s.unit.level, s.absent, s.complete) for s in scopes],
        columns=["scope", "agency_code", "unit_code", "level", "absent", "complete"],
    ).astype(dict.fromkeys(("scope", "agency_code", "unit_code"), "str") | {"absent": "bool", "complete": "bool"})
    shown["place"] = range(len(shown))
    whole = shown.assign(field="").astype({"field": "str"}).merge(sums, on=_KEYS, how="left")
    by_field = shown.merge(sums[sums["field"] != ""], on=_KEYS[:2])
    found = pd.concat([whole, by_field], ignore_index=True).sort_values(["place", "field"], ignore_index=True)
    return found.fillna(dict.fromkeys(COUNTS, 0)).astype(dict.fromkeys(COUNTS, "int64"))


def _sums(facts: pd.DataFrame, units: UnitTree) -> pd.DataFrame:
    """_KEYS and counts: of each agency alone and with all below it, by field and of all fields ("")."""
    own = facts[["agency_code", "field", *COUNTS]]
    below = own.rename(columns={"agency_code": "below"}).merge(_lineage(units), on="below")
    both = pd.concat([own.assign(scope="unit"), below.assign(scope="tree")], ignore_index=True)
    every = pd.concat([both, both.assign(field="")], ignore_index=True)
    summed = every.groupby(_KEYS, sort=False)[COUNTS].sum().reset_index()
    return summed.astype(dict.fromkeys(_KEYS, "str"))


def _lineage(units: UnitTree) -> pd.DataFrame:
    """below, agency_code: every agency with itself and with each one above it."""
    above: dict[str, list[str]] = {}
    for unit in units:  # a parent stands before its children
        above[unit.agency_code] = [unit.agency_code, *above.get(unit.parent, [])]
    pairs = [(code, one) for code, found in above.items() for one in found]
    return pd.DataFrame(pairs, columns=["below", "agency_code"], dtype="str")
