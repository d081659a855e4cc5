"""Accounts of the portal: who may come in, and as what."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, insert, select

from contracts import clock
from contracts.roles import RIGHTS, Right, Role
from warehouse import tables
from warehouse.database import reading, writing

_table = tables.account


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


def _one(engine: Engine, which: ColumnElement[bool]) -> Account | None:
    columns: list[Any] = [_table.c[field.name] for field in fields(Account)]
    with reading(engine) as connection:
        row = connection.execute(select(*columns).where(which)).mappings().one_or_none()
    return Account(**{**row, "role": Role(row["role"])}) if row else None
