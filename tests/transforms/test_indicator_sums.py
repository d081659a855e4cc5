"""What must hold of every indicator: parts merge in any order, sums before ratios, fields add up, nothing is no 0."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.codes import Level, Series
from contracts.columns import MEASURES, MEMOS
from contracts.count_words import COUNT_WORDS, bases_of
from contracts.units import Unit, UnitTree
from reporting.formats import MISSING
from reporting.indicator_text import basis_text, value_text, whole_text
from tests.transforms.tables import fact_frame
from tests.tried import tried
from transforms.counts import combine
from transforms.indicators import ALL_FIELDS, compute, counts_of, declared, parts_of, valid_on

DAY = date(2024, 12, 14)
COUNTS = (*MEASURES, *MEMOS)


def unit(code: str, parent: str, level: Level) -> Unit:
    return Unit(code, code, code, level, parent, None, None, verified=True)


TREE = UnitTree(
    (
        unit("H", "", Level.PROVINCE),
        unit("H.S", "H", Level.DEPARTMENT),
        unit("H.A", "H", Level.DISTRICT),
        unit("H.A.1", "H.A", Level.COMMUNE),
        unit("H.A.2", "H.A", Level.COMMUNE),
    )
)
FIELDS = ("Hộ tịch", "Đất đai", "Chứng thực")
_counts = st.fixed_dictionaries({}, optional={name: st.integers(1, 50) for name in COUNTS})
_key = st.tuples(st.sampled_from([u.agency_code for u in TREE]), st.sampled_from(FIELDS), st.sampled_from(list(Series)))
PARTS = st.lists(st.tuples(_key, _counts), min_size=1, max_size=8)


def facts(parts: list[tuple[tuple[str, str, Series], Mapping[str, int]]]) -> pd.DataFrame:
    return fact_frame(
        *({"agency_code": a, "unit_code": a, "field": f, "series": s.value, **n} for (a, f, s), n in parts)
    )


def made(of: pd.DataFrame) -> pd.DataFrame:
    return compute(of, units=TREE, on=DAY, missing=frozenset())


@settings(max_examples=tried(8), deadline=None)
@given(PARTS, st.randoms(use_true_random=False))
def test_parts_merge_in_any_order(parts, dice) -> None:  # type: ignore[no-untyped-def]
    mixed = list(parts)
    dice.shuffle(mixed)
    half = len(mixed) // 2
    apart = combine([facts(mixed[half:]), facts(mixed[:half])])
    pd.testing.assert_frame_equal(made(apart), made(combine([facts(parts)])))


@settings(max_examples=tried(8), deadline=None)
@given(PARTS)
def test_a_unit_is_the_sum_of_its_parts_field_by_field(parts) -> None:  # type: ignore[no-untyped-def]
    found = made(facts(parts)).fillna({"numerator": 0, "denominator": 0})
    for unit_code, below in (("H", [u.agency_code for u in TREE]), ("H.A", ["H.A", "H.A.1", "H.A.2"])):
        own = found[(found["scope"] == "unit") & found["agency_code"].isin(below)]
        tree = found[(found["scope"] == "tree") & (found["agency_code"] == unit_code)]
        keys = ["indicator", "field"]
        summed = own.groupby(keys)[["numerator", "denominator"]].sum()
        whole = tree.set_index(keys)[["numerator", "denominator"]]
        told = whole.loc[whole.sum(axis=1) != 0]  # a part of which no source tells has no counts of its own
        assert (summed.reindex(told.index).fillna(0) <= told).all(axis=None)
        measured = [one.id for one in declared() if {*one.numerator, *one.denominator} <= {*MEASURES}]
        exact = whole[whole.index.get_level_values("indicator").isin(measured)]
        pd.testing.assert_frame_equal(summed.reindex(exact.index), exact)


@settings(max_examples=tried(8), deadline=None)
@given(PARTS)
def test_the_fields_of_a_unit_add_up_to_all_of_them(parts) -> None:  # type: ignore[no-untyped-def]
    found = made(facts(parts))
    by_field = {one.id for one in declared() if one.by_field}
    keys = ["indicator", "scope", "agency_code"]
    counts = ["numerator", "denominator"]
    some = found[found["indicator"].isin(by_field)]
    whole = some[(some["field"] == ALL_FIELDS) & some["numerator"].notna()].set_index(keys)[counts].fillna(0)
    fields = some[some["field"] != ALL_FIELDS].fillna(dict.fromkeys(counts, 0)).groupby(keys)[counts].sum()
    untold = some[(some["field"] != ALL_FIELDS) & some["numerator"].isna()].set_index(keys).index
    sure = whole.index.difference(untold)
    pd.testing.assert_frame_equal(
        fields.reindex(sure, fill_value=0).astype("Int64"), whole.loc[sure].astype("Int64"), check_like=True
    )
    assert not set(found[found["field"] != ALL_FIELDS]["indicator"]) - by_field


@settings(max_examples=tried(8), deadline=None)
@given(PARTS)
def test_the_table_and_the_page_agree(parts) -> None:  # type: ignore[no-untyped-def]
    """The engine's counts of the province are those that the report makes of the sums."""
    frame = facts(parts)
    sums = frame[frame["series"] == Series.FORMS.value][list(COUNTS)].sum().to_dict()
    found = made(frame)
    whole = found[(found["agency_code"] == "H") & (found["scope"] == "tree") & (found["field"] == ALL_FIELDS)]
    for row in whole.to_dict("records"):
        one = next(i for i in valid_on(DAY) if i.id == row["indicator"])
        if one.series is Series.FORMS:
            shown = tuple(None if pd.isna(row[name]) else int(row[name]) for name in ("numerator", "denominator"))
            assert shown == counts_of(one, sums), one.id


