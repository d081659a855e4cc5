"""Sums, classes and ranks of the 766 index: parts never pass for the whole, and a rank has a base."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.index_766 import items_on
from tests.tried import tried
from transforms.scorecard import TOTAL, scored, sums

DAY = date(2026, 9, 26)
IDS = [item.id for item in items_on(DAY)]
COLUMNS = ["agency_code", "level", "indicator", "numerator", "denominator"]

counts = st.one_of(st.none(), st.integers(0, 500))
figures = st.lists(
    st.tuples(st.sampled_from(["H44.01", "H44.02", "H44.03"]), st.sampled_from(IDS), counts, counts),
    unique_by=lambda row: row[:2],
    max_size=30,
)


def frame(*rows: tuple[object, ...]) -> pd.DataFrame:
    made = pd.DataFrame(rows, columns=COLUMNS)
    return made.astype(dict.fromkeys(("agency_code", "level", "indicator"), "str")).astype(
        dict.fromkeys(("numerator", "denominator"), "Int64")
    )


def whole(agency: str, *, level: str = "commune", numerator: int) -> list[tuple[object, ...]]:
    """Every item of an agency at the same share."""
    return [(agency, level, indicator, numerator, 100) for indicator in IDS]


def sum_of(rows: pd.DataFrame, agency: str, group: str) -> pd.Series:
    found = sums(scored(rows, on=DAY), on=DAY)
    return found[(found["agency_code"] == agency) & (found["group_id"] == group)].iloc[0]


def test_null_is_not_nought() -> None:
    found = scored(frame(("H44", "PROVINCE", "PROGRESS_ON_TIME", None, 5), ("H44", "PROVINCE", IDS[0], 0, 5)), on=DAY)
    assert found["score"].isna().tolist() == [True, False]
    assert found["score"].iloc[1] == 0


def test_a_published_ratio_counts_where_its_counts_do_not() -> None:
    rows = frame(("H44.116", "COMMUNE", "ELECTRONIC_CERTIFIED_COPY", None, None)).assign(ratio=0.5)
    assert scored(rows, on=DAY)["score"].tolist() == [1.0]
    counted = frame(("H44.116", "COMMUNE", "ELECTRONIC_CERTIFIED_COPY", 0, 5)).assign(ratio=0.5)
    assert scored(counted, on=DAY)["score"].tolist() == [0.0], "counts before a written ratio"


def test_an_unknown_indicator_is_refused() -> None:
    with pytest.raises(ValueError, match="NO_SUCH"):
        scored(frame(("H44", "PROVINCE", "NO_SUCH", 1, 2)), on=DAY)


def test_some_items_are_no_group_and_some_groups_are_no_total() -> None:
    rows = frame(
        ("H44", "PROVINCE", "PROGRESS_ON_TIME", 1, 2),
        ("H44", "PROVINCE", "PAYMENT_DOSSIERS", 1, 2),
        ("H44", "PROVINCE", "PAYMENT_PROCEDURES_FEE", None, 2),
    )
    progress, payment, total = (sum_of(rows, "H44", group) for group in ("progress", "payment", TOTAL))
    assert (progress["score"], progress["known_items"], progress["items"]) == (10.0, 1, 1)
    assert pd.isna(payment["score"])
    assert (payment["known_score"], payment["known_max"], payment["known_items"], payment["items"]) == (3.0, 6.0, 1, 3)
    assert pd.isna(total["score"])
    assert (total["known_score"], total["known_max"], total["class_label"]) == (13.0, 26.0, "")
    assert pd.isna(total["rank"])


def test_a_whole_total_has_a_class_and_its_groups_make_it() -> None:
    rows = frame(*whole("H44.100", numerator=40))
    found = sums(scored(rows, on=DAY), on=DAY)
    groups = found[found["group_id"] != TOTAL]["score"].map(lambda score: Decimal(str(score)))
    total = sum_of(rows, "H44.100", TOTAL)
    assert Decimal(str(total["score"])) == sum(groups)
    assert total["class_label"] == "Yếu"
    assert sum_of(frame(*whole("H44.100", numerator=100)), "H44.100", TOTAL)["class_label"] == "Xuất sắc"


def test_ranks_are_among_one_level_with_their_base() -> None:
    rows = frame(
        *whole("H44.100", numerator=80),
        *whole("H44.101", numerator=90),
        *whole("H44.102", numerator=80),
        *whole("H44.103", numerator=10),
        *whole("H44.01", level="PROVINCE", numerator=1),
        ("H44.104", "commune", "PROGRESS_ON_TIME", 1, 1),
    )
    found = sums(scored(rows, on=DAY), on=DAY).query(f"group_id == '{TOTAL}'").set_index("agency_code")
    communes = ["H44.100", "H44.101", "H44.102", "H44.103"]
    assert found.loc[communes, "rank"].tolist() == [2, 1, 2, 4]
    assert set(found.loc[communes, "base"]) == {4}
    assert found.loc[["H44.01"], ["rank", "base"]].to_numpy().tolist() == [[1, 1]]
    assert found.loc[["H44.104"], ["rank", "base"]].isna().all(axis=None), "a part of a total is not ranked"


@settings(max_examples=tried(30), deadline=None)
@given(figures, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(
    rows: list[tuple[str, str, int | None, int | None]], dice: random.Random
) -> None:
    given_rows = [(agency, "PROVINCE", indicator, n, d) for agency, indicator, n, d in rows]
    shuffled = dice.sample(given_rows, len(given_rows))
    keys = ["agency_code", "group_id"]
    one, other = (
        sums(scored(frame(*some), on=DAY), on=DAY).sort_values(keys, ignore_index=True)
        for some in (given_rows, shuffled)
    )
    pd.testing.assert_frame_equal(one, other)


@settings(max_examples=tried(30), deadline=None)
@given(st.lists(st.integers(0, 6), min_size=1, max_size=8))
def test_ties_share_the_better_place_and_leave_the_next_ones_out(values: list[int]) -> None:
    """A place is one more than the number of those ahead; n in a tie at place r add up to n × r."""
    rows = frame(*((f"H44.{100 + n}", "commune", "PROGRESS_ON_TIME", v, 6) for n, v in enumerate(values)))
    found = sums(scored(rows, on=DAY), on=DAY).query("group_id == 'progress'")
    ranks = found["rank"].tolist()
    assert ranks == [1 + sum(other > value for other in values) for value in values]
    assert set(found["base"]) == {len(values)}
    for value in set(values):
        tied = [rank for rank, other in zip(ranks, values, strict=True) if other == value]
        assert sum(tied) == len(tied) * min(tied)
