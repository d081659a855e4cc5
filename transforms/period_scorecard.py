"""A period's scorecard under the 766 index: what was published, what the formulas give for the published counts, and
what they give for ours («ước tính»). Neither side is changed for the other.

Null is never 0: where a side has no score the score is missing, and so is the difference.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from contracts.index_766 import items_on
from contracts.published import Group
from contracts.units import UnitTree
from transforms.reconciliation import REFUSED, is_refused, with_all_below
from transforms.scorecard import TOTAL, scored, sums

TOLERANCE = 0.015
"""Points by which a published score may differ from the formula's for the same counts (docs/scoring-766.md)."""
COLUMNS = {
    **dict.fromkeys(("agency_code", "group_id", "indicator", "label"), "str"),
    "max_score": "float64",
    **dict.fromkeys(("published_numerator", "published_denominator"), "Int64"),
    **dict.fromkeys(("published_ratio", "published_score", "formula_score"), "float64"),
    **dict.fromkeys(("our_numerator", "our_denominator"), "Int64"),
    "our_score": "float64",
    "complete": "boolean",
    "difference": "float64",
    "disagrees": "bool",
    **dict.fromkeys(("known_score", "known_max"), "float64"),
    **dict.fromkeys(("known_items", "items"), "Int64"),
    **dict.fromkeys(("quality_flag", "quality_message", "refused"), "str"),
    "fetched_at": "object",
    "source": "str",
}
PUBLISHED_COLUMNS = {
    **dict.fromkeys(("agency_code", "agency_name", "level", "group_id", "indicator"), "str"),
    **dict.fromkeys(("numerator", "denominator"), "Int64"),
    **dict.fromkeys(("ratio", "score", "max_score"), "float64"),
    **dict.fromkeys(("quality_flag", "quality_message", "source"), "str"),
    "fetched_at": "object",
}
_KEYS = ["agency_code", "indicator"]
_THEIRS = {"numerator": "published_numerator", "denominator": "published_denominator", "ratio": "published_ratio"}
_FIGURES = [name for name in COLUMNS if name.startswith(("published_", "our_")) or name == "formula_score"]


def nothing_published() -> pd.DataFrame:
    """PUBLISHED_COLUMNS without a row."""
    return pd.DataFrame(columns=list(PUBLISHED_COLUMNS)).astype(PUBLISHED_COLUMNS)


def scorecard(ours: pd.DataFrame, published: pd.DataFrame, *, units: UnitTree, on: date) -> pd.DataFrame:
    """COLUMNS: of every agency that either side knows, each group with indicator "", then its items; TOTAL last.

    ours: as transforms.indicators gives them, taken with all below. published: PUBLISHED_COLUMNS.
    on: the day whose formulas are used. formula_score: of the published counts. difference: our_score less
    published_score or, where the portal gives the item no score, less formula_score; missing where ours is not
    complete. disagrees: the published score is not its counts' by the formula. known_…: of formula_score, what is known
    of a group whose items are not all. published_score of a group: the portal's own or, where it gives none, the sum of
    its items' where each has one; of TOTAL, the sum of six groups where each has one."""
    items = _items(ours, published, units=units, on=on)
    groups = _groups(items, published, units=units, on=on)
    return _ordered(_judged(pd.concat([groups, items], ignore_index=True)), on=on)


def _items(ours: pd.DataFrame, published: pd.DataFrame, *, units: UnitTree, on: date) -> pd.DataFrame:
    labels = {item.id: item for item in items_on(on)}
    theirs = published[published["indicator"].isin(labels)].rename(columns={**_THEIRS, "score": "published_score"})
    both = with_all_below(ours, set(labels)).merge(theirs.drop(columns="max_score"), on=_KEYS, how="outer")
    both["level"] = _levels(both, units)
    both["group_id"] = [labels[indicator].group.value for indicator in both["indicator"]]
    both = both.assign(
        formula_score=_score(both, "published", on=on)["score"], **_score(both, "our", on=on)[["max_score", "label"]]
    )
    both["our_score"] = _score(both, "our", on=on)["score"].where(both["complete"].notna())
    refused = is_refused(both)
    both.loc[refused, [name for name in _FIGURES if name in both]] = None
    return both.assign(refused=refused.map({True: REFUSED, False: ""}))


