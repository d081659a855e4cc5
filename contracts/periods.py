"""Reporting periods: from a name such as 2024Q4 to first day, last day and cut-off.

Names: 2024M07 (tháng), 2024Q4 (quý), 2024H1 (6 tháng), 2024T9 (9 tháng), 2024Y (năm), or a free range
2018-01-01..2018-07-31. Both ends are inclusive. The rule (15→14 or calendar) is dated data in
data/period_rules.toml. A period has two series: the forms' (by the province's rule) and the 766 index's,
which follows the calendar (docs/scoring-766.md); both are counted from the same landing.
"""

from __future__ import annotations

import calendar
import re
import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from contracts.codes import Series
from contracts.errors import UsageError

INDEX_RULE = "calendar"
_NAMED = re.compile(r"(?P<year>20\d\d)(?:Q(?P<quarter>[1-4])|M(?P<month>0[1-9]|1[0-2])|(?P<span>H1|T9|Y))", re.ASCII)
_RANGE = re.compile(r"(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)", re.ASCII)
_ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}
_SPANS = {"H1": (6, "6 tháng đầu năm"), "T9": (9, "9 tháng đầu năm"), "Y": (12, "Năm")}
ADVICE = "dùng dạng 2024Q4, 2024M07, 2024H1 (6 tháng), 2024T9 (9 tháng), 2024Y (năm) hoặc 2024-01-01..2024-07-31"


@dataclass(frozen=True)
class Span:
    """A run of days, both ends inclusive."""

    first_day: date
    last_day: date

    def until(self, as_of: date) -> Span:
        """The part up to `as_of`: what can be known then."""
        return Span(self.first_day, min(self.last_day, as_of))


@dataclass(frozen=True)
class Period:
    """A named period under a rule.

    forms: days of the forms; its last day is the cut-off. index: days of the 766 index, or None where that
    index has no such period (9 months, a free range).
    """

    id: str
    label: str
    rule: str
    forms: Span
    index: Span | None

    @property
    def cut_off(self) -> date:
        return self.forms.last_day

    @property
    def window(self) -> Span:
        """All days that either series needs: what an extract asks the source for."""
        if self.index is None:
            return self.forms
        return Span(min(self.forms.first_day, self.index.first_day), max(self.forms.last_day, self.index.last_day))

    def spans(self, as_of: date) -> dict[Series, Span]:
        """The days of each series that have begun by `as_of`, cut there."""
        if as_of < self.forms.first_day:
            raise UsageError(
                f"kỳ {self.id} bắt đầu ngày {self.forms.first_day:%d/%m/%Y}, sau ngày chốt {as_of:%d/%m/%Y}",
                advice="chọn kỳ đã bắt đầu, hoặc --as-of muộn hơn",
            )
        spans = {Series.FORMS: self.forms.until(as_of)}
        if self.index is not None and self.index.first_day <= as_of:
            spans[Series.INDEX] = self.index.until(as_of)
        return spans

    def default_as_of(self, today: date) -> date:
        """The cut-off, or today where the period has not ended: a late run gives what a timely one gave."""
        return min(self.cut_off, today)


@dataclass(frozen=True)
class PeriodRule:
    id: str
    label: str
    start_day: int
    end_day: int
    valid_from: date
    valid_to: date | None

    def span(self, year: int, first_month: int, last_month: int) -> Span:
        """Days of the period that has these months (of `year`) in its name."""
        if self.start_day == 1:
            first = date(year, first_month, 1)
        else:
            before = date(year, first_month, 1) - timedelta(days=1)
            first = before.replace(day=self.start_day)
        last_of_month = calendar.monthrange(year, last_month)[1]
        return Span(first, date(year, last_month, min(self.end_day, last_of_month)))

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@cache
def period_rules() -> dict[str, PeriodRule]:
    text = files("contracts").joinpath("data/period_rules.toml").read_text(encoding="utf-8")
    rules = tomllib.loads(text)["rule"]
    return {
        r["id"]: PeriodRule(r["id"], r["label"], r["start_day"], r["end_day"], r["valid_from"], r.get("valid_to"))
        for r in rules
    }


def parse_period(name: str, *, rule: str = "nd09") -> Period:
    """The period of that name under that rule. Raises UsageError where there is none."""
    if free := _RANGE.fullmatch(name):
        return _free_range(name, *free.groups())
    named = _NAMED.fullmatch(name)
    if named is None:
        raise UsageError(f"không có kỳ báo cáo «{name}»", advice=ADVICE)
    year = int(named["year"])
    first_month, last_month, label = _months(named)
    forms_rule = _rule(rule, name)
    forms = forms_rule.span(year, first_month, last_month)
    if not forms_rule.holds_on(forms.last_day):
        raise UsageError(
            f"quy tắc kỳ «{rule}» không có hiệu lực vào ngày {forms.last_day:%d/%m/%Y} (kỳ {name})",
            advice="dùng một khoảng ngày tự do, hoặc thêm quy tắc vào contracts/data/period_rules.toml",
        )
    has_index = named["span"] != "T9"
    index = period_rules()[INDEX_RULE].span(year, first_month, last_month) if has_index else None
    return Period(name, label, rule, forms, index)