def test_a_share_of_nothing_is_a_dash() -> None:
    found = made(fact_frame({"agency_code": "H.A", "received_online": 1, "open_in_time": 1}))
    nobody = found[(found["agency_code"] == "H.S") & (found["scope"] == "unit")]
    for row in nobody.to_dict("records"):
        one = next(i for i in declared() if i.id == row["indicator"])
        counts = tuple(None if pd.isna(row[name]) else int(row[name]) for name in ("numerator", "denominator"))
        if one.denominator:
            assert pd.isna(row["value"]) and value_text(one, *counts) == MISSING
        elif counts[0] is not None:
            assert (row["value"], value_text(one, *counts)) == (0, "0"), "a true zero is a zero"


def test_what_no_source_keeps_is_missing_and_what_some_keep_says_of_how_many() -> None:
    paid = next(one for one in declared() if one.id == "PAID_ONLINE")
    none = dict.fromkeys(COUNTS, 0) | {"received_online": 9, "open_in_time": 9}
    assert counts_of(paid, none) == (None, None)
    some = none | {"fee_known": 4, "fee_due": 2, "paid_known": 2, "paid_online": 1}
    assert counts_of(paid, some) == (1, 2)
    assert [(part.told, part.of, part.base.label) for part in parts_of(paid, some)] == [(4, 9, "nghĩa vụ tài chính")]
    free = none | {"fee_known": 9}
    assert counts_of(paid, free) == (0, 0) and value_text(paid, 0, 0) == MISSING


@pytest.mark.parametrize(
    ("name", "numerator", "denominator"),
    [
        ("PROCESSING_DAYS", "processing_days", "processed"),
        ("TIME_AGAINST_LIMIT", "timed_days", "timed_limit_days"),
    ],
)
def test_a_part_by_nature_is_missing_where_there_is_none_and_no_gap_where_it_is_small(
    name: str, numerator: str, denominator: str
) -> None:
    """Without pauses no time is known: nine were resolved, and 0 days of 0 dossiers would be a figure."""
    one = next(i for i in declared() if i.id == name)
    none = dict.fromkeys(COUNTS, 0) | {"received_online": 9, "early": 9}
    assert counts_of(one, none) == (None, None)
    some = none | {"processed": 4, "timed": 4, numerator: 2, denominator: 4}
    assert counts_of(one, some) == (2, 4) and parts_of(one, some) == ()
    nothing = dict.fromkeys(COUNTS, 0)
    assert counts_of(one, nothing) == (0, 0), "who resolved nothing has a true zero"


def test_a_figure_is_printed_by_its_unit() -> None:
    by_id = {one.id: one for one in declared()}
    share, days, count = by_id["ON_TIME_RESOLVED"], by_id["PROCESSING_DAYS"], by_id["RESOLVED"]
    assert (value_text(share, 6355, 6612), basis_text(share, 6355, 6612)) == ("96,11%", "6.355/6.612")
    assert whole_text(days, 416, 120) == "3,47 ngày làm việc (416/120)"
    assert (whole_text(count, 2365, None), basis_text(count, 2365, None)) == ("2.365 hồ sơ", "")
    assert whole_text(share, None, None) == whole_text(days, None, None) == whole_text(count, None, None) == MISSING
    assert whole_text(share, 0, 0) == "– (0/0)"


def test_every_count_has_words_and_every_base_is_a_count() -> None:
    assert set(COUNT_WORDS) == set(COUNTS)
    for base in bases_of(COUNTS):
        assert {base.told, *base.of} <= set(COUNTS)


def test_a_share_of_a_part_of_the_dossiers_is_not_complete() -> None:
    """Of twenty received the sources tell the level of twelve: what is offered online is known of these alone."""
    counts = {"received_online": 20, "open_in_time": 20, "offered": 9, "offered_online": 6}
    for told, complete in ((12, False), (20, True)):
        found = made(facts([(("H.S", "Hộ tịch", Series.FORMS), counts | {"level_known": told})]))
        of_unit = found[(found["agency_code"] == "H.S") & (found["field"] == ALL_FIELDS)]
        by_id = of_unit.set_index("indicator")["complete"]
        assert (by_id["OFFERED_ONLINE"], by_id["ONLINE_RECEIVED"]) == (complete, True)
