"""What sources left to each other in the period before, and which of that had not ended where it counted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pandas as pd
from sqlalchemy import Engine

from contracts.codes import PartitionState
from contracts.periods import Period, parse_period, previous_period
from flows.place import Place
from transforms.across import ENDED_COLUMNS, open_then
from warehouse import across, counted, ledger, read
from warehouse.ledger import Partition

Codes = set[tuple[str, str]]
"""Of a source and a dossier's code in capitals."""


def left_before(engine: Engine, place: Place, loaded: Iterable[Partition]) -> tuple[pd.DataFrame, Codes]:
    """source_id, dossier_code, elsewhere of the period before, between sources that stand now; and of the dossiers of
    those that counted them, which had not ended then, or are in quarantine now: these the other source takes up.

    Where no such period stands, nothing is known, and nothing is left for it."""
    before, ours = _period_before(engine, place), {p.source_id for p in loaded}
    left = across.elsewhere(engine, before.id if before else "")
    left = left[(left["elsewhere"] != "") & left["source_id"].isin(ours) & left["elsewhere"].isin(ours)]
    if before is None or left.empty:
        return left, set()
    then = {name: _dossiers(engine, place, before, name) for name in left["elsewhere"].unique()}
    known = {name: found for name, found in then.items() if found is not None}
    not_ended = {(name, code) for name, found in known.items() for code in open_then(found, cut_off=before.cut_off)}
    quarantined = {(name, code) for name in known for code in _rejected(engine, place, name)}
    return left[left["elsewhere"].isin([*known])], not_ended | quarantined


def _period_before(engine: Engine, place: Place) -> Period | None:
    """One that was run and ended on the day before: the neighbour of its kind, or another, so that six months, too,
    know what the last quarter of the year before left."""
    rule, first_day = place.province.file.period_rule, place.period.forms.first_day
    stored = (parse_period(name, rule=rule) for name in read.period_ids(engine))
    ending = {found.id: found for found in stored if found.cut_off == first_day - timedelta(days=1)}
    neighbour = previous_period(place.period)
    return ending.get(neighbour.id if neighbour else "") or next(iter(ending.values()), None)


def _dossiers(engine: Engine, place: Place, before: Period, source_id: str) -> pd.DataFrame | None:
    stood = next((p for p in ledger.partitions(engine, before.id) if p.source_id == source_id), None)
    if stood is None or stood.state is not PartitionState.LOADED:
        return None
    return counted.read(place.home / "counted", stood, ENDED_COLUMNS)


def _rejected(engine: Engine, place: Place, source_id: str) -> pd.Series:
    return read.rejected(engine, place.period.id, source_id)["dossier_code"].dropna().str.upper()
