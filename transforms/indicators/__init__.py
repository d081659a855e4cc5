"""Indicators: one file each, found by looking; a new one is a new file with an `INDICATOR`."""

from __future__ import annotations

import pkgutil
from collections.abc import Set
from datetime import date
from functools import cache
from importlib import import_module
from itertools import pairwise

import pandas as pd

from contracts.codes import Series
from contracts.errors import CriticalCheckError
from contracts.index_766 import Item, item_on
from contracts.units import UnitTree
from transforms.counts import totals
from transforms.indicators._declaration import Indicator
from transforms.indicators._known import Part, counts_of, parts_of, told_in, whole_in
from transforms.indicators._scopes import scopes_of
from transforms.indicators._sums import table_of

__all__ = ["ALL_FIELDS", "COLUMNS", "Indicator", "Part", "compute", "counts_of", "declared", "parts_of", "valid_on"]

ALL_FIELDS = ""
"""The field of a figure that is of all fields."""
COLUMNS = (
    "unit_code",
    "agency_code",
    "scope",
    "indicator",
    "field",
    "numerator",
    "denominator",
    "value",
    "score",
    "complete",
    "formula_version",
)
_TYPES = {"numerator": "Int64", "denominator": "Int64", "value": "float64", "score": "float64", "complete": "bool"}
_ALL_TYPES = {**dict.fromkeys(COLUMNS, "str"), **_TYPES}
_NONE = pd.DataFrame(columns=list(COLUMNS)).astype(_ALL_TYPES)


@cache
def declared() -> tuple[Indicator, ...]:
    """Every indicator of this folder, by id and validity. Raises ValueError where two claim the same day."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))
    found = [import_module(f"{__name__}.{name}").INDICATOR for name in names]
    ordered = sorted(found, key=lambda i: (i.id, i.valid_from or date.min))
    for one, later in pairwise(ordered):
        if one.id == later.id and one.valid_on(later.valid_from or date.min):
            raise ValueError(f"{one.id}: two formulas are valid on {later.valid_from}")
    return tuple(ordered)


def valid_on(day: date) -> tuple[Indicator, ...]:
    """The indicators whose formula is in force that day."""
    return tuple(indicator for indicator in declared() if indicator.valid_on(day))


def compute(facts: pd.DataFrame, *, units: UnitTree, on: date, missing: frozenset[str]) -> pd.DataFrame:
    """Every indicator of every unit, from counts that are summed before they are divided.

    facts: as transforms.counts gives them, of all sources. on: a day of the period, usually its cut-off; it
    chooses units and formulas. missing: agency codes whose source failed; what is below them is missing,
    too, down to a unit that has facts from another source.
    Returns COLUMNS. scope is "unit" (own dossiers) or "tree" (with all below). field: ALL_FIELDS, and of an indicator
    that is made field by field each field with a count that is not 0; the fields of a unit add up to ALL_FIELDS.
    numerator, denominator: Int64, null where nothing is known, as where no source keeps the column; a count has no
    denominator. value: their ratio, null where the denominator is 0; of a count, the count. score: by the item of the
    766 index of the same id in force that day, of all fields; null where there is none. complete: False where anything
    below is missing, or the sources tell of a part of the dossiers alone. An indicator whose series the period does
    not have is left out.
    Raises CriticalCheckError where facts or missing name an agency that is not in the tree.
    """
    facts = totals(facts, by=("series", "agency_code", "field"))
    with_facts = set(facts["agency_code"])
    _check_known(with_facts | missing, units)
    scopes = list(scopes_of(units, on=on, with_facts=with_facts, missing=missing))
    counted = {str(name): found for name, found in facts.groupby("series")} or {str(name): facts for name in Series}
    tables = {name: table_of(found, scopes, units) for name, found in counted.items()}
    wholes = {name: table[table["field"] == ALL_FIELDS] for name, table in tables.items()}
    found = [
        _rows(one, (tables if one.by_field else wholes)[one.series], item_on(one.id, on=on))
        for one in valid_on(on)
        if one.series in tables
    ]
    return pd.concat([_NONE, *found], ignore_index=True).astype(_ALL_TYPES)


def _check_known(agency_codes: Set[str], units: UnitTree) -> None:
    unknown = sorted(code for code in agency_codes if not units.has_agency(code))
    if unknown:
        raise CriticalCheckError(
            f"tổng hợp gặp cơ quan không có trong danh mục: {', '.join(unknown)}",
            advice="bổ sung agencies.csv của tỉnh rồi chạy lại",
        )


def _rows(indicator: Indicator, table: pd.DataFrame, item: Item | None) -> pd.DataFrame:
    """The indicator of every scope, and of every field of it where the indicator is made field by field."""
    if indicator.by_field:
        counted = table[[*indicator.numerator, *indicator.denominator]].any(axis=1)
        table = table[counted | (table["field"] == ALL_FIELDS)]
    counts = _counts(indicator, table)
    numerator, denominator = counts["numerator"], counts["denominator"]
    is_count = not indicator.denominator
    return pd.DataFrame(
        {
            **{name: table[name] for name in ("unit_code", "agency_code", "scope")},
            "indicator": indicator.id,
            "field": table["field"],
            **counts,
            "value": (numerator if is_count else numerator / denominator.where(denominator != 0)).astype("Float64"),
            "score": _scores(item, table, numerator, denominator),
            "complete": table["complete"] & whole_in(indicator, table),
            "formula_version": indicator.formula_version,
        }
    )


def _counts(indicator: Indicator, table: pd.DataFrame) -> dict[str, pd.Series]:
    """Numerator and denominator, missing where nothing is known."""
    known = ~table["absent"] & told_in(indicator, table)
    numerator = table[list(indicator.numerator)].sum(axis=1)
    denominator = table[list(indicator.denominator)].sum(axis=1)
    return {
        "numerator": numerator.astype("Int64").where(known),
        "denominator": denominator.astype("Int64").where(known & bool(indicator.denominator)),
    }


def _scores(item: Item | None, table: pd.DataFrame, numerator: pd.Series, denominator: pd.Series) -> pd.Series:
    """Points of the figures that are known and of all fields."""
    if item is None:
        return pd.Series(index=table.index, dtype="float64")
    known = (table["field"] == ALL_FIELDS) & numerator.notna()
    given = zip(numerator[known], denominator[known], table["level"][known], strict=True)
    points = [item.score(int(n), int(d), level=level) for n, d, level in given]
    scores = [None if one is None else float(one) for one in points]
    return pd.Series(scores, index=table.index[known], dtype="float64").reindex(table.index)
