"""What extracts that were broken off have left: pieces that the next extract of the same source takes up or clears."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_HELD = Path("/proc/locks")


@dataclass(frozen=True)
class Leftover:
    """source_id, period_id: of the extract. bytes: that it takes."""

    source_id: str
    period_id: str
    bytes: int


def leftovers(root: Path) -> list[Leftover]:
    """Of extracts that nobody is at now, by source and period. root: as of `land`."""
    held = _held()
    homes = [home for home in sorted(root.glob("*/*")) if home.is_dir() and _lock_of(home) not in held]
    return [one for home in homes for one in _of(home)]


def _of(home: Path) -> Iterator[Leftover]:
    """A folder without a name of its own yet begins with a dot."""
    pieces = [piece for piece in home.glob(".*") if piece.is_dir()]
    if pieces:
        size = sum(file.stat().st_size for piece in pieces for file in piece.rglob("*") if file.is_file())
        yield Leftover(home.parent.name, home.name, size)


def _lock_of(home: Path) -> str:
    """As the kernel's list of locks has it; "" where there is none."""
    try:
        found = (home / ".lock").stat()
    except OSError:
        return ""
    return f"{os.major(found.st_dev):02x}:{os.minor(found.st_dev):02x}:{found.st_ino}"


def _held() -> set[str]:
    """Looked up rather than tried: an extract that begins meanwhile must not find its lock taken."""
    try:
        lines = _HELD.read_text(encoding="ascii").splitlines()
    except OSError:
        return set()
    return {word for line in lines for word in line.split() if word.count(":") == 2}
