"""Making accounts and changing them: each change, the sessions that it ends and its entry in the audit trail are one
transaction.

`by` is the deed of whoever does it (action "account", or "password" for one's own); what was done is added to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, update

from contracts import clock
from contracts.errors import UsageError
from contracts.roles import Role
from warehouse import accounts, audit, sessions, tables
from warehouse.accounts import Account
from warehouse.audit import Deed
from warehouse.database import writing

_table = tables.account


def enrol(
    engine: Engine, *, login: str, name: str, role: Role, unit_code: str, password: str | None, by: Deed
) -> Account:
    """A new account with a first password, given as its hash; None where single sign-on will let the person in. Raises
    UsageError where that login is taken."""
    with writing(engine) as connection:
        if connection.execute(select(_table.c.id).where(_table.c.login == login)).first():
            raise UsageError(f"đã có tài khoản «{login}»", advice="chọn tên đăng nhập khác, hoặc sửa tài khoản đó")
        row = {
            "login": login,
            "name": name,
            "role": role,
            "unit_code": unit_code,
            "password": password,
            "must_change": password is not None,
            "failures": 0,
            "disabled": False,
            "created_at": clock.now(),
            "created_by": by.who,
        }
        entered = connection.execute(insert(_table).values(row))
        assert entered.inserted_primary_key is not None
        _enter(connection, engine, by, did="thêm", login=login, role=role, unit=unit_code)
        number = entered.inserted_primary_key[0]
    return _known(engine, number)


def reset_password(engine: Engine, account: Account, password: str, *, by: Deed) -> None:
    """Another first password, given as its hash, whatever let the person in before; a lock ends too,
    and so does the address of the feed: somebody else may have read it."""
    changed = {
        "password": password,
        "must_change": True,
        "failures": 0,
        "locked_until": None,
        "issuer": None,
        "subject": None,
        "feed_token": None,
    }
    _change(engine, account, changed, by=by, did="cấp lại mật khẩu")


def close(engine: Engine, account: Account, *, by: Deed) -> None:
    """Nobody comes in with it any more, nor reads its feed. Raises UsageError where nobody would be left to open it
    again."""
    _change(engine, account, {"disabled": True, "feed_token": None}, by=by, did="đóng", takes_admin=True)


def reopen(engine: Engine, account: Account, *, by: Deed) -> None:
    _change(engine, account, {"disabled": False, "failures": 0, "locked_until": None}, by=by, did="mở lại")


def give_role(engine: Engine, account: Account, role: Role, unit_code: str, *, by: Deed) -> None:
    """Raises UsageError as `close` does."""
    before = {"role_before": account.role, "unit_before": account.unit_code}
    changed = {"role": role, "unit_code": unit_code}
    takes_admin = role is not Role.ADMIN
    _change(engine, account, changed, by=by, did="đổi vai trò", takes_admin=takes_admin, **changed, **before)


def change_own_password(engine: Engine, account: Account, password: str, *, lasts: timedelta, by: Deed) -> str:
    """Instead of the present one. Every session of the person ends; the secret of the one that begins. Raises
    UsageError where the account's password is no longer the one that was held against what was typed."""
    with writing(engine) as connection:
        changed = {"password": password, "must_change": False, "failures": 0, "locked_until": None}
        _held(connection, account.id)
        stands = connection.scalar(select(_table.c.password).where(_table.c.id == account.id))
        if stands != account.password:
            raise UsageError("mật khẩu của tài khoản này vừa được thay đổi", advice="đăng nhập lại rồi đổi mật khẩu")
        connection.execute(update(_table).where(_table.c.id == account.id).values(changed))
        sessions.end_all_within(connection, account.id)
        secret = sessions.begin_within(connection, account.id, via="password", lasts=lasts)
        audit.enter_within(connection, engine, by)
        return secret


def end_other_sessions(engine: Engine, account: Account, secret: str, *, by: Deed) -> int:
    """All but the one of that secret; how many there were."""
    with writing(engine) as connection:
        ended = sessions.end_all_within(connection, account.id, but=secret)
        if ended:
            _enter(connection, engine, by, did="kết thúc các phiên khác", sessions=ended)
        return ended


def _change(
    engine: Engine,
    account: Account,
    changed: dict[str, Any],
    *,
    by: Deed,
    did: str,
    takes_admin: bool = False,
    **more: str,
) -> None:
    """takes_admin: whether the account cannot administer afterwards. Sessions end whatever was changed: what a person
    may do is read when he comes in again."""
    with writing(engine) as connection:
        if takes_admin:
            _keep_an_admin(connection, account.id)
        _held(connection, account.id)
        connection.execute(update(_table).where(_table.c.id == account.id).values(changed))
        sessions.end_all_within(connection, account.id)
        _enter(connection, engine, by, did=did, login=account.login, **more)


def _keep_an_admin(connection: Connection, account_id: int) -> None:
    """Two administrators who close each other at once must not both succeed: whoever comes second waits here."""
    is_open_admin = (_table.c.role == Role.ADMIN) & ~_table.c.disabled
    admins = connection.execute(
        select(_table.c.id).where(is_open_admin).order_by(_table.c.id).with_for_update()
    ).scalars()
    if set(admins) == {account_id}:
        raise UsageError(
            "đây là tài khoản quản trị cuối cùng còn mở", advice="thêm hoặc mở một tài khoản quản trị khác trước"
        )


def _held(connection: Connection, account_id: int) -> None:
    connection.execute(select(_table.c.id).where(_table.c.id == account_id).with_for_update())


def _enter(connection: Connection, engine: Engine, by: Deed, **about: object) -> None:
    audit.enter_within(connection, engine, replace(by, about={**by.about, **about}))


def _known(engine: Engine, number: int) -> Account:
    found = accounts.with_id(engine, number)
    assert found is not None
    return found
