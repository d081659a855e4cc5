"""Which dossiers, held by two systems, a source leaves to the other one. For operators only: it has dossier codes."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Engine, delete, select

from warehouse import tables
from warehouse.bulk import insert_all
from warehouse.database import reading, writing
from warehouse.frames import TEXT, frame_of, rows_of
from warehouse.stand import check_stand

_table = tables.counted_elsewhere
ELSEWHERE_COLUMNS = ("source_id", "dossier_code", "elsewhere")
_KINDS = dict.fromkeys(ELSEWHERE_COLUMNS, TEXT)


def replace(
    engine: Engine, period_id: str, dossiers: pd.DataFrame, *, compared: Collection[str], stand: str | None = None
) -> None:
    """Replace what shall be left to others in that period. dossiers: ELSEWHERE_COLUMNS, of the sources that were
    compared. What was left by another source, or to one, when it was compared last, is kept for the period after,
    which has to know what ended there. stand: of the sources when they were compared. Raises StandMoved where these
    stand otherwise now."""
    with writing(engine) as connection:
        check_stand(connection, period_id, stand)
        kept = _kept(connection, period_id, dossiers, compared)
        connection.execute(delete(_table).where(_table.c.period_id == period_id))
        found = rows_of(dossiers, ELSEWHERE_COLUMNS, period_id=period_id)
        insert_all(connection, _table, [*({**row, "holds": True} for row in found), *kept])


def _kept(
    connection: Connection, period_id: str, dossiers: pd.DataFrame, compared: Collection[str]
) -> list[dict[str, str | bool]]:
    found = set(zip(dossiers["source_id"], dossiers["dossier_code"], strict=True))
    query = select(_table).where(_table.c.period_id == period_id, _table.c.elsewhere != "")
    return [
        {**row, "holds": False}
        for row in connection.execute(query).mappings()
        if not {row["source_id"], row["elsewhere"]} <= {*compared}
        and (row["source_id"], row["dossier_code"]) not in found
    ]


def elsewhere(engine: Engine, period_id: str, source_id: str | None = None) -> pd.DataFrame:
    """ELSEWHERE_COLUMNS of the period, or of one source in it, in the order of their keys: as found when the sources
    were compared last, however they stand just now. Two that are counted side by side leave each other the same."""
    of_source = [_table.c.source_id == source_id] if source_id is not None else []
    return _read(engine, _table.c.period_id == period_id, _table.c.holds, *of_source)


def last_left(engine: Engine, period_id: str) -> pd.DataFrame:
    """ELSEWHERE_COLUMNS of the period, as when both sources were compared last, also where one is missing by now."""
    return _read(engine, _table.c.period_id == period_id, _table.c.elsewhere != "")


def _read(engine: Engine, *wanted: ColumnElement[bool]) -> pd.DataFrame:
    query = select(*(_table.c[name] for name in _KINDS)).where(*wanted).order_by(*_table.primary_key)
    with reading(engine) as connection:
        return frame_of(connection, query, _KINDS)
