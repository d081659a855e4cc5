"""First tables: owner, ledger, facts, findings, quarantine, indicators, register of reports.

Written out in full: a migration must not change when the code's column types do.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

COUNTS = (
    *("received_online", "received_in_person", "received_postal", "carried_over"),
    *("early", "on_time", "overdue", "open_in_time", "open_overdue"),
    *("withdrawn", "stopped", "paused", "no_due_date", "linked_resolved", "linked_overdue"),
)
FORM_IDENTITY = (
    "received_online + received_in_person + received_postal + carried_over"
    " = early + on_time + overdue + open_in_time + open_overdue"
)
STATES = "state IN ('expected', 'landed', 'validated', 'loaded', 'failed', 'not_received')"


def words(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=nullable)


def moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    kind = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")
    return sa.Column(name, kind, nullable=nullable)


def whole(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=nullable, autoincrement=False)


def of_partition(table: str) -> sa.ForeignKeyConstraint:
    key = ["period_id", "source_id"]
    return sa.ForeignKeyConstraint(key, [f"partition.{name}" for name in key], name=op.f(f"fk_{table}_partition"))


def primary(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def upgrade() -> None:
    create_ledger()
    create_partition_contents()
    create_what_is_made_of_them()


def create_ledger() -> None:
    op.create_table(
        "owner",
        whole("id"),
        words("province_id"),
        moment("since"),
        primary("owner", "id"),
        check("owner", "only_one", "id = 1"),
    )
    op.create_table(
        "partition",
        words("period_id"),
        words("source_id"),
        words("state"),
        whole("attempt"),
        *(whole(name, nullable=True) for name in ("rows", "accepted", "quarantined")),
        *(words(name, nullable=True) for name in ("error", "advice", "error_kind", "landing_id", "landing_path")),
        moment("extracted_at", nullable=True),
        *(words(name, nullable=True) for name in ("extract_fingerprint", "load_fingerprint")),
        sa.Column("as_of", sa.Date(), nullable=True),
        moment("updated_at"),
        primary("partition", "period_id", "source_id"),
        check("partition", "state_known", STATES),
    )
    op.create_table(
        "partition_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        *(words(name) for name in ("period_id", "source_id")),
        whole("attempt"),
        words("state"),
        moment("at"),
        words("detail"),
        primary("partition_event", "id"),
        of_partition("partition_event"),
        check("partition_event", "state_known", STATES),
    )
    index = op.f("ix_partition_event_period_id_source_id_id")
    op.create_index(index, "partition_event", ["period_id", "source_id", "id"])


def create_partition_contents() -> None:
    keys = ("period_id", "source_id", "series", "agency_code", "field", "procedure_code")
    op.create_table(
        "fact",
        *(words(name) for name in keys),
        words("unit_code"),
        *(whole(name) for name in COUNTS),
        primary("fact", *keys),
        of_partition("fact"),
        check("fact", "series_known", "series IN ('forms', 'index')"),
        *(check("fact", f"{name}_not_negative", f"{name} >= 0") for name in COUNTS),
        check("fact", "form_identity", FORM_IDENTITY),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "finding",
        *(words(name) for name in ("period_id", "source_id", "rule_id", "severity")),
        whole("rows"),
        *(words(name) for name in ("sentence", "regulation")),
        primary("finding", "period_id", "source_id", "rule_id"),
        of_partition("finding"),
        check("finding", "severity_known", "severity IN ('critical', 'error', 'warning')"),
    )
    op.create_table(
        "rejected",
        *(words(name) for name in ("period_id", "source_id")),
        whole("row"),
        *(words(name, nullable=True) for name in ("address", "dossier_code", "agency_code")),
        words("rules"),
        primary("rejected", "period_id", "source_id", "row"),
        of_partition("rejected"),
    )


def create_what_is_made_of_them() -> None:
    keys = ("period_id", "scope", "agency_code", "indicator")
    op.create_table(
        "indicator",
        *(words(name) for name in (*keys, "unit_code")),
        *(sa.Column(name, sa.BigInteger(), nullable=True) for name in ("numerator", "denominator")),
        *(sa.Column(name, sa.Double(), nullable=True) for name in ("value", "score")),
        sa.Column("complete", sa.Boolean(), nullable=False),
        words("formula_version"),
        primary("indicator", *keys),
        check("indicator", "scope_known", "scope IN ('unit', 'tree')"),
    )
    op.create_table(
        "report_version",
        *(words(name) for name in ("period_id", "scope", "unit_code")),
        whole("version"),
        *(words(name) for name in ("status", "path", "sha256")),
        whole("pages"),
        words("input_digest"),
        moment("created_at"),
        words("reason"),
        primary("report_version", "period_id", "scope", "unit_code", "version"),
        check("report_version", "scope_known", "scope IN ('province', 'unit')"),
    )
