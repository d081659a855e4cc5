"""What the warehouse knows of the versions of reports that retention asks for, and what it takes out."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Table, and_, func, select, update

from warehouse import tables
from warehouse.printed import VersionKey

REMOVED = "removed"
"""Status of a version whose files went by age; its entry, its figures and its checksums stay."""
_version, _rejected = tables.report_version, tables.rejected
_KEY = [_version.c[name] for name in ("period_id", "scope", "unit_code", "version")]


@dataclass(frozen=True)
class VersionEntered:
    """files: where the PDF and what lies beside it are. events: how often anything became of it; signed: copies."""

    key: VersionKey
    status: str
    created_at: datetime
    files: tuple[str, ...]
    events: int
    signed: int


def versions(connection: Connection) -> list[VersionEntered]:
    """Every version of every report."""
    events = _counts(connection, tables.publication)
    signed = _counts(connection, tables.signed_copy)
    beside: dict[VersionKey, list[str]] = {}
    file = tables.report_file
    for row in connection.execute(select(*(file.c[one.name] for one in _KEY), file.c.path).order_by(file.c.path)):
        beside.setdefault((row[0], row[1], row[2], row[3]), []).append(row.path)
    query = select(*_KEY, _version.c.status, _version.c.created_at, _version.c.path).order_by(*_KEY)
    found = []
    for row in connection.execute(query):
        key: VersionKey = (row.period_id, row.scope, row.unit_code, row.version)
        files = (row.path, *beside.get(key, ()))
        found.append(VersionEntered(key, row.status, row.created_at, files, events.get(key, 0), signed.get(key, 0)))
    return found


def _counts(connection: Connection, table: Table) -> dict[VersionKey, int]:
    columns = [table.c[one.name] for one in _KEY]
    return {
        (row[0], row[1], row[2], row[3]): row[4]
        for row in connection.execute(select(*columns, func.count()).group_by(*columns))
    }


def counted_landings(connection: Connection) -> Iterator[tuple[str, str, str]]:
    """Period, source and id of the landing that each partition holds, whatever became of its last attempt."""
    table = tables.partition
    query = select(table.c.period_id, table.c.source_id, table.c.landing_id).where(table.c.landing_id.is_not(None))
    for row in connection.execute(query.order_by(table.c.period_id, table.c.source_id)):
        yield row.period_id, row.source_id, row.landing_id


def codes_in_quarantine(connection: Connection) -> dict[str, int]:
    """Period → rows in quarantine that still tell which dossier they are of."""
    query = select(_rejected.c.period_id, func.count()).where(_rejected.c.dossier_code.is_not(None))
    found = connection.execute(query.group_by(_rejected.c.period_id).order_by(_rejected.c.period_id))
    return {row[0]: row[1] for row in found}


def mark_removed(connection: Connection, keys: Collection[VersionKey]) -> None:
    for key in keys:
        same = and_(*(column == value for column, value in zip(_KEY, key, strict=True)))
        connection.execute(update(_version).where(same).values(status=REMOVED))


def forget_codes(connection: Connection, period_ids: Collection[str]) -> None:
    """Of the dossiers in quarantine: code, place and cells, which may hold the code; rules and unit stay."""
    nothing = {"dossier_code": None, "address": None, "cells": None}
    connection.execute(update(_rejected).where(_rejected.c.period_id.in_(list(period_ids))).values(nothing))
