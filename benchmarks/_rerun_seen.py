"""What lies on the disk and in the warehouse, by whose it is: to see what a rerun touched, and what it left alone."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

PERIOD = "2024Q4"
_WHOSE = {
    "fact": "source_id",
    "duration": "source_id",
    "finding": "source_id",
    "rejected": "source_id",
    "partition": "source_id",
    "partition_event": "source_id",
    "indicator": "agency_code",
    "report_version": "unit_code",
    "report_figures": "unit_code",
    "report_file": "unit_code",
}
_UNIT = re.compile(rf"bao-cao-cchc-{PERIOD}-[a-z-]+?(?:-(?P<unit>\d+))?-v\d")
Seen = Mapping[tuple[str, str], str]
"""(what, whose) → a digest of content and, of files, of inodes and times, which a rewrite of the same would change."""


@dataclass(frozen=True)
class Line:
    """what: a kind of file or a table. whose: sources, agencies or units whose things of that kind are not what they
    were. left: how many of the others are."""

    what: str
    touched: tuple[str, ...]
    left: int


def seen(home: Path) -> Seen:
    parts: dict[tuple[str, str], list[str]] = defaultdict(list)
    for what, whose, said in (*_files(home), *_rows(home / "warehouse.sqlite")):
        parts[what, whose].append(said)
    return {key: hashlib.sha256("\n".join(sorted(found)).encode()).hexdigest() for key, found in parts.items()}


def compared(before: Seen, after: Seen) -> list[Line]:
    lines = []
    for what in dict.fromkeys(what for what, _ in (*before, *after)):
        whose = sorted({one for kind, one in (*before, *after) if kind == what})
        touched = tuple(one for one in whose if before.get((what, one)) != after.get((what, one)))
        lines.append(Line(what, touched, len(whose) - len(touched)))
    return lines


def _files(home: Path) -> Iterator[tuple[str, str, str]]:
    for what in ("landing", "counted", "reports"):
        for file in sorted((home / what).rglob("*")):
            if not file.is_file() or PERIOD not in file.parts or file.name.startswith("."):
                continue
            found = file.stat()
            whole = hashlib.sha256(file.read_bytes()).hexdigest()
            said = f"{file.relative_to(home)} {whole} {found.st_ino} {found.st_mtime_ns}"
            yield f"files: {what}", _owner(what, file.relative_to(home)), said


def _owner(what: str, file: Path) -> str:
    if what != "reports":
        return next(part for part in file.parts[1:] if part != PERIOD)
    named = _UNIT.match(file.name)
    return (named and named["unit"]) or "province"


def _rows(warehouse: Path) -> Iterator[tuple[str, str, str]]:
    with closing(sqlite3.connect(warehouse)) as database:
        for table, whose in _WHOSE.items():
            names = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
            place = names.index(whose)
            for row in database.execute(f"SELECT * FROM {table} WHERE period_id = ?", (PERIOD,)):
                yield f"rows: {table}", str(row[place]), repr(row)
