"""Who is in the portal now. The browser keeps a secret; the warehouse keeps its digest."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Engine, delete, insert, select, update

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
    with writing(engine) as connection:
        return begin_within(connection, account_id, via=via, lasts=lasts)


def begin_within(connection: Connection, account_id: int, *, via: Via, lasts: timedelta) -> str:
    """In the transaction of what lets the person in. Sessions that have run out, anybody's, are cleared away."""
    secret, now = secrets.token_urlsafe(32), clock.now()
    entered = Session(_digest(secret), account_id, via, now, now, now + lasts)
    connection.execute(delete(_table).where(_table.c.ends_at <= now))
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
        end_within(connection, secret)


def end_within(connection: Connection, secret: str) -> None:
    connection.execute(delete(_table).where(_table.c.token == _digest(secret)))


def end_all_within(connection: Connection, account_id: int, *, but: str | None = None) -> int:
    """End every session of one person, in the transaction of what ends them: the password was changed, the role, or the
    account was closed; how many there were. but: the secret of one that goes on."""
    others = _table.c.account_id == account_id
    if but is not None:
        others &= _table.c.token != _digest(but)
    return connection.execute(delete(_table).where(others)).rowcount


def of_account(engine: Engine, account_id: int, *, idle: timedelta) -> list[Session]:
    """The person's sessions that go on, the one used last first."""
    columns: list[Any] = [_table.c[field.name] for field in fields(Session)]
    now = clock.now()
    going_on = (_table.c.account_id == account_id) & (_table.c.ends_at > now) & (_table.c.seen_at > now - idle)
    with reading(engine) as connection:
        rows = connection.execute(
            select(*columns).where(going_on).order_by(_table.c.seen_at.desc(), _table.c.began_at.desc(), _table.c.token)
        ).mappings()
        return [Session(**row) for row in rows]


def is_of(session: Session, secret: str) -> bool:
    """Whether that secret is the session's."""
    return session.token == _digest(secret)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
