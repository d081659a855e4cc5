"""Entries of the audit trail for whoever reads it: who, what, on which unit and period, from when to when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Engine, select

from contracts.clock import VIETNAM
from contracts.deeds import DEEDS
from warehouse import tables
from warehouse.audit import Entry
from warehouse.database import reading

AT_ONCE = 2_000
_table = tables.audit_entry
_columns: list[Any] = [_table.c[name] for name in Entry.__dataclass_fields__]


@dataclass(frozen=True)
class Wanted:
    """Empty: whatever it is. first, last: days in Vietnam, both meant."""

    who: str = ""
    action: str = ""
    period_id: str = ""
    unit_code: str = ""
    first: date | None = None
    last: date | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        equal = [_table.c[name] == getattr(self, name) for name in _EQUAL if getattr(self, name)]
        since = [_table.c.at >= _midnight(self.first)] if self.first else []
        until = [_table.c.at < _midnight(self.last, days=1)] if self.last else []
        return [*equal, *since, *until]

    def said(self) -> list[str]:
        """What is asked for, in Vietnamese, for the entry of whoever looks at the list or takes it away."""
        action = DEEDS.get(self.action, self.action)
        days = [f"{day:%d/%m/%Y}" if day else "" for day in (self.first, self.last)]
        texts = (self.who, action, self.period_id, self.unit_code, *days)
        return [f"{name} {text}" for name, text in zip(_NAMED, texts, strict=True) if text]


_NAMED = ("tài khoản", "việc", "kỳ", "đơn vị", "từ ngày", "đến hết ngày")
_EQUAL = ("who", "action", "period_id", "unit_code")


def newest(engine: Engine, wanted: Wanted, *, most: int, older_than: int | None = None) -> list[Entry]:
    """The newest entries first; older_than: a number."""
    query = select(*_columns).where(*wanted.conditions()).order_by(_table.c.number.desc()).limit(most)
    if older_than is not None:
        query = query.where(_table.c.number < older_than)
    with reading(engine) as connection:
        return [Entry(**row) for row in connection.execute(query).mappings()]


def next_newer(engine: Engine, wanted: Wanted, *, most: int, newer_than: int) -> list[Entry]:
    """Those that come right after that number, the newest first."""
    query = select(*_columns).where(*wanted.conditions(), _table.c.number > newer_than)
    with reading(engine) as connection:
        rows = connection.execute(query.order_by(_table.c.number).limit(most)).mappings()
        return [Entry(**row) for row in rows][::-1]


def every(engine: Engine, wanted: Wanted) -> Iterator[Entry]:
    """In the order in which they were entered, in a stream: one connection as long as it is read."""
    query = select(*_columns).where(*wanted.conditions()).order_by(_table.c.number)
    with reading(engine) as connection:
        for row in connection.execution_options(yield_per=AT_ONCE).execute(query).mappings():
            yield Entry(**row)


def logins(engine: Engine) -> list[str]:
    """Everybody who stands in the trail, for a list to choose from."""
    with reading(engine) as connection:
        return [who for who in connection.scalars(select(_table.c.who).distinct().order_by(_table.c.who)) if who]


def _midnight(day: date, *, days: int = 0) -> datetime:
    """At which that day begins, or so many days later; far away from where the calendar of datetime ends."""
    within = min(max(day, date(1900, 1, 1)), date(2900, 1, 1))
    return datetime.combine(within + timedelta(days=days), time(), VIETNAM)
