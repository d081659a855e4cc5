"""What stands in the warehouse, as frames. Rows come in the order of their keys, the same on every database."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
from sqlalchemy import ColumnElement, Engine, Select, Table, and_, exists, select

from contracts.codes import PartitionState, Series
from contracts.columns import FACT_KEYS, MEASURES, MEMOS
from warehouse import tables
from warehouse.database import reading
from warehouse.frames import INTEGER, TEXT, frame_of

_FACTS = {
    **dict.fromkeys(("source_id", *FACT_KEYS), TEXT),
    **dict.fromkeys((*MEASURES, *MEMOS), INTEGER),
}
_DURATIONS = {
    **dict.fromkeys(("source_id", "agency_code", "field"), TEXT),
    **dict.fromkeys(("days", "dossiers"), INTEGER),
}
_INDICATORS = {
    **dict.fromkeys(("unit_code", "agency_code", "scope", "indicator", "field"), TEXT),
    **dict.fromkeys(("numerator", "denominator"), "Int64"),
    **dict.fromkeys(("value", "score"), "float64"),
    "complete": "bool",
    "formula_version": TEXT,
}
_FINDINGS = {
    **dict.fromkeys(("source_id", "rule_id", "severity"), TEXT),
    "rows": INTEGER,
    **dict.fromkeys(("sentence", "regulation"), TEXT),
}
_REJECTED = {
    "source_id": TEXT,
    "row": INTEGER,
    **dict.fromkeys(("address", "dossier_code", "agency_code", "rules", "cells"), TEXT),
}


def facts(engine: Engine, period_id: str, source_ids: Iterable[str], *, series: Series | None) -> pd.DataFrame:
    """Facts of those of the sources that are loaded; source_id + FACT_KEYS + MEASURES + MEMOS.

    A partition whose last attempt failed gives none, whatever was stored before: ask the ledger which are
    missing, and print them as missing. series: one of the two, or both if None."""
    table = tables.fact
    wanted = table.c.source_id.in_(sorted(set(source_ids)))
    query = _select(table, _FACTS, period_id).where(wanted, _is_loaded(table))
    if series is not None:
        query = query.where(table.c.series == series)
    return _frame(engine, query, _FACTS)


def durations(engine: Engine, period_id: str, source_ids: Iterable[str]) -> pd.DataFrame:
    """How long dossiers took, of those of the sources that are loaded: source_id + DURATION_COLUMNS, as of `facts`."""
    table = tables.duration
    wanted = table.c.source_id.in_(sorted(set(source_ids)))
    return _frame(engine, _select(table, _DURATIONS, period_id).where(wanted, _is_loaded(table)), _DURATIONS)


def indicators(engine: Engine, period_id: str, *, by_field: bool = False) -> pd.DataFrame:
    """Indicators of a period, of all fields together (field ""); with those of each field where `by_field` is on.
    numerator, denominator, value and score are missing where they are not known."""
    table = tables.indicator
    query = _select(table, _INDICATORS, period_id)
    return _frame(engine, query if by_field else query.where(table.c.field == ""), _INDICATORS)


def findings(engine: Engine, period_id: str, *, loaded_only: bool = True) -> pd.DataFrame:
    """Findings of the loaded sources; of all of them, as last checked, where `loaded_only` is off."""
    query = _select(tables.finding, _FINDINGS, period_id)
    return _frame(engine, query.where(_is_loaded(tables.finding)) if loaded_only else query, _FINDINGS)


def rejected(engine: Engine, period_id: str, source_id: str | None = None) -> pd.DataFrame:
    """The quarantine of a period, or of one source in it, as last checked. For operators only: it has dossier
    codes."""
    query = _select(tables.rejected, _REJECTED, period_id)
    if source_id is not None:
        query = query.where(tables.rejected.c.source_id == source_id)
    return _frame(engine, query, _REJECTED)


def period_ids(engine: Engine) -> list[str]:
    """Every period that the ledger knows, in order of their names."""
    column = tables.partition.c.period_id
    with reading(engine) as connection:
        return list(connection.scalars(select(column).distinct().order_by(column)))


def _select(table: Table, kinds: dict[str, str], period_id: str) -> Select[tuple[object, ...]]:
    columns = [table.c[name] for name in kinds]
    return select(*columns).where(table.c.period_id == period_id).order_by(*table.primary_key)


def _is_loaded(table: Table) -> ColumnElement[bool]:
    partition = tables.partition
    same = and_(partition.c.period_id == table.c.period_id, partition.c.source_id == table.c.source_id)
    return exists().where(same, partition.c.state == PartitionState.LOADED)


def _frame(engine: Engine, query: Select[tuple[object, ...]], kinds: dict[str, str]) -> pd.DataFrame:
    with reading(engine) as connection:
        return frame_of(connection, query, kinds)
