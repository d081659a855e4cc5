"""What a source's structure was, what changed between two landings, and the cells of a rejected row."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KINDS = "kind IN ('new', 'vanished', 'due_rewritten', 'end_rewritten', 'moved_over_cut_off')"


def words(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=nullable)


def identity() -> sa.Column[int]:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column("id", kind, autoincrement=True, nullable=False)


def moment(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite"), nullable=False)


def upgrade() -> None:
    op.add_column("rejected", words("cells", nullable=True))
    create_landing_change()
    create_source_structure()


def create_landing_change() -> None:
    op.create_table(
        "landing_change",
        identity(),
        *(words(name) for name in ("period_id", "source_id", "landing_id", "before_landing_id")),
        *(words(name) for name in ("kind", "dossier_code", "column")),
        *(words(name, nullable=True) for name in ("address", "was", "now")),
        moment("noted_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_landing_change")),
        sa.ForeignKeyConstraint(
            ["period_id", "source_id"],
            ["partition.period_id", "partition.source_id"],
            name=op.f("fk_landing_change_partition"),
        ),
        sa.CheckConstraint(KINDS, name=op.f("ck_landing_change_kind_known")),
    )
    index = op.f("ix_landing_change_period_id_source_id_id")
    op.create_index(index, "landing_change", ["period_id", "source_id", "id"])


def create_source_structure() -> None:
    op.create_table(
        "source_structure",
        identity(),
        words("source_id"),
        moment("seen_at"),
        *(words(name) for name in ("fingerprint", "structure", "mapping", "accepted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_structure")),
        sa.CheckConstraint("accepted_by IN ('run', 'operator')", name=op.f("ck_source_structure_accepted_by_known")),
    )
    op.create_index(op.f("ix_source_structure_source_id_id"), "source_structure", ["source_id", "id"])
