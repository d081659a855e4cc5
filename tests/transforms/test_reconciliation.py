"""Ours beside what was published: both bases, null never 0, and no pair that cannot be of one scope."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.clock import VIETNAM
from tests.transforms.tables import read_table
from transforms.reconciliation import COLUMNS, deviations_of, reconcile

FETCHED = datetime(2026, 9, 26, 9, 0, tzinfo=VIETNAM)
PROGRESS, ONLINE = "PROGRESS_ON_TIME", "ONLINE_SUBMISSION"

Counts = tuple[int | None, int | None]


def ours(*rows: tuple[str, str, Counts], indicator: str = PROGRESS, complete: bool = True) -> pd.DataFrame:
    """agency, scope, counts."""
    frame = pd.DataFrame(
        [(agency, scope, indicator, "", *counts, complete) for agency, scope, counts in rows],
        columns=["agency_code", "scope", "indicator", "field", "numerator", "denominator", "complete"],
    )
    return frame.astype({"numerator": "Int64", "denominator": "Int64", "complete": "bool"})


def theirs(*rows: tuple[str, Counts], indicator: str = PROGRESS, ratio: float | None = None) -> pd.DataFrame:
    frame = pd.DataFrame(
        [(agency, indicator, *counts, ratio, FETCHED) for agency, counts in rows],
        columns=["agency_code", "indicator", "numerator", "denominator", "ratio", "fetched_at"],
    )
    return frame.astype({"numerator": "Int64", "denominator": "Int64", "ratio": "float64"})


def only(frame: pd.DataFrame) -> pd.Series:
    assert len(frame) == 1
    return frame.iloc[0]


CASES = """
ours    | published | difference | differs
403/464 | 403/464   | 0          | no
1/2     | 50/100    | 0          | no
995/1000 | 99/100   | 0.5        | no
99501/100000 | 99/100 | 0.501    | yes
0/10    | 1/10      | -10        | yes
0/0     | 5/10      | -          | no
5/10    | 0/0       | -          | no
-/-     | 5/10      | -          | no
5/10    | -/-       | -          | no
"""


def test_figures_of_single_fields_are_not_compared() -> None:
    """The portal publishes none: an agency's figure is that of all its fields."""
    of_all = ours(("H44", "unit", (403, 464)))
    of_field = ours(("H44", "unit", (1, 64))).assign(field="Đất đai")
    both = pd.concat([of_field, of_all], ignore_index=True)
    found = only(reconcile(both, theirs(("H44", (403, 464))), points=0.5))
    assert found["our_denominator"] == 464


@pytest.mark.parametrize("case", read_table(CASES), ids=lambda case: f"{case['ours']} {case['published']}")
def test_ratios_differ_by_percentage_points_of_exact_counts(case: dict[str, str]) -> None:
    mine, published = (_counts(case[side]) for side in ("ours", "published"))
    found = only(reconcile(ours(("H44", "unit", mine)), theirs(("H44", published)), points=0.5))
    if case["difference"] == "-":
        assert pd.isna(found["difference"])
    else:
        assert found["difference"] == pytest.approx(float(case["difference"]), abs=1e-12)
    assert found["differs"] == (case["differs"] == "yes")
    for side, counts in (("our", mine), ("published", published)):
        shown = (found[f"{side}_numerator"], found[f"{side}_denominator"])
        assert tuple(None if pd.isna(n) else n for n in shown) == counts, "both bases stand as they are; null is not 0"
    assert found["fetched_at"] == FETCHED


def test_the_province_is_compared_with_all_that_is_below_it() -> None:
    """The portal's province is the sum of its agencies; its agencies have nothing below them here."""
    mine = ours(("H44", "unit", (1, 1)), ("H44", "tree", (40, 50)), ("H44.01", "unit", (39, 49)))
    found = reconcile(mine, theirs(("H44", (40, 50)), ("H44.01", (39, 49))), points=0.5).set_index("agency_code")
    assert found["our_denominator"].to_dict() == {"H44": 50, "H44.01": 49}
    assert not found["differs"].any()


