"""Day by day, what runs: the days of prefect.yaml against the period rules, and the rules of the preview and the
retry."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import yaml
from prefect._vendor.croniter import croniter

from contracts.periods import last_closed_quarter, parse_period, period_rules
from contracts.province import read_province
from contracts.settings import REPOSITORY
from flows.closed_quarter import RUNS_AT, due_day
from flows.timetable import Nothing, Wanted, fitted, no_returns_yet, preview_on, retry_on
from tests.flows.quarters import day, quarter
from tests.transforms.tables import read_table

YEARS = range(2024, 2034)


def deployments() -> dict[str, dict[str, Any]]:
    document = yaml.safe_load((REPOSITORY / "prefect.yaml").read_text(encoding="utf-8"))
    return {one["name"]: one for one in document["deployments"]}


def cron_of(name: str) -> str:
    [schedule] = deployments()[name]["schedules"]
    assert schedule["timezone"] == "Asia/Ho_Chi_Minh" and schedule["active"] is True
    return str(schedule["cron"])


def cut_offs(rule: str) -> list[date]:
    return [parse_period(f"{year}Q{quarter}", rule=rule).cut_off for year in YEARS for quarter in (1, 2, 3, 4)]


def fires(cron: str, *, after: date, times: int) -> list[datetime]:
    found = croniter(cron, datetime.combine(after, time.max))
    return [found.get_next(datetime) for _ in range(times)]


@pytest.mark.parametrize(("name", "days"), [("quarter", 1), ("feedback", 2)])
def test_the_schedule_hits_the_days_after_every_cut_off(name: str, days: int) -> None:
    cron = cron_of(name)
    assert fitted(cron, "nd09", days=days) == cron
    wanted = [last + timedelta(days=days) for last in cut_offs("nd09")]
    assert [at.date() for at in fires(cron, after=date(YEARS[0], 1, 1), times=len(wanted))] == wanted


def test_the_hour_of_the_quarter_is_the_one_that_the_watchdog_goes_by() -> None:
    assert fires(cron_of("quarter"), after=date(YEARS[0], 1, 1), times=1)[0].time() == RUNS_AT


@pytest.mark.parametrize("rule", list(period_rules()))
@pytest.mark.parametrize("days", [1, 2])
def test_by_any_rule_the_day_is_fitted_and_the_hour_stays(rule: str, days: int) -> None:
    cron = fitted("30 5 9 9 *", rule, days=days)
    assert cron is not None
    wanted = [datetime.combine(last + timedelta(days=days), time(5, 30)) for last in cut_offs(rule)]
    assert fires(cron, after=cut_offs(rule)[0], times=len(wanted)) == wanted


def test_each_run_finds_the_quarter_that_has_just_closed() -> None:
    runs = [at.date() for at in fires(cron_of("quarter"), after=date(YEARS[0], 1, 1), times=4 * len(YEARS))]
    closed = [last_closed_quarter(one, rule="nd09").id for one in runs]
    assert closed == [f"{year}Q{quarter}" for year in YEARS for quarter in (1, 2, 3, 4)]


PREVIEW = """
| hôm nay    | kỳ     | đến ngày   |
| 2026-09-14 | 2026Q3 | 2026-09-13 |
| 2026-09-15 | -      | -          |
| 2026-09-16 | 2026Q4 | 2026-09-15 |
| 2026-11-23 | 2026Q4 | 2026-11-22 |
| 2026-12-14 | 2026Q4 | 2026-12-13 |
| 2026-12-21 | 2027Q1 | 2026-12-20 |
"""


@pytest.mark.parametrize("row", read_table(PREVIEW), ids=lambda row: row["hôm nay"])
def test_the_preview_is_of_the_running_quarter_up_to_the_last_whole_day(row: dict[str, str]) -> None:
    found = preview_on(day(row["hôm nay"]), rule="nd09")
    if row["kỳ"] == "-":
        assert found == Nothing("Quý IV năm 2026 bắt đầu hôm nay, chưa có ngày nào trọn vẹn để xem trước")
        return
    assert not isinstance(found, Nothing)
    assert (found.period.id, str(found.as_of), found.only) == (row["kỳ"], row["đến ngày"], None)
    assert found.as_of < found.period.cut_off


RETRY = """
| hôm nay    | kỳ     | lượt chạy   | thiếu | báo cáo    | đang chạy | đọc    | vì sao                           |
| 2026-09-15 | 2026Q3 | đủ          |       | 2026-09-15 | không     | -      | đủ số liệu của mọi nguồn         |
| 2026-09-15 | 2026Q3 | thiếu nguồn | b     | 2026-09-15 | không     | b      | đọc lại nguồn còn thiếu: b       |
| 2026-09-15 | 2026Q3 | thiếu nguồn | a b   | 2026-09-15 | không     | a b    | đọc lại nguồn còn thiếu: a, b    |
| 2026-09-20 | 2026Q3 | thiếu nguồn | b     | 2026-09-15 | không     | b      | đọc lại nguồn còn thiếu: b       |
| 2026-09-21 | 2026Q3 | thiếu nguồn | b     | 2026-09-15 | không     | -      | đã qua hạn nộp 20/09/2026        |
| 2026-09-16 | 2026Q3 | bị ngắt     |       | -          | có        | -      | đang có lượt chạy khác           |
| 2026-09-16 | 2026Q3 | thiếu nguồn | b     | 2026-09-15 | có        | b      | đọc lại nguồn còn thiếu: b       |
| 2026-09-15 | 2026Q3 | chưa chạy   |       | -          | không     | cả kỳ  | đáng lẽ đã chạy nhưng chưa chạy  |
| 2026-09-16 | 2026Q3 | xem trước   |       | 2026-09-07 | không     | cả kỳ  | đáng lẽ đã chạy nhưng chưa chạy  |
| 2026-09-16 | 2026Q3 | bị ngắt     |       | 2026-09-07 | không     | cả kỳ  | bị ngắt giữa chừng, chạy tiếp    |
| 2026-09-16 | 2026Q3 | bị chặn     |       | 2026-09-15 | không     | cả kỳ  | không xong, chạy lại             |
| 2026-09-16 | 2026Q3 | nguồn bị chặn | b   | 2026-09-15 | không     | b      | đọc lại nguồn còn thiếu: b       |
| 2026-09-15 | 2026Q3 | đủ rồi bị dừng |    | 2026-09-15 | không     | cả kỳ  | không xong, chạy lại             |
| 2026-09-17 | 2026Q3 | lỗi rồi đủ  |       | 2026-09-16 | không     | -      | đủ số liệu của mọi nguồn         |
| 2026-09-16 | 2026Q3 | đủ          |       | 2026-09-14 | không     | cả kỳ  | chưa có báo cáo in sau ngày chốt |
| 2026-11-22 | 2026Q3 | chưa chạy   |       | -          | không     | -      | đã qua hạn nộp 20/09/2026        |
"""


@pytest.mark.parametrize(
    "row", read_table(RETRY), ids=lambda row: f"{row['hôm nay']} {row['lượt chạy']} {row['thiếu']}"
)
def test_the_retry_reads_what_is_missing_until_the_due_day(row: dict[str, str]) -> None:
    closed = quarter(row, due=due_day(read_province(REPOSITORY / "provinces/phu-tho"), parse_period(row["kỳ"])))
    found = retry_on(day(row["hôm nay"]), closed)
    if row["đọc"] == "-":
        assert isinstance(found, Nothing) and row["vì sao"] in found.said
        return
    assert not isinstance(found, Nothing) and row["vì sao"] in found.why
    assert found.only == (None if row["đọc"] == "cả kỳ" else tuple(row["đọc"].split()))
    assert found.as_of == closed.period.cut_off


@pytest.mark.parametrize(("ran", "refused"), [("chưa chạy", True), ("xem trước", True), ("đủ", False)])
def test_returns_are_of_the_quarter_and_not_of_a_preview(ran: str, refused: bool) -> None:
    closed = quarter({"kỳ": "2026Q3", "lượt chạy": ran, "thiếu": "", "báo cáo": "-"})
    assert bool(no_returns_yet(closed)) is refused


def test_what_was_read_by_a_clock_that_ran_ahead_is_read_again_by_itself() -> None:
    """The schedule's own run came too early by it, and does not come again."""
    done = quarter({"kỳ": "2026Q3", "lượt chạy": "đủ", "thiếu": "", "báo cáo": "2026-09-15"}, due=day("2026-09-20"))
    found = retry_on(day("2026-09-15"), replace(done, read_ahead=frozenset({"b"})))
    assert isinstance(found, Wanted)
    assert (found.only, found.why) == (None, "Quý III năm 2026: đồng hồ máy chạy sai khi đọc b, đọc lại")


def test_without_a_due_day_nothing_is_read_by_itself() -> None:
    closed = quarter({"kỳ": "2026Q3", "lượt chạy": "thiếu nguồn", "thiếu": "b", "báo cáo": "-"})
    found = retry_on(day("2026-09-16"), closed)
    assert isinstance(found, Nothing) and "chưa khai hạn nộp cấp tỉnh" in found.said


def test_a_retry_keeps_the_later_day_that_the_figures_are_of() -> None:
    closed = quarter({"kỳ": "2026Q3", "lượt chạy": "thiếu nguồn", "thiếu": "b", "báo cáo": "-"}, due=day("2026-10-20"))
    for stored, wanted in (("2026-09-26", "2026-09-26"), ("2026-09-01", "2026-09-14")):
        then = replace(closed, runs=[*closed.runs, replace(closed.runs[0], as_of=day(stored))])
        found = retry_on(day("2026-10-01"), then)
        assert not isinstance(found, Nothing) and str(found.as_of) == wanted


def test_what_is_scheduled_says_what_it_is_for_and_runs_once_at_a_time() -> None:
    for name in ("quarter", "preview", "retry", "feedback"):
        one = deployments()[name]
        assert one["description"] and one["concurrency_limit"] == 1, name
