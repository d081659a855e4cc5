"""A unit's figures against those of another period: the one before, the same one last year.

Counts are compared as they are, ratios in percentage points, both exactly; both counts of both periods are kept. Where
the two are not of one series there is no figure, and a reason: a number that looks like a change and is none would be
believed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Protocol

import pandas as pd

from contracts.codes import Level, Series
from contracts.columns import MEASURES, MEMOS
from contracts.count_words import bases_of
from contracts.periods import Period, Span
from contracts.responsibility import Answering, Responsibility, answering
from contracts.series_breaks import SeriesBreak
from contracts.units import Unit, UnitTree
from transforms.indicators import Indicator, counts_of, declared, parts_of

UNFINISHED = "kỳ này chưa kết thúc"
UNITS_CHANGED = "tổ chức đơn vị hành chính thay đổi giữa hai kỳ"
FORMULA_CHANGED = "cách tính của chỉ tiêu thay đổi giữa hai kỳ"
PARTLY_TOLD = "chỉ một trong hai kỳ có đủ thông tin của mọi hồ sơ"
TOLD_OF_A_PART = "hai kỳ đều chỉ có thông tin của một phần hồ sơ, có thể không cùng một phần"
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

    span: the days counted. counts: by agency code, its own dossiers; who is not there had none. lacking: agency code →
    why not all of its figures are there, a clause. parts: agency code → which part of its dossiers is answered for.
    known: the measures and memos that can be told."""

    period: Period
    span: Span
    counts: Mapping[str, Counts]
    lacking: Mapping[str, str]
    parts: Mapping[str, frozenset[Responsibility]]
    known: tuple[str, ...] = (*MEASURES, *MEMOS)

    @property
    def unfinished(self) -> bool:
        return self.span.last_day < self.period.cut_off

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
        own = [self.counts[u.agency_code] for u in units if u.agency_code in self.counts]
        return {name: sum(counts[name] for counts in own) for name in self.known}


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
    """A count (no denominator), or the two counts of a share or a mean. partial: the sources do not tell of all that
    the figure is of."""

    numerator: int
    denominator: int | None = None
    partial: bool = False


@dataclass(frozen=True)
class Change:
    """An indicator now and before. Each is None where it is not known; why_not: why the two are not compared, a
    clause."""

    indicator: Indicator
    now: Figure | None
    before: Figure | None
    why_not: str = ""

    @property
    def difference(self) -> Fraction | None:
        """Not rounded: of two shares in percentage points, of two counts or means in their unit; None where they are
        not compared, or one of them has nothing to divide by."""
        now, before = exact(self.indicator, self.now), exact(self.indicator, self.before)
        return None if self.why_not or now is None or before is None else now - before

    @property
    def percent(self) -> Fraction | None:
        """The difference of two counts in percent of what it was, not rounded; None where it was 0. Of shares and means
        there is none: «giảm 1,5 lần» of a share says nothing that percentage points do not say better."""
        if self.difference is None or self.indicator.denominator or not self.before or not self.before.numerator:
            return None
        return 100 * self.difference / self.before.numerator


def exact(indicator: Indicator, figure: Figure | None) -> Fraction | None:
    """The value in the indicator's unit, not rounded; None where it is not known, or there is nothing to divide by."""
    if figure is None or not indicator.denominator:
        return None if figure is None else Fraction(figure.numerator)
    scale = 100 if indicator.unit == "%" else 1
    return Fraction(scale * figure.numerator, figure.denominator) if figure.denominator else None


def figure_of(indicator: Indicator, counts: Counts | None) -> Figure | None:
    """From sums of one series; None where one of its counts is not known."""
    if counts is None or not set(counts_needed(indicator)) <= set(counts):
        return None
    numerator, denominator = counts_of(indicator, counts)
    return None if numerator is None else Figure(numerator, denominator, bool(parts_of(indicator, counts)))


def counts_needed(indicator: Indicator) -> tuple[str, ...]:
    """Measures and memos, and those that tell of how many dossiers they are known."""
    own = (*indicator.numerator, *indicator.denominator)
    return (*own, *(name for base in bases_of(own) for name in (base.told, *base.of)))


