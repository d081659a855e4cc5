"""A unit's figures against those of another period: the one before, the same one last year.

Counts are compared as they are, ratios in percentage points, both exactly; both counts of both periods are kept. Where
the two are not of one series there is no figure, and a reason: a number that looks like a change and is none would be
believed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Protocol

import pandas as pd

from contracts.codes import Level, Series
from contracts.columns import MEASURES, MEMOS
from contracts.periods import Period, Span
from contracts.responsibility import Answering, Responsibility, answering
from contracts.series_breaks import SeriesBreak
from contracts.units import Unit, UnitTree
from transforms.indicators import Indicator, valid_on

UNFINISHED = "kỳ này chưa kết thúc"
UNITS_CHANGED = "tổ chức đơn vị hành chính thay đổi giữa hai kỳ"
FORMULA_CHANGED = "cách tính của chỉ tiêu thay đổi giữa hai kỳ"
PART_CHANGED = "phạm vi hồ sơ mà các nguồn phụ trách thay đổi giữa hai kỳ"
NOBODY = "chưa khai báo nguồn dữ liệu"

Counts = Mapping[str, int]
"""Measure or memo → number of dossiers; one that is not there is not known."""


class NamedSource(Answering, Protocol):
    """A configured source, or what a report knows of one."""

    @property
    def id(self) -> str: ...


@dataclass(frozen=True)
class PeriodFigures:
    """What is known of one period's forms, to be compared.

    span: the days counted. counts: by agency code, its own dossiers. lacking: agency code → why not all of its figures
    are there, a clause. parts: agency code → which part of its dossiers is answered for."""

    period: Period
    span: Span
    counts: Mapping[str, Counts]
    lacking: Mapping[str, str]
    parts: Mapping[str, frozenset[Responsibility]]

    @property
    def unfinished(self) -> bool:
        return self.span != self.period.forms

    def of(self, units: Iterable[Unit]) -> tuple[Unit, ...]:
        """Those that exist in the days counted, or have dossiers there."""
        first, last = self.span.first_day, self.span.last_day
        return tuple(u for u in units if u.valid_within(first, last) or u.agency_code in self.counts)

    def why_lacking(self, units: Iterable[Unit]) -> str:
        """Why the sum over these units cannot be made; "" where it can."""
        there = self.of(units)
        if not there:
            return "đơn vị không tồn tại trong kỳ"
        return next((why for unit in there if (why := self.lacking.get(unit.agency_code))), "")

    def sums(self, units: Iterable[Unit]) -> Counts | None:
        """Their counts added up; None where a part is lacking."""
        units = tuple(units)
        if self.why_lacking(units):
            return None
        total: Counter[str] = Counter(dict.fromkeys((*MEASURES, *MEMOS), 0))
        for unit in self.of(units):
            total.update(self.counts.get(unit.agency_code, {}))
        return dict(total)


def figures_of(
    period: Period,
    facts: pd.DataFrame,
    *,
    span: Span,
    sources: Collection[NamedSource],
    unusable: Mapping[str, str],
    tree: UnitTree,
) -> PeriodFigures:
    """facts: source_id, series, agency_code, MEASURES and MEMOS. sources: those that answered for the period. unusable:
    id → why its figures do not count, a clause."""
    counted = facts[(facts["series"] == Series.FORMS.value) & ~facts["source_id"].isin(list(unusable))]
    sums = counted.groupby(counted["agency_code"].astype("str"))[[*MEASURES, *MEMOS]].sum()
    counts = {str(code): {str(k): int(n) for k, n in row.items()} for code, row in sums.to_dict("index").items()}
    answers = {unit.agency_code: answering(unit.agency_code, sources, tree) for unit in tree}
    lacking = {
        unit.agency_code: why
        for unit in tree
        if unit.valid_within(span.first_day, span.last_day) or unit.agency_code in counts
        if (why := _why_lacking(unit, answers[unit.agency_code], unusable))
    }
    parts = {
        code: frozenset(replace(s.responsibility, since=None, until=None) for s in found)
        for code, found in answers.items()
    }
    return PeriodFigures(period, span, counts, lacking, parts)


def _why_lacking(unit: Unit, answers: Collection[NamedSource], unusable: Mapping[str, str]) -> str:
    """The province itself lacks nothing where no source names it: it need not receive dossiers."""
    if not answers and unit.level is not Level.PROVINCE:
        return NOBODY
    return next((unusable[s.id] for s in answers if s.id in unusable), "")


@dataclass(frozen=True)
class Figure:
    """A count (no denominator), or the two counts of a ratio."""

    numerator: int
    denominator: int | None = None

    @property
    def percent(self) -> Fraction | None:
        """The exact ratio, in percent; None of a count, and where there is nothing to divide by."""
        return Fraction(100 * self.numerator, self.denominator) if self.denominator else None


@dataclass(frozen=True)
class Change:
    """A figure now and before. Each is None where it is not known; why_not: why the two are not compared, a clause."""

    now: Figure | None
    before: Figure | None
    why_not: str = ""

    @property
    def _pair(self) -> tuple[Figure, Figure] | None:
        comparable = not self.why_not and self.now is not None and self.before is not None
        return (self.now, self.before) if comparable else None  # type: ignore[return-value]

    @property
    def points(self) -> Fraction | None:
        """Difference of two ratios in percentage points, not rounded; None of counts."""
        if self._pair is None:
            return None
        now, before = (figure.percent for figure in self._pair)
        return None if now is None or before is None else now - before

    @property
    def difference(self) -> int | None:
        """Of two counts; None of ratios."""
        if self._pair is None or self._pair[0].denominator is not None:
            return None
        return self._pair[0].numerator - self._pair[1].numerator

    @property
    def percent(self) -> Fraction | None:
        """The difference of two counts in percent of what it was, not rounded; None where it was 0, and of ratios."""
        if self.difference is None or not (was := self._pair[1].numerator if self._pair else 0):
            return None
        return Fraction(100 * self.difference, was)


def figure_of(indicator: Indicator, counts: Counts | None) -> Figure | None:
    """From sums of one series; None where one of its measures is not known."""
    if counts is None or not {*indicator.numerator, *indicator.denominator} <= set(counts):
        return None
    numerator, denominator = (sum(counts[m] for m in of) for of in (indicator.numerator, indicator.denominator))
    return Figure(numerator, denominator if indicator.denominator else None)


def same_formula(indicator: Indicator, period: Period) -> bool:
    """Whether the indicator was counted by this formula then."""
    then = (i for i in valid_on(period.cut_off) if i.id == indicator.id)
    return any(i.formula_version == indicator.formula_version for i in then)


def obstacle(
    unit: Unit, now: PeriodFigures, before: PeriodFigures, *, tree: UnitTree, breaks: Collection[SeriesBreak]
) -> str:
    """Why the unit's figures, with all below it, are not compared, a clause; "" where they are.

    That a period lacks a part of them is told last: it may be mended, and the rest would stand."""
    below = tree.subtree(unit.agency_code)
    if now.unfinished:
        return UNFINISHED
    both = Span(before.span.first_day, now.span.last_day)
    if any(_changed(u, both) for u in below):
        return UNITS_CHANGED
    if broken := [b for b in breaks if b.parts(before.span, now.span) and b.touches(unit.agency_code, tree)]:
        return f"{broken[-1].reason} từ ngày {broken[-1].since:%d/%m/%Y}"
    return _incomplete(below, now, before)


def _changed(unit: Unit, both: Span) -> bool:
    days = both.first_day, both.last_day
    return unit.valid_within(*days) and not unit.valid_throughout(*days)


def _incomplete(units: Collection[Unit], now: PeriodFigures, before: PeriodFigures) -> str:
    for which, figures in (("kỳ này", now), (figures_label(before), before)):
        if why := figures.why_lacking(units):
            return f"thiếu số liệu {which}: {why}"
    if any(now.parts.get(u.agency_code) != before.parts.get(u.agency_code) for u in now.of(units)):
        return PART_CHANGED
    return ""


def figures_label(figures: PeriodFigures) -> str:
    """quý IV năm 2023, within a sentence."""
    label = figures.period.label
    return label[:1].lower() + label[1:]


def changed(
    indicator: Indicator, units: Collection[Unit], now: PeriodFigures, before: PeriodFigures, *, why_not: str
) -> Change:
    """The indicator over these units in both periods. why_not: what stands between the two."""
    why = why_not or ("" if same_formula(indicator, before.period) else FORMULA_CHANGED)
    return Change(figure_of(indicator, now.sums(units)), figure_of(indicator, before.sums(units)), why)
