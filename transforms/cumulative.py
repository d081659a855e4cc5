"""Cumulative counts (lũy kế): an opening balance and the stored periods after it, without a gap and no day twice.

A figure stands only where every day from the balance to the report's last one has been counted whole, by one formula;
where not, there is none, and a reason that names the periods that are missing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from contracts.codes import Series
from contracts.count_words import add_up_over_time
from contracts.errors import UsageError
from contracts.openings import Opening
from contracts.periods import Period, Span, parse_period
from contracts.units import Unit
from transforms.indicators import Indicator, counts_of, parts_of, valid_on
from transforms.over_time import PeriodFigures, same_formula

NAMED_AT_MOST = 4
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Cumulative:
    """added: what the parts come to; None where it is not known, and why_not says why, a clause. last_day: the last
    that is counted."""

    opening: Opening
    label: str
    last_day: date
    parts: tuple[Period, ...] = ()
    added: int | None = None
    why_not: str = ""

    @property
    def total(self) -> int | None:
        return None if self.added is None else self.opening.count + self.added


def counted(opening: Opening, *, on: date) -> Indicator:
    """The count that the balance is of. Raises UsageError where it is none that periods add up to."""
    found = next((one for one in valid_on(on) if one.id == opening.indicator), None)
    if found is None:
        raise UsageError(f"không có chỉ tiêu «{opening.indicator}»", advice="xem cchc indicators list")
    if found.denominator or found.series is not Series.FORMS or not add_up_over_time(found.numerator):
        raise UsageError(
            f"chỉ tiêu «{found.id}» không cộng dồn được qua các kỳ",
            advice="chỉ dùng số đếm trong kỳ (không phải tỷ lệ, không phải số còn lại cuối kỳ)",
        )
    return found


def tiles(span: Span, stored: Collection[Period], *, rule: str) -> tuple[Period, ...] | None:
    """Stored periods of the rule that make up the days, the longest first; none of no days; None where they do not."""
    if span.first_day > span.last_day:
        return ()
    fitting = [p for p in stored if p.rule == rule and p.forms.first_day == span.first_day]
    for period in sorted((p for p in fitting if p.cut_off <= span.last_day), key=lambda p: p.cut_off, reverse=True):
        rest = tiles(Span(period.cut_off + _DAY, span.last_day), stored, rule=rule)
        if rest is not None:
            return (period, *rest)
    return None


def missing(span: Span, stored: Collection[Period], *, rule: str) -> Span:
    """The first days that no chain of stored periods reaches, up to the next stored one."""
    own = [p for p in stored if p.rule == rule]
    reached = {span.first_day}
    for period in sorted(own, key=lambda p: p.forms.first_day):
        if period.forms.first_day in reached and period.cut_off <= span.last_day:
            reached.add(period.cut_off + _DAY)
    first_day = max(reached)
    later = [p.forms.first_day for p in own if first_day < p.forms.first_day <= span.last_day]
    return Span(first_day, min((*later, span.last_day + _DAY)) - _DAY)


def missing_words(span: Span, *, rule: str) -> str:
    """thiếu kỳ 2024Q2, 2024Q3 (từ ngày … đến ngày …)."""
    days = f"từ ngày {span.first_day:%d/%m/%Y} đến ngày {span.last_day:%d/%m/%Y}"
    names = [p.id for p in _quarters(span, rule)]
    if not names:
        return f"thiếu số liệu {days}"
    listed = ", ".join(names) if len(names) <= NAMED_AT_MOST else f"{names[0]} … {names[-1]}"
    return f"thiếu kỳ {listed} ({days})"


def _quarters(span: Span, rule: str) -> Iterable[Period]:
    for year in range(span.first_day.year, span.last_day.year + 2):
        for quarter in range(1, 5):
            try:
                period = parse_period(f"{year}Q{quarter}", rule=rule)
            except UsageError:  # the rule was not yet in force
                continue
            if span.first_day <= period.forms.last_day and period.forms.first_day <= span.last_day:
                yield period


def cumulative(
    opening: Opening, indicator: Indicator, units: Collection[Unit], *, parts: Sequence[PeriodFigures]
) -> Cumulative:
    """The balance and the parts, adjacent and the report's own period last."""
    found = Cumulative(opening, indicator.label, parts[-1].span.last_day, tuple(part.period for part in parts))
    counts = [_count(indicator, units, part) for part in parts]
    if unknown := [why for why, count in counts if count is None]:
        return replace(found, why_not=unknown[0])
    return replace(found, added=sum(count for _, count in counts if count is not None))


def _count(indicator: Indicator, units: Collection[Unit], part: PeriodFigures) -> tuple[str, int | None]:
    """Why the part's count is not known, or the count."""
    label = f"kỳ {part.period.id}"
    if not same_formula(indicator, part.period):
        return f"{label} tính theo công thức khác", None
    counts = part.sums(units)
    if counts is None:
        return f"{label} chưa đủ số liệu: {part.why_lacking(units)}", None
    if parts_of(indicator, counts):
        return f"{label} có nguồn không ghi {parts_of(indicator, counts)[0].base.label}", None
    return "", counts_of(indicator, counts)[0]