def _levels(rows: pd.DataFrame, units: UnitTree) -> pd.Series:
    """Of our catalogue; of an agency that it does not have, as published."""
    named = zip(rows["agency_code"], rows["level"], strict=True)
    found = [units.by_agency(code).level.value if units.has_agency(code) else level for code, level in named]
    return pd.Series(found, index=rows.index, dtype="object")


def _score(both: pd.DataFrame, side: str, *, on: date) -> pd.DataFrame:
    """The items scored from the counts of one side."""
    counts = {name: both[f"{side}_{name}"] for name in ("numerator", "denominator")}
    ratio = {"ratio": both["published_ratio"]} if side == "published" else {}
    return scored(both[["agency_code", "level", "indicator"]].assign(**counts, **ratio), on=on)


def _groups(items: pd.DataFrame, published: pd.DataFrame, *, units: UnitTree, on: date) -> pd.DataFrame:
    """A row an agency and group, and TOTAL: what was published of it, and the sums of the formula's scores and ours."""
    keys = ["agency_code", "group_id"]
    own = published[published["indicator"].isin({group.whole for group in Group})]
    every = pd.concat([items, _without_items(own, units)])
    found, ours, theirs = (_sums(every, name, on=on) for name in ("formula_score", "our_score", "published_score"))
    found = found.merge(ours[[*keys, "our_score"]], on=keys).merge(theirs[[*keys, "published_score"]], on=keys)
    told = own[[*keys, "score", "quality_flag", "quality_message", "fetched_at", "source"]]
    found = found.merge(told.rename(columns={"score": "own_score"}), on=keys, how="left")
    found["published_score"] = found["own_score"].fillna(found["published_score"])
    is_total = found["group_id"] == TOTAL
    totals = found[~is_total].groupby("agency_code")["published_score"].agg(lambda points: points.sum(skipna=False))
    found.loc[is_total, "published_score"] = found.loc[is_total, "agency_code"].map(totals.round(2))
    found = found.merge(_whole_of_ours(items), on=keys, how="left")
    return found.drop(columns="own_score").assign(indicator="", label="", refused="")


def _without_items(own: pd.DataFrame, units: UnitTree) -> pd.DataFrame:
    """agency_code and level of those that have a published score of a group: they may have no item."""
    agencies = own.drop_duplicates("agency_code")[["agency_code", "level"]].astype("object")
    return agencies.assign(level=_levels(agencies, units))


def _sums(items: pd.DataFrame, name: str, *, on: date) -> pd.DataFrame:
    """The scores of that name added up; what is known of a sum that is not whole only where it is the formula's."""
    found = sums(items.assign(score=items[name])[["agency_code", "level", "indicator", "score"]], on=on)
    kept = ["agency_code", "group_id", "max_score", "score", "known_score", "known_max", "known_items", "items"]
    return found[kept].rename(columns={"score": name})


def _whole_of_ours(items: pd.DataFrame) -> pd.DataFrame:
    """agency_code, group_id, complete: whether no source of ours is missing below any item of the group, or of all."""
    every = pd.concat([items, items.assign(group_id=TOTAL)])
    return every.groupby(["agency_code", "group_id"])["complete"].min().astype("boolean").reset_index()


def _judged(rows: pd.DataFrame) -> pd.DataFrame:
    """With the difference of ours from theirs, and whether theirs is not what the formula gives."""
    theirs = rows["published_score"].fillna(rows["formula_score"])
    rows["difference"] = (rows["our_score"] - theirs).where(rows["complete"].fillna(False)).round(2)
    apart = (rows["published_score"] - rows["formula_score"]).abs().round(6)
    return rows.assign(disagrees=apart > TOLERANCE)


def _ordered(rows: pd.DataFrame, *, on: date) -> pd.DataFrame:
    groups = [*Group, TOTAL]
    items = ["", *(item.id for item in items_on(on))]
    places = {
        "group_id": {str(name): n for n, name in enumerate(groups)},
        "indicator": {i: n for n, i in enumerate(items)},
    }
    found = rows.sort_values(
        ["agency_code", *places], key=lambda column: column.map(places.get(str(column.name), column))
    )
    return found.reindex(columns=list(COLUMNS)).astype(COLUMNS).reset_index(drop=True)
