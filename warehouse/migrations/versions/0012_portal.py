"""Accounts, sessions, the audit trail and reruns asked for in the portal; approval can be taken back."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

EVENTS = ("checked", "approved", "published", "withdrawn", "unlocked")


def words(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    return sa.Column(name, text, nullable=nullable)


def moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite"), nullable=nullable)


def identity() -> sa.Column[Any]:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column("id", number, autoincrement=True, nullable=False)


def one_of(table: str, name: str, *values: str) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{name} IN ({listed})", name=op.f(f"ck_{table}_{name}_known"))


def upgrade() -> None:
    create_account()
    create_portal_session()
    create_audit_entry()
    refuse_changes_of_audit_entries()
    create_rerun_request()
    let_approvals_be_taken_back()


def create_account() -> None:
    op.create_table(
        "account",
        identity(),
        *(words(name) for name in ("login", "name", "role", "unit_code")),
        words("password", nullable=True),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        moment("locked_until", nullable=True),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        *(words(name, nullable=True) for name in ("issuer", "subject", "feed_token")),
        *(moment(name, nullable=True) for name in ("visited_at", "visited_before_at")),
        moment("created_at"),
        words("created_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("login", name=op.f("uq_account_login")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_account_issuer_subject")),
        sa.UniqueConstraint("feed_token", name=op.f("uq_account_feed_token")),
        one_of("account", "role", "viewer", "staff", "operator", "admin"),
    )


def create_portal_session() -> None:
    op.create_table(
        "portal_session",
        words("token"),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        words("via"),
        *(moment(name) for name in ("began_at", "seen_at", "ends_at")),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_portal_session")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_portal_session_account")),
        one_of("portal_session", "via", "password", "oidc"),
    )
    op.create_index(op.f("ix_portal_session_account_id"), "portal_session", ["account_id"])


def create_audit_entry() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        moment("at"),
        *(words(name) for name in ("who", "role", "action", "result", "period_id", "unit_code")),
        sa.Column("version", sa.Integer(), nullable=True),
        *(words(name) for name in ("about", "address", "before", "digest")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("digest", name=op.f("uq_audit_entry_digest")),
    )
    op.create_index(op.f("ix_audit_entry_at"), "audit_entry", ["at"])
    op.create_index(op.f("ix_audit_entry_who"), "audit_entry", ["who"])


def refuse_changes_of_audit_entries() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_entry_no_{deed.lower()} BEFORE {deed} ON audit_entry"
                " BEGIN SELECT RAISE(ABORT, 'audit entries are only ever added'); END"
            )
        op.execute(  # INSERT OR REPLACE removes a row without telling the trigger of DELETE
            "CREATE TRIGGER audit_entry_at_end BEFORE INSERT ON audit_entry"
            " WHEN NEW.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM audit_entry)"
            " BEGIN SELECT RAISE(ABORT, 'audit entries are only ever added'); END"
        )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION audit_entry_stays() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'audit entries are only ever added'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_entry_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry"
        " FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_stays()"
    )
    op.execute(
        "CREATE OR REPLACE FUNCTION audit_entry_ends() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN IF NEW.number IS DISTINCT FROM (SELECT coalesce(max(number), 0) + 1 FROM audit_entry)"
        " THEN RAISE EXCEPTION 'audit entries are only ever added'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_entry_at_end BEFORE INSERT ON audit_entry"
        " FOR EACH ROW EXECUTE FUNCTION audit_entry_ends()"
    )


def create_rerun_request() -> None:
    op.create_table(
        "rerun_request",
        identity(),
        *(words(name) for name in ("period_id", "sources", "asked_by", "state")),
        *(moment(name, nullable=True) for name in ("begun_at", "beat_at", "ended_at")),
        moment("asked_at"),
        sa.Column("exit_code", sa.Integer(), nullable=True),
        words("said"),
        sa.Column("fresh", sa.Boolean(), nullable=False),
        *(words(name, nullable=True) for name in ("before", "after")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rerun_request")),
        one_of("rerun_request", "state", "waiting", "running", "done", "stopped"),
    )
    op.create_index(op.f("ix_rerun_request_period_id_id"), "rerun_request", ["period_id", "id"])


def let_approvals_be_taken_back() -> None:
    listed = ", ".join(f"'{event}'" for event in EVENTS)
    name = op.f("ck_publication_event_known")
    with op.batch_alter_table("publication") as table:
        table.add_column(words("account", nullable=True))
        table.drop_constraint(name, type_="check")
        table.create_check_constraint(name, f"event IN ({listed})")
