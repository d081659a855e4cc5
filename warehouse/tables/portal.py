"""Who may use the portal, who is in it, what was done there, and the runs asked for.

Grain stands with each table.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, Table, UniqueConstraint

from contracts.roles import Role
from warehouse.column_types import Moment, Words
from warehouse.tables._shared import SENTENCE, identity, key, metadata, one_of

VIAS = ("password", "oidc")
REQUEST_STATES = ("waiting", "running", "done", "stopped")

account = Table(
    "account",
    metadata,
    identity(),
    *(Column(name, Words(), nullable=False) for name in ("login", "name", "role", "unit_code")),
    Column("password", Words()),
    Column("must_change", Boolean, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("locked_until", Moment()),
    Column("disabled", Boolean, nullable=False),
    *(Column(name, Words()) for name in ("issuer", "subject", "feed_token")),
    *(Column(name, Moment()) for name in ("visited_at", "visited_before_at")),
    Column("created_at", Moment(), nullable=False),
    Column("created_by", Words(), nullable=False),
    UniqueConstraint("login"),
    UniqueConstraint("issuer", "subject"),
    UniqueConstraint("feed_token"),
    one_of("role", Role),
)
"""One row a person. login: lower case. unit_code: agency code of a viewer's unit, "" for everybody else. password:
argon2id; null where single sign-on alone lets in. failures: wrong passwords since the last right one. issuer, subject:
who that is to the single sign-on. feed_token: SHA-256 of the secret in the address of the person's feed. visited_at,
visited_before_at: begin of the last visit and of the one before."""

portal_session = Table(
    "portal_session",
    metadata,
    key("token"),
    Column("account_id", ForeignKey("account.id"), nullable=False),
    Column("via", Words(), nullable=False),
    *(Column(name, Moment(), nullable=False) for name in ("began_at", "seen_at", "ends_at")),
    one_of("via", VIAS),
    Index(None, "account_id"),
)
"""One row a session that has not ended. token: SHA-256 of what the browser keeps, so that nobody who reads this table
can take a session over."""

audit_entry = Table(
    "audit_entry",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Moment(), nullable=False),
    *(Column(name, Words(), nullable=False) for name in ("who", "role", "action", "result")),
    *(Column(name, Words(), nullable=False) for name in ("period_id", "unit_code")),
    Column("version", Integer),
    Column("about", Words(SENTENCE), nullable=False),
    Column("address", Words(), nullable=False),
    *(Column(name, Words(), nullable=False) for name in ("before", "digest")),
    UniqueConstraint("digest"),
    Index(None, "at"),
    Index(None, "who"),
)
"""One row a thing that somebody did, or tried to do, in the portal or by a command that changes rights; only ever added
to, and the database refuses anything else. number: from 1, without a gap. about: JSON, what else is to be known.
before: digest of the entry before, "" for the first; digest: SHA-256 over `before` and everything else here."""

rerun_request = Table(
    "rerun_request",
    metadata,
    identity(),
    *(Column(name, Words(), nullable=False) for name in ("period_id", "sources", "asked_by", "state")),
    *(Column(name, Moment()) for name in ("begun_at", "beat_at", "ended_at")),
    Column("asked_at", Moment(), nullable=False),
    Column("exit_code", Integer),
    Column("said", Words(SENTENCE), nullable=False),
    Column("fresh", Boolean, nullable=False),
    *(Column(name, Words()) for name in ("before", "after")),
    one_of("state", REQUEST_STATES),
    Index(None, "period_id", "id"),
)
"""One row a rerun that somebody asked for in the portal. sources: JSON, their ids. beat_at: when the process that
does it was last known to be alive. said: how it ended, in Vietnamese. fresh: whether the sources are read again though
their figures stand. before, after: JSON, how the period's sources and reports stood (flows.requests.Stand)."""
