"""What was left to another source stays with it once it ended there, and only then."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.codes import Status
from transforms.across import CLAIM_COLUMNS, claims_of, ended_elsewhere, open_then

SOURCES = st.sampled_from(["a", "b", "c"])
CODES = st.sampled_from(["X-1", "x-1", "X-2", "y-3"])
KEYS = ["source_id", "dossier_code", "elsewhere"]


def frame(rows: list[tuple[str, ...]], columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=columns, dtype="str")


@given(
    now=st.lists(st.tuples(SOURCES, CODES), unique=True),
    before=st.lists(st.tuples(SOURCES, CODES, SOURCES), unique_by=lambda row: (row[0], row[1].upper())),
    not_ended=st.sets(st.tuples(SOURCES, CODES.map(str.upper))),
)
def test_it_stays_where_it_was_left_if_it_ended_there_and_is_given_no_more(
    now: list[tuple[str, str]], before: list[tuple[str, str, str]], not_ended: set[tuple[str, str]]
) -> None:
    before = [row for row in before if row[0] != row[2]]
    given_now = {(source, code.upper()) for source, code in now}
    found = ended_elsewhere(frame(now, KEYS[:2]), frame(before, KEYS), not_ended)
    wanted = {
        (source, code, receiver)
        for source, code in now
        for left, was, receiver in before
        if (left, was.upper()) == (source, code.upper()) and (receiver, was.upper()) not in given_now | not_ended
    }
    assert set(found.itertuples(index=False, name=None)) == wanted
    assert list(found.columns) == KEYS
    assert not found.duplicated(KEYS[:2]).any()


@pytest.mark.parametrize(
    ("status", "deleted", "claims"),
    [
        (Status.OPEN, None, True),
        (Status.DONE, None, True),
        (Status.NOT_RECEIVED, None, False),
        (Status.OPEN, "2024-12-14", False),
        (Status.OPEN, "2024-12-15", True),
    ],
)
def test_who_may_claim_a_dossier(status: Status, deleted: str | None, claims: bool) -> None:
    row = dict.fromkeys(CLAIM_COLUMNS, "x") | {"status": str(status), "deleted_date": pd.Timestamp(deleted)}
    frame = pd.DataFrame([row]).astype({"status": "category", "deleted_date": "datetime64[s]"})
    assert len(claims_of(frame, last_day=date(2024, 12, 14))) == claims


@pytest.mark.parametrize(
    ("end", "went", "is_open"),
    [
        ("2024-09-14", "resolved_early", False),
        ("2024-06-01", None, False),
        ("2024-09-15", "open_in_time", True),
        ("2024-09-10", "open_in_time", True),
        (None, "open_overdue", True),
        (None, None, True),
    ],
    ids=["ended in it", "ended before it", "ended after it", "stopped, and so open", "open", "received later"],
)
def test_what_had_not_ended_by_the_cut_off(end: str | None, went: str | None, is_open: bool) -> None:
    frame = pd.DataFrame({"dossier_code": ["x-1"], "end_date": [pd.Timestamp(end)], "went": [went]})
    frame = frame.astype({"end_date": "datetime64[s]", "went": "category"})
    assert open_then(frame, cut_off=date(2024, 9, 14)) == ({"X-1"} if is_open else frozenset())
