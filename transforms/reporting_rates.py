"""Reporting rates: of the units that existed in a period, how many reports came, in time and whole.

As DHIS2 has them (expected, actual and timely reports, by organisation unit and period), each unit with the days of the
period on which it existed: one that began or ended within the period is expected, with these days stated; one that was
not there is not. A unit for which nobody answers is expected, too, and not received. The province is no unit that
reports: the others are added up to it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from contracts.codes import STATE_LABELS, Level, PartitionState
from contracts.due import DueRule, rule_for
from contracts.periods import Span
from contracts.responsibility import Elsewhere, Responsibility, answering
from contracts.units import Unit, UnitTree
from transforms.deadlines import WorkingCalendar, day_of_month_after
from transforms.rounding import percent


@dataclass(frozen=True)
class Delivery:
    """What one source gave for the period.

    state: None where it was never asked. as_of: of the facts that stand. read_at: when the landing behind them was
    read. came_at: first good reading after the cut-off; None where there was none. counted, lost: rows by agency code
    that count, and that are in quarantine. elsewhere: dossiers of its units in systems that are not read."""

    id: str
    units: tuple[str, ...]
    responsibility: Responsibility
    state: PartitionState | None = None
    as_of: date | None = None
    read_at: datetime | None = None
    came_at: datetime | None = None
    counted: Mapping[str, int] | None = None
    lost: Mapping[str, int] | None = None
    elsewhere: tuple[Elsewhere, ...] = ()

    @property
    def is_loaded(self) -> bool:
        return self.state is PartitionState.LOADED


@dataclass(frozen=True)
class Due:
    """day: None where it cannot be said (days off of that year are not known). on_rest_day: it falls on a day off, and
    is not moved for that, since no rule says where to. source: the text behind the rule."""

    day: date | None
    on_rest_day: bool
    source: str


@dataclass(frozen=True)
class UnitReport:
    """What is known of one unit's report.

    part: days of the period on which the unit existed. sources: ids of those that answer for it. came_at: when the last
    of them was first read well after the cut-off. received: all of them are loaded. on_time: received, and came_at by
    the due day; None where no due day is known. complete: received, as of the cut-off, read after it, nothing of it in
    a system that is not read, and no more of its rows in quarantine than the policy's share. missing: why it is not
    received; late: why not in time; lacking: why not complete; Vietnamese, without dossier codes."""

    unit: Unit
    part: Span
    is_whole: bool
    due: date | None
    sources: tuple[str, ...]
    came_at: datetime | None
    received: bool
    on_time: bool | None
    complete: bool
    missing: tuple[str, ...] = ()
    late: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rates:
    """Counts of reports; the ratios are in percent with two decimals, None where nothing was expected. on_time: None
    where the due day of one of them is not known."""

    expected: int
    received: int
    on_time: int | None
    complete: int

    def __add__(self, other: Rates) -> Rates:
        on_time = None if self.on_time is None or other.on_time is None else self.on_time + other.on_time
        received, complete = self.received + other.received, self.complete + other.complete
        return Rates(self.expected + other.expected, received, on_time, complete)

    @property
    def reporting_rate(self) -> Decimal | None:
        return percent(self.received, self.expected)

    @property
    def rate_on_time(self) -> Decimal | None:
        """Of those expected, as in DHIS2, not of those received."""
        return None if self.on_time is None else percent(self.on_time, self.expected)

    @property
    def completeness(self) -> Decimal | None:
        return percent(self.complete, self.expected)


def dues(rules: Collection[DueRule], calendar: WorkingCalendar, *, cut_off: date) -> dict[Level, Due]:
    """When each level's report of the period that ends on the cut-off is due; levels without a rule are left out."""
    chosen = {level: rule_for(level, rules, cut_off=cut_off) for level in Level}
    return {level: _due(rule, calendar, cut_off) for level, rule in chosen.items() if rule}


def _due(rule: DueRule, calendar: WorkingCalendar, cut_off: date) -> Due:
    day = _due_day(rule, calendar, cut_off)
    return Due(day, day is not None and not calendar.is_working_day(day), rule.source)


def _due_day(rule: DueRule, calendar: WorkingCalendar, cut_off: date) -> date | None:
    if rule.day_of_month is not None:
        return day_of_month_after(cut_off, rule.day_of_month)
    day = calendar.add_working_days(cut_off, rule.working_days or 0)
    return day if calendar.covers(cut_off) and calendar.covers(day) else None


