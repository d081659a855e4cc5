"""Cumulative counts: every day once, none left out; where one is, no figure and the reason."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.codes import Level
from contracts.columns import MEASURES, MEMOS
from contracts.errors import UsageError
from contracts.openings import Opening
from contracts.periods import Period, Span, parse_period
from contracts.units import Unit
from tests.transforms.tables import read_table
from tests.tried import tried
from transforms.cumulative import Cumulative, counted, cumulative, missing, missing_words, tiles
from transforms.over_time import PeriodFigures

UNIT = Unit("H56", "56", "tỉnh Khánh Hòa", Level.PROVINCE, "", None, None, verified=True)
DAY = timedelta(days=1)


def opening(indicator: str = "RECEIVED_ONLINE", *, up_to: date = date(2023, 12, 14), count: int = 1000) -> Opening:
    return Opening(
        indicator=indicator,
        unit="H56",
        since=date(2014, 1, 1),
        up_to=up_to,
        count=count,
        source="báo cáo",
        verified=False,
    )


def periods(names: str) -> list[Period]:
    return [parse_period(name) for name in names.split()]


def figures(period: Period, online: int, *, why: str = "") -> PeriodFigures:
    counts = dict.fromkeys((*MEASURES, *MEMOS), 0) | {"received_online": online, "open_in_time": online}
    return PeriodFigures(period, period.forms, {"H56": counts}, {"H56": why} if why else {}, {})


CHAINS = """
| từ kỳ  | đến kỳ | đã lưu                                    | lấy các kỳ             |
| 2024Q1 | 2024Q4 | 2024Q1 2024Q2 2024Q3 2024Q4               | 2024Q1 2024Q2 2024Q3 2024Q4 |
| 2024Q1 | 2024Q4 | 2024Q1 2024Q2 2024Q3 2024Q4 2024H1        | 2024H1 2024Q3 2024Q4   |
| 2024Q1 | 2024Q4 | 2024Q1 2024Q2 2024Q3 2024Q4 2024H1 2024Y  | 2024Y                  |
| 2023Q1 | 2024Q2 | 2023Y 2024M01 2024M02 2024M03 2024Q2      | 2023Y 2024M01 2024M02 2024M03 2024Q2 |
| 2024Q1 | 2024Q2 | 2024T9 2024H1                             | 2024H1                 |
| 2024Q1 | 2024Q4 | 2024T9 2024H1 2024Q4                      | 2024T9 2024Q4          |
| 2024Q1 | 2024Q4 | 2024T9 2024H1 2024Q3 2024M10 2024M11 2024M12 | 2024T9 2024M10 2024M11 2024M12 |
| 2024Q1 | 2024Q3 | 2024Q1 2024Q3                             | -                      |
| 2024Q1 | 2024Q2 | 2024Q1 2024Y                              | -                      |
"""


@pytest.mark.parametrize("case", read_table(CHAINS), ids=lambda case: case["đã lưu"])
def test_the_longest_stored_periods_make_up_the_days(case: dict[str, str]) -> None:
    span = Span(parse_period(case["từ kỳ"]).forms.first_day, parse_period(case["đến kỳ"]).cut_off)
    found = tiles(span, periods(case["đã lưu"]), rule="nd09")
    assert (" ".join(p.id for p in found) if found is not None else "-") == case["lấy các kỳ"]


GAPS = """
| từ kỳ  | đến kỳ | đã lưu               | nói                                                                |
| 2024Q1 | 2024Q3 | 2024Q1 2024Q3        | thiếu kỳ 2024Q2 (từ ngày 15/03/2024 đến ngày 14/06/2024)           |
| 2024Q1 | 2024Q3 | 2024Q1               | thiếu kỳ 2024Q2, 2024Q3 (từ ngày 15/03/2024 đến ngày 14/09/2024)   |
| 2021Q1 | 2024Q3 | 2024Q3               | thiếu kỳ 2021Q1 … 2024Q2 (từ ngày 15/12/2020 đến ngày 14/06/2024)  |
| 2024Q1 | 2024Q3 | 2024H1 2024M09       | thiếu kỳ 2024Q3 (từ ngày 15/06/2024 đến ngày 14/08/2024)           |
"""


@pytest.mark.parametrize("case", read_table(GAPS), ids=lambda case: case["đã lưu"])
def test_a_gap_is_told_by_its_periods_and_days(case: dict[str, str]) -> None:
    span = Span(parse_period(case["từ kỳ"]).forms.first_day, parse_period(case["đến kỳ"]).cut_off)
    stored = periods(case["đã lưu"])
    assert tiles(span, stored, rule="nd09") is None
    assert missing_words(missing(span, stored, rule="nd09"), rule="nd09") == case["nói"]


def test_a_period_of_another_rule_covers_nothing() -> None:
    calendar = parse_period("2024Q1", rule="calendar")
    assert tiles(calendar.forms, [calendar], rule="calendar") == (calendar,)
    assert tiles(calendar.forms, [calendar], rule="nd09") is None


@settings(max_examples=tried(60), deadline=None)
@given(
    st.sets(
        st.sampled_from(
            [f"2024{n}" for n in ("Q1", "Q2", "Q3", "Q4", "H1", "T9", "Y", *(f"M{m:02d}" for m in range(1, 13)))]
        )
    )
)
def test_every_day_is_counted_once_or_there_is_no_figure(names: set[str]) -> None:
    span = parse_period("2024Y").forms
    stored = [parse_period(name) for name in sorted(names)]
    found = tiles(span, stored, rule="nd09")
    if found is None:
        gap = missing(span, stored, rule="nd09")
        assert span.first_day <= gap.first_day <= gap.last_day <= span.last_day
        return
    assert found[0].forms.first_day == span.first_day and found[-1].cut_off == span.last_day
    assert all(one.cut_off + DAY == later.forms.first_day for one, later in pairwise(found))


def test_the_balance_and_the_parts_are_added() -> None:
    one = counted(opening(), on=date(2024, 6, 14))
    parts = [figures(period, online) for period, online in zip(periods("2024Q1 2024Q2"), (7, 35), strict=True)]
    found = cumulative(opening(), one, [UNIT], parts=parts)
    assert (found.added, found.total, found.last_day) == (42, 1042, date(2024, 6, 14))
    assert [p.id for p in found.parts] == ["2024Q1", "2024Q2"]


def test_a_part_that_lacks_a_source_gives_no_figure() -> None:
    one = counted(opening(), on=date(2024, 6, 14))
    q1, q2 = periods("2024Q1 2024Q2")
    found = cumulative(
        opening(), one, [UNIT], parts=[figures(q1, 7, why="chưa có số liệu của nguồn Cam Lâm"), figures(q2, 5)]
    )
    assert found.total is None
    assert found.why_not == "kỳ 2024Q1 chưa đủ số liệu: chưa có số liệu của nguồn Cam Lâm"


def test_a_part_counted_by_another_formula_gives_no_figure() -> None:
    from dataclasses import replace

    later = replace(counted(opening(), on=date(2024, 6, 14)), formula_version="2")
    found = cumulative(opening(), later, [UNIT], parts=[figures(parse_period("2024Q1"), 7)])
    assert found.total is None and "công thức khác" in found.why_not


NOT_ADDED_UP = """
| chỉ tiêu         | vì                                    |
| ON_TIME_RESOLVED | tỷ lệ không cộng được                 |
| OPEN_OVERDUE     | hồ sơ còn lại sẽ bị tính nhiều lần    |
| BY_POST          | một hồ sơ có thể ở hai kỳ             |
| KHONG_CO         | không có chỉ tiêu này                 |
"""


@pytest.mark.parametrize("case", read_table(NOT_ADDED_UP), ids=lambda case: case["chỉ tiêu"])
def test_what_periods_do_not_add_up_to_is_refused(case: dict[str, str]) -> None:
    with pytest.raises(UsageError, match=case["chỉ tiêu"]):
        counted(opening(case["chỉ tiêu"]), on=date(2024, 6, 14))


def test_without_parts_known_there_is_no_total() -> None:
    assert Cumulative(opening(), "", date(2024, 6, 14), why_not="thiếu kỳ").total is None
