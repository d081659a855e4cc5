"""More of each dossier is counted: levels, post, payment, digitisation, and the working days that it took."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

COUNTS = (
    *("linked_known", "linked_received"),
    *("level_known", "offered", "offered_online", "offered_full", "offered_full_online"),
    *("returned_known", "returned_by_post", "by_post_known", "by_post"),
    *("fee_known", "fee_due", "paid_known", "paid_online"),
    *("result_known", "result_electronic", "digitised_known", "digitised", "reused_known", "reused"),
    *("processed", "processing_days", "timed", "timed_days", "timed_limit_days"),
)


def words(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False)


def upgrade() -> None:
    for name in COUNTS:
        op.execute(f"ALTER TABLE fact ADD COLUMN {name} INTEGER DEFAULT '0' NOT NULL {not_negative('fact', name)}")
    create_duration()


def not_negative(table: str, name: str) -> str:
    """As part of its column: SQLite adds a constraint to a table that has rows in no other way."""
    return f"CONSTRAINT ck_{table}_{name}_not_negative CHECK ({name} >= 0)"


def create_duration() -> None:
    keys = ("period_id", "source_id", "agency_code", "field")
    partition = ["partition.period_id", "partition.source_id"]
    op.create_table(
        "duration",
        *(words(name) for name in keys),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("days", "dossiers")),
        sa.PrimaryKeyConstraint(*keys, "days", name=op.f("pk_duration")),
        sa.ForeignKeyConstraint(["period_id", "source_id"], partition, name=op.f("fk_duration_partition")),
        sa.CheckConstraint("days >= 0", name=op.f("ck_duration_days_not_negative")),
        sa.CheckConstraint("dossiers > 0", name=op.f("ck_duration_dossiers_positive")),
        sqlite_with_rowid=False,
    )
