"""The audit trail's marks as they belong to one moment of the warehouse.

Marks go on being added while a backup is made. What was there before the snapshot is kept as it was, also a mark
without an entry: it accuses somebody. Of what came afterwards only the marks of entries that the snapshot has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from warehouse import audit_marks


def lengths(folder: Path) -> dict[str, int]:
    """File → bytes, before the snapshot."""
    return {path.name: path.stat().st_size for path in audit_marks.files(folder)}


def marks_until(folder: Path, before: Mapping[str, int], last: int) -> Iterator[tuple[str, bytes]]:
    """Each file's name and what of it belongs to a snapshot whose last entry is `last`."""
    for path in audit_marks.files(folder):
        content, length = path.read_bytes(), before.get(path.name, 0)
        later = content[length:].splitlines(keepends=True)
        kept = content[:length] + b"".join(line for line in later if _number(line) <= last)
        if kept:
            yield path.name, kept


def _number(line: bytes) -> int:
    """0 for a line that is none: it is kept as it is."""
    number = line.partition(b" ")[0]
    return int(number) if number.isdigit() else 0