def test_an_agency_that_one_side_alone_knows_is_shown_with_nothing_on_the_other() -> None:
    found = reconcile(ours(("H44.01", "unit", (1, 2))), theirs(("H44.99", (3, 4))), points=0.5)
    assert found["agency_code"].tolist() == ["H44.01", "H44.99"]
    assert found["published_numerator"].isna().tolist() == [True, False]
    assert found["our_numerator"].isna().tolist() == [False, True]
    assert found["complete"].isna().tolist() == [False, True]
    assert found["difference"].isna().all() and not found["differs"].any()


def test_only_indicators_of_both_sides_are_compared() -> None:
    mine = ours(("H44", "unit", (1, 2)), indicator="ONLINE_RECEIVED")
    found = reconcile(mine, theirs(("H44", (1, 2)), indicator="PUBLISH_ON_TIME"), points=0.5)
    assert found.empty
    assert list(found.columns) == list(COLUMNS)


def test_what_is_incomplete_here_is_not_said_to_differ() -> None:
    found = only(reconcile(ours(("H44", "unit", (1, 2)), complete=False), theirs(("H44", (9, 10))), points=0.5))
    assert found["difference"] == pytest.approx(-40)
    assert not found["differs"]


def test_a_ratio_that_was_published_without_its_counts_is_compared_as_written() -> None:
    mine, published = ours(("H44", "unit", (1, 2))), theirs(("H44", (None, None)), ratio=0.25)
    found = only(reconcile(mine, published, points=0.5))
    assert (found["published_value"], found["difference"], found["differs"]) == (0.25, 25.0, True)
    assert pd.isna(found["published_numerator"])


@pytest.mark.parametrize(
    ("mine", "published", "refused"),
    [
        ((2000, 2365), (6654, 2365), True),  # theirs contradict themselves
        ((2000, 2365), (6654, 9000), True),  # more online there than received here
        ((6654, 9000), (2000, 2365), True),
        ((2000, 2365), (2365, 2365), False),
        ((None, None), (6654, 9000), False),
    ],
)
def test_more_online_than_received_is_not_put_side_by_side(mine: Counts, published: Counts, refused: bool) -> None:
    pair = (ours(("H", "unit", mine), indicator=ONLINE), theirs(("H", published), indicator=ONLINE))
    found = only(reconcile(*pair, points=0.5))
    assert bool(found["refused"]) == refused
    if refused:
        figures = [name for name in COLUMNS if name.startswith(("our_", "published_"))]
        assert found[[*figures, "difference"]].isna().all()
        assert not found["differs"]


def test_what_differs_is_stored_with_both_ratios_and_no_counts() -> None:
    mine = ours(("H44", "unit", (1, 2)), ("H44.01", "unit", (1, 2)))
    found = deviations_of(reconcile(mine, theirs(("H44", (9, 10)), ("H44.01", (1, 2))), points=0.5))
    row = only(found)
    assert row[["rule_id", "agency_code", "measure"]].tolist() == ["published.differs", "H44", PROGRESS]
    assert row["compared_with"] == "2026-09-26T09:00:00+07:00"
    assert (row["was_value"], row["now_value"]) == (0.9, 0.5)
    assert pd.isna(row["was"]) and pd.isna(row["now"])


def _pair(most: int) -> st.SearchStrategy[Counts]:
    whole = st.integers(0, most).flatmap(lambda d: st.tuples(st.integers(0, d), st.just(d)))
    return st.one_of(whole, st.just((None, None)))


@given(st.dictionaries(st.sampled_from("ABCD"), st.tuples(_pair(10**6), _pair(10**6)), min_size=1))
def test_nothing_is_lost_and_nothing_made_up(pairs: dict[str, tuple[Counts, Counts]]) -> None:
    mine = ours(*((agency, "unit", pair[0]) for agency, pair in pairs.items()))
    found = reconcile(mine, theirs(*((agency, pair[1]) for agency, pair in pairs.items())), points=0.5)
    assert found["agency_code"].tolist() == sorted(pairs)
    for row in found.itertuples():
        (a, b), (c, d) = pairs[row.agency_code]
        known = bool(b) and bool(d)
        assert pd.isna(row.difference) == (not known)
        if known:
            assert row.difference == pytest.approx(100 * (a / b - c / d), abs=1e-9)
            assert row.differs == (200 * abs(a * d - c * b) > b * d)
    assert len(deviations_of(found)) == found["differs"].sum()


def _counts(cell: str) -> Counts:
    numerator, denominator = (None if part == "-" else int(part) for part in cell.split("/"))
    return numerator, denominator
