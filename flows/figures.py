"""What follows from the facts that stand: made anew whenever it is wanted, so that it is never of another run."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Engine

from contracts.codes import PartitionState
from flows.place import Place
from transforms.indicators import compute
from warehouse import ledger, read


def indicators(engine: Engine, place: Place) -> pd.DataFrame:
    """Every indicator of every unit as of the place's day; what a source that is not loaded answers for is missing."""
    sources = place.sources()
    states = {p.source_id: p.state for p in ledger.partitions(engine, place.period.id)}
    loaded = [s.id for s in sources if states.get(s.id) is PartitionState.LOADED]
    missing = [code for s in sources if s.id not in loaded for code in s.units]
    tree = place.province.units
    return compute(
        read.facts(engine, place.period.id, loaded, series=None),
        units=tree,
        on=place.period.forms.until(place.as_of).last_day,
        missing=frozenset(u.agency_code for code in missing for u in tree.subtree(code)),
    )
