"""The register of reports.

Grain stands with each table. Counts are counts of dossiers.
"""

from __future__ import annotations

from sqlalchemy import Column, Integer, Table

from warehouse.column_types import Moment, Words
from warehouse.tables._shared import SENTENCE, key, metadata, one_of

REPORT_SCOPES = ("province", "unit")

report_version = Table(
    "report_version",
    metadata,
    key("period_id"),
    key("scope"),
    key("unit_code"),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("status", Words(), nullable=False),
    Column("path", Words(), nullable=False),
    Column("sha256", Words(), nullable=False),
    Column("pages", Integer, nullable=False),
    Column("input_digest", Words(), nullable=False),
    Column("created_at", Moment(), nullable=False),
    Column("reason", Words(SENTENCE), nullable=False),
    one_of("scope", REPORT_SCOPES),
)
"""One row a version of a report, only ever added to."""
