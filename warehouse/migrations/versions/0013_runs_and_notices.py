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


def where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


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
        sa.Column("made", sa.Boolean(), nullable=True),
        moment("told_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period_run")),
        one_of("period_run", "asked_by", "schedule", "command", "portal"),
    )
    op.create_index(op.f("ix_period_run_period_id"), "period_run", ["period_id"])
    make_notices()


def make_notices() -> None:
    op.create_table(
        "notice",
        identity(),
        *(words(name) for name in ("cause", "kind", "period_id", "source_id", "units")),
        *(words(name) for name in ("subject", "body", "command", "path")),
        moment("raised_at"),
        moment("over_at", nullable=True),
        moment("addressed_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        one_of("notice", "kind", "quarter_done", "source_failed", "overdue", "new_version"),
    )
    op.create_index("uq_notice_standing_cause", "notice", ["cause"], unique=True, **where("over_at IS NULL"))
    op.create_index(op.f("ix_notice_period_id"), "notice", ["period_id"])
    op.create_table(
        "notice_message",
        identity(),
        *(words(name) for name in ("mark", "way", "recipient", "subject", "body")),
        moment("made_at"),
        sa.Column("tries", sa.Integer(), nullable=False),
        *(moment(name, nullable=True) for name in ("tried_at", "next_at", "sent_at", "dropped_at")),
        words("error", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_message")),
        sa.UniqueConstraint("mark", name=op.f("uq_notice_message_mark")),
        one_of("notice_message", "way", "mail", "webhook"),
    )
    waiting = where("sent_at IS NULL AND dropped_at IS NULL")
    op.create_index(op.f("ix_notice_message_next_at"), "notice_message", ["next_at"], **waiting)
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "notice_told",
        *(sa.Column(name, number, autoincrement=False, nullable=False) for name in ("message_id", "notice_id")),
        sa.Column("is_over", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("message_id", "notice_id", "is_over", name=op.f("pk_notice_told")),
        sa.ForeignKeyConstraint(["message_id"], ["notice_message.id"], name=op.f("fk_notice_told_notice_message")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_notice_told_notice")),
    )
    op.create_index(op.f("ix_notice_told_notice_id"), "notice_told", ["notice_id"])
