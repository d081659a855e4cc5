"""Indicators field by field: the field is a part of the key, "" where it is all of them.

The table is made anew under its name, since SQLite changes no key: what stood in it is kept aside meanwhile.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEYS = ("period_id", "scope", "agency_code", "indicator")
REST = ("unit_code", "numerator", "denominator", "value", "score", "complete", "formula_version")


def words(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False)


def upgrade() -> None:
    op.execute(sa.text("CREATE TEMPORARY TABLE indicator_kept AS SELECT * FROM indicator"))
    op.drop_table("indicator")
    create_indicator()
    names = ", ".join((*KEYS, *REST))
    op.execute(sa.text(f"INSERT INTO indicator ({names}, field) SELECT {names}, '' FROM indicator_kept"))  # noqa: S608
    op.execute(sa.text("DROP TABLE indicator_kept"))


def create_indicator() -> None:
    keys = (*KEYS, "field")
    op.create_table(
        "indicator",
        *(words(name) for name in (*keys, "unit_code")),
        *(sa.Column(name, sa.BigInteger(), nullable=True) for name in ("numerator", "denominator")),
        *(sa.Column(name, sa.Double(), nullable=True) for name in ("value", "score")),
        sa.Column("complete", sa.Boolean(), nullable=False),
        words("formula_version"),
        sa.PrimaryKeyConstraint(*keys, name=op.f("pk_indicator")),
        sa.CheckConstraint("scope IN ('unit', 'tree')", name=op.f("ck_indicator_scope_known")),
    )
