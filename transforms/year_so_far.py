"""The year so far (lũy kế từ đầu năm): the long period itself where it has been counted, else its parts put together.

Of parts, what came in and went out is added up; what was carried over is the first's, what is open is the last's. That
is the long period's own count where every part carried over what the one before left open; where one did not, (3) and
(7) + (11) differ by just that, and the difference is told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from contracts.columns import OPEN, RECEIVED, RESOLVED
from contracts.errors import UsageError
from contracts.periods import Period, Span, parse_period
from contracts.units import Unit
from transforms.over_time import Counts, PeriodFigures

FROM_FIRST = ("carried_over",)
FROM_LAST = (*OPEN, "stopped", "paused")
"""What is open at the end of a period, and parts of it."""
ADDED = (
    *(m for m in (*RECEIVED, *RESOLVED) if m not in FROM_FIRST),
    *("withdrawn", "linked_received", "linked_resolved", "linked_overdue"),
    *("level_known", "offered", "offered_online", "offered_full", "offered_full_online"),
    *("returned_known", "returned_by_post", "result_known", "result_electronic"),
    *("digitised_known", "digitised", "reused_known", "reused"),
    *("processed", "processing_days", "timed", "timed_days", "timed_limit_days"),
)
"""What happened within a period, and parts of it: of the dossiers received in it, or of those resolved in it."""
NOT_KNOWN = ("no_due_date", "by_post_known", "by_post", "fee_known", "fee_due", "paid_known", "paid_online")
"""What counts a dossier in each of the periods through which it is open: of a whole made of parts it is not known."""


@dataclass(frozen=True)
class YearSoFar:
    """counts: measure → number; what cannot be put together is not there. parts: the periods that it was made of, one
    where the long period was counted itself. gap: (3) − (7) − (11), which is 0 where nothing was corrected between."""

    counts: Counts
    parts: tuple[Period, ...]

    @property
    def gap(self) -> int:
        return sum(self.counts[m] for m in RECEIVED) - sum(self.counts[m] for m in (*RESOLVED, *OPEN))


def year_of(period: Period) -> Span | None:
    """From the first day of the period's year to its cut-off; None of a free range, which belongs to no year."""
    try:
        year = parse_period(f"{period.id[:4]}Y", rule=period.rule)
    except UsageError:
        return None
    return Span(year.forms.first_day, period.cut_off)


def covers(period: Period, stored: Collection[Period]) -> tuple[tuple[Period, ...], ...]:
    """Every way to make the year so far of stored periods of its own rule, the fewest parts first, the newest ones of
    as many. Empty where days are missing, or the period belongs to no year."""
    span = year_of(period)
    if span is None:
        return ()
    fitting = {p.id: p for p in stored if p.rule == period.rule and p.cut_off <= span.last_day}
    found = _chains(span.first_day, span.last_day, tuple(fitting.values()))
    return tuple(sorted(found, key=lambda chain: (len(chain), [p.id for p in chain])))


def _chains(first_day: date, last_day: date, stored: Sequence[Period]) -> Iterator[tuple[Period, ...]]:
    for part in stored:
        if part.forms.first_day != first_day:
            continue
        if part.cut_off == last_day:
            yield (part,)
        for rest in _chains(part.cut_off + timedelta(days=1), last_day, stored) if part.cut_off < last_day else ():
            yield (part, *rest)


def missing_days(period: Period, stored: Collection[Period]) -> Span | None:
    """The days of the year so far that no stored period has, up to the first that one has; None where none is missing,
    or the period belongs to no year."""
    span = year_of(period)
    if span is None:
        return None
    held = [p.forms for p in stored if p.rule == period.rule]
    day = span.first_day
    while ending := [h.last_day for h in held if h.first_day <= day <= h.last_day]:
        day = max(ending) + timedelta(days=1)
    later = [h.first_day for h in held if h.first_day > day]
    last = min((*later, span.last_day + timedelta(days=1))) - timedelta(days=1)
    return Span(day, last) if day <= span.last_day else None


def put_together(parts: Sequence[PeriodFigures], units: Collection[Unit]) -> YearSoFar | None:
    """The units' counts over adjacent periods; None where a part lacks some of them."""
    sums = [part.sums(units) for part in parts]
    known = [counts for counts in sums if counts is not None]
    if not sums or len(known) < len(sums):
        return None
    return YearSoFar(merged(known), tuple(part.period for part in parts))


def merged(parts: Sequence[Counts]) -> Counts:
    """Counts of adjacent periods as those of the whole; of one alone all that it has."""
    if len(parts) == 1:
        return dict(parts[0])
    first, last = parts[0], parts[-1]
    return {
        **{m: sum(part[m] for part in parts) for m in ADDED if all(m in part for part in parts)},
        **{m: first[m] for m in FROM_FIRST},
        **{m: last[m] for m in FROM_LAST},
    }
