"""Which versions somebody has opened, as the audit trail has it."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Engine, select

from warehouse import tables
from warehouse.database import reading

_table = tables.audit_entry
Opened = dict[tuple[str, int], datetime]
"""unit_code and version → when it was opened first."""


def opened(engine: Engine, login: str, period_id: str, files: Collection[str]) -> Opened:
    """Of that period's reports those of which the person was given one of these files, as the trail names them: the
    whole, for a piece of it shows nothing."""
    query = (
        select(_table.c.unit_code, _table.c.version, _table.c.at, _table.c.about)
        .where(
            _table.c.who == login,
            _table.c.action == "download",
            _table.c.period_id == period_id,
            _table.c.version.is_not(None),
            _table.c.result == "ok",
        )
        .order_by(_table.c.number)
    )
    found: Opened = {}
    with reading(engine) as connection:
        for unit_code, version, at, about in connection.execute(query):
            said = json.loads(about)
            if said.get("file") in files and not said.get("part"):
                found.setdefault((unit_code, version), at)
    return found
