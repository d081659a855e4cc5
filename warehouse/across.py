"""Which dossiers, held by two systems, a source leaves to the other one. For operators only: it has dossier codes."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Engine, delete, select

from warehouse import tables
from warehouse.bulk import insert_all
from warehouse.database import reading, writing
from warehouse.frames import TEXT, frame_of, rows_of

_table = tables.counted_elsewhere
ELSEWHERE_COLUMNS = ("source_id", "dossier_code", "elsewhere")
_KINDS = dict.fromkeys(ELSEWHERE_COLUMNS, TEXT)


def replace(engine: Engine, period_id: str, dossiers: pd.DataFrame) -> None:
    """Replace what shall be left to others in that period. dossiers: ELSEWHERE_COLUMNS."""
    rows = rows_of(dossiers, ELSEWHERE_COLUMNS, period_id=period_id)
    with writing(engine) as connection:
        connection.execute(delete(_table).where(_table.c.period_id == period_id))
        insert_all(connection, _table, rows)


def elsewhere(engine: Engine, period_id: str, source_id: str | None = None) -> pd.DataFrame:
    """ELSEWHERE_COLUMNS of the period, or of one source in it, in the order of their keys."""
    query = select(*(_table.c[name] for name in _KINDS)).where(_table.c.period_id == period_id)
    if source_id is not None:
        query = query.where(_table.c.source_id == source_id)
    with reading(engine) as connection:
        return frame_of(connection, query.order_by(*_table.primary_key), _KINDS)
