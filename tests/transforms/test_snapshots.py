"""What two landings tell together that neither tells alone."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.landings import SOURCE, landed
from transforms.snapshots import CHANGE_COLUMNS, changes, compared_columns

CUT_OFF, READ_ON = date(2024, 12, 14), date(2024, 12, 16)


def compared(before: pa.Table, after: pa.Table, *, read_on: date = READ_ON) -> pd.DataFrame:
    return changes(before, after, SOURCE, cut_off=CUT_OFF, read_on=read_on)


def listed(before: str, after: str) -> list[tuple[str, ...]]:
    found = compared(landed(before), landed(after))
    return [tuple(row) for row in found[["kind", "dossier_code", "column", "was", "now"]].to_numpy()]


BEFORE = """
| mã | tiếp nhận  | hẹn trả    | kết thúc   |
| A  | 01/11/2024 | 10/11/2024 | -          |
"""
HEADS, _, WAS = BEFORE.strip().partition("\n")
CASES = """
| what                              | row now                                 | kinds                             |
| nothing                           | A / 01/11/2024 / 10/11/2024 / -          | -                                 |
| an end date appears, late         | A / 01/11/2024 / 10/11/2024 / 20/11/2024 | -                                 |
| an end date appears after the end | A / 01/11/2024 / 10/11/2024 / 15/12/2024 | -                                 |
| due moved after it had passed     | A / 01/11/2024 / 20/11/2024 / -          | due_rewritten                     |
| due moved over the cut-off        | A / 01/11/2024 / 20/12/2024 / -          | due_rewritten, moved_over_cut_off |
| due taken away                    | A / 01/11/2024 / - / -                   | due_rewritten                     |
| due no longer a date              | A / 01/11/2024 / sớm / -                 | due_rewritten                     |
| received moved within the period  | A / 02/11/2024 / 10/11/2024 / -          | -                                 |
| received moved out of the period  | A / 15/12/2024 / 10/11/2024 / -          | moved_over_cut_off                |
| another dossier in its place      | B / 01/11/2024 / 10/11/2024 / -          | new, vanished                     |
"""


def rows(drawn: str) -> list[list[str]]:
    return [[c.strip() for c in line.strip("|").split("|")] for line in drawn.strip().splitlines()[1:]]


@pytest.mark.parametrize(("what", "now", "kinds"), rows(CASES))
def test_an_open_dossier(what: str, now: str, kinds: str) -> None:
    found = listed(BEFORE, f"{HEADS}\n| {now.replace(' / ', ' | ')} |")
    assert {kind for kind, *_ in found} == {*kinds.split(", ")} - {"-"}, what


RESOLVED_LATE = "| A | 01/11/2024 | 10/11/2024 | 20/11/2024 |"
NOT_YET_DUE = "| A | 01/11/2024 | 16/12/2024 | 20/11/2024 |"
NO_DUE = "| A | 01/11/2024 | - | 20/11/2024 |"
ENDED = """
| what                                    | before        | end now    | kinds                             |
| made early after it was late            | RESOLVED_LATE | 09/11/2024 | end_rewritten                     |
| taken away                              | RESOLVED_LATE | -          | end_rewritten                     |
| moved into the next period              | RESOLVED_LATE | 15/12/2024 | end_rewritten, moved_over_cut_off |
| changed on the day on which it was due  | NOT_YET_DUE   | 21/11/2024 | -                                 |
| changed where there is no due date      | NO_DUE        | 21/11/2024 | -                                 |
| the same day                            | RESOLVED_LATE | 20/11/2024 | -                                 |
"""


@pytest.mark.parametrize(("what", "before", "end", "kinds"), rows(ENDED))
def test_an_ended_dossier(what: str, before: str, end: str, kinds: str) -> None:
    row = globals()[before]
    found = listed(f"{HEADS}\n{row}", f"{HEADS}\n{row.replace('20/11/2024', end)}")
    assert {kind for kind, *_ in found} == {*kinds.split(", ")} - {"-"}, what


def test_what_was_and_what_is_now_are_days_and_never_texts() -> None:
    assert listed(BEFORE, f"{HEADS}\n| A | 01/11/2024 | Nguyễn Thị Hoa, 0905123456 | - |") == [
        ("due_rewritten", "A", "due_date", "2024-11-10", "không đọc được")
    ]


def test_the_hour_of_a_day_and_white_space_are_no_change() -> None:
    assert listed(BEFORE, f"{HEADS}\n|  A  | 01/11/2024 |  10/11/2024  | -  |") == []


def test_unreadable_texts_are_compared_as_texts() -> None:
    row = "| A | 01/11/2024 | 10/11/2024 | {} |"
    said = [f"{HEADS}\n{row.format(end)}" for end in ("mai", "mốt")]
    assert listed(said[0], said[0]) == []
    assert [kind for kind, *_ in listed(*said)] == ["end_rewritten"]


def test_a_code_with_several_rows_is_not_compared_and_not_lost() -> None:
    twice = f"{HEADS}\n{WAS}\n| A | 01/11/2024 | 30/11/2024 | - |"
    assert listed(BEFORE, twice) == listed(twice, BEFORE) == listed(twice, twice) == []
    other = f"{HEADS}\n| B | 01/11/2024 | 10/11/2024 | - |"
    assert [found[:2] for found in listed(twice, other)] == [("new", "B"), ("vanished", "A")]


def test_rows_without_a_code_are_nobodys() -> None:
    nameless = f"{HEADS}\n| - | 01/11/2024 | 10/11/2024 | - |\n| - | 01/11/2024 | 11/11/2024 | - |"
    assert [found[:2] for found in listed(nameless, BEFORE)] == [("new", "A")]


def test_a_change_is_where_its_row_is_now_and_a_vanished_one_where_it_was() -> None:
    other = "| B | 01/11/2024 | 10/11/2024 | - |"
    moved = f"{HEADS}\n{other}\n| A | 01/11/2024 | 11/11/2024 | - |"
    found = compared(landed(BEFORE), landed(moved)).set_index("kind")["address"].to_dict()
    assert found == {"new": "dòng 0", "due_rewritten": "dòng 1"}
    assert compared(landed(moved), landed(BEFORE)).set_index("kind")["address"]["vanished"] == "dòng 0"


def test_a_column_that_the_landing_before_lacked_is_not_compared() -> None:
    before = landed(BEFORE).drop_columns(["END_DATE"])
    after = landed(f"{HEADS}\n| A | 01/11/2024 | 11/11/2024 | 20/11/2024 |")
    assert compared(before, after)["kind"].tolist() == ["due_rewritten"]
    assert compared(before.drop_columns(["DOSSIER_CODE"]), after).empty


def test_an_empty_landing_before_or_after() -> None:
    empty = landed(BEFORE).slice(0, 0)
    assert compared(empty, landed(BEFORE))["kind"].tolist() == ["new"]
    assert compared(landed(BEFORE), empty)["kind"].tolist() == ["vanished"]
    assert list(compared(empty, empty).columns) == list(CHANGE_COLUMNS)


DAYS = st.sampled_from([None, "01/11/2024", "14/12/2024", "15/12/2024", "20/12/2024", "?"])
Drawn = Sequence[Sequence[str | None]]
DOSSIERS = st.lists(st.tuples(st.sampled_from("ABCDE"), DAYS, DAYS, DAYS), max_size=8)


def table(dossiers: Drawn) -> pa.Table:
    names = ("DOSSIER_CODE", "RECEIVED_DATE", "DUE_DATE", "END_DATE")
    columns = zip(*dossiers, strict=True) if dossiers else ((),) * 4
    made = {n: pa.array(c, pa.string()).dictionary_encode() for n, c in zip(names, columns, strict=True)}
    return pa.table(made | {"_address": pa.array([str(n) for n in range(len(dossiers))], pa.string())})


@given(DOSSIERS, DOSSIERS)
def test_new_and_vanished_are_the_difference_of_the_codes(old: Drawn, new: Drawn) -> None:
    found = compared(table(old), table(new))
    codes = {kind: set(rows) for kind, rows in found.groupby("kind")["dossier_code"]}
    before, after = ({row[0] for row in rows} for rows in (old, new))
    assert codes.get("new", set()) == after - before
    assert codes.get("vanished", set()) == before - after
    back = compared(table(new), table(old))
    assert set(back.loc[back["kind"] == "new", "dossier_code"]) == codes.get("vanished", set())


@given(DOSSIERS)
def test_the_same_landing_has_no_change(dossiers: Drawn) -> None:
    assert compared(table(dossiers), table(dossiers[::-1])).empty


@pytest.mark.parametrize("readable", [True, False])
def test_half_a_million_dossiers_take_about_a_second(*, readable: bool) -> None:
    """Also where no date can be read, as with a format that is wrong. Alone and quiet it takes half of the limit."""
    numbers = np.arange(500_000)
    codes = pa.array([f"000.00.32.H32-241001-{n:06}" for n in numbers])
    days = pd.Series(pd.Timestamp("2024-06-01") + pd.to_timedelta(numbers % 180, unit="D"))
    day = pa.array(days.dt.strftime("%d/%m/%Y" if readable else "%Y-%m-%d"))
    made = {"DOSSIER_CODE": codes} | dict.fromkeys(["RECEIVED_DATE", "DUE_DATE", "END_DATE"], day)
    before = pa.table({n: c.dictionary_encode() for n, c in made.items()} | {"_address": codes})
    after = before.slice(1000)
    assert {*compared_columns(SOURCE)} == {*before.column_names}
    start = time.process_time()
    found = compared(before, after)
    assert time.process_time() - start < 3
    assert found["kind"].tolist() == ["vanished"] * 1000
