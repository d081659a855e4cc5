"""What each source's system looked like when it was last accepted: names of tables and columns, and their types."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Engine, insert, select

from contracts import clock
from warehouse import tables
from warehouse.database import reading, writing

_table = tables.source_structure
Names = Mapping[str, Mapping[str, str]]
By = Literal["run", "operator"]


@dataclass(frozen=True)
class Structure:
    """structure: table of ours → column of the system → its type. mapping: table → column of the system → what it
    stood for when that was accepted. accepted_by: «run», or the operator who looked at it."""

    source_id: str
    seen_at: datetime
    fingerprint: str
    structure: Names
    mapping: Names
    accepted_by: str


def accept(
    engine: Engine,
    source_id: str,
    *,
    fingerprint: str,
    structure: Names,
    mapping: Names,
    by: By,
) -> None:
    """Enter a structure as the one that the next extract is compared with."""
    values = {
        "source_id": source_id,
        "seen_at": clock.now(),
        "fingerprint": fingerprint,
        "structure": json.dumps(structure, ensure_ascii=False),
        "mapping": json.dumps(mapping, ensure_ascii=False),
        "accepted_by": by,
    }
    with writing(engine) as connection:
        connection.execute(insert(_table).values(values))


def accepted(engine: Engine, source_id: str) -> list[Structure]:
    """Every accepted structure of the source, the newest first."""
    columns = [c for c in _table.columns if c.name != "id"]
    query = select(*columns).where(_table.c.source_id == source_id).order_by(_table.c.id.desc())
    with reading(engine) as connection:
        return [
            Structure(**{**row, "structure": json.loads(row["structure"]), "mapping": json.loads(row["mapping"])})
            for row in connection.execute(query).mappings()
        ]
