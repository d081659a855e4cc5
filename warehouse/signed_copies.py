"""Signed PDFs that came back for a version of a report. Only ever added to; the last of a version is offered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, and_, insert, select, text

from contracts import clock
from storage.finished import is_as_entered
from warehouse import tables
from warehouse.database import is_postgresql, reading, writing
from warehouse.printed import VersionKey
from warehouse.register import ReportVersion, Scope

_table = tables.signed_copy
_KEY = ("period_id", "scope", "unit_code", "version")


@dataclass(frozen=True)
class SignedCopy:
    """One signed PDF. size: bytes; by_whom: who handed it in; verdict: JSON of what the check found."""

    period_id: str
    scope: Scope
    unit_code: str
    version: int
    path: str
    sha256: str
    size: int
    by_whom: str
    at: datetime
    verdict: str

    @property
    def version_key(self) -> VersionKey:
        return self.period_id, self.scope, self.unit_code, self.version

    @property
    def is_registered(self) -> bool:
        """Whether the file is there, byte for byte as it was entered."""
        return is_as_entered(self.path, self.sha256)


@dataclass(frozen=True)
class Offered:
    """The file that whoever asks for a version is given. signed: the copy that it is, None for the PDF as printed."""

    path: str
    sha256: str
    signed: SignedCopy | None


def add(
    engine: Engine,
    version: ReportVersion,
    *,
    path: Callable[[], str],
    sha256: str,
    size: int,
    by_whom: str,
    verdict: str,
) -> SignedCopy:
    """Enter a copy of that version. path: puts the file in its place and gives that; called within the transaction, so
    that no copy is entered without its file."""
    with writing(engine) as connection:
        if is_postgresql(engine):
            connection.execute(text("LOCK TABLE signed_copy IN SHARE ROW EXCLUSIVE MODE"))
        entered = SignedCopy(
            period_id=version.period_id,
            scope=version.scope,
            unit_code=version.unit_code,
            version=version.version,
            path=path(),
            sha256=sha256,
            size=size,
            by_whom=by_whom,
            at=clock.now(),
            verdict=verdict,
        )
        connection.execute(insert(_table).values(vars(entered)))
    return entered


def copies(engine: Engine, period_id: str) -> list[SignedCopy]:
    """Every signed copy of a period, in the order in which they were entered."""
    return _read(engine, _table.c.period_id == period_id)


def copies_of(engine: Engine, version: ReportVersion) -> list[SignedCopy]:
    """Of one version, the oldest first."""
    return _read(
        engine, and_(*(_table.c[name] == value for name, value in zip(_KEY, version.version_key, strict=True)))
    )


def with_sha256(engine: Engine, sha256: str) -> list[SignedCopy]:
    """Every entry of that very file."""
    return _read(engine, _table.c.sha256 == sha256)


def offered(engine: Engine, version: ReportVersion) -> Offered:
    """Which file is offered for a version: the newest signed copy, or the PDF where none came back."""
    found = copies_of(engine, version)
    if not found:
        return Offered(version.path, version.sha256, None)
    return Offered(found[-1].path, found[-1].sha256, found[-1])


def _read(engine: Engine, which: ColumnElement[bool]) -> list[SignedCopy]:
    columns: list[Any] = [_table.c[field.name] for field in fields(SignedCopy)]
    query = select(*columns).where(which).order_by(_table.c.id)
    with reading(engine) as connection:
        return [SignedCopy(**row) for row in connection.execute(query).mappings()]
