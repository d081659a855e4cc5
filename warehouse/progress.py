"""The register over many periods at once: what changed since it was read last, and the reading of several periods."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import fields
from typing import Any

from sqlalchemy import Engine, func, select

from warehouse import tables
from warehouse.database import reading
from warehouse.publications import Publication
from warehouse.register import ReportVersion

Mark = tuple[object, ...]
"""How far a period's versions and events have come. Both are only ever added to, so the same mark is the same rows."""
_version, _event = tables.report_version, tables.publication


def marks(engine: Engine) -> dict[str, Mark]:
    """Of every period that has a report."""
    versions = select(_version.c.period_id, func.count(), func.max(_version.c.created_at)).group_by(
        _version.c.period_id
    )
    events = select(_event.c.period_id, func.max(_event.c.id)).group_by(_event.c.period_id)
    with reading(engine) as connection:
        last = {row[0]: row[1] for row in connection.execute(events)}
        return {period: (count, newest, last.get(period)) for period, count, newest in connection.execute(versions)}


def versions_of(engine: Engine, periods: Collection[str]) -> dict[str, list[ReportVersion]]:
    """Every version of these periods, by period; the province's first, then by unit and version."""
    order = (_version.c.scope, _version.c.unit_code, _version.c.version)
    columns: list[Any] = [_version.c[field.name] for field in fields(ReportVersion)]
    query = select(*columns).where(_version.c.period_id.in_(periods)).order_by(*order)
    found: dict[str, list[ReportVersion]] = defaultdict(list)
    with reading(engine) as connection:
        for row in connection.execute(query):
            one = ReportVersion(*row)
            found[one.period_id].append(one)
    return dict(found)


def events_of(engine: Engine, periods: Collection[str]) -> dict[str, list[Publication]]:
    """Every event of these periods, by period, in the order in which they were entered."""
    columns: list[Any] = [_event.c[field.name] for field in fields(Publication)]
    query = select(*columns).where(_event.c.period_id.in_(periods)).order_by(_event.c.id)
    found: dict[str, list[Publication]] = defaultdict(list)
    with reading(engine) as connection:
        for row in connection.execute(query):
            one = Publication(*row)
            found[one.period_id].append(one)
    return dict(found)
