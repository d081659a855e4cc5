"""Marks of the audit trail outside the warehouse: number and digest of every entry, a line each, in a file a month.

A chain alone does not tell that its end was cut off, nor that all of it was written anew; a line elsewhere does.
Where the warehouse is on a server, whoever may change it there cannot reach this file. A mark is set once the entry
stands, so that there is none of an entry that never came to be; after a crash one may be missing, which accuses
nobody."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, select

from contracts.settings import Settings
from warehouse import tables

_LINE = re.compile(r"(?P<number>[1-9]\d{0,17}) (?P<digest>[0-9a-f]{64}) \S+")


@dataclass(frozen=True)
class Mark:
    number: int
    digest: str


def folder_of(connection: Connection) -> Path | None:
    """<home>/<province>/logs; None for a warehouse that is nobody's yet."""
    province = connection.scalar(select(tables.owner.c.province_id))
    return Settings().province_home(province) / "logs" if province else None


def set_mark(folder: Path, mark: Mark, at: datetime) -> None:
    """Add a line, which one write adds whole, whoever writes at the same time. For the account of the program alone.

    Where it cannot be written nothing is said: the deed is done and entered, and the check tells of entries without."""
    line = f"{mark.number} {mark.digest} {at.isoformat()}\n"
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        file = os.open(folder / f"audit-{at:%Y-%m}.marks", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, line.encode())
        finally:
            os.close(file)


def marks(folder: Path) -> Iterator[Mark]:
    """Every mark that can be read, in the order of the files."""
    for path in files(folder):
        with path.open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                if found := _LINE.fullmatch(line.rstrip("\n")):
                    yield Mark(int(found["number"]), found["digest"])


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("audit-*.marks"))