def same_formula(indicator: Indicator, period: Period) -> bool:
    """Whether the indicator was counted by this formula then. A column of the form, which is declared nowhere, was."""
    versions = {i.formula_version: i for i in declared() if i.id == indicator.id}
    then = (i.formula_version for i in versions.values() if i.valid_on(period.cut_off))
    return not versions or indicator.formula_version in then


@dataclass(frozen=True)
class Obstacle:
    """why: a clause, "" where nothing stands between the two. is_break: what stands there is a break of the series, and
    not a gap that may yet be filled."""

    why: str = ""
    is_break: bool = False


def obstacle(
    unit: Unit, now: PeriodFigures, before: PeriodFigures, *, tree: UnitTree, breaks: Collection[SeriesBreak]
) -> Obstacle:
    """What stands between the unit's figures, with all below it, in the two periods. A department that began or ended
    breaks its own series alone: the province's territory stays, and its sum has whoever did the work."""
    below = tree.subtree(unit.agency_code)
    both = Span(before.span.first_day, now.span.last_day)
    if now.unfinished:
        return Obstacle(UNFINISHED)
    if has_changed(unit, both) or any(has_changed(u, both) for u in below if is_territory(u)):
        return Obstacle(UNITS_CHANGED, is_break=True)
    broken = broken_between([unit], now, before, tree=tree, breaks=breaks)
    return broken if broken.why else between(below, now, before)


def broken_between(
    units: Iterable[Unit],
    now: PeriodFigures,
    before: PeriodFigures,
    *,
    tree: UnitTree,
    breaks: Collection[SeriesBreak],
) -> Obstacle:
    """The newest configured break of the units' series, with all below them, between the two periods."""
    return broken_within(units, now.span, before.span, tree=tree, breaks=breaks)


def broken_within(
    units: Iterable[Unit], now: Span, before: Span, *, tree: UnitTree, breaks: Collection[SeriesBreak]
) -> Obstacle:
    """The same by the days counted."""
    codes = [unit.agency_code for unit in units]
    dated = [b for b in breaks if b.parts(before, now)]
    found = [b for b in dated if any(b.touches(code, tree) for code in codes)]
    return Obstacle(f"{found[-1].reason} từ ngày {found[-1].since:%d/%m/%Y}", is_break=True) if found else Obstacle()


def has_changed(unit: Unit, both: Span) -> bool:
    """Whether the unit began or ended within the days."""
    days = both.first_day, both.last_day
    return unit.valid_within(*days) and not unit.valid_throughout(*days)


def is_territory(unit: Unit) -> bool:
    """Whether the unit is a place; a department is none."""
    return unit.level is not Level.DEPARTMENT


def between(units: Collection[Unit], now: PeriodFigures, before: PeriodFigures) -> Obstacle:
    """What is lacking of the units' figures in either period, or answered for otherwise."""
    for which, figures in (("kỳ này", now), (within(before.period.label), before)):
        if why := figures.why_lacking(units):
            return Obstacle(f"thiếu số liệu {which}: {why}")
    return Obstacle(PART_CHANGED, is_break=True) if part_changed(units, now, before) else Obstacle()


def part_changed(units: Iterable[Unit], now: PeriodFigures, before: PeriodFigures) -> bool:
    """Whether sources answer for another part of some unit's dossiers than they did."""
    pairs = ((now.parts.get(u.agency_code), before.parts.get(u.agency_code)) for u in now.of(before.of(units)))
    return any(one != other for one, other in pairs)


def within(label: str) -> str:
    """A period's label within a sentence: quý IV năm 2023."""
    return label[:1].lower() + label[1:]


def changed(
    indicator: Indicator, units: Collection[Unit], now: PeriodFigures, before: PeriodFigures, *, why_not: str
) -> Change:
    """The indicator over these units in both periods. why_not: what stands between the two."""
    pair = figure_of(indicator, now.sums(units)), figure_of(indicator, before.sums(units))
    return compared(indicator, *pair, before=before.period, why_not=why_not)


def compared(indicator: Indicator, now: Figure | None, then: Figure | None, *, before: Period, why_not: str) -> Change:
    """The two beside each other, if the formula was the same, and both are of all dossiers."""
    why = why_not or ("" if same_formula(indicator, before) else FORMULA_CHANGED)
    if not why and now is not None and then is not None and (now.partial or then.partial):
        why = TOLD_OF_A_PART if now.partial and then.partial else PARTLY_TOLD
    return Change(indicator, now, then, why)
