"""Accounts of the portal: who may come in, and as what."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, RowMapping, insert, select

from contracts import clock
from contracts.roles import RIGHTS, Right, Role
from warehouse import tables
from warehouse.database import reading, writing

_table = tables.account


class State(StrEnum):
    OPEN = "open"
    WAITING = "waiting"
    LOCKED = "locked"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        return _STATES[self]


_STATES = {
    State.OPEN: "đang dùng",
    State.WAITING: "chờ vào lần đầu",
    State.LOCKED: "đang khóa",
    State.CLOSED: "đã đóng",
}
"""Waiting: for the first password to be changed, or for the first single sign-on."""


@dataclass(frozen=True)
class Account:
    """One person. See warehouse.tables.portal.account; the feed's secret is no part of it.

    unit_code: agency code of a viewer's unit, with all below it; "" for everybody else."""

    id: int
    login: str
    name: str
    role: Role
    unit_code: str
    password: str | None
    must_change: bool
    failures: int
    locked_until: datetime | None
    disabled: bool
    issuer: str | None
    subject: str | None
    visited_at: datetime | None
    visited_before_at: datetime | None
    created_at: datetime
    created_by: str

    def may(self, right: Right) -> bool:
        return right in RIGHTS[self.role]

    def state(self, now: datetime) -> State:
        """What keeps the person out, or will: the gravest first."""
        if self.disabled:
            return State.CLOSED
        if self.locked_until is not None and now < self.locked_until:
            return State.LOCKED
        if self.must_change or (self.issuer and not self.subject):
            return State.WAITING
        return State.OPEN


def add(
    engine: Engine,
    *,
    login: str,
    name: str,
    role: Role,
    created_by: str,
    unit_code: str = "",
    password: str | None = None,
    must_change: bool = True,
) -> Account:
    """password: its argon2 hash, never the word itself."""
    with writing(engine) as connection:
        entered = connection.execute(
            insert(_table).values(
                login=login.lower(),
                name=name,
                role=role,
                unit_code=unit_code,
                password=password,
                must_change=must_change,
                failures=0,
                disabled=False,
                created_at=clock.now(),
                created_by=created_by,
            )
        )
        assert entered.inserted_primary_key is not None
        number = entered.inserted_primary_key[0]
    found = with_id(engine, number)
    assert found is not None
    return found


def with_login(engine: Engine, login: str) -> Account | None:
    return _one(engine, _table.c.login == login.lower())


def with_id(engine: Engine, number: int) -> Account | None:
    return _one(engine, _table.c.id == number)


def everybody(engine: Engine) -> list[Account]:
    """By login; closed accounts too."""
    with reading(engine) as connection:
        rows = connection.execute(select(*_columns()).order_by(_table.c.login)).mappings()
        return [_account(row) for row in rows]


def has_lost(connection: Connection, login: str, right: Right) -> bool:
    """Whether that account was closed, or may do that no longer: asked in the transaction of what it does."""
    row = connection.execute(select(_table.c.role, _table.c.disabled).where(_table.c.login == login)).one_or_none()
    return row is not None and (row.disabled or right not in RIGHTS[Role(row.role)])


def names_within(connection: Connection) -> list[str]:
    """Logins and names of everybody who has an account, or had one."""
    rows = connection.execute(select(_table.c.login, _table.c.name).order_by(_table.c.id))
    return [said for row in rows for said in row]


def _one(engine: Engine, which: ColumnElement[bool]) -> Account | None:
    with reading(engine) as connection:
        row = connection.execute(select(*_columns()).where(which)).mappings().one_or_none()
    return _account(row) if row else None


def _columns() -> list[Any]:
    return [_table.c[field.name] for field in fields(Account)]


def _account(row: RowMapping) -> Account:
    return Account(**{**row, "role": Role(row["role"])})
