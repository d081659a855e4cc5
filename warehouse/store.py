"""Putting counted partitions and indicators into the warehouse: all of one at once, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine, Table, delete

from contracts.columns import DURATION_COLUMNS, FACT_KEYS, MEASURES, MEMOS
from warehouse import ledger, tables
from warehouse.bulk import insert_all
from warehouse.database import writing
from warehouse.frames import rows_of, whole_numbers
from warehouse.stand import check_stand

FACT_COLUMNS = (*FACT_KEYS, *MEASURES, *MEMOS)
FINDING_COLUMNS = ("rule_id", "severity", "rows", "sentence", "regulation")
REJECTED_COLUMNS = ("row", "address", "dossier_code", "agency_code", "rules", "cells")
INDICATOR_COLUMNS = (
    *("unit_code", "agency_code", "scope", "indicator", "field"),
    *("numerator", "denominator", "value", "score", "complete", "formula_version"),
)
NO_DURATIONS = pd.DataFrame(columns=list(DURATION_COLUMNS))


def replace_partition(
    engine: Engine,
    *,
    period_id: str,
    source_id: str,
    facts: pd.DataFrame,
    findings: pd.DataFrame,
    rejected: pd.DataFrame,
    rows: int,
    accepted: int,
    quarantined: int,
    load_fingerprint: str,
    as_of: date,
    across: str | None = None,
    durations: pd.DataFrame = NO_DURATIONS,
    attempt: int | None = None,
) -> None:
    """Replace a partition's facts, durations, findings and quarantine and mark it loaded, in one transaction.

    facts: FACT_COLUMNS, whole numbers; durations: DURATION_COLUMNS, likewise; findings: FINDING_COLUMNS; rejected:
    REJECTED_COLUMNS. The partition must be validated or loaded. Raises CriticalCheckError where a row breaks a
    constraint, AttemptOver where another attempt than that one has begun; then all is as before."""
    key = {"period_id": period_id, "source_id": source_id}
    fact_rows = rows_of(facts, FACT_COLUMNS, **key)
    whole_numbers(facts, (*MEASURES, *MEMOS))
    whole_numbers(durations, ("days", "dossiers"))
    duration_rows = rows_of(durations, DURATION_COLUMNS, **key)
    with writing(engine) as connection:
        ledger.check_attempt(known := ledger.lock(connection, period_id, source_id), attempt)
        _replace(connection, tables.fact, key, fact_rows)
        _replace(connection, tables.duration, key, duration_rows)
        _replace_checks(connection, key, findings, rejected)
        ledger.mark_loaded(
            connection,
            known,
            rows=rows,
            accepted=accepted,
            quarantined=quarantined,
            load_fingerprint=load_fingerprint,
            as_of=as_of,
            across=across,
        )


def replace_checks(
    engine: Engine,
    *,
    period_id: str,
    source_id: str,
    findings: pd.DataFrame,
    rejected: pd.DataFrame,
    attempt: int | None = None,
) -> None:
    """Replace a partition's findings and quarantine alone: what a person needs where the partition is refused
    because too many of its rows broke a rule. Its facts stay, and stay unread while it is not loaded."""
    key = {"period_id": period_id, "source_id": source_id}
    with writing(engine) as connection:
        ledger.check_attempt(ledger.lock(connection, period_id, source_id), attempt)
        _replace_checks(connection, key, findings, rejected)


def replace_indicators(engine: Engine, *, period_id: str, indicators: pd.DataFrame, stand: str | None = None) -> None:
    """Replace all indicators of a period. indicators: INDICATOR_COLUMNS; a missing count or value is empty, and
    never 0. stand: of the sources that they were made of. Raises StandMoved where these stand otherwise now."""
    rows = rows_of(indicators, INDICATOR_COLUMNS, period_id=period_id)
    with writing(engine) as connection:
        check_stand(connection, period_id, stand)
        _replace(connection, tables.indicator, {"period_id": period_id}, rows)


def _replace_checks(
    connection: Connection, key: dict[str, str], findings: pd.DataFrame, rejected: pd.DataFrame
) -> None:
    _replace(connection, tables.finding, key, rows_of(findings, FINDING_COLUMNS, **key))
    _replace(connection, tables.rejected, key, rows_of(rejected, REJECTED_COLUMNS, **key))


def _replace(connection: Connection, table: Table, key: dict[str, str], rows: Sequence[dict[str, Any]]) -> None:
    connection.execute(delete(table).where(*(table.c[name] == value for name, value in key.items())))
    insert_all(connection, table, rows)
