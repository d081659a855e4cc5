"""Units whose counts are not what they were in the same period last year."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import pandas as pd
from sqlalchemy import Engine

from contracts.codes import Series
from contracts.comparisons import DEVIATION_COLUMNS
from contracts.errors import ConfigError
from contracts.periods import Period, Span, same_period_last_year
from contracts.responsibility import Responsibility, answering
from contracts.source_config import SourceConfig
from contracts.units import Unit, UnitTree
from flows.continued import is_loaded, is_whole
from flows.figures import missing
from flows.place import Place
from transforms.history import unusual
from warehouse.read import Moment, one_moment
from warehouse.stand import is_settled

_NO_CHANGES = pd.DataFrame(columns=list(DEVIATION_COLUMNS))


@dataclass(frozen=True)
class Unusual:
    """then: the same period last year; None where there is none. agencies: units that were compared. changes:
    DEVIATION_COLUMNS. why_not: why no unit was compared (Vietnamese), "" where some were."""

    then: Period | None
    agencies: frozenset[str]
    changes: pd.DataFrame
    why_not: str = ""


def unusual_since(engine: Engine, place: Place) -> Unusual:
    """Every unit that existed throughout both periods, and of which all sources stand in both."""
    then = same_period_last_year(place.period)
    if then is None:
        return Unusual(None, frozenset(), _NO_CHANGES, f"kỳ {place.period.id} không có cùng kỳ năm trước")
    if place.as_of < place.period.cut_off:
        return Unusual(then, frozenset(), _NO_CHANGES, f"kỳ {place.period.id} chưa kết thúc")
    try:
        sources = replace(place, period=then, as_of=then.cut_off).sources()
    except ConfigError as error:
        return Unusual(then, frozenset(), _NO_CHANGES, f"cấu hình của kỳ {then.id} có lỗi: {error.cause}")
    with one_moment(engine) as stored:
        ours = _side(stored, place, place.period, place.sources())
        theirs = _side(stored, place, then, sources)
    agencies = _comparable(place, ours, theirs)
    if not agencies:
        return Unusual(then, agencies, _NO_CHANGES, f"kỳ {then.id} chưa có số liệu của đơn vị nào so sánh được")
    changes = unusual(ours.facts, theirs.facts, agencies=agencies, policy=place.province.file.policy)
    return Unusual(then, agencies, changes)


@dataclass(frozen=True)
class _Side:
    """One of the two periods. whole: ids of the sources whose figures stand; facts: theirs, of the same moment."""

    period: Period
    sources: list[SourceConfig]
    whole: list[str]
    facts: pd.DataFrame


def _side(stored: Moment, place: Place, period: Period, sources: list[SourceConfig]) -> _Side:
    known, ours = stored.partitions(period.id), {s.id for s in sources}
    ours = ours if is_settled(known) else set()
    whole = [p.source_id for p in known if p.source_id in ours and is_loaded(p) and is_whole(place, period, p)]
    return _Side(period, sources, whole, stored.facts(period.id, whole, series=Series.FORMS))


def _comparable(place: Place, *sides: _Side) -> frozenset[str]:
    """The units of which nothing is missing in either period, and of which the same parts are answered for."""
    tree = place.province.units
    lacking = frozenset[str]().union(*(missing(tree, s.period.forms, s.sources, s.whole) for s in sides))
    return frozenset(
        unit.agency_code
        for unit in tree
        if unit.agency_code not in lacking
        and all(_throughout(unit, side.period.forms) for side in sides)
        and _same_parts(unit, sides, tree)
    )


def _throughout(unit: Unit, span: Span) -> bool:
    return unit.valid_on(span.first_day) and unit.valid_on(span.last_day)


def _same_parts(unit: Unit, sides: Collection[_Side], tree: UnitTree) -> bool:
    """Whether there are any, and they are the same on both sides."""
    (parts, *others) = {_parts(unit, side.sources, tree) for side in sides}
    return bool(parts) and not others


def _parts(unit: Unit, sources: Collection[SourceConfig], tree: UnitTree) -> frozenset[Responsibility]:
    """Which channels and procedures of the unit's dossiers are answered for, whoever does so and since when."""
    answers = answering(unit.agency_code, sources, tree)
    return frozenset(replace(s.responsibility, since=None, until=None) for s in answers)
