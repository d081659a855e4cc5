"""What a period's figures are not as something else lets expect, and the dossiers that explain it.

For operators and owners only where there are dossier codes."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from sqlalchemy import Engine, delete, select

from contracts.comparisons import CONTINUITY_COLUMNS
from warehouse import tables
from warehouse.bulk import insert_all
from warehouse.database import reading, writing
from warehouse.frames import TEXT, frame_of, rows_of
from warehouse.stand import check_stand

_dossiers, _deviations = tables.continuity_dossier, tables.deviation
_CONTINUITY = dict.fromkeys(("source_id", *CONTINUITY_COLUMNS), TEXT)
_VALUES = ("was_value", "now_value")
_DEVIATIONS = {
    **dict.fromkeys(("rule_id", "agency_code", "measure", "compared_with"), TEXT),
    **dict.fromkeys(("was", "now"), "Int64"),
    **dict.fromkeys(_VALUES, "float64"),
}


def replace_continuity(engine: Engine, period_id: str, dossiers: pd.DataFrame, *, stand: str | None = None) -> None:
    """Replace the period's dossiers that were not carried over as they were left. dossiers: source_id +
    CONTINUITY_COLUMNS, of sources that the ledger knows. stand: of the sources that were compared. Raises StandMoved
    where these stand otherwise now."""
    rows = rows_of(dossiers, list(_CONTINUITY), period_id=period_id)
    with writing(engine) as connection:
        check_stand(connection, period_id, stand)
        connection.execute(delete(_dossiers).where(_dossiers.c.period_id == period_id))
        insert_all(connection, _dossiers, rows)


def continuity(engine: Engine, period_id: str, source_id: str | None = None) -> pd.DataFrame:
    """source_id + CONTINUITY_COLUMNS of the period, or of one source in it, in the order of their keys."""
    query = select(*(_dossiers.c[name] for name in _CONTINUITY)).where(_dossiers.c.period_id == period_id)
    if source_id is not None:
        query = query.where(_dossiers.c.source_id == source_id)
    with reading(engine) as connection:
        return frame_of(connection, query.order_by(*_dossiers.primary_key), _CONTINUITY)


def replace_deviations(
    engine: Engine, period_id: str, rule_ids: Sequence[str], deviations: pd.DataFrame, *, stand: str | None = None
) -> None:
    """Replace what those rules tell of the period; what others tell stays. stand: as above.

    deviations: rule_id, agency_code, measure, compared_with, was, now, and was_value, now_value where it is ratios or
    scores that differ; what is not known is empty, and never 0. Raises ValueError for a rule not among rule_ids."""
    if strange := {*deviations["rule_id"]} - {*rule_ids}:
        raise ValueError(f"deviations of other rules: {', '.join(sorted(strange))}")
    filled = deviations.reindex(columns=list(_DEVIATIONS))
    rows = rows_of(filled.astype({name: _DEVIATIONS[name] for name in ("was", "now")}), list(_DEVIATIONS))
    of_rules = (_deviations.c.period_id == period_id) & _deviations.c.rule_id.in_(list(rule_ids))
    with writing(engine) as connection:
        check_stand(connection, period_id, stand)
        connection.execute(delete(_deviations).where(of_rules))
        insert_all(connection, _deviations, [row | {"period_id": period_id} for row in rows])


def deviations(engine: Engine, period_id: str) -> pd.DataFrame:
    """rule_id, agency_code, measure, compared_with, was, now, was_value, now_value of the period, in the order of their
    keys; what is not known is missing."""
    query = select(*(_deviations.c[name] for name in _DEVIATIONS)).where(_deviations.c.period_id == period_id)
    with reading(engine) as connection:
        return frame_of(connection, query.order_by(*_deviations.primary_key), _DEVIATIONS)
