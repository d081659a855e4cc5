"""What a loaded partition comes to, and what follows from it: facts, findings, quarantine, indicators.

Grain stands with each table. Counts are counts of dossiers.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Double, Integer, Table

from contracts.codes import Series, Severity
from contracts.columns import MEASURES, MEMOS, NOTES, OPEN, RECEIVED, RESOLVED
from warehouse.column_types import Words
from warehouse.tables._shared import key, metadata, of_partition, one_of

INDICATOR_SCOPES = ("unit", "tree")
"""A unit's own dossiers, or those of its whole tree."""

FIRST_COUNTS = (*MEASURES, *NOTES, "linked_resolved", "linked_overdue")
"""Counted from the first version on. Those that came later have 0 in rows counted before them, which are counted
again before anybody reads them."""


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default=None if name in FIRST_COUNTS else "0")


fact = Table(
    "fact",
    metadata,
    key("period_id"),
    key("source_id"),
    key("series"),
    key("agency_code"),
    key("field"),
    key("procedure_code"),
    Column("unit_code", Words(), nullable=False),
    *(_count(name) for name in (*MEASURES, *MEMOS)),
    of_partition(),
    one_of("series", Series),
    *(CheckConstraint(f"{name} >= 0", name=f"{name}_not_negative") for name in (*MEASURES, *MEMOS)),
    CheckConstraint(f"{' + '.join(RECEIVED)} = {' + '.join((*RESOLVED, *OPEN))}", name="form_identity"),
    sqlite_with_rowid=False,
)
"""One row a (period, source, series, agency, field, procedure), of the agency's own dossiers. The last line of
defence of form II.06a/VPCP/KSTT stands here, too: (3) = (7) + (11)."""

finding = Table(
    "finding",
    metadata,
    key("period_id"),
    key("source_id"),
    key("rule_id"),
    Column("severity", Words(), nullable=False),
    Column("rows", Integer, nullable=False),
    Column("sentence", Words(), nullable=False),
    Column("regulation", Words(), nullable=False),
    of_partition(),
    one_of("severity", Severity),
)
"""One row a rule that a source's rows broke, with how many rows broke it."""

rejected = Table(
    "rejected",
    metadata,
    key("period_id"),
    key("source_id"),
    Column("row", Integer, primary_key=True, autoincrement=False),
    Column("address", Words()),
    Column("dossier_code", Words()),
    Column("agency_code", Words()),
    Column("rules", Words(), nullable=False),
    Column("cells", Words()),
    of_partition(),
)
"""Quarantine: one row a landed row that counts nowhere. rules: rule ids joined by a comma. cells: where a person finds
what the rules are about. The dossier code is pseudonymous personal data (Luật 91/2025/QH15): it goes into no report
and no log."""

indicator = Table(
    "indicator",
    metadata,
    key("period_id"),
    key("scope"),
    key("agency_code"),
    key("indicator"),
    key("field"),
    Column("unit_code", Words(), nullable=False),
    Column("numerator", BigInteger),
    Column("denominator", BigInteger),
    Column("value", Double),
    Column("score", Double),
    Column("complete", Boolean, nullable=False),
    Column("formula_version", Words(), nullable=False),
    one_of("scope", INDICATOR_SCOPES),
)
"""One row a (period, scope, agency, indicator, field). field: "" for all fields together. A count has no denominator.
complete: no source below the agency is missing, and they tell of every dossier."""
