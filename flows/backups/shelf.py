"""What a province keeps below its home, as backups read and fill it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

from contracts import home
from sources.landing.manifest import MANIFEST, parts_named
from storage import finished
from storage.errors import StoredFileDamaged
from warehouse.named_files import NamedFile

LANDING = "landing"
AS_THEY_CAME = ("returns", "published")
"""Folders of which every file is kept, and none is ever removed; what begins with a dot is unfinished, or a lock."""
IN_THE_STORE = ("reports", "counted")


def visible(folder: Path) -> Iterator[str]:
    """Every finished file below it, in the order of their names, told from there."""
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(root, name)
            if not name.startswith(".") and not path.is_symlink():
                yield path.relative_to(folder).as_posix()


def links(folder: Path) -> Iterator[str]:
    """Links to files and folders below it, of which `visible` has nothing."""
    for root, folders, files in os.walk(folder):
        for name in sorted((*folders, *files)):
            if (path := Path(root, name)).is_symlink() and not name.startswith("."):
                yield path.relative_to(folder).as_posix()
        folders[:] = sorted(name for name in folders if not name.startswith("."))


def brought(named: NamedFile) -> Path:
    """Where it lies, fetched from the shared store where that alone has it. Raises StoreError, StoredFileDamaged."""
    path = Path(home.lies_at(named.path))
    if named.partition is not None:
        finished.bring_sealed(path)
    else:
        finished.bring(path, sha256=named.sha256)
    return path


def bring_landing(folder: Path) -> None:
    """The same of an extract, as far as it is anywhere. Raises StoreError."""
    with suppress(ValueError, StoredFileDamaged):
        finished.bring_folder(folder, last=MANIFEST, parts=parts_named)
    if folder.is_dir():
        bring_part(folder / MANIFEST)


def bring_part(path: Path, sha256: str | None = None) -> None:
    """A file of a folder that is here. Raises StoreError."""
    with suppress(StoredFileDamaged):
        finished.bring(path, sha256=sha256)


def shared_out(folder: Path) -> None:
    """Put what was restored below a province's home into the shared store, where that has it not; of an extract the
    manifest last. Raises StoreError."""
    for kept in (*IN_THE_STORE, LANDING):
        for name in sorted(visible(folder / kept), key=lambda name: name.endswith(MANIFEST)):
            path = folder / kept / name
            if not finished.has_shared(path):
                (finished.keep_sealed if kept == "counted" else finished.keep)(path)


def opening(path: Path) -> Callable[[], IO[bytes]]:
    return lambda: path.open("rb")
