"""What a province keeps below its home, as backups read and fill it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

from contracts import home
from sources.landing.manifest import MANIFEST, Manifest, parts_named
from storage import finished
from warehouse.named_files import NamedFile

KEPT_WHOLE = ("landing", "returns", "published")
"""Folders of which every file is kept; what begins with a dot there is unfinished, or a lock."""


IN_THE_STORE = ("reports", "counted")


def visible(folder: Path) -> Iterator[str]:
    """Every finished file below it, in the order of their names, told from there."""
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(root, name)
            if not name.startswith(".") and not path.is_symlink():
                yield path.relative_to(folder).as_posix()


def brought(named: NamedFile) -> Path:
    """Where it lies, fetched from the shared store where that alone has it. Raises StoreError, StoredFileDamaged."""
    path = Path(home.lies_at(named.path))
    if named.partition is not None:
        finished.bring_sealed(path)
    else:
        finished.bring(path, sha256=named.sha256)
    return path


def bring_landing(folder: Path) -> None:
    """The same of an extract; one that is nowhere any more is read again by whoever needs it. Raises StoreError."""
    with suppress(ValueError):
        finished.bring_folder(folder, last=MANIFEST, parts=parts_named)


def shared_out(folder: Path) -> None:
    """Put what was restored below a province's home into the shared store, where that has it not; of an extract the
    manifest last. Raises StoreError."""
    for kept in (*IN_THE_STORE, "landing"):
        for name in sorted(visible(folder / kept), key=lambda name: name.endswith(MANIFEST)):
            path = folder / kept / name
            if not finished.has_shared(path):
                (finished.keep_sealed if kept == "counted" else finished.keep)(path)


def opening(path: Path) -> Callable[[], IO[bytes]]:
    return lambda: path.open("rb")


def checksums_of(landing: Path) -> dict[str, str]:
    """Of the parts of a landing, as its manifest has them; none where that cannot be read."""
    try:
        manifest = Manifest.model_validate_json((landing / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return {}
    return {name: part.sha256 for name, part in manifest.files()}
