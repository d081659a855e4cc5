"""The audit trail: who did what, when; each entry holds the digest of the one before. Only ever added to.

What is hashed is what the database gives back, on either of them: texts as `Words` keeps them, moments to the second in
UTC. Where a chain is read and judged: warehouse.audit_proof. Marks beside the warehouse: warehouse.audit_marks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, text

from contracts import clock
from contracts.deeds import DEEDS
from warehouse import audit_marks, tables
from warehouse.column_types import as_stored
from warehouse.database import afterwards, is_postgresql, writing
from warehouse.tables._shared import SENTENCE

NAME = 200
"""Characters kept of who, what and from where: whatever somebody types into the field for a login."""
VALUE, LISTED = 300, 20
"""Characters kept of one text in `about`, and how many of a list."""
_LARGEST = 2**31 - 1
_table = tables.audit_entry


@dataclass(frozen=True)
class Deed:
    """What somebody did, or was refused. action: a key of contracts.deeds.DEEDS; who: login, or the machine's user of a
    command; result: "ok", or in Vietnamese why not; about: what else is to be known, never a dossier code, a citizen or
    a password."""

    action: str
    who: str = ""
    role: str = ""
    result: str = "ok"
    period_id: str = ""
    unit_code: str = ""
    version: int | None = None
    about: Mapping[str, object] = field(default_factory=dict)
    address: str = ""


@dataclass(frozen=True)
class Entry:
    """A deed as it stands in the chain. about: JSON text. before: digest of the entry before, "" for the first."""

    number: int
    at: datetime
    who: str
    role: str
    action: str
    result: str
    period_id: str
    unit_code: str
    version: int | None
    about: str
    address: str
    before: str
    digest: str


def enter(engine: Engine, deed: Deed) -> Entry:
    """Add a deed at the end of the chain."""
    with writing(engine) as connection:
        return enter_within(connection, engine, deed)


def enter_within(connection: Connection, engine: Engine, deed: Deed) -> Entry:
    """In the transaction of what was done, so that neither is there without the other. Call it last in the transaction:
    until that ends everybody else's entry waits."""
    if is_postgresql(engine):
        connection.execute(text("LOCK TABLE audit_entry IN SHARE ROW EXCLUSIVE MODE"))
    last = connection.execute(
        select(_table.c.number, _table.c.digest).order_by(_table.c.number.desc()).limit(1)
    ).one_or_none()
    number, before = (last.number + 1, last.digest) if last else (1, "")
    said = {"number": number, "at": clock.now().replace(microsecond=0), "before": before, **_as_stored(deed)}
    entered = Entry(**said, digest=digest_of(said))
    connection.execute(insert(_table).values(vars(entered)))
    if folder := audit_marks.folder_of(connection):
        mark = audit_marks.Mark(entered.number, entered.digest)
        afterwards(connection, lambda: audit_marks.set_mark(folder, mark, entered.at))
    return entered


def digest_of(said: Mapping[str, Any]) -> str:
    """SHA-256 of everything that an entry says but its own digest: JSON, keys in their order, `at` in UTC."""
    hashed = {**said, "at": said["at"].astimezone(UTC).isoformat()}
    return hashlib.sha256(json.dumps(hashed, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _as_stored(deed: Deed) -> dict[str, Any]:
    """The columns of a deed, to the letter as the database will give them back."""
    if deed.action not in DEEDS:
        raise ValueError(f"an action that contracts.deeds does not know: {deed.action}")
    names = ("who", "role", "action", "result", "period_id", "unit_code", "address")
    said: dict[str, Any] = {name: as_stored(str(getattr(deed, name)), limit=NAME) for name in names}
    version = deed.version if deed.version is not None and 0 <= deed.version <= _LARGEST else None
    return {**said, "version": version, "about": _json(deed.about)}


def _json(about: Mapping[str, object]) -> str:
    """JSON that fits into its column: long texts and lists are cut, and so are the last keys where all is too much."""
    kept = {as_stored(str(key), limit=NAME): _fitting(value) for key, value in sorted(about.items())}
    while len(text := json.dumps(kept, ensure_ascii=False)) > SENTENCE:
        kept.popitem()
    return text


def _fitting(value: object) -> object:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, list | tuple):
        more = [f"… (+{len(value) - LISTED})"] if len(value) > LISTED else []
        return [*(_fitting(one) for one in value[:LISTED]), *more]
    return as_stored(str(value), limit=VALUE)
