"""The register of reports.

Grain stands with each table. Counts are counts of dossiers.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, Index, Integer, Table

from warehouse.column_types import Lying, Moment, Words
from warehouse.tables._shared import SENTENCE, identity, key, metadata, one_of

REPORT_SCOPES = ("province", "unit")
COMPANIONS = ("workbook", "archive")
_VERSION = ("period_id", "scope", "unit_code", "version")


def _of_version() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(_VERSION, [f"report_version.{name}" for name in _VERSION])


report_version = Table(
    "report_version",
    metadata,
    key("period_id"),
    key("scope"),
    key("unit_code"),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("status", Words(), nullable=False),
    Column("path", Lying(), nullable=False),
    Column("sha256", Words(), nullable=False),
    Column("pages", Integer, nullable=False),
    Column("input_digest", Words(), nullable=False),
    Column("created_at", Moment(), nullable=False),
    Column("reason", Words(SENTENCE), nullable=False),
    one_of("scope", REPORT_SCOPES),
)
"""One row a version of a report, only ever added to."""

report_file = Table(
    "report_file",
    metadata,
    *(key(name) for name in _VERSION[:3]),
    Column("version", Integer, primary_key=True, autoincrement=False),
    key("kind"),
    Column("path", Lying(), nullable=False),
    Column("sha256", Words(), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("entered_at", Moment(), nullable=False),
    _of_version(),
    one_of("kind", COMPANIONS),
)
"""One row a file made beside a version's PDF, entered with it. size: bytes."""

signed_copy = Table(
    "signed_copy",
    metadata,
    identity(),
    *(Column(name, Words(), nullable=False) for name in _VERSION[:3]),
    Column("version", Integer, nullable=False),
    Column("path", Lying(), nullable=False),
    Column("sha256", Words(), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("by_whom", Words(SENTENCE), nullable=False),
    Column("at", Moment(), nullable=False),
    Column("verdict", Words(), nullable=False),
    _of_version(),
    Index(None, *_VERSION[:3], "id"),
)
"""One row a signed PDF that came back for a version and was found to be ours, only ever added to; the last is the one
that is offered. verdict: JSON of what the check found."""

report_text = Table(
    "report_text",
    metadata,
    *(key(name) for name in (*_VERSION[:3], "part")),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("text", Words(), nullable=False),
    Column("by_whom", Words(SENTENCE), nullable=False),
    Column("at", Moment(), nullable=False),
    one_of("scope", REPORT_SCOPES),
)
"""One row a version of what a drafting office wrote of a part of a report, only ever added to; empty: taken back.
text: Markdown."""
