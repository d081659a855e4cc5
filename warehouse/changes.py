"""What changed between two landings of the same (period, source). For operators only: it has dossier codes."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection, Engine, and_, delete, func, select

from contracts import clock
from warehouse import tables
from warehouse.bulk import insert_all
from warehouse.database import reading
from warehouse.frames import TEXT, frame_of, rows_of

_table = tables.landing_change
CHANGE_COLUMNS = ("kind", "dossier_code", "column", "address", "was", "now")
_KINDS = dict.fromkeys(("source_id", "landing_id", "before_landing_id", *CHANGE_COLUMNS), TEXT)


def enter(
    connection: Connection,
    *,
    period_id: str,
    source_id: str,
    landing_id: str,
    before_landing_id: str,
    changes: pd.DataFrame,
) -> None:
    """Enter what one landing gives otherwise than the one before, in place of what was noted of that pair: within the
    transaction by which the ledger takes the new one for the last; see ledger.mark_landed.

    changes: CHANGE_COLUMNS; column, address, was and now may be empty or missing."""
    pair = {
        "period_id": period_id,
        "source_id": source_id,
        "landing_id": landing_id,
        "before_landing_id": before_landing_id,
    }
    rows = rows_of(changes, CHANGE_COLUMNS, **pair, noted_at=clock.now())
    connection.execute(delete(_table).where(*(_table.c[name] == value for name, value in pair.items())))
    insert_all(connection, _table, rows)


def changes(engine: Engine, period_id: str, source_id: str | None = None) -> pd.DataFrame:
    """Everything noted in a period, or of one source in it, in the order in which it was noted: source_id, landing_id,
    before_landing_id and CHANGE_COLUMNS."""
    columns = [_table.c[name] for name in _KINDS]
    query = select(*columns).where(_table.c.period_id == period_id).order_by(_table.c.source_id, _table.c.id)
    if source_id is not None:
        query = query.where(_table.c.source_id == source_id)
    with reading(engine) as connection:
        return frame_of(connection, query, _KINDS)


def counts(engine: Engine, period_id: str, source_id: str) -> dict[str, int]:
    """Kind → number of dossiers of which it was noted in that period. All landings of the period count, so that no
    further read makes a change of the past unseen; but one that vanished and came back has not vanished."""
    of_source = and_(_table.c.period_id == period_id, _table.c.source_id == source_id)
    dossiers = func.count(_table.c.dossier_code.distinct())
    each = select(_table.c.kind, dossiers).where(of_source, _table.c.kind != "vanished").group_by(_table.c.kind)
    came_or_went = of_source & _table.c.kind.in_(("new", "vanished"))
    last = select(func.max(_table.c.id)).where(came_or_went).group_by(_table.c.dossier_code)
    gone = select(func.count()).where(_table.c.id.in_(last), _table.c.kind == "vanished")
    with reading(engine) as connection:
        found = {str(kind): int(number) for kind, number in connection.execute(each)}
        vanished = int(connection.scalar(gone) or 0)
    return found | ({"vanished": vanished} if vanished else {})
