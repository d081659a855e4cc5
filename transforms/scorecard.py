"""Scores of the 766 index from any counts, by the formulas of contracts.index_766.

Every score is rounded once, at its item, and items are added up as they are printed: so the portal does, too (its
scores of Thanh toán are the sums of rounded items). What is not known stays missing, and a sum of some items never
passes for the whole. A rank is given among agencies of one level alone, and only to a whole score, with how many were
ranked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd

from contracts.codes import Level
from contracts.index_766 import Item, classes_on, groups_on, items_on, level_of
from transforms.ranks import competition_ranks

TOTAL = "total"
"""The group of the sum of all six."""
SUM_COLUMNS = {
    **dict.fromkeys(("agency_code", "level", "group_id"), "str"),
    **dict.fromkeys(("score", "max_score", "known_score", "known_max"), "float64"),
    **dict.fromkeys(("known_items", "items"), "int64"),
    "class_label": "str",
    **dict.fromkeys(("rank", "base"), "Int64"),
}
Points = Mapping[tuple[str, str], Decimal]
"""By agency and indicator, the scores that are known."""


@dataclass(frozen=True)
class _Part:
    """The items that are added up: those of a group, or all."""

    id: str
    max_points: Fraction
    items: tuple[Item, ...]


def scored(figures: pd.DataFrame, *, on: date) -> pd.DataFrame:
    """The same rows in the same order with score (two decimals; missing where a count is), max_score and label.

    figures: agency_code, level (the portal's or ours; may be missing), indicator, numerator, denominator and, where
    there is one, ratio (0 to 1), which counts where a count is missing. on: the day whose formulas are used. Raises
    ValueError for an indicator that has no item that day."""
    items = {item.id: item for item in items_on(on)}
    unknown = sorted(set(figures["indicator"]) - items.keys())
    if unknown:
        raise ValueError(f"no items on {on}: {', '.join(unknown)}")
    ratios = figures["ratio"] if "ratio" in figures else [None] * len(figures)
    levels = [_level(*named) for named in zip(figures["level"], figures["agency_code"], strict=True)]
    chosen = [items[indicator] for indicator in figures["indicator"]]
    counts = zip(figures["numerator"], figures["denominator"], ratios, strict=True)
    points = [_points(item, level, of) for item, level, of in zip(chosen, levels, counts, strict=True)]
    return figures.assign(
        score=pd.Series(points, index=figures.index, dtype="float64"),
        max_score=pd.Series([float(item.max_points) for item in chosen], index=figures.index, dtype="float64"),
        label=pd.Series([item.label for item in chosen], index=figures.index, dtype="str"),
    )


def _points(item: Item, level: Level | None, given: tuple[Any, Any, Any]) -> float | None:
    """given: numerator, denominator, ratio."""
    numerator, denominator = (None if pd.isna(count) else int(count) for count in given[:2])
    found = item.score(numerator, denominator, level=level)
    if found is None and not pd.isna(given[2]):
        found = item.score_of_ratio(Fraction(str(given[2])), level=level)
    return None if found is None else float(found)


def _level(level: Any, agency: str) -> Level | None:
    return None if pd.isna(level) else level_of(level, agency_code=agency)


def sums(scored_rows: pd.DataFrame, *, on: date) -> pd.DataFrame:
    """SUM_COLUMNS, a row an agency and group, and TOTAL after its groups; agencies as they come, groups as they stand.

    scored_rows: as `scored` gives them, an agency and indicator once. level: ours, "" where it is not known. score:
    missing unless every item is known; known_score, known_max, known_items: of those that are, out of `items`.
    class_label: of a whole total, "" of others. rank, base: among the whole scores of one level."""
    known = _known_points(scored_rows)
    parts = tuple(_parts(on))
    agencies = scored_rows.drop_duplicates("agency_code")[["agency_code", "level"]].itertuples(index=False)
    rows = [
        {"agency_code": agency, "level": _level(level, agency) or "", **_sum(agency, part, known, on)}
        for agency, level in agencies
        for part in parts
    ]
    found = pd.DataFrame(rows, columns=[name for name in SUM_COLUMNS if name not in ("rank", "base")])
    return _ranked(found).astype(SUM_COLUMNS)[list(SUM_COLUMNS)]


def _known_points(rows: pd.DataFrame) -> Points:
    named = rows.dropna(subset="score")
    keys = zip(named["agency_code"], named["indicator"], strict=True)
    return {key: Decimal(f"{score:.2f}") for key, score in zip(keys, named["score"], strict=True)}


def _parts(on: date) -> Iterator[_Part]:
    items = items_on(on)
    groups = groups_on(on)
    for group in groups:
        yield _Part(group.id, group.max_points, tuple(item for item in items if item.group is group.id))
    yield _Part(TOTAL, sum((group.max_points for group in groups), start=Fraction(0)), items)


def _sum(agency: str, part: _Part, known: Points, on: date) -> dict[str, object]:
    found = [(known[agency, item.id], item.max_points) for item in part.items if (agency, item.id) in known]
    points = sum((score for score, _ in found), start=Decimal(0))
    whole = 0 < len(found) == len(part.items)
    classes = classes_on(on) if whole and part.id == TOTAL else None
    return {
        "group_id": part.id,
        "score": float(points) if whole else None,
        "max_score": float(part.max_points),
        "known_score": float(points) if found else None,
        "known_max": float(sum(most for _, most in found)),
        "known_items": len(found),
        "items": len(part.items),
        "class_label": classes.of(points) if classes else "",
    }


def _ranked(rows: pd.DataFrame) -> pd.DataFrame:
    whole = rows[rows["score"].notna() & (rows["level"] != "")]
    grouped = whole.groupby(["level", "group_id"])["score"]
    ranks = pd.concat([pd.Series(dtype="Int64"), *(competition_ranks(scores) for _, scores in grouped)])
    return rows.assign(rank=ranks, base=grouped.transform("size").astype("Int64"))