def _months(named: re.Match[str]) -> tuple[int, int, str]:
    """First month, last month and Vietnamese label of a matched name."""
    year = named["year"]
    if named["quarter"]:
        quarter = int(named["quarter"])
        return 3 * quarter - 2, 3 * quarter, f"Quý {_ROMAN[quarter]} năm {year}"
    if named["month"]:
        month = int(named["month"])
        return month, month, f"Tháng {month} năm {year}"
    last_month, label = _SPANS[named["span"]]
    return 1, last_month, f"{label} {year}"


def _rule(rule: str, name: str) -> PeriodRule:
    try:
        return period_rules()[rule]
    except KeyError:
        known = ", ".join(period_rules())
        raise UsageError(f"không có quy tắc kỳ «{rule}» (kỳ {name})", advice=f"dùng một trong: {known}") from None


def _free_range(name: str, first: str, last: str) -> Period:
    try:
        span = Span(date.fromisoformat(first), date.fromisoformat(last))
    except ValueError:
        raise UsageError(f"khoảng ngày «{name}» có ngày không tồn tại", advice=ADVICE) from None
    if span.first_day > span.last_day:
        raise UsageError(f"khoảng ngày «{name}» có ngày đầu sau ngày cuối", advice=ADVICE)
    label = f"Từ ngày {span.first_day:%d/%m/%Y} đến ngày {span.last_day:%d/%m/%Y}"
    return Period(name, label, "range", span, None)


def previous_period(period: Period) -> Period | None:
    """The adjacent period before, of the same length and rule. None for a free range, 6 and 9 months, which have
    no adjacent twin, and where the rule was not yet in force."""
    named = _NAMED.fullmatch(period.id)
    if named is None or named["span"] in {"H1", "T9"}:
        return None
    try:
        return parse_period(_name_before(named), rule=period.rule)
    except UsageError:
        return None


def earlier_of_kind(period: Period) -> Period | None:
    """The next one before in the row of periods of its kind: quarters, months, years; of 6 and 9 months, which come
    once a year, that of the year before. None for a free range, and where the rule was not yet in force."""
    if _NAMED.fullmatch(period.id) is None:
        return None
    return previous_period(period) or (same_period_last_year(period) if period.id[4:] in {"H1", "T9"} else None)


def _name_before(named: re.Match[str]) -> str:
    year = int(named["year"])
    if named["span"] == "Y":
        return f"{year - 1}Y"
    if named["quarter"]:
        quarter = int(named["quarter"])
        return f"{year}Q{quarter - 1}" if quarter > 1 else f"{year - 1}Q4"
    month = int(named["month"])
    return f"{year}M{month - 1:02d}" if month > 1 else f"{year - 1}M12"


def same_period_last_year(period: Period) -> Period | None:
    """The period of that name a year before (cùng kỳ), under the same rule; of a free range, the same days. None where
    the rule was not yet in force, or no period had such a name."""
    named = _NAMED.fullmatch(period.id)
    if named is None:
        first, last = (_year_before(day).isoformat() for day in (period.forms.first_day, period.forms.last_day))
        return _free_range(f"{first}..{last}", first, last)
    name = f"{int(named['year']) - 1}{period.id.removeprefix(named['year'])}"
    try:
        return parse_period(name, rule=period.rule)
    except UsageError:
        return None


def _year_before(day: date) -> date:
    """The last day of a February stays that."""
    year = day.year - 1
    is_last = day.day == calendar.monthrange(day.year, day.month)[1]
    return day.replace(year=year, day=calendar.monthrange(year, day.month)[1] if is_last else day.day)


def current_quarter(today: date, *, rule: str) -> Period:
    """The quarter of the calendar that the day lies in."""
    return parse_period(f"{today.year}Q{(today.month + 2) // 3}", rule=rule)


def last_closed_quarter(today: date, *, rule: str) -> Period:
    """The newest quarter whose cut-off lies before today."""
    year, quarter = today.year, 4
    while True:
        period = parse_period(f"{year}Q{quarter}", rule=rule)
        if period.cut_off < today:
            return period
        year, quarter = (year, quarter - 1) if quarter > 1 else (year - 1, 4)


def running_quarter(today: date, *, rule: str) -> Period:
    """The quarter that goes on by that rule, its cut-off included."""
    closed = last_closed_quarter(today, rule=rule)
    year, quarter = int(closed.id[:4]), int(closed.id[-1])
    return parse_period(f"{year}Q{quarter + 1}" if quarter < 4 else f"{year + 1}Q1", rule=rule)
