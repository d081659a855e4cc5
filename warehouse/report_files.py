"""The files made beside a version's PDF: its workbook and its archival copy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, Engine, and_, insert, select

from contracts import clock
from storage.finished import is_as_entered
from warehouse import tables
from warehouse.database import reading
from warehouse.printed import VersionKey

Companion = Literal["workbook", "archive"]
_table = tables.report_file
_KEY = ("period_id", "scope", "unit_code", "version")


@dataclass(frozen=True)
class ReportFile:
    """size: bytes."""

    kind: Companion
    path: str
    sha256: str
    size: int

    @property
    def is_registered(self) -> bool:
        """Whether the file is there, byte for byte as it was entered."""
        return is_as_entered(self.path, self.sha256)


def enter(connection: Connection, version: VersionKey, files: Iterable[ReportFile]) -> None:
    """Within the transaction that enters the version."""
    key, at = dict(zip(_KEY, version, strict=True)), clock.now()
    for file in files:
        connection.execute(insert(_table).values(**key, **vars(file), entered_at=at))


def files_of(engine: Engine, version: VersionKey) -> tuple[ReportFile, ...]:
    """In the order of their kinds; none for a version that was printed before there were any."""
    same = and_(*(_table.c[name] == value for name, value in zip(_KEY, version, strict=True)))
    query = select(_table.c.kind, _table.c.path, _table.c.sha256, _table.c.size).where(same).order_by(_table.c.kind)
    with reading(engine) as connection:
        return tuple(ReportFile(**row) for row in connection.execute(query).mappings())


def of_period(engine: Engine, period_id: str) -> dict[VersionKey, list[ReportFile]]:
    """The same of every version of a period."""
    names = (*_KEY, "kind", "path", "sha256", "size")
    query = select(*(_table.c[name] for name in names)).where(_table.c.period_id == period_id).order_by(_table.c.kind)
    found: dict[VersionKey, list[ReportFile]] = {}
    with reading(engine) as connection:
        for row in connection.execute(query):
            found.setdefault((row[0], row[1], row[2], row[3]), []).append(ReportFile(*row[4:]))
    return found
