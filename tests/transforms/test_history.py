"""A unit's counts against its own of the same period last year: told of where much, and many dossiers, changed."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.columns import MEASURES, OPEN, RECEIVED, RESOLVED
from contracts.comparisons import COUNTS, DEVIATION_COLUMNS
from contracts.province import Policy
from tests.transforms.tables import fact_frame, read_table
from transforms.history import unusual

POLICY = Policy(unusual_share=0.5, unusual_at_least=50)

CASES = """
Dossiers resolved by H32.25 in 2023Q4 and in 2024Q4; told of from 50 dossiers and by more than half.

| chuyện                      | cùng kỳ | kỳ này | bất thường |
| như cũ                      | 200     | 200    | không      |
| tăng đúng một nửa           | 200     | 300    | không      |
| tăng quá một nửa            | 200     | 301    | có         |
| giảm đúng một nửa           | 200     | 100    | không      |
| giảm quá một nửa            | 200     | 99     | có         |
| gấp đôi, nhưng chỉ 49 hồ sơ | 49      | 98     | không      |
| gấp đôi, đủ 50 hồ sơ        | 50      | 100    | có         |
| không còn hồ sơ nào         | 50      | 0      | có         |
| không còn hồ sơ nào, vốn ít | 49      | 0      | không      |
| năm trước không có          | 0       | 50     | có         |
| năm trước không có, nay ít  | 0       | 49     | không      |
| hai năm đều không có        | 0       | 0      | không      |
"""


def facts(**counts: int) -> pd.DataFrame:
    """Of H32.25; without a count, none at all: facts have no rows of zeros."""
    there = {name: number for name, number in counts.items() if number}
    return fact_frame({"agency_code": "H32.25", **there}) if there else fact_frame()


def told(then: pd.DataFrame, now: pd.DataFrame, **more: Any) -> list[tuple[Any, ...]]:
    found = unusual(now, then, agencies=more.pop("agencies", ["H32.25"]), policy=POLICY, **more)
    assert list(found) == list(DEVIATION_COLUMNS)
    return list(found.itertuples(index=False, name=None))


@pytest.mark.parametrize("row", read_table(CASES), ids=lambda row: row["chuyện"])
def test_a_change_is_told_of_where_it_is_large_and_of_many_dossiers(row: dict[str, str]) -> None:
    was, now = int(row["cùng kỳ"]), int(row["kỳ này"])
    expected = [("H32.25", "resolved", was, now)] if row["bất thường"] == "có" else []
    assert told(facts(early=was), facts(early=now)) == expected


def test_counts_are_sums_of_the_forms_columns_over_fields_and_procedures() -> None:
    now = fact_frame(
        {"agency_code": "H32.25", "procedure_code": "1.001193", "received_online": 40, "received_in_person": 30},
        {"agency_code": "H32.25", "procedure_code": "2.000635", "received_postal": 10, "carried_over": 900},
        {"agency_code": "H32.25", "series": "index", "received_online": 5000},
        {"agency_code": "H32.26", "received_online": 5000},
    )
    assert told(facts(), now) == [("H32.25", "received", 0, 80)]


def test_a_unit_that_cannot_be_compared_is_not() -> None:
    assert told(facts(early=500), facts(), agencies=[]) == []
    assert told(facts(early=500), facts(), agencies=["H32.26"]) == []


def test_units_come_in_their_order_and_counts_in_ours() -> None:
    now = fact_frame(*({"agency_code": code, "open_overdue": 60, "overdue": 70} for code in ("H32.26", "H32.25")))
    found = told(facts(), now, agencies=["H32.26", "H32.25"])
    assert [(code, name) for code, name, *_ in found] == [
        (code, name) for code in ("H32.25", "H32.26") for name in COUNTS if name != "received"
    ]


def test_the_counts_are_of_columns_of_the_form() -> None:
    assert set(COUNTS["received"].measures) == {*RECEIVED} - {"carried_over"}
    assert COUNTS["resolved"].measures == RESOLVED and COUNTS["open"].measures == OPEN
    assert {m for count in COUNTS.values() for m in count.measures} <= set(MEASURES)


NUMBERS = st.integers(0, 400)


@given(was=NUMBERS, now=NUMBERS, share=st.sampled_from([0.25, 0.5, 1.0]), least=st.integers(0, 120))
def test_what_is_told_is_what_the_policy_says(was: int, now: int, share: float, least: int) -> None:
    policy = Policy(unusual_share=share, unusual_at_least=least)
    found = unusual(facts(overdue=now), facts(overdue=was), agencies={"H32.25"}, policy=policy)
    is_unusual = abs(now - was) >= least and abs(now - was) > share * was
    assert set(found["measure"]) == ({"resolved", "overdue"} if is_unusual else set())
    assert all((w, n) == (was, now) for w, n in zip(found["was"], found["now"], strict=True))
