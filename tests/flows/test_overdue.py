"""What the watchdog finds, moment by moment, and in a warehouse in which runs were cut off for real."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from flows.notices.words import overdue
from flows.overdue import Kind, of_quarter
from tests.flows.quarters import day, moment, quarter
from tests.transforms.tables import read_table

DUE = day("2026-09-20")
FOUND = """
| lúc              | lượt chạy         | thiếu | báo cáo    | đang chạy        | thấy                              |
| 2026-09-15T06:59 | chưa chạy         |       | -          | không            |                                   |
| 2026-09-15T07:00 | chưa chạy         |       | -          | không            | never_ran                         |
| 2026-11-22T08:00 | chưa chạy         |       | -          | không            | never_ran                         |
| 2026-09-15T07:00 | chưa chạy         |       | -          | có               |                                   |
| 2026-09-15T07:00 | xem trước         |       | 2026-09-07 | không            | never_ran                         |
| 2026-09-15T06:59 | xem trước bị ngắt |       | -          | không            | cut_off                           |
| 2026-09-15T07:00 | xem trước bị ngắt |       | -          | không            | never_ran                         |
| 2026-09-15T00:20 | ngày chốt         |       | 2026-09-14 | không            |                                   |
| 2026-09-15T06:59 | ngày chốt         |       | 2026-09-14 | không            |                                   |
| 2026-09-15T07:00 | ngày chốt         |       | 2026-09-14 | không            | report_missing                    |
| 2026-09-15T06:10 | đủ                |       | 2026-09-15 | không            |                                   |
| 2026-12-14T23:00 | đủ                |       | 2026-09-15 | không            |                                   |
| 2026-09-15T07:00 | đủ                |       | -          | không            | report_missing                    |
| 2026-09-15T07:00 | đủ                |       | 2026-09-14 | không            | report_missing                    |
| 2026-09-19T23:59 | thiếu nguồn       | b     | 2026-09-15 | không            |                                   |
| 2026-09-20T00:00 | thiếu nguồn       | b     | 2026-09-15 | không            | source_missing b                  |
| 2026-10-20T00:00 | thiếu nguồn       | a b   | 2026-09-15 | không            | source_missing a source_missing b |
| 2026-09-20T08:00 | thiếu nguồn       | b     | 2026-09-15 | có               |                                   |
| 2026-09-20T14:00 | thiếu nguồn       | b     | 2026-09-15 | 2026-09-20T08:00 |                                   |
| 2026-09-20T14:01 | thiếu nguồn       | b     | 2026-09-15 | 2026-09-20T08:00 | too_long                          |
| 2026-09-15T14:01 | chưa chạy         |       | -          | 2026-09-15T08:00 | too_long                          |
| 2026-09-15T06:10 | bị ngắt           |       | -          | không            | cut_off                           |
| 2026-09-15T06:10 | bị ngắt           |       | -          | có               |                                   |
| 2026-09-15T12:01 | bị ngắt           |       | -          | có               | too_long                          |
| 2026-09-15T13:10 | bị ngắt           |       | -          | 2026-09-15T13:00 |                                   |
| 2026-09-15T06:10 | bị chặn           | a b   | -          | không            | ended_badly                       |
| 2026-09-21T06:10 | bị chặn           | a b   | -          | không            | ended_badly                       |
| 2026-09-15T10:20 | nguồn bị chặn     | b     | 2026-09-15 | không            |                                   |
| 2026-09-20T10:20 | nguồn bị chặn     | b     | 2026-09-15 | không            | source_missing b                  |
| 2026-09-15T10:20 | đủ rồi bị dừng    |       | 2026-09-15 | không            | stopped                           |
| 2026-09-16T06:10 | lỗi rồi đủ        |       | 2026-09-16 | không            |                                   |
"""


@pytest.mark.parametrize("row", read_table(FOUND), ids=lambda row: f"{row['lúc']} {row['lượt chạy']}")
def test_a_cause_is_found_once_and_what_is_as_it_should_be_is_not(row: dict[str, str]) -> None:
    found = of_quarter(quarter(row | {"kỳ": "2026Q3"}, due=DUE), moment(row["lúc"]))
    assert " ".join(f"{one.kind} {one.source_id}".strip() for one in found) == row["thấy"]


def test_it_says_since_when_and_what_to_do() -> None:
    late = quarter({"kỳ": "2026Q3", "lượt chạy": "chưa chạy", "thiếu": "", "báo cáo": "-"}, due=DUE)
    [one] = of_quarter(late, moment("2026-09-15T08:00"))
    assert one.said == "Quý III năm 2026 đáng lẽ đã chạy sáng 15/09/2026 nhưng chưa chạy"
    assert (one.since, one.command) == (moment("2026-09-15T06:00"), "cchc run 2026Q3")
    lacking = quarter({"kỳ": "2026Q3", "lượt chạy": "thiếu nguồn", "thiếu": "b", "báo cáo": "2026-09-15"}, due=DUE)
    [one] = of_quarter(lacking, moment("2026-09-20T08:00"))
    assert one.said == (
        "Quý III năm 2026 (hạn nộp 20/09/2026) vẫn thiếu số liệu của nguồn «b», từ 06:00 ngày 15/09/2026"
    )
    assert one.command == "cchc rerun 2026Q3 --source b"


def test_who_holds_a_quarter_for_too_long_is_named() -> None:
    held = {"kỳ": "2026Q3", "lượt chạy": "đủ", "thiếu": "", "báo cáo": "2026-09-15", "đang chạy": "2026-09-16T08:00"}
    [one] = of_quarter(quarter(held), moment("2026-09-16T15:00"))
    assert one.said == (
        "lượt chạy kỳ 2026Q3 bắt đầu lúc 08:00 ngày 16/09/2026, quá 6 giờ vẫn chưa xong"
        " (tiến trình 4711 trên máy may-chu)"
    )


def test_a_preview_that_was_cut_off_is_another_cause_than_the_quarter() -> None:
    row = {"kỳ": "2026Q3", "thiếu": "", "báo cáo": "-"}
    early, late = (quarter(row | {"lượt chạy": ran}) for ran in ("xem trước bị ngắt", "bị ngắt"))
    [preview], [whole] = (of_quarter(one, moment("2026-09-15T06:10")) for one in (early, late))
    assert preview.kind is whole.kind is Kind.CUT_OFF
    assert overdue(preview, source=None).cause != overdue(whole, source=None).cause


def test_figures_that_end_before_the_cut_off_are_missing() -> None:
    """Somebody ran the quarter again as of an earlier day."""
    whole = quarter({"kỳ": "2026Q3", "lượt chạy": "đủ", "thiếu": "", "báo cáo": "2026-09-15"}, due=DUE)
    assert whole.partitions is not None
    early = {
        name: replace(one, as_of=whole.period.cut_off - timedelta(days=9)) for name, one in whole.partitions.items()
    }
    found = list(of_quarter(replace(whole, partitions=early), moment("2026-09-21T08:00")))
    assert [(one.kind, one.source_id) for one in found] == [(Kind.SOURCE_MISSING, "a"), (Kind.SOURCE_MISSING, "b")]


def test_without_a_due_day_what_is_missing_is_told_at_once() -> None:
    lacking = quarter({"kỳ": "2026Q3", "lượt chạy": "thiếu nguồn", "thiếu": "b", "báo cáo": "2026-09-15"})
    [one] = of_quarter(lacking, moment("2026-09-15T08:00"))
    assert one.kind is Kind.SOURCE_MISSING and "hạn nộp" not in one.said
