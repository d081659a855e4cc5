"""How long a dossier took, and the median of many (days of rest as in contracts/data/rest_days.csv)."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from statistics import median

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.codes import Series
from contracts.columns import DURATION_COLUMNS
from contracts.province import Policy
from tests.transforms.batches import POLICIES, SPAN, Batch, batches
from tests.transforms.tables import pause_frame, read_dossiers
from tests.tried import tried
from transforms import pieces
from transforms.counts import facts_of
from transforms.deadlines import UNKNOWN, WorkingCalendar
from transforms.durations import combine, durations_of, median_days, median_days_of
from transforms.pauses import pauses_of
from transforms.processing import days_taken

REST_DAYS = {date(2026, 8, 31): True, date(2026, 9, 1): True, date(2026, 9, 2): True, date(2026, 8, 22): False}
CALENDAR = WorkingCalendar(REST_DAYS)
SPANS = {Series.FORMS: SPAN}

TAKEN = """
Thứ Hai 17/8/2026; thứ Bảy 22/8 làm bù; nghỉ 31/8, 1/9, 2/9.

| hồ sơ                      | tiếp nhận | hẹn trả | kết thúc  | trạng thái | tạm dừng             | ngày |
| trong ngày                 | 17/8      | 17/8    | 17/8      | đã xong    | -                    | 0    |
| hôm sau                    | 17/8      | 18/8    | 18/8      | đã xong    | -                    | 1    |
| qua thứ Bảy làm bù         | 20/8      | 26/8    | 24/8      | đã xong    | -                    | 3    |
| qua dịp nghỉ lễ            | 28/8      | 7/9     | 7/9       | đã xong    | -                    | 3    |
| xong ngày nghỉ             | 28/8      | 7/9     | 31/8      | đã xong    | -                    | 0    |
| chờ bổ sung                | 17/8      | 31/8    | 26/8      | đã xong    | 18/8–20/8            | 6    |
| chờ từ ngày tiếp nhận      | 17/8      | 31/8    | 20/8      | đã xong    | 17/8–19/8            | 1    |
| chờ hai lần                | 17/8      | 31/8    | 27/8      | đã xong    | 18/8–19/8 20/8–21/8  | 7    |
| chờ hai lần trùng nhau     | 17/8      | 31/8    | 27/8      | đã xong    | 18/8–21/8 19/8–20/8  | 6    |
| lần chờ chưa đóng          | 17/8      | 31/8    | 24/8      | đã xong    | 19/8–                | 2    |
| lần chờ sau khi xong       | 17/8      | 31/8    | 19/8      | đã xong    | 20/8–21/8            | 2    |
| chờ từ trước khi tiếp nhận | 17/8      | 31/8    | 19/8      | đã xong    | 10/8–18/8            | 1    |
| chờ từ kỳ trước            | 10/6      | 31/8    | 18/6      | đã xong    | 11/6–12/6            | 5    |
| không rõ ngày bắt đầu chờ  | 17/8      | 31/8    | 19/8      | đã xong    | -–18/8               | -    |
| năm chưa có lịch nghỉ      | 31/12/2025 | 5/1    | 6/1       | đã xong    | -                    | -    |
| chưa xong                  | 17/8      | 31/8    | -         | đang xử lý | -                    | -    |
"""


def test_working_days_from_the_day_after_receipt_without_pauses() -> None:
    rows, dossiers, pauses = read_dossiers(TAKEN)
    found = days_taken(dossiers, pauses_of(dossiers["dossier_code"], pauses), calendar=CALENDAR)
    said = {row["hồ sơ"]: UNKNOWN if row["ngày"] == "-" else int(row["ngày"]) for row in rows}
    assert dict(zip(dossiers["dossier_code"], found.tolist(), strict=True)) == said


COUNTED = """
| hồ sơ            | tiếp nhận | hẹn trả | kết thúc | trạng thái | thời hạn | tính      |
| có thời hạn      | 17/8      | 20/8    | 19/8     | đã xong    | 5        | 1 2 1 2 5 |
| không thời hạn   | 17/8      | 20/8    | 19/8     | đã xong    | -        | 1 2 0 0 0 |
| thời hạn bằng 0  | 17/8      | 20/8    | 19/8     | đã xong    | 0        | 1 2 0 0 0 |
| đã rút           | 17/8      | 20/8    | 19/8     | đã rút     | 5        | 0 0 0 0 0 |
| dừng xử lý       | 17/8      | 20/8    | 19/8     | dừng xử lý | 5        | 0 0 0 0 0 |
| xong sau kỳ      | 17/8      | 20/8    | 15/9     | đã xong    | 5        | 0 0 0 0 0 |
| xong trước kỳ    | 8/6       | 20/8    | 12/6     | đã xong    | 5        |           |
| năm chưa có lịch | 31/12/2025 | 5/7    | 6/7      | đã xong    | 5        | 0 0 0 0 0 |
"""
TIME = ["processed", "processing_days", "timed", "timed_days", "timed_limit_days"]


def test_time_is_counted_of_what_the_agency_finished_in_the_period() -> None:
    rows, dossiers, pauses = read_dossiers(COUNTED)
    limits = [None if row["thời hạn"] == "-" else int(row["thời hạn"]) for row in rows]
    dossiers = dossiers.assign(procedure_code=dossiers["dossier_code"], limit_days=pd.array(limits, dtype="Int32"))
    for stopped_is in ("backlog", "closed"):
        policy = Policy(stopped_is=stopped_is)
        facts = facts_of(dossiers, pauses, spans=SPANS, policy=policy, calendar=CALENDAR).set_index("procedure_code")
        said = {row["hồ sơ"]: [int(n) for n in row["tính"].split()] for row in rows if row["tính"]}
        assert {str(code): counts.tolist() for code, counts in facts[TIME].iterrows()} == said


def test_a_source_whose_pauses_are_not_read_tells_no_time() -> None:
    _, dossiers, pauses = read_dossiers(COUNTED)
    assert facts_of(dossiers, pauses, spans=SPANS, policy=Policy())[TIME].sum().sum() == 0
    assert durations_of(dossiers, pauses, spans=SPANS, policy=Policy(), calendar=None).empty


def one_by_one(batch: Batch) -> dict[str, int]:
    """Day by day: a working day counts where no pause of the dossier holds it."""
    found = {}
    for record in batch.records:
        if record["end_date"] is None or not CALENDAR.covers(record["end_date"]):
            continue
        every = [record["received_date"] + timedelta(n + 1) for n in range(365)]
        mine = [p for p in batch.pauses if p["dossier_code"] == record["dossier_code"]]
        found[record["dossier_code"]] = sum(
            CALENDAR.is_working_day(day) and not any(p["pause_from"] < day <= (p["pause_to"] or day) for p in mine)
            for day in every
            if day <= record["end_date"]
        )
    return found


@settings(max_examples=tried(60), deadline=None)
@given(batches())
def test_whole_columns_give_what_a_walk_through_the_calendar_gives(batch: Batch) -> None:
    dossiers, pauses = batch.frames()
    taken = days_taken(dossiers, pauses_of(dossiers["dossier_code"], pauses), calendar=CALENDAR)
    found = dict(zip(dossiers["dossier_code"], taken.tolist(), strict=True))
    assert {code: days for code, days in found.items() if days != UNKNOWN} == one_by_one(batch)


@settings(max_examples=tried(60), deadline=None)
@given(batches(), POLICIES, st.integers(1, 4))
def test_durations_are_the_dossiers_of_the_facts_and_merge_in_any_order(
    batch: Batch, policy: Policy, parts: int
) -> None:
    def of(some: Batch) -> pd.DataFrame:
        return durations_of(*some.frames(), spans=SPANS, policy=policy, calendar=CALENDAR)

    whole = of(batch)
    facts = facts_of(*batch.frames(), spans=SPANS, policy=policy, calendar=CALENDAR)
    assert list(whole.columns) == list(DURATION_COLUMNS)
    assert whole["dossiers"].sum() == facts["processed"].sum()
    assert (whole["days"] * whole["dossiers"]).sum() == facts["processing_days"].sum()
    split = [of(Batch(batch.records[n::parts], batch.pauses)) for n in range(parts)]
    pd.testing.assert_frame_equal(combine(reversed(split)), whole)


@settings(max_examples=tried(200), deadline=None)
@given(st.lists(st.integers(0, 40), max_size=30))
def test_the_median_is_exact(days: list[int]) -> None:
    counts = pd.Series(days, dtype="int64").value_counts()
    frame = pd.DataFrame({"days": counts.index, "dossiers": counts.to_numpy()})
    assert median_days(frame) == (median([Fraction(day) for day in days]) if days else None)
    assert median_days(pd.concat([frame, frame])) == median_days(frame)


def test_the_median_of_a_unit_is_that_of_all_dossiers_below_it_and_no_mean_of_medians() -> None:
    rows = [("A", "Hộ tịch", 1, 3), ("A", "Đất đai", 30, 1), ("B", "Đất đai", 10, 1)]
    frame = pd.DataFrame(rows, columns=list(DURATION_COLUMNS))
    assert median_days_of(frame, ["A"]) == 1
    assert median_days_of(frame, ["A", "B"]) == 1
    assert median_days_of(frame, ["A", "B"], fields=["Đất đai"]) == 20
    assert median_days_of(frame, ["C"]) is None


def test_a_dossier_without_any_pause_needs_none() -> None:
    dossiers = pd.DataFrame({"dossier_code": ["A"], "received_date": ["2026-08-17"], "end_date": ["2026-08-19"]})
    dossiers = dossiers.astype({"dossier_code": "str", "received_date": "datetime64[s]", "end_date": "datetime64[s]"})
    assert days_taken(dossiers, pauses_of(dossiers["dossier_code"], pause_frame([])), calendar=CALENDAR).tolist() == [2]


@settings(max_examples=tried(30), deadline=None)
@given(batches(), POLICIES, st.integers(1, 5))
def test_it_matters_not_where_a_piece_ends(batch: Batch, policy: Policy, size: int) -> None:
    given_whole = {"spans": SPANS, "policy": policy, "calendar": CALENDAR}
    whole = [count(*batch.frames(), **given_whole) for count in (facts_of, durations_of)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pieces, "SIZE", size)
        for count, expected in zip((facts_of, durations_of), whole, strict=True):
            pd.testing.assert_frame_equal(count(*batch.frames(), **given_whole), expected)
