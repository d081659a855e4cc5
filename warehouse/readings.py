"""When what stands was read, in all periods at once, and what was remarked on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, and_, select

from warehouse import tables
from warehouse.database import reading

_partition, _events = tables.partition, tables.partition_event
_READING = (_partition.c.period_id, _partition.c.source_id, _partition.c.extracted_at)


@dataclass(frozen=True, order=True)
class Reading:
    """The last good landing of a source in a period, by the clock of the machine that read it."""

    period_id: str
    source_id: str
    extracted_at: datetime


@dataclass(frozen=True)
class Remark:
    """What the ledger's history tells of a source; of its reading now, or of one before. at: by the clock of then."""

    reading: Reading
    detail: str
    at: datetime


def read_after(engine: Engine, moment: datetime) -> list[Reading]:
    """Those that claim to be of later than that, by period and source."""
    query = select(*_READING).where(_partition.c.extracted_at > moment)
    with reading(engine) as connection:
        return [Reading(*row) for row in connection.execute(query.order_by(*_READING))]


def remarks(engine: Engine, beginning: str) -> list[Remark]:
    """Every remark that begins so, oldest first, beside the reading that its source has now."""
    same = and_(_events.c.period_id == _partition.c.period_id, _events.c.source_id == _partition.c.source_id)
    told = and_(same, _events.c.detail.startswith(beginning, autoescape=True), _partition.c.extracted_at.is_not(None))
    query = select(*_READING, _events.c.detail, _events.c.at).where(told).order_by(_events.c.id)
    with reading(engine) as connection:
        return [Remark(Reading(*key), detail, at) for *key, detail, at in connection.execute(query)]
