"""What each version of a report printed, and what became of it: checked, approved, unlocked, published,
withdrawn.

Grain stands with each table.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKeyConstraint, Index, Integer, LargeBinary, Table

from warehouse.column_types import Moment, Words
from warehouse.tables._shared import SENTENCE, identity, key, metadata, one_of

EVENTS = ("checked", "approved", "published", "withdrawn", "unlocked")

_VERSION = ("period_id", "scope", "unit_code", "version")


def _of_version() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(_VERSION, [f"report_version.{name}" for name in _VERSION])


report_figures = Table(
    "report_figures",
    metadata,
    *(key(name) for name in _VERSION[:3]),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("document", LargeBinary, nullable=False),
    _of_version(),
)
"""One row a version of a report, entered with it and never changed: every figure that it printed and what they rest on,
as JSON packed with zlib. One document, because it is only ever read whole: a row a figure would be ten thousand rows a
version. No dossier codes."""

publication = Table(
    "publication",
    metadata,
    identity(),
    *(Column(name, Words(), nullable=False) for name in _VERSION[:3]),
    Column("version", Integer, nullable=False),
    Column("event", Words(), nullable=False),
    Column("at", Moment(), nullable=False),
    Column("by_whom", Words(SENTENCE), nullable=False),
    Column("account", Words()),
    Column("note", Words(SENTENCE), nullable=False),
    Column("sha256", Words(), nullable=False),
    _of_version(),
    one_of("event", EVENTS),
    Index(None, *_VERSION[:3], "id"),
)
"""One row an event in the life of a version, only ever added to. account: login of who did it in the portal, null
where a command did; sha256: of its file as it was then."""
