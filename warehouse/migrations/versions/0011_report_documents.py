"""The files beside a version's PDF, the signed copies that came back, and what drafting offices wrote."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

REPORT = ("period_id", "scope", "unit_code")
VERSION = (*REPORT, "version")


def words(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False)


def moment(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite"), nullable=False)


def of_version(table: str) -> sa.ForeignKeyConstraint:
    version = [f"report_version.{name}" for name in VERSION]
    return sa.ForeignKeyConstraint(list(VERSION), version, name=op.f(f"fk_{table}_report_version"))


def upgrade() -> None:
    create_report_file()
    create_signed_copy()
    create_report_text()


def create_report_file() -> None:
    op.create_table(
        "report_file",
        *(words(name) for name in REPORT),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        *(words(name) for name in ("kind", "path", "sha256")),
        sa.Column("size", sa.BigInteger(), nullable=False),
        moment("entered_at"),
        sa.PrimaryKeyConstraint(*VERSION, "kind", name=op.f("pk_report_file")),
        of_version("report_file"),
        sa.CheckConstraint("kind IN ('workbook', 'archive')", name=op.f("ck_report_file_kind_known")),
    )


def create_signed_copy() -> None:
    op.create_table(
        "signed_copy",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        *(words(name) for name in REPORT),
        sa.Column("version", sa.Integer(), nullable=False),
        *(words(name) for name in ("path", "sha256", "by_whom", "verdict")),
        sa.Column("size", sa.BigInteger(), nullable=False),
        moment("at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signed_copy")),
        of_version("signed_copy"),
    )
    op.create_index(op.f("ix_signed_copy_period_id_scope_unit_code_id"), "signed_copy", [*REPORT, "id"])


def create_report_text() -> None:
    op.create_table(
        "report_text",
        *(words(name) for name in (*REPORT, "part")),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        *(words(name) for name in ("text", "by_whom")),
        moment("at"),
        sa.PrimaryKeyConstraint(*REPORT, "part", "version", name=op.f("pk_report_text")),
        sa.CheckConstraint("scope IN ('province', 'unit')", name=op.f("ck_report_text_scope_known")),
    )
