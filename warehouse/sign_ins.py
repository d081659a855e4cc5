"""Coming in: right and wrong passwords counted, an account locked for a while, the visit noted, the session begun. What
is done and its entry in the audit trail are one transaction."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, select, update

from contracts import clock
from warehouse import audit, sessions, tables
from warehouse.accounts import Account
from warehouse.audit import Deed
from warehouse.database import writing
from warehouse.sessions import Via

_table = tables.account
LOCKED, CLOSED, WRONG, UNKNOWN = "đang khóa", "tài khoản đã đóng", "sai mật khẩu", "không có tài khoản"
REPLACED = "cách đăng nhập vừa được thay đổi"
"""Results of a deed "login" that let nobody in."""


@dataclass(frozen=True)
class Lock:
    """failures: so many wrong passwords, one after the other, lock; lasts: for so long."""

    failures: int
    lasts: timedelta


def admit(
    engine: Engine, account: Account, *, via: Via, lasts: timedelta, address: str, rehashed: str | None = None
) -> str | None:
    """The secret of a new session of whoever proved to be that person; None, which is entered too, where the account
    is closed, or where it is locked and a password was the proof: guesses that went on while it was being locked do
    not come through. Nor does a proof that was taken away meanwhile: another password was given, another person bound.

    account: as it was when the proof was held against it.

    rehashed: the password's hash with parameters of today, where the stored one has others."""
    with writing(engine) as connection:
        now = clock.now()
        stands = _held(connection, account.id)
        refused = _why_not(stands, via, now) or ("" if _still_proves(stands, account, via) else REPLACED)
        secret = None
        if not refused:
            _visit(connection, account.id, stands, via=via, rehashed=rehashed, now=now)
            secret = sessions.begin_within(connection, account.id, via=via, lasts=lasts)
        audit.enter_within(connection, engine, _deed(account, refused or "ok", via, address))
        return secret


def _visit(
    connection: Connection, account_id: int, stands: _Held, *, via: Via, rehashed: str | None, now: datetime
) -> None:
    changed: dict[str, object] = {"visited_before_at": stands.visited_at, "visited_at": now}
    if via == "password":
        changed |= {"failures": 0, "locked_until": None}
    if rehashed:
        changed |= {"password": rehashed}
    connection.execute(update(_table).where(_table.c.id == account_id).values(changed))


def _deed(account: Account | None, result: str, via: Via, address: str) -> Deed:
    who, role = (account.login, account.role) if account else ("", "")
    return Deed("login", who=who, role=role, result=result, about={"via": via}, address=address)


def refuse(engine: Engine, account: Account | None, *, lock: Lock, address: str) -> None:
    """Enter that a password was wrong, or belonged to nobody, and lock the account where it was one time too many.
    While it is locked or closed nothing is counted: the lock ends when it was said to end.

    What was typed as the name of nobody is not entered: people type their password there, and the trail is kept."""
    with writing(engine) as connection:
        result = UNKNOWN if account is None else _count(connection, account.id, lock)
        audit.enter_within(connection, engine, _deed(account, result, "password", address))


def leave(engine: Engine, secret: str, deed: Deed) -> None:
    """End that session, and enter it."""
    with writing(engine) as connection:
        sessions.end_within(connection, secret)
        audit.enter_within(connection, engine, deed)


@dataclass(frozen=True)
class _Held:
    """What decides, read in the transaction that decides."""

    failures: int
    locked_until: datetime | None
    disabled: bool
    visited_at: datetime | None
    password: str | None
    issuer: str | None
    subject: str | None


def _held(connection: Connection, account_id: int) -> _Held:
    columns = [_table.c[field.name] for field in fields(_Held)]
    row = connection.execute(select(*columns).where(_table.c.id == account_id).with_for_update()).one()
    return _Held(*row)


def _still_proves(stands: _Held, account: Account, via: Via) -> bool:
    """A subject that was bound a moment ago was not there when the account was read."""
    if via == "password":
        return stands.password == account.password
    return stands.issuer == account.issuer and account.subject in {None, stands.subject}


def _why_not(stands: _Held, via: Via, now: datetime) -> str:
    if stands.disabled:
        return CLOSED
    is_locked = stands.locked_until is not None and now < stands.locked_until
    return LOCKED if is_locked and via == "password" else ""


def _count(connection: Connection, account_id: int, lock: Lock) -> str:
    """Why nobody came in; a wrong password is counted."""
    now = clock.now()
    stands = _held(connection, account_id)
    if refused := _why_not(stands, "password", now):
        return refused
    failures = stands.failures + 1
    until = now + lock.lasts if failures % lock.failures == 0 else None
    changed = {"failures": failures, "locked_until": until}
    connection.execute(update(_table).where(_table.c.id == account_id).values(changed))
    return WRONG
