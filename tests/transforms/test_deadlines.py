"""Working days: the dated table of days off and worked Saturdays, and what follows from it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.configfile import read_csv
from contracts.periods import parse_period
from contracts.province import NATIONAL
from tests.transforms.tables import read_table
from transforms.deadlines import WorkingCalendar

TABLE: Path = NATIONAL / "rest_days.csv"
ROWS = [row for _, row in read_csv(TABLE, ("date", "kind", "name", "source"))]
CALENDAR = WorkingCalendar({date.fromisoformat(row["date"]): row["kind"] == "off" for row in ROWS})
WEEKDAYS = {"T2": 0, "T3": 1, "T4": 2, "T5": 3, "T6": 4, "T7": 5, "CN": 6}

WORKING_DAYS = """
| nhận ngày     | số ngày | hẹn trả       | vì                             |
| T5 2026-08-20 | 5       | T4 2026-08-26 | thứ bảy 22/8 đi làm bù         |
| T5 2026-02-12 | 5       | T5 2026-02-26 | nghỉ Tết 16–20/2               |
| T6 2026-08-28 | 3       | T2 2026-09-07 | nghỉ 31/8, 1/9 và 2/9          |
| T6 2026-11-20 | 5       | T2 2026-11-30 | nghỉ 24/11                     |
| T2 2026-08-03 | 10      | T2 2026-08-17 | không có ngày nghỉ             |
| T6 2024-05-03 | 1       | T7 2024-05-04 | thứ bảy 4/5 đi làm bù          |
| T6 2025-04-25 | 1       | T7 2025-04-26 | thứ bảy 26/4 đi làm bù         |
| T6 2024-04-26 | 1       | T5 2024-05-02 | nghỉ 29/4 hoán đổi, 30/4 và 1/5 |
| T7 2026-08-22 | 1       | T2 2026-08-24 | tính từ ngày sau ngày nhận     |
| T5 2026-08-20 | 0       | T5 2026-08-20 | trong ngày                     |
"""


@pytest.mark.parametrize("row", read_table(WORKING_DAYS), ids=lambda row: f"{row['nhận ngày']} + {row['số ngày']}")
def test_working_days_are_counted_from_the_day_after(row: dict[str, str]) -> None:
    start, due = (_named_day(row[head]) for head in ("nhận ngày", "hẹn trả"))
    assert CALENDAR.add_working_days(start, int(row["số ngày"])) == due


CUT_OFFS = """
| quý    | ngày chốt     | cộng 2 ngày làm việc |
| 2025Q2 | T7 2025-06-14 | T3 2025-06-17        |
| 2025Q3 | CN 2025-09-14 | T3 2025-09-16        |
| 2026Q1 | T7 2026-03-14 | T3 2026-03-17        |
| 2026Q2 | CN 2026-06-14 | T3 2026-06-16        |
| 2026Q3 | T2 2026-09-14 | T4 2026-09-16        |
| 2026Q4 | T2 2026-12-14 | T4 2026-12-16        |
"""


@pytest.mark.parametrize("row", read_table(CUT_OFFS), ids=lambda row: row["quý"])
def test_reports_are_due_two_working_days_after_the_cut_off(row: dict[str, str]) -> None:
    cut_off = parse_period(row["quý"]).cut_off
    assert cut_off == _named_day(row["ngày chốt"])
    assert CALENDAR.add_working_days(cut_off, 2) == _named_day(row["cộng 2 ngày làm việc"])


def _named_day(cell: str) -> date:
    weekday, day = cell.split()
    assert date.fromisoformat(day).weekday() == WEEKDAYS[weekday]
    return date.fromisoformat(day)


DAYS = """
| ngày       | làm việc |
| 2026-11-24 | không    |
| 2026-04-27 | không    |
| 2026-08-31 | không    |
| 2026-08-22 | có       |
| 2026-08-23 | không    |
| 2026-08-24 | có       |
| 2024-05-04 | có       |
| 2025-04-26 | có       |
| 2025-11-24 | có       |
| 2024-12-14 | không    |
| 2018-09-03 | không    |
"""


@pytest.mark.parametrize("row", read_table(DAYS), ids=lambda row: row["ngày"])
def test_working_days_and_days_off(row: dict[str, str]) -> None:
    assert CALENDAR.is_working_day(date.fromisoformat(row["ngày"])) is (row["làm việc"] == "có")


def test_a_day_off_rolls_forward_and_a_working_day_stays() -> None:
    assert CALENDAR.roll_forward(date(2026, 2, 14)) == date(2026, 2, 23)
    assert CALENDAR.roll_forward(date(2026, 8, 22)) == date(2026, 8, 22)


def test_the_table_is_in_order_and_holds_each_day_once() -> None:
    days = [row["date"] for row in ROWS]
    assert days == sorted(set(days))
    assert {int(day[:4]) for day in days} == set(range(2018, 2028))
    assert all(row["name"] and row["source"] for row in ROWS)


def test_a_worked_day_is_a_saturday_or_a_sunday() -> None:
    worked = [date.fromisoformat(row["date"]) for row in ROWS if row["kind"] == "work"]
    assert {date(2024, 5, 4), date(2025, 4, 26), date(2026, 8, 22)} <= set(worked)
    assert all(day.weekday() >= 5 for day in worked)


def test_an_empty_table_knows_weekends_and_covers_no_year() -> None:
    calendar = WorkingCalendar({})
    assert calendar.add_working_days(date(2026, 11, 20), 5) == date(2026, 11, 27)
    assert not calendar.covers(date(2026, 11, 20))


def test_the_years_of_the_table_are_covered() -> None:
    covered = [CALENDAR.covers(date(year, month, 15)) for year, month in ((2017, 12), (2018, 1), (2027, 12), (2028, 1))]
    assert covered == [False, True, True, False]


def test_days_are_not_counted_backward() -> None:
    with pytest.raises(ValueError, match="forward"):
        CALENDAR.add_working_days(date(2026, 1, 5), -1)


@given(st.lists(st.tuples(st.dates(date(2018, 1, 1), date(2027, 12, 31)), st.integers(1, 60)), max_size=20))
def test_whole_columns_give_what_single_days_give(asked: list[tuple[date, int]]) -> None:
    starts = np.array([start for start, _ in asked], dtype="datetime64[s]")
    found = CALENDAR.add_working_days_each(starts, np.array([days for _, days in asked], dtype=np.int64))
    singly = [CALENDAR.add_working_days(*pair) for pair in asked]
    assert found.tolist() == [due if CALENDAR.covers(due) else None for due in singly]


def test_what_the_table_does_not_know_is_not_checked() -> None:
    starts = np.array(["2017-12-29", "NaT", "2027-12-31", "2026-11-20"], dtype="datetime64[D]")
    assert CALENDAR.add_working_days_each(starts, np.array([5, 5, 5, 5])).tolist() == [
        None,
        None,
        None,
        date(2026, 11, 30),
    ]
    assert WorkingCalendar({}).add_working_days_each(starts, np.array([5, 5, 5, 5])).tolist() == [None] * 4


@given(st.dates(date(2018, 1, 1), date(2027, 6, 30)), st.integers(1, 60))
def test_the_days_between_hold_just_that_many_working_days(start: date, days: int) -> None:
    due = CALENDAR.add_working_days(start, days)
    between = [start + timedelta(n) for n in range(1, (due - start).days + 1)]
    assert sum(map(CALENDAR.is_working_day, between)) == days
    assert CALENDAR.is_working_day(due)
