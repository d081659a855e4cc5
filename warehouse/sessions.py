"""Who is in the portal now. The browser keeps a secret; the warehouse keeps its digest."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Engine, delete, insert, select, update

from contracts import clock
from warehouse import tables
from warehouse.database import reading, writing

Via = Literal["password", "oidc"]
_table = tables.portal_session
SEEN_EVERY = timedelta(minutes=1)
"""How exactly it is noted when a session was last used: a write for every page would be too many."""


@dataclass(frozen=True)
class Session:
    """token: SHA-256 of the secret. ends_at: whatever is done in it."""

    token: str
    account_id: int
    via: Via
    began_at: datetime
    seen_at: datetime
    ends_at: datetime


def begin(engine: Engine, account_id: int, *, via: Via, lasts: timedelta) -> str:
    """The secret of a new session: 256 bits that are written down nowhere but in the browser."""
    secret, now = secrets.token_urlsafe(32), clock.now()
    entered = Session(_digest(secret), account_id, via, now, now, now + lasts)
    with writing(engine) as connection:
        connection.execute(insert(_table).values(vars(entered)))
    return secret


def find(engine: Engine, secret: str, *, idle: timedelta) -> Session | None:
    """The session of that secret, if it goes on: not ended, and used within the time `idle`."""
    columns: list[Any] = [_table.c[field.name] for field in fields(Session)]
    now = clock.now()
    with reading(engine) as connection:
        row = connection.execute(select(*columns).where(_table.c.token == _digest(secret))).mappings().one_or_none()
    if row is None or now >= row["ends_at"] or now - row["seen_at"] >= idle:
        return None
    found = Session(**row)
    if now - found.seen_at >= SEEN_EVERY:
        with writing(engine) as connection:
            connection.execute(update(_table).where(_table.c.token == found.token).values(seen_at=now))
    return found


def end(engine: Engine, secret: str) -> None:
    with writing(engine) as connection:
        connection.execute(delete(_table).where(_table.c.token == _digest(secret)))


def end_all(engine: Engine, account_id: int) -> None:
    """Of one person: the password was changed, the role, or the account was closed."""
    with writing(engine) as connection:
        connection.execute(delete(_table).where(_table.c.account_id == account_id))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
