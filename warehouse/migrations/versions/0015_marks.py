"""What tells a warehouse from every other one, also of the same province: see storage.belonging.

Entered by the next command, not here: rows of a copy that is restored bring the mark of the warehouse that it is of."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def words(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False)


def upgrade() -> None:
    op.create_table(
        "warehouse_mark",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        words("mark"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warehouse_mark")),
        sa.CheckConstraint("id = 1", name=op.f("ck_warehouse_mark_only_one")),
    )
