"""A lock on a file that ends with its process, however the process ends.

POSIX record locks, not flock: a worker forked by a run that was killed must not keep the run's lock. They do
not tell threads of one process apart, hence `_held`.
"""

from __future__ import annotations

import errno
import fcntl
import os
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_FLOCK = "hhqqi0q"
"""struct flock of Linux: type, whence, start, length, process."""
_guard = threading.Condition()
_held: dict[tuple[int, Path], str] = {}  # (pid, file) → note: a forked child holds nothing


class LockTaken(Exception):
    """Somebody else holds the lock. note: what the holder wrote into the file, "" if nothing."""

    def __init__(self, note: str) -> None:
        super().__init__(note)
        self.note = note


@contextmanager
def file_lock(path: Path, *, note: str = "", wait: bool) -> Iterator[None]:
    """Hold the lock on that file; `note` stands in it meanwhile. Raises LockTaken unless told to wait."""
    path = path.resolve()
    with _among_threads(path, note, wait=wait), path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except OSError as error:
            if error.errno not in {errno.EACCES, errno.EAGAIN}:
                raise
            raise LockTaken(_note_in(path)) from None
        _write(file.fileno(), note)
        try:
            yield
        finally:
            _write(file.fileno(), "")


def note_of_holder(path: Path) -> str | None:
    """What the holder of the lock wrote; None where nobody holds it. Asks without taking, so that it is in nobody's
    way."""
    path = path.resolve()
    with _guard:
        if (os.getpid(), path) in _held:  # opening and closing the file here would end that lock
            return _held[os.getpid(), path]
        if not path.exists():
            return None
        with path.open("r+", encoding="utf-8") as file:
            asked = struct.pack(_FLOCK, fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
            kind, *_ = struct.unpack(_FLOCK, fcntl.fcntl(file, fcntl.F_GETLK, asked))
            return None if kind == fcntl.F_UNLCK else file.read()


@contextmanager
def _among_threads(path: Path, note: str, *, wait: bool) -> Iterator[None]:
    """The same lock among the threads of this process. The holder's note is kept here, because closing a second
    handle on the file would end this process's record lock."""
    key = (os.getpid(), path)
    with _guard:
        while key in _held:
            if not wait:
                raise LockTaken(_held[key])
            _guard.wait()
        _held[key] = note
    try:
        yield
    finally:
        with _guard:
            del _held[key]
            _guard.notify_all()


def _note_in(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _write(descriptor: int, note: str) -> None:
    os.ftruncate(descriptor, 0)
    os.write(descriptor, note.encode("utf-8"))
