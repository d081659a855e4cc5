"""Secrets in the addresses of people's feeds: a program that reads news cannot sign in. The person has the secret, the
warehouse its digest."""

from __future__ import annotations

import hashlib
import secrets

from sqlalchemy import Engine, select, update

from warehouse import accounts, audit, tables
from warehouse.accounts import Account
from warehouse.audit import Deed
from warehouse.database import reading, writing

_table = tables.account


def renew(engine: Engine, account_id: int, deed: Deed) -> str:
    """A new secret of 256 bits, shown once; the one before is worth nothing from now on."""
    secret = secrets.token_urlsafe(32)
    _enter(engine, account_id, _digest(secret), deed)
    return secret


def drop(engine: Engine, account_id: int, deed: Deed) -> None:
    """No feed from now on."""
    _enter(engine, account_id, None, deed)


def has_feed(engine: Engine, account_id: int) -> bool:
    with reading(engine) as connection:
        return connection.scalar(select(_table.c.feed_token).where(_table.c.id == account_id)) is not None


def account_of(engine: Engine, secret: str) -> Account | None:
    """Whose feed that is; None where nobody has that secret, or no longer."""
    with reading(engine) as connection:
        number = connection.scalar(select(_table.c.id).where(_table.c.feed_token == _digest(secret)))
    return None if number is None else accounts.with_id(engine, number)


def _enter(engine: Engine, account_id: int, token: str | None, deed: Deed) -> None:
    with writing(engine) as connection:
        connection.execute(update(_table).where(_table.c.id == account_id).values(feed_token=token))
        audit.enter_within(connection, engine, deed)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
