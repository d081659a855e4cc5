"""What follows from the facts that stand: made anew whenever it is wanted, so that it is never of another run."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Engine

from contracts.codes import Level, PartitionState
from contracts.periods import Span
from contracts.responsibility import answering
from contracts.source_config import SourceConfig
from contracts.units import UnitTree
from flows.place import Place
from reporting.scope import valid_in
from transforms.indicators import compute
from warehouse.read import Moment, one_moment


def indicators(engine: Engine, place: Place) -> pd.DataFrame:
    """Every indicator of every unit as of the place's day; what a source that is not loaded answers for is missing."""
    with one_moment(engine) as stored:
        return indicators_of(stored, place)


def indicators_of(stored: Moment, place: Place) -> pd.DataFrame:
    """The same, as all stands at that moment."""
    sources = place.sources()
    states = {p.source_id: p.state for p in stored.partitions(place.period.id)}
    loaded = [s.id for s in sources if states.get(s.id) is PartitionState.LOADED]
    facts = stored.facts(place.period.id, loaded, series=None)
    span = place.period.forms.until(place.as_of)
    return compute(
        facts,
        units=place.province.units,
        on=span.last_day,
        missing=missing(place.province.units, span, sources, loaded),
    )


def missing(tree: UnitTree, span: Span, sources: list[SourceConfig], loaded: list[str]) -> frozenset[str]:
    """Units of which a part, or all, is not there; the province itself lacks nothing where nobody answers for it."""
    found = set()
    for unit in tree:
        answers = answering(unit.agency_code, sources, tree)
        unanswered = not answers and unit.level is not Level.PROVINCE and valid_in(unit, span)
        if unanswered or any(s.id not in loaded for s in answers):
            found.add(unit.agency_code)
    return frozenset(found)
