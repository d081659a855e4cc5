"""Dossiers in two systems, dossiers that explain a break between two periods, and figures that differ from others."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def words(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=nullable)


def of_partition(table: str) -> sa.ForeignKeyConstraint:
    partition = ["partition.period_id", "partition.source_id"]
    return sa.ForeignKeyConstraint(["period_id", "source_id"], partition, name=op.f(f"fk_{table}_partition"))


def upgrade() -> None:
    op.add_column("partition", words("across", nullable=True))
    create_counted_elsewhere()
    create_continuity_dossier()
    create_deviation()


def create_counted_elsewhere() -> None:
    keys = ("period_id", "source_id", "dossier_code")
    op.create_table(
        "counted_elsewhere",
        *(words(name) for name in keys),
        words("elsewhere"),
        sa.PrimaryKeyConstraint(*keys, name=op.f("pk_counted_elsewhere")),
        of_partition("counted_elsewhere"),
    )


def create_continuity_dossier() -> None:
    keys = ("period_id", "source_id", "kind", "dossier_code")
    op.create_table(
        "continuity_dossier",
        *(words(name) for name in keys),
        words("agency_code", nullable=True),
        words("reason"),
        sa.PrimaryKeyConstraint(*keys, name=op.f("pk_continuity_dossier")),
        of_partition("continuity_dossier"),
        sa.CheckConstraint("kind IN ('not_carried', 'not_open')", name=op.f("ck_continuity_dossier_kind_known")),
    )


def create_deviation() -> None:
    keys = ("period_id", "rule_id", "agency_code", "measure")
    op.create_table(
        "deviation",
        *(words(name) for name in keys),
        words("compared_with"),
        *(sa.Column(name, sa.BigInteger(), nullable=True) for name in ("was", "now")),
        *(sa.Column(name, sa.Double(), nullable=True) for name in ("was_value", "now_value")),
        sa.PrimaryKeyConstraint(*keys, name=op.f("pk_deviation")),
    )
