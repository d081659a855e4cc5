"""Ratio A through the periods of the report's kind, in order.

A line joins two periods only where their figures may be compared; a break of the series is a gap with a mark. Fewer
than two figures are no trend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby, pairwise

from contracts.codes import Series
from contracts.periods import Period
from contracts.province import Province
from contracts.units import Unit
from reporting.break_marks import BreakMarks
from reporting.charts._scale import WIDTH, Axis, at, axis_of
from reporting.charts.on_time import INDICATOR
from reporting.fonts import printable
from reporting.formats import count_text, percent_text
from reporting.history import last_of_kind
from reporting.inputs import ReportInput
from reporting.origin import Origin
from reporting.page import Break, Column, Note, Point, Row, Slot, Table, Tick, TrendChart
from transforms.indicators import Indicator, valid_on
from transforms.over_time import Figure, Obstacle, PeriodFigures, changed, exact, figure_of, obstacle, within

_LEFT, _TOP, _PLOT = 38, 20, 118
_BASE = _TOP + _PLOT
_HEIGHT = _BASE + 28
_OVER, _UNDER = 7, 14
"""How far the foot of a figure is from its point, where it stands over it or under it."""
_NOTHING = "chưa có số liệu trong kho dữ liệu"
_NONE_RESOLVED = "không có hồ sơ đã giải quyết"
_NO_OBSTACLE = Obstacle()


@dataclass(frozen=True)
class Member:
    """A period in its place. ratio: in percent, not rounded; None where it is not known, and why_not says why, a
    clause. since: what stands between it and the last figure before it. joined: whether a line leads to it from the
    period right before."""

    period: Period
    figure: Figure | None
    ratio: Fraction | None
    why_not: str = ""
    since: Obstacle = _NO_OBSTACLE
    joined: bool = False

    @property
    def counts(self) -> tuple[int | None, int | None]:
        return (self.figure.numerator, self.figure.denominator) if self.figure else (None, None)

    @property
    def value(self) -> str:
        return percent_text(*self.counts)

    @property
    def told(self) -> str:
        """quý IV năm 2024, 96,11% (1.234/1.284 hồ sơ)."""
        basis = "/".join(count_text(count) for count in self.counts)
        return f"{within(self.period.label)}, {self.value} ({basis} hồ sơ)"


@dataclass(frozen=True)
class Trend:
    """members: the periods in order, from the first of which anything stands. origin: of the report."""

    members: tuple[Member, ...]
    origin: Origin

    @property
    def known(self) -> tuple[Member, ...]:
        return tuple(m for m in self.members if m.ratio is not None)

    def chart(self, *, caption: str) -> TrendChart:
        axis = axis_of([m.ratio for m in self.known if m.ratio is not None])
        return _Drawing(self, axis).chart(caption)

    def table(self, *, caption: str) -> Table:
        """A row a period, also where nothing is known of it."""
        marks = BreakMarks()
        rows = tuple(_row(member, marks.of(member.since)) for member in self.members)
        heads = ("Trước hạn, đúng hạn (8)+(9)", "Đã giải quyết (7)", "Tỷ lệ A")
        return Table(
            caption=caption,
            unit="Đơn vị tính: hồ sơ",
            columns=(Column("Kỳ", "wide"), *(Column(head, "figure") for head in heads)),
            rows=rows,
            notes=(*marks.notes, *_missing(self.members)),
            source=f"{self.origin.line()} Các kỳ khác: theo số liệu đang lưu của từng kỳ.",
        )


def trend_of(report_input: ReportInput, origin: Origin) -> Trend | None:
    """Of the report's unit with all below it. None where fewer than two periods have a figure."""
    history = report_input.history
    indicator = next((i for i in valid_on(origin.spans[Series.FORMS].last_day) if i.id == INDICATOR), None)
    if history is None or indicator is None or len(history.series) < 2:
        return None
    made = _Series(report_input.province, origin.scope.root, indicator)
    found = Trend(tuple(made.members(history.series)), origin)
    return found if len(found.known) > 1 else None


@dataclass(frozen=True)
class _Series:
    """One indicator of one unit through the periods."""

    province: Province
    unit: Unit
    indicator: Indicator

    def members(self, stored: Sequence[PeriodFigures]) -> Iterator[Member]:
        by_id = {figures.period.id: figures for figures in stored}
        periods = last_of_kind(stored[-1].period)
        first = next(place for place, period in enumerate(periods) if period.id in by_id)
        before: PeriodFigures | None = None  # the last one with a figure
        adjacent = False
        for period in periods[first:]:
            figures = by_id.get(period.id)
            member = self._member(period, figures)
            if figures is None or member.ratio is None:
                adjacent = False
                yield member
                continue
            since = self._obstacle(figures, before) if before else _NO_OBSTACLE
            joined = before is not None and adjacent and not since.why
            yield Member(period, member.figure, member.ratio, since=since, joined=joined)
            before, adjacent = figures, True

    def _member(self, period: Period, figures: PeriodFigures | None) -> Member:
        if figures is None:
            return Member(period, None, None, _NOTHING)
        below = self.province.units.subtree(self.unit.agency_code)
        found = figure_of(self.indicator, figures.sums(below))
        ratio = exact(self.indicator, found)
        return Member(period, found, ratio, figures.why_lacking(below) or ("" if ratio is not None else _NONE_RESOLVED))

    def _obstacle(self, now: PeriodFigures, before: PeriodFigures) -> Obstacle:
        tree = self.province.units
        found = obstacle(self.unit, now, before, tree=tree, breaks=self.province.breaks)
        units = tree.subtree(self.unit.agency_code)
        why = changed(self.indicator, units, now, before, why_not=found.why).why_not
        return Obstacle(why, is_break=found.is_break)


