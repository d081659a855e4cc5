"""Indicators: one file each, found by looking; a new one is a new file with an `INDICATOR`."""

from __future__ import annotations

import pkgutil
from collections import Counter
from collections.abc import Set
from datetime import date
from functools import cache
from importlib import import_module
from itertools import pairwise

import pandas as pd

from contracts.codes import Series
from contracts.errors import CriticalCheckError
from contracts.units import UnitTree
from transforms.counts import totals
from transforms.indicators._declaration import Indicator, Score
from transforms.indicators._scopes import Scope, scopes_of

__all__ = ["COLUMNS", "Indicator", "Score", "compute", "declared", "valid_on"]

COLUMNS = (
    "unit_code",
    "agency_code",
    "scope",
    "indicator",
    "numerator",
    "denominator",
    "value",
    "score",
    "complete",
    "formula_version",
)
_TYPES = {"numerator": "Int64", "denominator": "Int64", "value": "float64", "score": "float64", "complete": "bool"}
Counts = Counter[str]  # by agency code; what has no facts counts 0


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
    Returns COLUMNS. scope is "unit" (own dossiers) or "tree" (with all below). numerator, denominator: Int64,
    null where nothing is known. value: their ratio, null where the denominator is 0. score: two decimals,
    null where the indicator has none. complete: False where anything below is missing. An indicator whose
    series the period does not have is left out.
    Raises CriticalCheckError where facts or missing name an agency that is not in the tree.
    """
    facts = totals(facts, by=("series", "agency_code"))
    with_facts = set(facts["agency_code"])
    _check_known(with_facts | missing, units)
    scopes = tuple(scopes_of(units, on=on, with_facts=with_facts, missing=missing))
    rows = []
    for indicator in valid_on(on):
        if not facts.empty and indicator.series not in set(facts["series"]):
            continue
        numerators = _sums(facts, indicator.numerator, indicator.series, units)
        denominators = _sums(facts, indicator.denominator, indicator.series, units)
        for scope in scopes:
            key = scope.unit.agency_code
            rows.append(_row(indicator, scope, numerators[scope.kind][key], denominators[scope.kind][key]))
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({**dict.fromkeys(COLUMNS, "str"), **_TYPES})


def _check_known(agency_codes: Set[str], units: UnitTree) -> None:
    unknown = sorted(code for code in agency_codes if not units.has_agency(code))
    if unknown:
        raise CriticalCheckError(
            f"tổng hợp gặp cơ quan không có trong danh mục: {', '.join(unknown)}",
            advice="bổ sung agencies.csv của tỉnh rồi chạy lại",
        )


def _sums(facts: pd.DataFrame, measures: tuple[str, ...], series: Series, units: UnitTree) -> dict[str, Counts]:
    """The sum of these measures by agency, for each kind of scope."""
    counted = facts[facts["series"] == series]
    by_agency = counted[list(measures)].sum(axis=1).groupby(counted["agency_code"]).sum()
    own: Counts = Counter({str(agency): int(count) for agency, count in by_agency.items()})
    tree = own.copy()
    for unit in reversed(units.units):  # children stand after their parent
        if unit.parent:
            tree[unit.parent] += tree[unit.agency_code]
    return {"unit": own, "tree": tree}


def _row(indicator: Indicator, scope: Scope, numerator: int, denominator: int) -> dict[str, object]:
    is_known = not scope.absent
    score = indicator.score.of(numerator, denominator) if indicator.score and is_known else None
    return {
        "unit_code": scope.unit.unit_code,
        "agency_code": scope.unit.agency_code,
        "scope": scope.kind,
        "indicator": indicator.id,
        "numerator": numerator if is_known else None,
        "denominator": denominator if is_known else None,
        "value": numerator / denominator if is_known and denominator else None,
        "score": float(score) if score is not None else None,
        "complete": scope.complete,
        "formula_version": indicator.formula_version,
    }
