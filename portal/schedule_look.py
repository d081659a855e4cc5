"""What should have run by the schedule and did not, looked at once a minute at the most: the lists say it on every
page, and it takes several questions to the warehouse."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine

from contracts import clock
from contracts.province import Province
from flows.overdue import Overdue, overdue


class ScheduleLook:
    """Of one province; asked by many threads at once, of which two may look in the same minute."""

    def __init__(self, engine: Engine, province: Province) -> None:
        self._engine, self._province = engine, province
        self._known: tuple[datetime, tuple[Overdue, ...]] | None = None

    def late(self) -> tuple[Overdue, ...]:
        minute = clock.now().replace(second=0)
        known = self._known
        if known is None or known[0] != minute:
            known = self._known = (minute, tuple(overdue(self._engine, self._province, clock.now())))
        return known[1]
