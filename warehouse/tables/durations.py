"""How long dossiers took: what a median is made of, which no sum tells."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Integer, Table

from warehouse.tables._shared import key, metadata, of_partition

duration = Table(
    "duration",
    metadata,
    key("period_id"),
    key("source_id"),
    key("agency_code"),
    key("field"),
    Column("days", Integer, primary_key=True, autoincrement=False),
    Column("dossiers", Integer, nullable=False),
    of_partition(),
    CheckConstraint("days >= 0", name="days_not_negative"),
    CheckConstraint("dossiers > 0", name="dossiers_positive"),
    sqlite_with_rowid=False,
)
"""One row a (period, source, agency, field, number of working days), of the dossiers that the facts of series forms
count as processed."""
