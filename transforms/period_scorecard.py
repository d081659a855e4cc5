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
_KEYS = ["agency_code", "indicator"]
_THEIRS = {"numerator": "published_numerator", "denominator": "published_denominator", "ratio": "published_ratio"}
_FIGURES = [name for name in COLUMNS if name.startswith(("published_", "our_")) or name == "formula_score"]


def scorecard(ours: pd.DataFrame, published: pd.DataFrame, *, units: UnitTree, on: date) -> pd.DataFrame:
    """COLUMNS: of every agency that either side knows, each group with indicator "", then its items; TOTAL last.

    ours: as transforms.indicators gives them, taken with all below. published: as warehouse.published.newest gives it.
    on: the day whose formulas are used. formula_score: of the published counts. difference: our_score less
    published_score or, where the portal gives the item no score, less formula_score; missing where ours is not
    complete. disagrees: the published score is not its counts' by the formula. known_…: of formula_score, what is known
    of a group whose items are not all. published_score of TOTAL: the sum of six published groups, where all are."""
    items = _items(ours, published, units=units, on=on)
    groups = _groups(items, published, on=on)
    return _ordered(_judged(pd.concat([groups, items], ignore_index=True)), on=on)


def _items(ours: pd.DataFrame, published: pd.DataFrame, *, units: UnitTree, on: date) -> pd.DataFrame:
    labels = {item.id: item for item in items_on(on)}
    theirs = published[published["indicator"].isin(labels)].rename(columns={**_THEIRS, "score": "published_score"})
    both = with_all_below(ours, set(labels)).merge(theirs.drop(columns="max_score"), on=_KEYS, how="outer")
    levels = [_level(*named, units) for named in zip(both["agency_code"], both["level"], strict=True)]
    both["level"] = pd.Series(levels, index=both.index, dtype="object")
    both["group_id"] = [labels[indicator].group.value for indicator in both["indicator"]]
    both = both.assign(
        formula_score=_score(both, "published", on=on)["score"], **_score(both, "our", on=on)[["max_score", "label"]]
    )
    both["our_score"] = _score(both, "our", on=on)["score"].where(both["complete"].notna())
    refused = is_refused(both)
    both.loc[refused, [name for name in _FIGURES if name in both]] = None
    return both.assign(refused=refused.map({True: REFUSED, False: ""}))


def _level(agency: str, published: object, units: UnitTree) -> object:
    return units.by_agency(agency).level.value if units.has_agency(agency) else published


def _score(both: pd.DataFrame, side: str, *, on: date) -> pd.DataFrame:
    """The items scored from the counts of one side."""
    counts = {name: both[f"{side}_{name}"] for name in ("numerator", "denominator")}
    ratio = {"ratio": both["published_ratio"]} if side == "published" else {}
    return scored(both[["agency_code", "level", "indicator"]].assign(**counts, **ratio), on=on)


def _groups(items: pd.DataFrame, published: pd.DataFrame, *, on: date) -> pd.DataFrame:
    """A row an agency and group, and TOTAL: the portal's own score of the group, sums of ours and of the formula's."""
    keys = ["agency_code", "group_id"]
    formula, ours = (
        sums(items.assign(score=items[name])[["agency_code", "level", "indicator", "score"]], on=on)
        for name in ("formula_score", "our_score")
    )
    named = {"score": "formula_score"} | {name: name for name in ("known_score", "known_max", "known_items", "items")}
    found = formula[[*keys, "max_score", *named]].rename(columns=named)
    found = found.merge(ours[[*keys, "score"]].rename(columns={"score": "our_score"}), on=keys, how="left")
    found = found.merge(_published_groups(items, published, on=on), on=keys, how="left")
    found = found.merge(_whole_of_ours(items), on=keys, how="left")
    return found.assign(indicator="", label="", refused="")


def _whole_of_ours(items: pd.DataFrame) -> pd.DataFrame:
    """agency_code, group_id, complete: whether no source of ours is missing below any item of the group, or of all."""
    every = pd.concat([items, items.assign(group_id=TOTAL)])
    return every.groupby(["agency_code", "group_id"])["complete"].min().astype("boolean").reset_index()


def _published_groups(items: pd.DataFrame, published: pd.DataFrame, *, on: date) -> pd.DataFrame:
    """agency_code, group_id and what the portal says of the group: its own row, or that of its only item; and of TOTAL,
    the sum of the groups where each has a score."""
    of_group = pd.Series([item.group.value for item in items_on(on)]).value_counts()
    single = items[items["group_id"].map(of_group) == 1]
    whole = published[published["indicator"].isin({group.whole for group in Group})].rename(
        columns={"score": "published_score", "ratio": "published_ratio"}
    )
    names = ["agency_code", "group_id", "published_score", "fetched_at", "source"]
    flags = ["quality_flag", "quality_message"]
    found = pd.concat([whole[[*names, *flags]], single.dropna(subset="published_score")[names]], ignore_index=True)
    known = found.dropna(subset="published_score").drop_duplicates(["agency_code", "group_id"])
    every = known.groupby("agency_code")["published_score"].agg(["sum", "size"])
    total = every[every["size"] == len(of_group)]["sum"].round(2).rename("published_score").reset_index()
    return pd.concat([known, total.assign(group_id=TOTAL)], ignore_index=True)


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
