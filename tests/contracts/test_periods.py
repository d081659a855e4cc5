"""Reporting periods: from the 15th to the 14th (NĐ 09/2019/NĐ-CP), and the index's calendar months."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.codes import Series
from contracts.errors import UsageError
from contracts.periods import (
    Span,
    last_closed_quarter,
    parse_period,
    period_rules,
    previous_period,
    running_quarter,
    same_period_last_year,
)
from tests.transforms.tables import read_table

DAYS = """
| kỳ      | từ ngày    | đến ngày   | chỉ số từ  | chỉ số đến | tên                    |
| 2026M01 | 2025-12-15 | 2026-01-14 | 2026-01-01 | 2026-01-31 | Tháng 1 năm 2026       |
| 2026M02 | 2026-01-15 | 2026-02-14 | 2026-02-01 | 2026-02-28 | Tháng 2 năm 2026       |
| 2024M02 | 2024-01-15 | 2024-02-14 | 2024-02-01 | 2024-02-29 | Tháng 2 năm 2024       |
| 2024M03 | 2024-02-15 | 2024-03-14 | 2024-03-01 | 2024-03-31 | Tháng 3 năm 2024       |
| 2026M12 | 2026-11-15 | 2026-12-14 | 2026-12-01 | 2026-12-31 | Tháng 12 năm 2026      |
| 2026Q1  | 2025-12-15 | 2026-03-14 | 2026-01-01 | 2026-03-31 | Quý I năm 2026         |
| 2026Q2  | 2026-03-15 | 2026-06-14 | 2026-04-01 | 2026-06-30 | Quý II năm 2026        |
| 2026Q3  | 2026-06-15 | 2026-09-14 | 2026-07-01 | 2026-09-30 | Quý III năm 2026       |
| 2026Q4  | 2026-09-15 | 2026-12-14 | 2026-10-01 | 2026-12-31 | Quý IV năm 2026        |
| 2024Q4  | 2024-09-15 | 2024-12-14 | 2024-10-01 | 2024-12-31 | Quý IV năm 2024        |
| 2026H1  | 2025-12-15 | 2026-06-14 | 2026-01-01 | 2026-06-30 | 6 tháng đầu năm 2026   |
| 2026T9  | 2025-12-15 | 2026-09-14 | -          | -          | 9 tháng đầu năm 2026   |
| 2026Y   | 2025-12-15 | 2026-12-14 | 2026-01-01 | 2026-12-31 | Năm 2026               |
"""


@pytest.mark.parametrize("row", read_table(DAYS), ids=lambda row: row["kỳ"])
def test_first_day_last_day_and_name(row: dict[str, str]) -> None:
    period = parse_period(row["kỳ"])
    index = [str(d) for d in (period.index.first_day, period.index.last_day)] if period.index else ["-", "-"]
    found = [str(period.forms.first_day), str(period.forms.last_day), *index, period.label]
    assert found == [row[head] for head in ("từ ngày", "đến ngày", "chỉ số từ", "chỉ số đến", "tên")]


def test_a_free_range_has_no_index() -> None:
    period = parse_period("2018-01-01..2018-07-31")
    assert period.forms == Span(date(2018, 1, 1), date(2018, 7, 31))
    assert period.index is None and period.label == "Từ ngày 01/01/2018 đến ngày 31/07/2018"


def test_the_calendar_rule_knows_leap_years() -> None:
    assert parse_period("2024M02", rule="calendar").forms == Span(date(2024, 2, 1), date(2024, 2, 29))
    assert parse_period("2023M02", rule="calendar").cut_off == date(2023, 2, 28)


NO_PERIODS = """
2024 | 2024Q5 | 2024Q0 | 2024q4 | Q4/2024 | 2024M13 | 2024M00 | 2024M1 | 2024H2 | 2024T6 | 24Q4 | 1999Q4 | 20２４Q4
2024-02-30..2024-03-01 | 2024-03-02..2024-03-01 | 2024-01-01.. | ..2024-01-01 | 1/1/2024..1/3/2024
"""


@pytest.mark.parametrize("name", ["", "2024Q4 ", *re.split(r" \| |\n", NO_PERIODS.strip())])
def test_a_name_that_is_no_period_is_told(name: str) -> None:
    with pytest.raises(UsageError) as error:
        parse_period(name)
    assert "2024Q4" in error.value.advice


def test_a_rule_holds_from_its_day() -> None:
    """NĐ 09/2019 is in force since 12/3/2019: the quarter that ended on 14/3/2019 is the first."""
    assert parse_period("2019Q1").forms.first_day == date(2018, 12, 15)
    with pytest.raises(UsageError, match="không có hiệu lực"):
        parse_period("2018Q4")


def test_an_unknown_rule_is_told() -> None:
    with pytest.raises(UsageError) as error:
        parse_period("2024Q4", rule="nd99")
    assert "nd09" in error.value.advice


BEFORE = """
| kỳ                     | kỳ liền trước |
| 2026Q4                 | 2026Q3        |
| 2026Q1                 | 2025Q4        |
| 2026M01                | 2025M12       |
| 2026M12                | 2026M11       |
| 2026M10                | 2026M09       |
| 2026Y                  | 2025Y         |
| 2026H1                 | -             |
| 2026T9                 | -             |
| 2026-01-01..2026-02-01 | -             |
| 2019Q1                 | -             |
"""


@pytest.mark.parametrize("row", read_table(BEFORE), ids=lambda row: row["kỳ"])
def test_the_period_before(row: dict[str, str]) -> None:
    before = previous_period(parse_period(row["kỳ"]))
    assert (before.id if before else "-") == row["kỳ liền trước"]


@given(st.integers(2020, 2099), st.integers(1, 12), st.sampled_from(["nd09", "calendar"]))
def test_adjacent_periods_leave_no_day_out_and_count_none_twice(year: int, month: int, rule: str) -> None:
    for name in (f"{year}M{month:02d}", f"{year}Q{(month + 2) // 3}", f"{year}Y"):
        period = parse_period(name, rule=rule)
        before = previous_period(period)
        assert before is not None and before.rule == rule
        assert (period.forms.first_day - before.forms.last_day).days == 1
        assert period.index is not None and before.index is not None
        assert (period.index.first_day - before.index.last_day).days == 1


@given(st.integers(2020, 2099), st.sampled_from(["nd09", "calendar"]))
def test_the_months_of_a_year_make_its_quarters_and_the_quarters_the_year(year: int, rule: str) -> None:
    forms = {n: parse_period(f"{year}{n}", rule=rule).forms for n in ("M01", "M03", "M12", "Q1", "Q2", "Q3", "Q4")}
    others = {n: parse_period(f"{year}{n}", rule=rule).forms for n in ("H1", "T9", "Y")}
    assert forms["Q1"] == Span(forms["M01"].first_day, forms["M03"].last_day)
    assert others["H1"] == Span(forms["Q1"].first_day, forms["Q2"].last_day)
    assert others["T9"] == Span(forms["Q1"].first_day, forms["Q3"].last_day)
    assert others["Y"] == Span(forms["M01"].first_day, forms["M12"].last_day)


def test_the_window_holds_the_days_of_both_series() -> None:
    assert parse_period("2024Q4").window == Span(date(2024, 9, 15), date(2024, 12, 31))
    assert parse_period("2024T9").window == parse_period("2024T9").forms


AS_OF = """
| ngày chốt  | biểu mẫu đến | chỉ số đến |
| 2024-09-15 | 2024-09-15   | -          |
| 2024-09-30 | 2024-09-30   | -          |
| 2024-10-01 | 2024-10-01   | 2024-10-01 |
| 2024-12-14 | 2024-12-14   | 2024-12-14 |
| 2024-12-20 | 2024-12-14   | 2024-12-20 |
| 2025-03-01 | 2024-12-14   | 2024-12-31 |
"""


@pytest.mark.parametrize("row", read_table(AS_OF), ids=lambda row: row["ngày chốt"])
def test_series_end_at_the_day_of_the_run_or_their_own_end(row: dict[str, str]) -> None:
    spans = parse_period("2024Q4").spans(date.fromisoformat(row["ngày chốt"]))
    ends = {series: str(span.last_day) for series, span in spans.items()}
    assert [ends[Series.FORMS], ends.get(Series.INDEX, "-")] == [row["biểu mẫu đến"], row["chỉ số đến"]]


def test_a_period_that_has_not_begun_has_no_figures() -> None:
    with pytest.raises(UsageError, match="15/09/2024"):
        parse_period("2024Q4").spans(date(2024, 9, 14))


def test_a_late_run_takes_the_cut_off_and_an_early_one_its_day() -> None:
    period = parse_period("2024Q4")
    assert period.default_as_of(date(2026, 11, 21)) == date(2024, 12, 14)
    assert period.default_as_of(date(2024, 12, 1)) == date(2024, 12, 1)


CLOSED = """
| hôm nay    | quý đã chốt |
| 2026-11-21 | 2026Q3      |
| 2026-12-14 | 2026Q3      |
| 2026-12-15 | 2026Q4      |
| 2026-01-02 | 2025Q4      |
| 2026-03-15 | 2026Q1      |
"""


@pytest.mark.parametrize("row", read_table(CLOSED), ids=lambda row: row["hôm nay"])
def test_the_last_closed_quarter(row: dict[str, str]) -> None:
    assert last_closed_quarter(date.fromisoformat(row["hôm nay"]), rule="nd09").id == row["quý đã chốt"]


@pytest.mark.parametrize("rule", list(period_rules()))
@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_every_day_lies_in_the_running_quarter_which_follows_the_closed_one(rule: str, today: date) -> None:
    running = running_quarter(today, rule=rule)
    assert running.forms.first_day <= today <= running.cut_off
    assert previous_period(running) == last_closed_quarter(today, rule=rule)


LAST_YEAR = """
| kỳ                     | cùng kỳ năm trước      |
| 2024Q4                 | 2023Q4                 |
| 2026Q1                 | 2025Q1                 |
| 2024M02                | 2023M02                |
| 2024H1                 | 2023H1                 |
| 2024T9                 | 2023T9                 |
| 2024Y                  | 2023Y                  |
| 2018-01-15..2018-07-31 | 2017-01-15..2017-07-31 |
| 2024-02-29..2024-03-01 | 2023-02-28..2023-03-01 |
| 2025-02-01..2025-02-28 | 2024-02-01..2024-02-29 |
| 2019Q1                 | -                      |
"""


@pytest.mark.parametrize("row", read_table(LAST_YEAR), ids=lambda row: row["kỳ"])
def test_the_same_period_last_year_has_its_name_and_its_days(row: dict[str, str]) -> None:
    rule = "calendar" if row["kỳ"] < "2019" else "nd09"
    found = same_period_last_year(parse_period(row["kỳ"], rule=rule))
    assert (found.id if found else "-") == row["cùng kỳ năm trước"]
    assert found is None or found == parse_period(found.id, rule=rule)
