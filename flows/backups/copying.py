"""One file into a backup: linked to the backup before where that has the same bytes, copied where not.

Links go between backups alone, never to the home: a disk that writes over a file in the home must not write over its
backup, too. Whatever is linked was read again and found whole, so that a backup before that rots is not handed on."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from flows.backups.manifest import BackedUp, Manifest

PIECE = 1 << 20
FILE_MODE, FOLDER_MODE = 0o600, 0o700


class NotAsEntered(Exception):
    """The file is not the one whose checksum was entered."""


@dataclass(frozen=True)
class Before:
    """The newest backup of the same province in the same folder."""

    folder: Path
    manifest: Manifest

    def whole(self, path: str, sha256: str) -> BackedUp | None:
        """What it has under that path, if it is that file and still whole."""
        known = self.manifest.files.get(path)
        if known is None or known.sha256 != sha256:
            return None
        with suppress(OSError), (self.folder / path).open("rb") as file:
            return known if hashlib.file_digest(file, "sha256").hexdigest() == sha256 else None
        return None

    def content(self, path: str) -> bytes | None:
        """Of a small file that it has and that is still whole."""
        known = self.manifest.files.get(path)
        return (self.folder / path).read_bytes() if known and self.whole(path, known.sha256) else None

    def below(self, folder: str) -> dict[str, str]:
        """Path → SHA-256 of what it has below that folder."""
        return {path: self.manifest.files[path].sha256 for path in self.manifest.below(folder)}


@dataclass(frozen=True)
class Into:
    """The backup that is being written, and the one before, if there is any."""

    folder: Path
    before: Before | None = None

    def put(self, path: str, opened: Callable[[], IO[bytes]], *, sha256: str | None = None) -> BackedUp:
        """Put a file there. sha256: what it must be. Raises NotAsEntered, and OSError where it cannot be read, or the
        backup's disk refuses."""
        if sha256 is not None and (linked := self._linked(path, sha256)):
            return linked
        target = self._place(path)
        copied = copy(opened, target)
        if sha256 is not None and copied.sha256 != sha256:
            target.unlink()
            raise NotAsEntered
        return self._linked(path, copied.sha256) or copied

    def put_before(self, path: str) -> BackedUp | None:
        """The file as the backup before has it, whatever that is; None where it has none."""
        known = self.before.manifest.files.get(path) if self.before else None
        return self._linked(path, known.sha256) if known else None

    def write(self, path: str, write: Callable[[IO[bytes]], object]) -> BackedUp:
        """A file that is made here."""
        target = self._place(path)
        with _new(target) as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        with target.open("rb") as file:
            made = BackedUp(target.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())
        return self._linked(path, made.sha256) or made

    def _place(self, path: str) -> Path:
        target = self.folder / path
        make_folders(target.parent)
        target.unlink(missing_ok=True)
        return target

    def _linked(self, path: str, sha256: str) -> BackedUp | None:
        """None where the backup before has it not, or the file system knows no links."""
        known = self.before.whole(path, sha256) if self.before else None
        if known is None:
            return None
        assert self.before is not None
        source, target = self.before.folder / path, self._place(path)
        try:
            target.hardlink_to(source)
        except OSError:
            copy(lambda: source.open("rb"), target)
        return known


def copy(opened: Callable[[], IO[bytes]], target: Path, *, mode: int = FILE_MODE) -> BackedUp:
    """Byte for byte, onto the disk."""
    digest, size = hashlib.sha256(), 0
    with opened() as source, _new(target, mode=mode) as file:
        while piece := source.read(PIECE):
            digest.update(piece)
            size += len(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return BackedUp(size, digest.hexdigest())


def make_folders(folder: Path, *, mode: int = FOLDER_MODE) -> None:
    """The folder and all above it that are missing, every one of them with these rights."""
    if not folder.exists():
        make_folders(folder.parent, mode=mode)
        folder.mkdir(exist_ok=True, mode=mode)


def _new(path: Path, *, mode: int = FILE_MODE) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb")
