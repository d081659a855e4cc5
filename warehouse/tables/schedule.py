"""Runs of a period, and what people were told.

Grain stands with each table.
"""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, Integer, Table, UniqueConstraint

from warehouse.column_types import Moment, Words
from warehouse.tables._shared import SENTENCE, identity, metadata, one_of

ASKED_BY = ("schedule", "command", "portal")
NOTICE_KINDS = ("source_failed", "quarter_done", "new_version", "overdue")

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
    one_of("asked_by", ASKED_BY),
    Index(None, "period_id"),
)
"""One row a run of a period, entered when it holds the period's lock. ended_at: null while it goes on, and of one that
was killed. exit_code: contracts.errors.Exit. said: what came of it, Vietnamese."""

notice = Table(
    "notice",
    metadata,
    identity(),
    Column("cause", Words(), nullable=False),
    *(Column(name, Words(), nullable=False) for name in ("kind", "period_id", "source_id")),
    *(Column(name, Words(SENTENCE), nullable=False) for name in ("subject", "body")),
    Column("raised_at", Moment(), nullable=False),
    Column("over_at", Moment()),
    Column("told", Words(SENTENCE), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("tried_at", Moment()),
    Column("error", Words(SENTENCE)),
    UniqueConstraint("cause"),
    one_of("kind", NOTICE_KINDS),
)
"""One row a cause of which people are told, once however often it is met. cause: what makes it the same one again.
source_id: "" where it is of the whole period. over_at: when the cause was found gone. told: JSON, the ways on which it
went out. tries, tried_at, error: of the sending, while some way is left."""
