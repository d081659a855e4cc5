"""What a province keeps below its home, as backups read and fill it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from sources.landing.manifest import MANIFEST, Manifest

KEPT_WHOLE = ("landing", "returns", "published")
"""Folders of which every file is kept; what begins with a dot there is unfinished, or a lock."""


def visible(folder: Path) -> Iterator[str]:
    """Every finished file below it, in the order of their names, told from there."""
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(root, name)
            if not name.startswith(".") and not path.is_symlink():
                yield path.relative_to(folder).as_posix()


def opening(path: Path) -> Callable[[], IO[bytes]]:
    return lambda: path.open("rb")


def checksums_of(landing: Path) -> dict[str, str]:
    """Of the parts of a landing, as its manifest has them; none where that cannot be read."""
    try:
        manifest = Manifest.model_validate_json((landing / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return {}
    return {name: part.sha256 for name, part in manifest.files()}
