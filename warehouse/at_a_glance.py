"""What the ledger tells of many sources and periods at once, each in one query."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import Engine, and_, select

from contracts.codes import PartitionState
from warehouse import tables
from warehouse.database import reading

_partition, _events = tables.partition, tables.partition_event


def failing_since(engine: Engine, period_id: str) -> dict[str, datetime]:
    """Of each source that failed or was not received since it was loaded last, when that began."""
    outcomes = (PartitionState.LOADED, PartitionState.FAILED, PartitionState.NOT_RECEIVED)
    chosen = and_(_events.c.period_id == period_id, _events.c.state.in_(outcomes))
    query = select(_events.c.source_id, _events.c.state, _events.c.at).where(chosen).order_by(_events.c.id)
    with reading(engine) as connection:
        steps = connection.execute(query).all()
    since: dict[str, datetime] = {}
    for source_id, state, at in steps:
        if state == PartitionState.LOADED:
            since.pop(source_id, None)
        else:
            since.setdefault(source_id, at)
    return since


def states(engine: Engine) -> dict[str, dict[str, PartitionState]]:
    """Period → source → state, of all periods, in the order of their names."""
    table = _partition
    query = select(table.c.period_id, table.c.source_id, table.c.state).order_by(table.c.period_id, table.c.source_id)
    found: dict[str, dict[str, PartitionState]] = {}
    with reading(engine) as connection:
        for period_id, source_id, state in connection.execute(query):
            found.setdefault(period_id, {})[source_id] = PartitionState(state)
    return found


def mark(engine: Engine) -> str:
    """Changes with every step of any source in any period, and so with whatever follows from its figures."""
    query = select(_partition).order_by(_partition.c.period_id, _partition.c.source_id)
    with reading(engine) as connection:
        rows = connection.execute(query).all()
    return hashlib.sha256(repr([tuple(row) for row in rows]).encode()).hexdigest()
