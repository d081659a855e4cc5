"""The province's cumulative counts up to the end of a report's period, from what the warehouse holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from contracts.configfile import line_of
from contracts.errors import ConfigError, UsageError
from contracts.openings import FILE, Opening
from contracts.periods import Span
from contracts.province import Province
from reporting.history import Shelf
from transforms.cumulative import Cumulative, counted, cumulative, missing, missing_words, tiles
from transforms.indicators import Indicator
from transforms.over_time import PeriodFigures


def cumulated(shelf: Shelf) -> tuple[Cumulative, ...]:
    """One an opening balance that lies before the period. Raises ConfigError where one is of no such count."""
    province, now = shelf.province, shelf.now
    counts = [(opening, _counted(opening, province, now)) for opening in province.openings]
    before = [(opening, indicator) for opening, indicator in counts if opening.up_to < now.span.last_day]
    return tuple(_cumulated(opening, indicator, shelf) for opening, indicator in before)


def _counted(opening: Opening, province: Province, now: PeriodFigures) -> Indicator:
    try:
        return counted(opening, on=now.span.last_day)
    except UsageError as error:
        path = province.folder / FILE
        line = line_of(path, ["opening", "indicator"])
        raise ConfigError(error.cause, file=path, line=line, advice=error.advice) from None


def _cumulated(opening: Opening, indicator: Indicator, shelf: Shelf) -> Cumulative:
    province, now = shelf.province, shelf.now
    try:
        parts = [*_between(opening, shelf), now]
    except _Lacking as lacking:
        return Cumulative(opening, indicator.label, now.span.last_day, why_not=str(lacking))
    return cumulative(opening, indicator, province.units.subtree(opening.unit), parts=parts)


class _Lacking(Exception):
    """Why the days between the balance and the period are not all there, a clause."""


def _between(opening: Opening, shelf: Shelf) -> Iterator[PeriodFigures]:
    """The stored periods between the two. Raises _Lacking."""
    province, now = shelf.province, shelf.now
    if opening.up_to >= now.span.first_day:
        raise _Lacking(f"số dư đầu tính đến ngày {opening.up_to:%d/%m/%Y}, nằm giữa kỳ {now.period.id}")
    between = Span(opening.up_to + timedelta(days=1), now.span.first_day - timedelta(days=1))
    rule = province.file.period_rule
    chain = tiles(between, shelf.stored, rule=rule)
    if chain is None:
        raise _Lacking(missing_words(missing(between, shelf.stored, rule=rule), rule=rule))
    for period in chain:
        figures = shelf.of(period)
        if figures is None:
            raise _Lacking(f"kỳ {period.id} chưa có số liệu của nguồn nào")
        yield figures
