"""Whose a file is: what the register knows of a checksum, or of the code that is printed on a report's last page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Engine, literal, select, union_all

from warehouse import tables
from warehouse.database import reading
from warehouse.printed import VersionKey

Kind = Literal["report", "workbook", "archive", "signed"]
_KEY = ("period_id", "scope", "unit_code", "version")


@dataclass(frozen=True)
class KnownFile:
    """A file that was entered for a version of a report. signed: a copy that came back signed."""

    period_id: str
    scope: Literal["province", "unit"]
    unit_code: str
    version: int
    kind: Kind
    path: str
    sha256: str

    @property
    def version_key(self) -> VersionKey:
        return self.period_id, self.scope, self.unit_code, self.version


def by_checksum(engine: Engine, sha256: str) -> tuple[KnownFile, ...]:
    """Every entry of a file with that SHA-256, the newest version first."""
    version, file, signed = tables.report_version, tables.report_file, tables.signed_copy
    found = union_all(
        *(
            select(*(table.c[name] for name in _KEY), kind.label("kind"), table.c.path, table.c.sha256).where(
                table.c.sha256 == sha256
            )
            for table, kind in ((version, literal("report")), (file, file.c.kind), (signed, literal("signed")))
        )
    ).subquery()
    with reading(engine) as connection:
        rows = connection.execute(select(found).order_by(found.c.version.desc(), found.c.kind)).mappings()
        return tuple(KnownFile(**row) for row in rows)


def by_code(engine: Engine, beginning: str) -> tuple[KnownFile, ...]:
    """The PDFs of the versions whose code begins so, the newest first. beginning: hexadecimal, lower case."""
    table = tables.report_version
    query = (
        select(*(table.c[name] for name in _KEY), table.c.path, table.c.sha256)
        .where(table.c.input_digest.startswith(beginning, autoescape=True))
        .order_by(table.c.version.desc(), table.c.period_id, table.c.scope, table.c.unit_code)
    )
    with reading(engine) as connection:
        return tuple(KnownFile(kind="report", **row) for row in connection.execute(query).mappings())
