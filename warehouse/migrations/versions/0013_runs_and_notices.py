"""Runs of a period, and what people were told of them."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def words(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    return sa.Column(name, text, nullable=nullable)


def moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite"), nullable=nullable)


def identity() -> sa.Column[Any]:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column("id", number, autoincrement=True, nullable=False)


def one_of(table: str, name: str, *values: str) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{name} IN ({listed})", name=op.f(f"ck_{table}_{name}_known"))


def upgrade() -> None:
    op.create_table(
        "period_run",
        identity(),
        words("period_id"),
        sa.Column("as_of", sa.Date(), nullable=False),
        words("asked_by"),
        moment("began_at"),
        moment("ended_at", nullable=True),
        sa.Column("exit_code", sa.Integer(), nullable=True),
        words("said"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period_run")),
        one_of("period_run", "asked_by", "schedule", "command", "portal"),
    )
    op.create_index(op.f("ix_period_run_period_id"), "period_run", ["period_id"])
    op.create_table(
        "notice",
        identity(),
        *(words(name) for name in ("cause", "kind", "period_id", "source_id", "subject", "body")),
        moment("raised_at"),
        moment("over_at", nullable=True),
        words("told"),
        sa.Column("tries", sa.Integer(), nullable=False),
        moment("tried_at", nullable=True),
        words("error", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("cause", name=op.f("uq_notice_cause")),
        one_of("notice", "kind", "source_failed", "quarter_done", "new_version", "overdue"),
    )
