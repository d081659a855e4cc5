"""What is asked of the warehouse by whoever watches the portal: counts, and whether it answers."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine, func, select

from contracts import clock
from warehouse import tables
from warehouse.database import reading

Deeds = Counter[tuple[str, bool]]
"""Action, and whether it was done rather than refused → how many."""


def newest_report_file(engine: Engine) -> Path | None:
    """The file that was registered last; None before the first. Raises WarehouseError."""
    table = tables.report_version
    with reading(engine) as connection:
        path = connection.scalar(select(table.c.path).order_by(table.c.created_at.desc()).limit(1))
    return Path(path) if path else None


def open_sessions(engine: Engine, *, idle: timedelta) -> int:
    """Sessions that have not ended and were used within that time."""
    table, now = tables.portal_session, clock.now()
    going_on = (table.c.ends_at > now) & (table.c.seen_at > now - idle)
    with reading(engine) as connection:
        return connection.scalar(select(func.count()).select_from(table).where(going_on)) or 0


def deeds_since(engine: Engine, number: int) -> tuple[int, Deeds]:
    """Entries of the audit trail behind that number, and the last one's number."""
    table = tables.audit_entry
    newer = select(table.c.action, table.c.result, func.count(), func.max(table.c.number)).where(
        table.c.number > number
    )
    with reading(engine) as connection:
        rows = connection.execute(newer.group_by(table.c.action, table.c.result)).all()
    deeds: Deeds = Counter()
    for action, result, times, _ in rows:
        deeds[action, result == "ok"] += times
    return max((last for *_, last in rows), default=number), deeds
