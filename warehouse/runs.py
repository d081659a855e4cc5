"""Runs of a period: by whose wish, from when to when, and how they ended.

A run without an end goes on, or was killed: whether somebody holds the period's lock tells (warehouse.locks)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Connection, Engine, func, insert, select, update

from contracts import clock
from warehouse import tables
from warehouse.database import reading, writing

STOPPED = "bị dừng theo yêu cầu"
"""Said of a run that somebody, or the machine's going down, brought to an end."""
AskedBy = Literal["schedule", "command", "portal"]
_table = tables.period_run


@dataclass(frozen=True)
class Run:
    """as_of: day as of which it counts. ended_at, exit_code, made: None until it ended. said: what came of it. made:
    whether it came to reports. told_at: when what people are to be told of it was entered (warehouse.notices)."""

    id: int
    period_id: str
    as_of: date
    asked_by: AskedBy
    began_at: datetime
    ended_at: datetime | None
    exit_code: int | None
    said: str
    made: bool | None = None
    told_at: datetime | None = None

    @property
    def came_to_nothing(self) -> bool:
        """It ended before it came to reports: by an error, or because somebody stopped it."""
        return self.ended_at is not None and not self.made

    @property
    def was_stopped(self) -> bool:
        return self.came_to_nothing and self.said == STOPPED


def begin(engine: Engine, period_id: str, *, as_of: date, asked_by: AskedBy) -> int:
    """Enter a run that holds the period's lock; returns its number."""
    values = {"period_id": period_id, "as_of": as_of, "asked_by": asked_by, "began_at": clock.now(), "said": ""}
    with writing(engine) as connection:
        return int(connection.scalar(insert(_table).values(values).returning(_table.c.id)) or 0)


def end(engine: Engine, number: int, *, exit_code: int, said: str, made: bool = True) -> None:
    values: dict[str, Any] = {"ended_at": clock.now(), "exit_code": exit_code, "said": said, "made": made}
    with writing(engine) as connection:
        connection.execute(update(_table).where(_table.c.id == number).values(values))


def runs(engine: Engine, period_id: str) -> list[Run]:
    """Of a period, oldest first."""
    query = select(_table).where(_table.c.period_id == period_id).order_by(_table.c.id)
    with reading(engine) as connection:
        return [Run(**row) for row in connection.execute(query).mappings()]


def without_end(engine: Engine) -> list[Run]:
    """The newest run of each period where that has no end: it goes on, or was killed."""
    newest = select(func.max(_table.c.id)).group_by(_table.c.period_id)
    query = select(_table).where(_table.c.id.in_(newest), _table.c.ended_at.is_(None)).order_by(_table.c.id)
    with reading(engine) as connection:
        return [Run(**row) for row in connection.execute(query).mappings()]


def untold(engine: Engine) -> list[str]:
    """Periods with a run that has ended, of which nobody entered what people are to be told, by name."""
    query = select(_table.c.period_id).where(_table.c.ended_at.is_not(None), _table.c.told_at.is_(None))
    with reading(engine) as connection:
        return list(connection.scalars(query.distinct().order_by(_table.c.period_id)))


def mark_told(connection: Connection, period_id: str) -> None:
    """Of all its runs that have ended; in the transaction that enters what is told."""
    ended = (_table.c.period_id == period_id, _table.c.ended_at.is_not(None), _table.c.told_at.is_(None))
    connection.execute(update(_table).where(*ended).values(told_at=clock.now()))
