"""What was found wrong with one source of a period, as last checked."""

from __future__ import annotations

from dataclasses import dataclass, fields

from sqlalchemy import Engine, select

from contracts.codes import Severity
from warehouse import tables
from warehouse.database import reading

_table = tables.finding


@dataclass(frozen=True)
class Finding:
    """rows: how many broke the rule; sentence: Vietnamese, what is wrong and what to do; regulation: "" for none."""

    rule_id: str
    severity: Severity
    rows: int
    sentence: str
    regulation: str


def findings_of(engine: Engine, period_id: str, source_id: str) -> list[Finding]:
    """What stops or leaves rows out first, then the most rows."""
    columns = [_table.c[field.name] for field in fields(Finding)]
    query = select(*columns).where(_table.c.period_id == period_id, _table.c.source_id == source_id)
    with reading(engine) as connection:
        rows = connection.execute(query).mappings().all()
    found = [
        Finding(**{**row, "severity": Severity(row["severity"]), "regulation": row["regulation"] or ""}) for row in rows
    ]
    order = list(Severity)
    return sorted(found, key=lambda one: (order.index(one.severity), -one.rows, one.rule_id))
