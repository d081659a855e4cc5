"""What units report that no dossier holds.

Grain stands with each table.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, ForeignKeyConstraint, Integer, Table

from contracts.returned import Kind, State
from warehouse.column_types import Moment, Words
from warehouse.tables._shared import key, metadata, one_of

returned_file = Table(
    "returned_file",
    metadata,
    key("period_id"),
    key("agency_code"),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("received_at", Moment(), nullable=False),
    Column("sha256", Words(), nullable=False),
    Column("file_name", Words(), nullable=False),
    Column("form_version", Words(), nullable=False),
    Column("prepared_by", Words(), nullable=False),
    Column("prepared_on", Date, nullable=False),
    Column("approved_by", Words(), nullable=False),
    Column("document", Words(), nullable=False),
)
"""One row a return that was taken (period, unit, number), only ever added to; the largest number counts."""

returned_figure = Table(
    "returned_figure",
    metadata,
    key("period_id"),
    key("agency_code"),
    Column("number", Integer, primary_key=True, autoincrement=False),
    key("indicator"),
    Column("position", Integer, nullable=False),
    Column("kind", Words(), nullable=False),
    Column("state", Words(), nullable=False),
    *(Column(name, BigInteger) for name in ("numerator", "denominator")),
    Column("amount", Words()),
    *(Column(name, Words(), nullable=False) for name in ("text", "evidence", "note", "cell")),
    ForeignKeyConstraint(
        ["period_id", "agency_code", "number"],
        ["returned_file.period_id", "returned_file.agency_code", "returned_file.number"],
    ),
    one_of("kind", Kind),
    one_of("state", State),
    CheckConstraint("state = 'given' OR (numerator IS NULL AND denominator IS NULL AND amount IS NULL)", "only_given"),
)
"""One row a line of the form of a return, in its order. A figure stands only where the unit gave one: what is not known
is null, and never 0. amount: a decimal number as text."""
