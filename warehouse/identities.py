"""Who an account is to the province's single sign-on: an issuer, and the subject that it calls the person by for ever.

An account comes in either with a password of the portal or by single sign-on, never both ways: whoever leaves the
province's directory has no second key. One that waits for its first sign-in has an issuer and no subject.
"""

from __future__ import annotations

from sqlalchemy import Engine, delete, select, update

from warehouse import accounts, audit, tables
from warehouse.accounts import Account
from warehouse.audit import Deed
from warehouse.database import reading, writing

_table = tables.account


def with_identity(engine: Engine, issuer: str, subject: str) -> Account | None:
    """The account that this subject has come in by before; closed ones too."""
    with reading(engine) as connection:
        number = connection.execute(
            select(_table.c.id).where(_table.c.issuer == issuer, _table.c.subject == subject)
        ).scalar_one_or_none()
    return accounts.with_id(engine, number) if number is not None else None


def waiting(engine: Engine, issuer: str, login: str) -> Account | None:
    """The account of that login, if it waits for its first sign-in by this issuer."""
    account = accounts.with_login(engine, login)
    return account if account and account.issuer == issuer and account.subject is None else None


def expect(engine: Engine, account_id: int, issuer: str, deed: Deed) -> None:
    """From now on the account comes in by single sign-on alone, bound at the first time; its password, its sessions
    and the address of its feed end. Also unbinds one that was bound to somebody else."""
    with writing(engine) as connection:
        sessions = tables.portal_session
        connection.execute(delete(sessions).where(sessions.c.account_id == account_id))
        connection.execute(
            update(_table)
            .where(_table.c.id == account_id)
            .values(
                issuer=issuer,
                subject=None,
                password=None,
                must_change=False,
                failures=0,
                locked_until=None,
                feed_token=None,
            )
        )
        audit.enter_within(connection, engine, deed)


def bind(engine: Engine, account_id: int, issuer: str, subject: str, deed: Deed) -> bool:
    """Bind a waiting account to the subject; False where it no longer waits (somebody was first)."""
    with writing(engine) as connection:
        bound = connection.execute(
            update(_table)
            .where(_table.c.id == account_id, _table.c.issuer == issuer, _table.c.subject.is_(None))
            .values(subject=subject)
        )
        if bound.rowcount != 1:
            return False
        audit.enter_within(connection, engine, deed)
        return True
