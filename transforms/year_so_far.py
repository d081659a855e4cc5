"""The year so far (lũy kế từ đầu năm): the long period itself where it has been counted, else its parts put together.

Of parts, what came in and went out is added up; what was carried over is the first's, what is open is the last's. That
is the long period's own count where every part carried over what the one before left open; where one did not, (3) and
(7) + (11) differ by just that, and the difference is told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta

from contracts.columns import OPEN, RECEIVED, RESOLVED, TIME
from contracts.count_words import COUNT_WORDS
from contracts.errors import UsageError
from contracts.periods import Period, Span, parse_period
from contracts.units import UnitTree
from transforms.over_time import Counts, PeriodFigures, has_changed, is_territory, within

FROM_FIRST = ("carried_over",)
FROM_LAST = (*OPEN, "stopped", "paused")
"""What is open at the end of a period, and parts of it."""
ADDED = tuple(name for name, words in COUNT_WORDS.items() if words.adds_up)
"""What happened within a period. What counts a dossier in each of the periods through which it is open, and is no
stock, is not known of a whole made of parts."""
KNOWN = (*ADDED, *FROM_FIRST, *FROM_LAST)
_NONE = dict.fromkeys(KNOWN, 0)
CHANGED_ON_THE_WAY = "tổ chức đơn vị hành chính thay đổi trong năm"


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


def put_together(parts: Sequence[PeriodFigures], tree: UnitTree) -> PeriodFigures:
    """Adjacent periods as one: what is known of the whole. One alone stays as it is; of several, a place that began or
    ended on the way is lacking: its parts are no longer of one thing."""
    if len(parts) == 1:
        return parts[0]
    span = Span(parts[0].span.first_day, parts[-1].span.last_day)
    codes = {code for part in parts for code in part.counts}
    lacking = {
        code: f"{within(part.period.label)}, {why}" for part in reversed(parts) for code, why in part.lacking.items()
    }
    lacking |= {unit.agency_code: CHANGED_ON_THE_WAY for unit in tree if is_territory(unit) and has_changed(unit, span)}
    return PeriodFigures(
        period=parts[-1].period,
        span=span,
        counts={code: merged([part.counts.get(code, _NONE) for part in parts]) for code in sorted(codes)},
        lacking=lacking,
        parts={code: frozenset().union(*(p.parts[code] for p in parts)) for code in parts[-1].parts},
        known=KNOWN if all(map(_tells_times, parts)) else tuple(name for name in KNOWN if name not in TIME),
    )


def _tells_times(part: PeriodFigures) -> bool:
    """Whether the time that dossiers took was counted at all: of what was counted before it was, all are 0."""
    resolved, processed = (sum(c[n] for c in part.counts.values() for n in of) for of in (RESOLVED, ("processed",)))
    return processed > 0 or resolved == 0


def merged(parts: Sequence[Counts]) -> Counts:
    """Counts of adjacent periods, in order, as those of the whole: KNOWN."""
    first, last = parts[0], parts[-1]
    return {
        **{name: sum(part[name] for part in parts) for name in ADDED},
        **{name: first[name] for name in FROM_FIRST},
        **{name: last[name] for name in FROM_LAST},
    }


def gap(counts: Counts) -> int:
    """(3) − (7) − (11): 0 where each part carried over what the one before left, and where nothing is known."""
    return sum(counts.get(m, 0) for m in RECEIVED) - sum(counts.get(m, 0) for m in (*RESOLVED, *OPEN))
