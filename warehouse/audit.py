"""The audit trail: who did what, when; each entry holds the digest of the one before. Only ever added to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, insert, select, text

from contracts import clock
from warehouse import tables
from warehouse.database import is_postgresql, writing

_table = tables.audit_entry


@dataclass(frozen=True)
class Deed:
    """What somebody did, or was refused. action: a key of contracts.deeds.DEEDS; who: login, or the machine's user of a
    command; result: "ok" or why not; about: what else is to be known, never a dossier code or a password."""

    action: str
    who: str = ""
    role: str = ""
    result: str = "ok"
    period_id: str = ""
    unit_code: str = ""
    version: int | None = None
    about: str = ""
    address: str = ""


@dataclass(frozen=True)
class Entry:
    """A deed as it was entered."""

    number: int
    at: datetime
    deed: Deed
    before: str
    digest: str


def enter(engine: Engine, deed: Deed) -> Entry:
    """Add a deed at the end of the chain."""
    with writing(engine) as connection:
        return enter_within(connection, engine, deed)


def enter_within(connection: Connection, engine: Engine, deed: Deed) -> Entry:
    """In the transaction of what was done, so that neither is there without the other."""
    if is_postgresql(engine):
        connection.execute(text("LOCK TABLE audit_entry IN SHARE ROW EXCLUSIVE MODE"))
    last = connection.execute(
        select(_table.c.number, _table.c.digest).order_by(_table.c.number.desc()).limit(1)
    ).one_or_none()
    number, before = (last.number + 1, last.digest) if last else (1, "")
    at = clock.now()
    entered = Entry(number, at, deed, before, digest_of(number, at, deed, before))
    row = {"number": number, "at": at, **vars(deed), "before": before, "digest": entered.digest}
    connection.execute(insert(_table).values(row))
    return entered


def digest_of(number: int, at: datetime, deed: Deed, before: str) -> str:
    """SHA-256 of everything that the entry says, with the digest of the one before."""
    said: Mapping[str, object] = {
        "number": number, "at": at.astimezone(UTC).isoformat(), "before": before, **vars(deed)
    }  # fmt: skip
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
