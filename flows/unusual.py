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
from warehouse import ledger, read

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
    agencies = _comparable(engine, place, then, sources)
    if not agencies:
        return Unusual(then, agencies, _NO_CHANGES, f"kỳ {then.id} chưa có số liệu của đơn vị nào so sánh được")
    facts = [_facts(engine, place, *side) for side in ((place.period, place.sources()), (then, sources))]
    return Unusual(then, agencies, unusual(*facts, agencies=agencies, policy=place.province.file.policy))


def _comparable(engine: Engine, place: Place, then: Period, sources_then: list[SourceConfig]) -> frozenset[str]:
    """The units of which nothing is missing in either period, and of which the same parts are answered for."""
    tree, sources = place.province.units, place.sources()
    lacking: set[str] = set()
    for period, answers in ((place.period, sources), (then, sources_then)):
        lacking |= missing(tree, period.forms, answers, _whole(engine, place, period, answers))
    return frozenset(
        unit.agency_code
        for unit in tree
        if unit.agency_code not in lacking
        and all(_throughout(unit, period.forms) for period in (place.period, then))
        and _parts(unit, sources, tree) == _parts(unit, sources_then, tree) != frozenset()
    )


def _whole(engine: Engine, place: Place, period: Period, sources: Collection[SourceConfig]) -> list[str]:
    known = ledger.partitions(engine, period.id)
    ours = {s.id for s in sources}
    return [p.source_id for p in known if p.source_id in ours and is_loaded(p) and is_whole(place, period, p)]


def _facts(engine: Engine, place: Place, period: Period, sources: Collection[SourceConfig]) -> pd.DataFrame:
    return read.facts(engine, period.id, _whole(engine, place, period, sources), series=Series.FORMS)


def _throughout(unit: Unit, span: Span) -> bool:
    return unit.valid_on(span.first_day) and unit.valid_on(span.last_day)


def _parts(unit: Unit, sources: Collection[SourceConfig], tree: UnitTree) -> frozenset[Responsibility]:
    """Which channels and procedures of the unit's dossiers are answered for, whoever does so and since when."""
    answers = answering(unit.agency_code, sources, tree)
    return frozenset(replace(s.responsibility, since=None, until=None) for s in answers)
