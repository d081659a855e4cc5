"""Which version was published, and the figures that it held."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
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
    create_report_figures()
    create_publication()


def create_report_figures() -> None:
    op.create_table(
        "report_figures",
        *(words(name) for name in REPORT),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint(*VERSION, name=op.f("pk_report_figures")),
        of_version("report_figures"),
    )


def create_publication() -> None:
    op.create_table(
        "publication",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        *(words(name) for name in REPORT),
        sa.Column("version", sa.Integer(), nullable=False),
        words("event"),
        moment("at"),
        *(words(name) for name in ("by_whom", "note", "sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
        of_version("publication"),
        sa.CheckConstraint(
            "event IN ('checked', 'approved', 'published', 'withdrawn')", name=op.f("ck_publication_event_known")
        ),
    )
    op.create_index(op.f("ix_publication_period_id_scope_unit_code_id"), "publication", [*REPORT, "id"])