def unit_reports(
    tree: UnitTree, deliveries: Collection[Delivery], *, span: Span, due: Mapping[Level, Due], share: float
) -> tuple[UnitReport, ...]:
    """One a unit below the province that existed in the span, in the tree's order. share: of a unit's rows that may be
    in quarantine."""
    return tuple(
        _report(unit, part, answering(unit.agency_code, deliveries, tree), span=span, due=due, share=share)
        for unit in tree
        if unit.level is not Level.PROVINCE and (part := _part(unit, span)) is not None
    )


NOTHING = Rates(0, 0, 0, 0)


def rolled_up(reports: Iterable[UnitReport], tree: UnitTree) -> dict[str, Rates]:
    """By agency code, of the unit and all below it, the province included: counts are added, then divided."""
    found = {unit.agency_code: NOTHING for unit in tree}
    for report in reports:
        for code in _upwards(report.unit, tree):
            found[code] += rates_of(report)
    return found


def rates_of(report: UnitReport) -> Rates:
    """One report as counts."""
    on_time = None if report.on_time is None else int(report.on_time)
    return Rates(1, int(report.received), on_time, int(report.complete))


def _upwards(unit: Unit, tree: UnitTree) -> Iterator[str]:
    yield unit.agency_code
    if unit.parent:
        yield from _upwards(tree.by_agency(unit.parent), tree)


def _part(unit: Unit, span: Span) -> Span | None:
    first = max(unit.valid_from or date.min, span.first_day)
    last = min(unit.valid_to or date.max, span.last_day)
    return Span(first, last) if first <= last else None


def _report(
    unit: Unit, part: Span, sources: tuple[Delivery, ...], *, span: Span, due: Mapping[Level, Due], share: float
) -> UnitReport:
    day = due[unit.level].day if unit.level in due else None
    missing = tuple(_missing(sources))
    late = tuple(_late(sources, day)) if day and not missing else ()
    lacking = tuple(_lacking(unit, part, sources, cut_off=span.last_day, share=share)) if not missing else ()
    came = [s.came_at for s in sources if s.came_at is not None]
    return UnitReport(
        unit=unit,
        part=part,
        is_whole=part == span,
        due=day,
        sources=tuple(s.id for s in sources),
        came_at=max(came) if came and len(came) == len(sources) else None,
        received=not missing,
        on_time=None if day is None else not (missing or late),
        complete=not (missing or lacking),
        missing=missing,
        late=late,
        lacking=lacking,
    )


def _missing(sources: Collection[Delivery]) -> Iterator[str]:
    if not sources:
        yield "không có nguồn nào phụ trách"
    for source in sources:
        if not source.is_loaded:
            yield f"nguồn «{source.id}»: {STATE_LABELS[source.state or PartitionState.EXPECTED]}"


def _late(sources: Iterable[Delivery], due: date) -> Iterator[str]:
    for source in sources:
        if source.came_at is None:
            yield f"nguồn «{source.id}»: chưa được đọc lần nào sau ngày chốt"
        elif source.came_at.date() > due:
            yield f"nguồn «{source.id}»: có số liệu từ {source.came_at:%H:%M ngày %d/%m/%Y}, hạn {due:%d/%m/%Y}"


def _lacking(unit: Unit, part: Span, sources: Iterable[Delivery], *, cut_off: date, share: float) -> Iterator[str]:
    for source in sources:
        if source.as_of is None or source.as_of < cut_off:
            yield f"nguồn «{source.id}»: số liệu chưa tính đến hết ngày chốt {cut_off:%d/%m/%Y}"
        elif source.read_at is None or source.read_at.date() <= cut_off:
            yield f"nguồn «{source.id}»: được đọc khi chưa qua ngày chốt {cut_off:%d/%m/%Y}"
        for part_elsewhere in source.elsewhere:
            if part_elsewhere.since <= part.last_day:
                yield f"chưa gồm {part_elsewhere.what}, ở {part_elsewhere.system}"
        lost = (source.lost or {}).get(unit.agency_code, 0)
        read = lost + (source.counted or {}).get(unit.agency_code, 0)
        if lost > share * read:
            said = f"{lost:,} trong {read:,}".replace(",", ".")
            yield f"nguồn «{source.id}»: {said} hồ sơ bị loại, quá mức cho phép"
