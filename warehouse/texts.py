"""What drafting offices wrote of the parts of their reports. Only ever added to: the newest row of a part counts, and
an empty one says that the part was taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Select, insert, select, text

from warehouse import approvals, tables
from warehouse.database import is_postgresql, reading, writing
from warehouse.register import Scope

_table = tables.report_text
ReportKey = tuple[str, Scope, str]
"""period_id, scope, unit_code: one report, as the register calls it."""


@dataclass(frozen=True)
class ReportText:
    """One version of one part of one report. text: Markdown, "" where the part was taken back; version: counts from 1
    for each part; at: aware."""

    period_id: str
    scope: Scope
    unit_code: str
    part: str
    version: int
    text: str
    by_whom: str
    at: datetime

    @property
    def report(self) -> ReportKey:
        return self.period_id, self.scope, self.unit_code


class Overtaken(Exception):
    """Somebody entered a part between the moment in which it was looked at and this one."""


def add(
    engine: Engine,
    report: ReportKey,
    parts: Mapping[str, str],
    *,
    seen: Mapping[str, int],
    by_whom: str,
    at: datetime,
) -> list[ReportText]:
    """Enter these texts as the newest of their parts, all of them or none, in the order given.

    seen: of each part the version that was the newest when it was decided what to enter; 0, or no entry, of one that
    had none. Raises Overtaken where another one is the newest by now, UsageError while a version of the report stands
    approved."""
    with writing(engine) as connection:
        if parts:
            approvals.refuse_while_approved(connection, engine, report[0], report[1:])
        _alone(connection, engine)
        last = {one.part: one.version for one in _read(connection, _of(report))}
        if any(last.get(part, 0) != seen.get(part, 0) for part in parts):
            raise Overtaken
        entered = [
            ReportText(*report, part, last.get(part, 0) + 1, written, by_whom, at) for part, written in parts.items()
        ]
        for one in entered:
            connection.execute(insert(_table).values(vars(one)))
    return entered


def history(engine: Engine, period_id: str, *, report: ReportKey | None = None) -> list[ReportText]:
    """Every version of every part of the period's reports, or of one report; by report, part and version."""
    query = _of(report) if report else _texts().where(_table.c.period_id == period_id)
    with reading(engine) as connection:
        return _read(connection, query)


def newest(engine: Engine, period_id: str, *, report: ReportKey | None = None) -> list[ReportText]:
    """The last version of each part, those that were taken back among them; in the order of `history`."""
    return list({(*one.report, one.part): one for one in history(engine, period_id, report=report)}.values())


def _alone(connection: Connection, engine: Engine) -> None:
    """Two writers must not both read the same last version; in SQLite a writer is alone already."""
    if is_postgresql(engine):
        connection.execute(text("LOCK TABLE report_text IN SHARE ROW EXCLUSIVE MODE"))


def _texts() -> Select[Any]:
    order = (_table.c[name] for name in ("scope", "unit_code", "part", "version"))
    return select(*(_table.c[field.name] for field in fields(ReportText))).order_by(*order)


def _of(report: ReportKey) -> Select[Any]:
    names = ("period_id", "scope", "unit_code")
    same = [_table.c[name] == value for name, value in zip(names, report, strict=True)]
    return _texts().where(*same)


def _read(connection: Connection, query: Select[Any]) -> list[ReportText]:
    return [ReportText(**row) for row in connection.execute(query).mappings()]
