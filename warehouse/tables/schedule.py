"""Runs of a period, and what people are told of them.

Grain stands with each table.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    UniqueConstraint,
    text,
)

from contracts.notices import NoticeKind
from warehouse.column_types import Moment, Words
from warehouse.tables._shared import SENTENCE, identity, metadata, one_of

ASKED_BY = ("schedule", "command", "portal")
NOTICE_KINDS = tuple(NoticeKind)
WAYS = ("mail", "webhook")

_NUMBER = BigInteger().with_variant(Integer, "sqlite")


def _where(condition: str) -> dict[str, Any]:
    """An index of these rows alone, in either database."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


period_run = Table(
    "period_run",
    metadata,
    identity(),
    Column("period_id", Words(), nullable=False),
    Column("as_of", Date(), nullable=False),
    Column("asked_by", Words(), nullable=False),
    Column("began_at", Moment(), nullable=False),
    Column("ended_at", Moment()),
    Column("exit_code", Integer),
    Column("said", Words(SENTENCE), nullable=False),
    Column("made", Boolean()),
    Column("told_at", Moment()),
    one_of("asked_by", ASKED_BY),
    Index(None, "period_id"),
)
"""One row a run of a period, entered when it holds the period's lock. ended_at: null while it goes on, and of one that
was killed. exit_code: contracts.errors.Exit. said: what came of it, Vietnamese. made: whether it came to its reports.
told_at: when what people are to be told of it was entered as notices."""

notice = Table(
    "notice",
    metadata,
    identity(),
    Column("cause", Words(), nullable=False),
    *(Column(name, Words(), nullable=False) for name in ("kind", "period_id", "source_id", "units")),
    *(Column(name, Words(SENTENCE), nullable=False) for name in ("subject", "body", "command", "path")),
    Column("raised_at", Moment(), nullable=False),
    Column("over_at", Moment()),
    Column("addressed_at", Moment()),
    one_of("kind", NOTICE_KINDS),
    Index("uq_notice_standing_cause", "cause", unique=True, **_where("over_at IS NULL")),
    Index(None, "period_id"),
)
"""One row an occurrence of a cause: while it stands it is entered once, and again only after it was over. cause: what
makes it the same one. source_id: "" where it is of the whole period. units: agency codes, JSON. path: of the portal's
page, without host. over_at: when the cause was found gone. addressed_at: when it was decided whom to tell."""

notice_message = Table(
    "notice_message",
    metadata,
    identity(),
    *(Column(name, Words(), nullable=False) for name in ("mark", "way", "recipient", "subject", "body")),
    Column("made_at", Moment(), nullable=False),
    Column("tries", Integer, nullable=False),
    *(Column(name, Moment()) for name in ("tried_at", "next_at", "sent_at", "dropped_at")),
    Column("error", Words(SENTENCE)),
    UniqueConstraint("mark"),
    one_of("way", WAYS),
    Index(None, "next_at", **_where("sent_at IS NULL AND dropped_at IS NULL")),
)
"""One row a letter, or a call of a webhook: the outbox. mark: Message-ID, the same however often it is sent. recipient:
an address, or a webhook's name. next_at: not to be tried before. dropped_at: when it was given up. error: of the last
try."""

notice_told = Table(
    "notice_told",
    metadata,
    *(Column(name, _NUMBER, primary_key=True, autoincrement=False) for name in ("message_id", "notice_id")),
    Column("is_over", Boolean(), primary_key=True),
    ForeignKeyConstraint(["message_id"], ["notice_message.id"]),
    ForeignKeyConstraint(["notice_id"], ["notice.id"]),
    Index(None, "notice_id"),
)
"""What stands in a message: that the cause is there, or that it is over."""
