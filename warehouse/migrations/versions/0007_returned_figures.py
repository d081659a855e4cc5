"""What units report that no dossier holds."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KEYS = ("period_id", "agency_code")
KINDS = "kind IN ('count', 'share', 'number', 'yes_no', 'choice', 'text', 'date')"
STATES = "state IN ('given', 'approximate', 'not_yet', 'out_of_scope', 'unanswered')"
ONLY_GIVEN = "state = 'given' OR (numerator IS NULL AND denominator IS NULL AND amount IS NULL)"


def words(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=nullable)


def number() -> sa.Column[Any]:
    return sa.Column("number", sa.Integer(), autoincrement=False, nullable=False)


def upgrade() -> None:
    op.create_table(
        "returned_file",
        *(words(name) for name in KEYS),
        number(),
        sa.Column("received_at", sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite"), nullable=False),
        *(words(name) for name in ("sha256", "file_name", "form_version", "prepared_by")),
        sa.Column("prepared_on", sa.Date(), nullable=False),
        *(words(name) for name in ("approved_by", "document")),
        sa.PrimaryKeyConstraint(*KEYS, "number", name=op.f("pk_returned_file")),
    )
    create_figures()


def create_figures() -> None:
    keys = (*KEYS, "number")
    op.create_table(
        "returned_figure",
        *(words(name) for name in KEYS),
        number(),
        words("indicator"),
        sa.Column("position", sa.Integer(), nullable=False),
        *(words(name) for name in ("kind", "state")),
        *(sa.Column(name, sa.BigInteger(), nullable=True) for name in ("numerator", "denominator")),
        words("amount", nullable=True),
        *(words(name) for name in ("text", "evidence", "note", "cell")),
        sa.PrimaryKeyConstraint(*keys, "indicator", name=op.f("pk_returned_figure")),
        sa.ForeignKeyConstraint(
            keys, [f"returned_file.{name}" for name in keys], name=op.f("fk_returned_figure_returned_file")
        ),
        sa.CheckConstraint(KINDS, name=op.f("ck_returned_figure_kind_known")),
        sa.CheckConstraint(STATES, name=op.f("ck_returned_figure_state_known")),
        sa.CheckConstraint(ONLY_GIVEN, name=op.f("ck_returned_figure_only_given")),
    )
