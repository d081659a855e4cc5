"""The report's units with their ratio A, for the sentences on them: who is judged, who moved, who is left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contracts.codes import Level, Series
from contracts.periods import Span
from contracts.targets import Target, target_for
from contracts.units import Unit
from reporting.annexes._changes import ON_TIME
from reporting.annexes.over_time import on_time_changes
from reporting.body._draft import Draft
from reporting.formats import date_text
from reporting.sentences.moves import Move
from reporting.sentences.ranking import Judged, LeftOut
from reporting.sentences.ratio import Ratio
from reporting.tally import Tally
from reporting.unit_lines import BELOW, UnitLine, unit_lines
from reporting.wording import inline, kinds_among
from transforms.over_time import Change, Figure


@dataclass(frozen=True)
class Group:
    """Units of one kind. name: huyện, thị xã, thành phố."""

    name: str
    units: tuple[Judged, ...]


def ratio_of(counts: Tally) -> Ratio:
    return Ratio(counts.in_time_or_early, counts.column(7))


def target_of(draft: Draft) -> Target | None:
    return target_for(ON_TIME, draft.input.province.file.target, cut_off=draft.input.period.cut_off)


def least(draft: Draft) -> int:
    """Resolved dossiers from which on a unit is judged."""
    return draft.input.province.file.report.judged_from


def groups(draft: Draft) -> tuple[tuple[Group, ...], LeftOut]:
    """The units right below the report's that have enough dossiers and lack none, by kind, and by the days of the
    period in which they were there: a unit of its last two weeks is not held against one of all of it."""
    lines = [line for line in unit_lines(draft.scope) if line.level is not None]
    few = [line.said for line in lines if _is_whole(draft, line) and not _is_enough(draft, line)]
    lacking = [line.said for line in lines if not _is_whole(draft, line)]
    found, part = [], []
    for (level, days), of_level in _alike(draft, lines).items():
        judged = tuple(_judged(draft, of_level))
        if days and len(judged) == 1:
            part.append(judged[0].said)
        else:
            found.append(Group(_kinds(of_level, level) + days, judged))
    return tuple(found), LeftOut(least(draft), tuple(few), tuple(lacking), tuple(part))


def _alike(draft: Draft, lines: list[UnitLine]) -> dict[tuple[Level, str], list[UnitLine]]:
    """By level and days, in the order of the levels and of the catalogue."""
    span = draft.origin.spans[Series.FORMS]
    found: dict[tuple[Level, str], list[UnitLine]] = {}
    for level in BELOW:
        for line in lines:
            if line.level is level:
                found.setdefault((level, _days(line.unit, span)), []).append(line)
    return found


def _days(unit: Unit, span: Span) -> str:
    """Of a unit that began or ended in the period: hoạt động từ ngày 01/07/2025; "" of one that was always there."""
    said = ""
    if unit.valid_from is not None and unit.valid_from > span.first_day:
        said += f" từ ngày {date_text(unit.valid_from)}"
    if unit.valid_to is not None and unit.valid_to < span.last_day:
        said += f" đến hết ngày {date_text(unit.valid_to)}"
    return said and f" hoạt động{said}"


def _kinds(lines: list[UnitLine], level: Level) -> str:
    if level is Level.DEPARTMENT:
        return "sở, ban, ngành"
    return kinds_among([line.unit for line in lines]).lower() or "đơn vị"


def _is_whole(draft: Draft, line: UnitLine) -> bool:
    return line.counts(draft.scope) is not None and not draft.scope.gaps_in(line.agencies)


def _is_enough(draft: Draft, line: UnitLine) -> bool:
    counts = line.counts(draft.scope)
    return counts is not None and counts.column(7) >= least(draft)


def _judged(draft: Draft, lines: list[UnitLine]) -> Iterator[Judged]:
    for line in lines:
        counts = line.counts(draft.scope)
        if counts is not None and _is_whole(draft, line) and _is_enough(draft, line):
            yield Judged(line.said, ratio_of(counts))


@dataclass(frozen=True)
class Moves:
    """Of the units right below, against the same period last year. broken: how many cannot be compared, and why; few:
    how many had too few dossiers in one of the two."""

    period: str
    found: tuple[Move, ...]
    broken: int
    why: tuple[str, ...]
    few: int


def moves(draft: Draft) -> Moves | None:
    """None where there is no such period, or not two units."""
    history = draft.input.history
    units = draft.scope.children(draft.scope.root)
    if history is None or history.last_year is None or len(units) < 2:
        return None
    found: list[Move] = []
    why: list[str] = []
    broken = few = 0
    for unit, change, _ in on_time_changes(draft.input, draft.scope, history.last_year, units):
        pair = pair_of(change)
        if change.why_not or pair is None:
            broken += 1
            why.append(change.why_not or "không có hồ sơ đã giải quyết")
        elif min(pair[0].of, pair[1].of) < least(draft):
            few += 1
        else:
            found.append(Move(inline(unit), *pair))
    return Moves(history.last_year.period.label, tuple(found), broken, tuple(dict.fromkeys(why)), few)


def pair_of(change: Change) -> tuple[Ratio, Ratio] | None:
    """Now and then; None where one of them is not known."""
    if change.now is None or change.before is None:
        return None
    return _ratio(change.now), _ratio(change.before)


def _ratio(figure: Figure) -> Ratio:
    return Ratio(figure.numerator, figure.denominator or 0)
