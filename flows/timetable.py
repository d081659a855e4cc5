"""What is due to run on a day, by the calendar and by what the warehouse knows: rules without Prefect.

The hours stand in prefect.yaml. Days are worked out here from the province's period rule, so that nothing is typed each
quarter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from contracts.periods import Period, PeriodRule, period_rules, running_quarter
from flows.closed_quarter import ClosedQuarter

_DAY = timedelta(days=1)
LAST_DAYS = 31
"""end_day of a rule whose periods end with their month."""
SHORTEST_MONTH = 28


@dataclass(frozen=True)
class Wanted:
    """A run that is due. only: sources; None means all. why: Vietnamese, for whoever reads the schedule."""

    period: Period
    as_of: date
    only: tuple[str, ...] | None
    why: str


@dataclass(frozen=True)
class Nothing:
    """said: why nothing is due, Vietnamese."""

    said: str


def preview_on(today: date, *, rule: str) -> Wanted | Nothing:
    """The running quarter up to yesterday, the last day that is over: a day that goes on would be counted by half."""
    period, until = running_quarter(today, rule=rule), today - _DAY
    if until < period.forms.first_day:
        return Nothing(f"{period.label} bắt đầu hôm nay, chưa có ngày nào trọn vẹn để xem trước")
    return Wanted(period, until, None, f"xem trước {period.label} đến hết ngày {until:%d/%m/%Y}")


def retry_on(today: date, closed: ClosedQuarter) -> Wanted | Nothing:
    """What the last closed quarter still lacks, until its due day. One that never ran, was cut off or ended badly is
    run whole: what is done of it is kept."""
    name = closed.period.label
    if closed.due is None:
        return Nothing(f"{name}: chưa khai hạn nộp cấp tỉnh ([[due]] trong province.toml) nên không tự đọc lại")
    if today > closed.due:
        return Nothing(f"{name}: đã qua hạn nộp {closed.due:%d/%m/%Y}, không tự đọc lại")
    if closed.runs_now:
        return Nothing(f"{name}: đang có lượt chạy khác, không chạy chồng lên")
    if why := _why_whole(closed):
        return Wanted(closed.period, closed.as_of, None, f"{name}: {why}")
    if not closed.missing:
        return Nothing(f"{name}: đủ số liệu của mọi nguồn, không cần đọc lại")
    names = ", ".join(closed.missing)
    return Wanted(closed.period, closed.as_of, tuple(closed.missing), f"{name}: đọc lại nguồn còn thiếu: {names}")


def no_returns_yet(closed: ClosedQuarter) -> str:
    """Why the returns of the last closed quarter cannot be made, "" where they can: what a preview read is not what the
    owners of the sources are to answer for."""
    if closed.began:
        return ""
    return (
        f"{closed.period.label} chưa chạy sau ngày chốt {closed.period.cut_off:%d/%m/%Y}, nên chưa lập phiếu phản hồi"
    )


def _why_whole(closed: ClosedQuarter) -> str:
    last = closed.last_run
    if not closed.began:
        return "đáng lẽ đã chạy nhưng chưa chạy, chạy cả kỳ"
    if last is not None and last.ended_at is None:
        return "lượt chạy trước bị ngắt giữa chừng, chạy tiếp"
    if last is not None and last.came_to_nothing:
        return "lượt chạy trước không xong, chạy lại"
    if closed.read_ahead:
        return f"đồng hồ máy chạy sai khi đọc {', '.join(sorted(closed.read_ahead))}, đọc lại"
    return "" if closed.has_report else "chưa có báo cáo in sau ngày chốt, chạy lại"


def days_after_cut_off(rule: str, *, days: int) -> str | None:
    """Day and months of a cron line for so many days after the cut-off of each quarter; None where no line says it for
    every year. days: few enough to stay within the month that follows."""
    found = period_rules()[rule]
    months, day = _first_after(found, days)
    return f"{day} {months}" if day <= SHORTEST_MONTH else None


def _first_after(rule: PeriodRule, days: int) -> tuple[str, int]:
    if rule.end_day >= LAST_DAYS:
        return "1,4,7,10", days
    return "3,6,9,12", rule.end_day + days


def fitted(cron: str, rule: str, *, days: int) -> str | None:
    """The cron line with its hour, on that rule's days; None where no line says them."""
    minute, hour, *_ = cron.split()
    found = days_after_cut_off(rule, days=days)
    return f"{minute} {hour} {found} *" if found else None
