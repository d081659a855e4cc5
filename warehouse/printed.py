"""What a version of a report printed, kept beside its entry in the register and read whole."""

from __future__ import annotations

import zlib

from sqlalchemy import Connection, Engine, and_, insert, select

from warehouse import tables
from warehouse.database import reading, writing

_table = tables.report_figures
VersionKey = tuple[str, str, str, int]
"""period_id, scope, unit_code, version."""


def keep(connection: Connection, version: VersionKey, document: str) -> None:
    """Enter a version's document, within the transaction that enters the version."""
    packed = zlib.compress(document.encode(), 9)
    row = dict(zip(("period_id", "scope", "unit_code", "version"), version, strict=True))
    connection.execute(insert(_table).values(**row, document=packed))


def kept(engine: Engine, version: VersionKey) -> str | None:
    """A version's document; None where it was printed before documents were kept."""
    names = ("period_id", "scope", "unit_code", "version")
    same = and_(*(_table.c[name] == value for name, value in zip(names, version, strict=True)))
    with reading(engine) as connection:
        packed = connection.scalar(select(_table.c.document).where(same))
    return None if packed is None else zlib.decompress(bytes(packed)).decode()


def keep_late(engine: Engine, version: VersionKey, document: str) -> None:
    """For a version printed before documents were kept, whose content has been made again and is the same."""
    with writing(engine) as connection:
        keep(connection, version, document)
