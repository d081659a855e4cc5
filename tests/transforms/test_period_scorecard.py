"""Published beside estimated: neither is changed for the other, and null is never nought."""

from __future__ import annotations

from datetime import date, datetime

import pandas as pd

from contracts.clock import VIETNAM
from contracts.published import Group
from contracts.settings import REPOSITORY
from contracts.units import read_units
from transforms.period_scorecard import COLUMNS, PUBLISHED_COLUMNS, nothing_published, scorecard

DAY = date(2026, 9, 30)
FETCHED = datetime(2026, 9, 26, 21, tzinfo=VIETNAM)
UNITS = read_units(REPOSITORY / "provinces" / "phu-tho" / "agencies.csv")
COMMUNE = "H44.116"


def theirs(*rows: dict[str, object]) -> pd.DataFrame:
    named = [{"agency_code": COMMUNE, "fetched_at": FETCHED, **row} for row in rows]
    return pd.DataFrame(named).reindex(columns=list(PUBLISHED_COLUMNS)).astype(PUBLISHED_COLUMNS)


def progress(numerator: int | None, denominator: int | None, score: float | None) -> dict[str, object]:
    counts = {"numerator": numerator, "denominator": denominator, "score": score}
    return {"group_id": "progress", "indicator": "PROGRESS_ON_TIME", **counts}


def ours(
    numerator: int | None,
    denominator: int | None,
    *,
    indicator: str = "PROGRESS_ON_TIME",
    scope: str = "tree",
    complete: bool = True,
) -> pd.DataFrame:
    row = {"agency_code": COMMUNE, "scope": scope, "indicator": indicator, "field": "", "complete": complete}
    made = pd.DataFrame([{**row, "numerator": numerator, "denominator": denominator}])
    return made.astype({"numerator": "Int64", "denominator": "Int64"})


def line(table: pd.DataFrame, group: Group | str, indicator: str = "") -> pd.Series:
    return table[(table["group_id"] == str(group)) & (table["indicator"] == indicator)].iloc[0]


def test_both_scores_stand_beside_each_other_with_both_bases() -> None:
    found = scorecard(ours(9, 10), theirs(progress(4, 5, 16.0)), units=UNITS, on=DAY)
    assert list(found.columns) == list(COLUMNS)
    item = line(found, "progress", "PROGRESS_ON_TIME")
    assert item[["published_numerator", "published_denominator", "our_numerator", "our_denominator"]].tolist() == [
        4,
        5,
        9,
        10,
    ]
    assert item[["published_score", "formula_score", "our_score", "difference"]].tolist() == [16.0, 16.0, 18.0, 2.0]
    assert (item["fetched_at"], item["disagrees"]) == (FETCHED, False)
    group = line(found, "progress")
    assert group[["published_score", "our_score", "difference"]].tolist() == [16.0, 18.0, 2.0]


def test_what_is_below_counts_where_there_is_something_below() -> None:
    both = pd.concat([ours(1, 10, scope="unit"), ours(9, 10, scope="tree")])
    assert line(scorecard(both, nothing_published(), units=UNITS, on=DAY), "progress")["our_score"] == 18.0


def test_a_published_null_stays_null() -> None:
    found = line(
        scorecard(ours(9, 10), theirs(progress(None, None, None)), units=UNITS, on=DAY), "progress", "PROGRESS_ON_TIME"
    )
    assert found[["published_score", "formula_score", "difference"]].isna().all()
    assert found["our_score"] == 18.0


def test_a_published_score_is_never_computed_over() -> None:
    """The formula gives 16, 15 was published: 15 stands, and it is told."""
    found = line(
        scorecard(ours(4, 5), theirs(progress(4, 5, 15.0)), units=UNITS, on=DAY), "progress", "PROGRESS_ON_TIME"
    )
    assert found[["published_score", "formula_score", "difference", "disagrees"]].tolist() == [15.0, 16.0, 1.0, True]
    near = line(scorecard(ours(4, 5), theirs(progress(4, 5, 16.01)), units=UNITS, on=DAY), "progress")
    assert not near["disagrees"]


def test_what_lacks_a_source_is_shown_and_not_subtracted() -> None:
    found = scorecard(ours(9, 10, complete=False), theirs(progress(4, 5, 16.0)), units=UNITS, on=DAY)
    for row in (line(found, "progress"), line(found, "progress", "PROGRESS_ON_TIME")):
        assert row["our_score"] == 18.0
        assert pd.isna(row["difference"])


def test_nothing_of_ours_is_not_nought() -> None:
    found = scorecard(ours(None, None), theirs(progress(4, 5, 16.0)), units=UNITS, on=DAY)
    assert found["our_score"].isna().all()
    assert found["difference"].isna().all()


def test_nothing_published_is_not_nought() -> None:
    found = scorecard(ours(9, 10), nothing_published(), units=UNITS, on=DAY)
    assert found[["published_score", "formula_score", "published_denominator"]].isna().all(axis=None)
    assert line(found, "total")["known_items"] == 0


def test_a_group_whose_score_alone_was_published_keeps_it() -> None:
    found = scorecard(
        ours(9, 10)[:0], theirs({"group_id": "payment", "indicator": "PAYMENT", "score": 6.67}), units=UNITS, on=DAY
    )
    assert line(found, "payment")["published_score"] == 6.67
    assert pd.isna(line(found, "payment")["formula_score"])


def test_items_without_a_score_of_their_own_are_held_against_the_formula() -> None:
    paid = {"group_id": "payment", "indicator": "PAYMENT_DOSSIERS", "numerator": 1, "denominator": 2}
    found = scorecard(ours(3, 4, indicator="PAYMENT_DOSSIERS"), theirs(paid), units=UNITS, on=DAY)
    item = line(found, "payment", "PAYMENT_DOSSIERS")
    assert pd.isna(item["published_score"])
    assert item[["formula_score", "our_score", "difference"]].tolist() == [3.0, 4.5, 1.5]
    assert pd.isna(line(found, "payment")["published_score"]), "one of three items is not the group"


def test_more_online_than_received_is_not_put_side_by_side() -> None:
    used = {"group_id": "online", "indicator": "ONLINE_SUBMISSION", "numerator": 90, "denominator": 100}
    found = scorecard(ours(5, 10, indicator="ONLINE_SUBMISSION"), theirs(used), units=UNITS, on=DAY)
    item = line(found, "online", "ONLINE_SUBMISSION")
    assert "không cùng phạm vi" in item["refused"]
    assert item[["published_numerator", "our_numerator", "our_score", "formula_score", "difference"]].isna().all()


def test_six_published_groups_make_a_total_and_five_do_not() -> None:
    groups: list[dict[str, object]] = [
        {"group_id": group.value, "indicator": group.whole, "score": 5.5} for group in Group
    ]
    none = ours(1, 2)[:0]
    assert line(scorecard(none, theirs(*groups), units=UNITS, on=DAY), "total")["published_score"] == 33.0
    assert pd.isna(line(scorecard(none, theirs(*groups[1:]), units=UNITS, on=DAY), "total")["published_score"])
    unknown = [{**groups[0], "score": None}, *groups[1:]]
    assert pd.isna(line(scorecard(none, theirs(*unknown), units=UNITS, on=DAY), "total")["published_score"])
