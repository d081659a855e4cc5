"""The provincial index, and indices that others publish."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def identity() -> sa.Column[Any]:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column("id", kind, autoincrement=True, nullable=False)


def words(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=nullable)


def moment(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite"), nullable=False)


def upgrade() -> None:
    create_criterion_points()
    create_imported_ranking()


def create_criterion_points() -> None:
    op.create_table(
        "criterion_points",
        identity(),
        sa.Column("year", sa.Integer(), nullable=False),
        *(words(name) for name in ("agency_code", "criterion_id", "kind")),
        words("points", nullable=True),
        *(words(name) for name in ("evidence", "note", "entered_by")),
        moment("entered_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criterion_points")),
        sa.CheckConstraint("kind IN ('self', 'verified')", name=op.f("ck_criterion_points_kind_known")),
    )
    keys = ["year", "agency_code", "criterion_id", "kind", "id"]
    op.create_index(op.f("ix_criterion_points_" + "_".join(keys)), "criterion_points", keys)


def create_imported_ranking() -> None:
    op.create_table(
        "imported_ranking",
        identity(),
        *(words(name) for name in ("kind", "index_id", "area")),
        sa.Column("year", sa.Integer(), nullable=False),
        *(words(name) for name in ("unit_code", "unit_name")),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in ("place", "base_size", "gained")),
        words("score", nullable=True),
        *(words(name) for name in ("base_group", "score_unit", "rating", "aim", "source", "note")),
        sa.Column("published_on", sa.Date(), nullable=True),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("verified", "withdrawn")),
        words("entered_by"),
        moment("entered_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_ranking")),
        sa.CheckConstraint("kind IN ('result', 'target')", name=op.f("ck_imported_ranking_kind_known")),
    )
    keys = ["index_id", "area", "year", "unit_code", "id"]
    op.create_index(op.f("ix_imported_ranking_" + "_".join(keys)), "imported_ranking", keys)