@dataclass(frozen=True)
class _Drawing:
    """trend: with two figures at least. axis: with room for all of them."""

    trend: Trend
    axis: Axis

    def chart(self, caption: str) -> TrendChart:
        breaks = tuple(self._breaks())
        return TrendChart(
            caption=caption,
            alt=_alt(self.trend),
            width=at(WIDTH),
            height=at(_HEIGHT),
            left=at(_LEFT),
            right=at(WIDTH),
            top=at(_TOP),
            base=at(_BASE),
            cut="" if self.axis.low == 0 else f"M {_LEFT},{_BASE - 3} l -4,-2 l 8,-3 l -4,-2",
            ticks=tuple(Tick(at(self._y(Fraction(value))), f"{value}%") for value in self.axis.ticks),
            slots=tuple(Slot(at(self._x(n)), *_two_lines(m.period)) for n, m in enumerate(self.trend.members)),
            lines=tuple(self._lines()),
            breaks=breaks,
            points=tuple(self._point(n) for n, m in enumerate(self.trend.members) if m.ratio is not None),
            notes=tuple(Note("", text) for text in self._said(has_breaks=bool(breaks))),
            source="Số liệu của biểu đồ: bảng ngay dưới.",
        )

    def _x(self, place: int) -> Fraction:
        return _LEFT + Fraction(WIDTH - _LEFT, len(self.trend.members)) * (place + Fraction(1, 2))

    def _y(self, ratio: Fraction) -> Fraction:
        return _BASE - self.axis.share(ratio) * _PLOT

    def _point(self, place: int) -> Point:
        member = self.trend.members[place]
        y = self._y(member.ratio or Fraction(0))
        return Point(
            x=at(self._x(place)),
            y=at(y),
            value=member.value,
            label_y=at(y + _UNDER if self._in_a_valley(place, y) else y - _OVER),
            weight="bold" if place == len(self.trend.members) - 1 else "normal",
        )

    def _in_a_valley(self, place: int, y: Fraction) -> bool:
        """Whether lines leave the point upwards, and there is room below it."""
        members = self.trend.members
        ahead = members[place + 1 : place + 2]
        beside = [members[place - 1]] if members[place].joined else []
        beside += [m for m in ahead if m.joined]
        above = [self._y(m.ratio) < y for m in beside if m.ratio is not None]
        return bool(above) and all(above) and y + _UNDER < _BASE - 2

    def _lines(self) -> Iterator[str]:
        """A path for every run of points that are joined."""
        run: list[str] = []
        for place, member in enumerate(self.trend.members):
            if not member.joined:
                yield from _path(run)
                run = []
            if member.ratio is not None:
                run.append(f"{at(self._x(place))},{at(self._y(member.ratio))}")
        yield from _path(run)

    def _breaks(self) -> Iterator[Break]:
        """Midway between the two periods that are not compared."""
        marks = BreakMarks()
        places = [place for place, member in enumerate(self.trend.members) if member.ratio is not None]
        for before, now in pairwise(places):
            if mark := marks.of(self.trend.members[now].since):
                yield Break(at((self._x(before) + self._x(now)) / 2), mark)

    def _said(self, *, has_breaks: bool) -> Iterator[str]:
        low, high = self.axis.low, self.axis.high
        yield f"Trục đứng từ {low}% đến {high}%{', không bắt đầu từ 0' if low else ''}."
        if has_breaks:
            yield "Vạch đứng đứt nét: không nối hai kỳ; lý do ghi dưới bảng."
        if len(self.trend.known) < len(self.trend.members):
            yield "Kỳ không có điểm: chưa có số liệu để tính; lý do ghi dưới bảng."


def _path(run: Sequence[str]) -> Iterator[str]:
    if len(run) > 1:
        yield f"M {' L '.join(run)}"


def _two_lines(period: Period) -> tuple[str, str]:
    """Quý IV · 2024; 6 tháng đầu năm · 2024."""
    first, _, year = period.label.rpartition(" ")
    return first.removesuffix(" năm") if not first.endswith("đầu năm") else first.removesuffix(" đầu năm"), year


def _row(member: Member, marks: str) -> Row:
    numerator, denominator = member.counts
    cells = (member.period.label, count_text(numerator), count_text(denominator), member.value)
    return Row("unit", cells, marks)


def _missing(members: Sequence[Member]) -> Iterator[Note]:
    for member in members:
        if member.why_not:
            yield Note("", f"{member.period.label}: {printable(member.why_not).rstrip('.')}.")


def _alt(trend: Trend) -> str:
    """The extremes of each run of figures that may be compared; nothing is said across a break."""
    said = [_alt_of(run) for run in _runs(trend.known)]
    broken = " Giữa các đoạn trên, số liệu không so sánh được với nhau." if len(said) > 1 else ""
    return f"Tỷ lệ A qua các kỳ. {' '.join(said)}{broken}"


def _runs(known: Sequence[Member]) -> Iterator[list[Member]]:
    number = 0
    numbered = []
    for member in known:
        number += bool(member.since.why)
        numbered.append((number, member))
    for _, run in groupby(numbered, key=lambda one: one[0]):
        yield [member for _, member in run]


def _alt_of(run: Sequence[Member]) -> str:
    if len(run) == 1:
        return f"Riêng {run[0].told}."
    days = f"Từ {within(run[0].period.label)} đến {within(run[-1].period.label)}"
    lowest, highest = (pick(run, key=lambda m: m.ratio or Fraction(0)) for pick in (min, max))
    if lowest.ratio == highest.ratio:
        return f"{days}: không đổi, {run[-1].value}."
    last = "" if run[-1] in (lowest, highest) else f"; kỳ cuối, {run[-1].told}"
    return f"{days}: thấp nhất {lowest.told}; cao nhất {highest.told}{last}."
