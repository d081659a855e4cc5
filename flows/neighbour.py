"""The same source in the period before, whose open dossiers must be carried over: whether its facts may be compared."""

from __future__ import annotations

from sqlalchemy import Engine

from contracts.codes import PartitionState
from contracts.periods import Period, previous_period
from contracts.province import Province
from flows.job import Neighbour
from warehouse import ledger


def neighbour(engine: Engine, province: Province, period: Period, source_id: str) -> Neighbour | None:
    """The period before, if its facts of that source stand as of its own cut-off, or a later day, counted in the
    columns of today's policy. Of another reading they are other facts."""
    before = previous_period(period)
    if before is None:
        return None
    known = {p.source_id: p for p in ledger.partitions(engine, before.id)}.get(source_id)
    if known is None or known.state is not PartitionState.LOADED:
        return Neighbour(before.id, None)
    whole = known.as_of is not None and known.as_of >= before.cut_off
    alike = (known.load_fingerprint or "").startswith(province.counting_fingerprint)
    counted = f"{known.load_fingerprint} {known.across or ''} {known.landing_id}"
    return Neighbour(before.id, counted if whole and alike else None)
