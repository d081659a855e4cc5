"""Figures that the national portal publishes, as they were at each fetch."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KEYS = ("period_id", "agency_code", "indicator")
GROUPS = "group_id IN ('transparency', 'progress', 'online', 'payment', 'digitisation', 'satisfaction')"


def words(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "published_figure",
        *(words(name) for name in KEYS),
        sa.Column("fetched_at", sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite"), nullable=False),
        words("group_id"),
        *(words(name, nullable=True) for name in ("agency_name", "level")),
        *(sa.Column(name, sa.BigInteger(), nullable=True) for name in ("numerator", "denominator")),
        *(sa.Column(name, sa.Double(), nullable=True) for name in ("ratio", "score", "max_score")),
        *(words(name, nullable=True) for name in ("quality_flag", "quality_message")),
        sa.PrimaryKeyConstraint(*KEYS, "fetched_at", name=op.f("pk_published_figure")),
        sa.CheckConstraint(GROUPS, name=op.f("ck_published_figure_group_id_known")),
    )
