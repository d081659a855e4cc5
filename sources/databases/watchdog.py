"""A limit to every wait for a database whose driver would wait for ever: the line is cut, and the driver gives up."""

from __future__ import annotations

import os
import socket
import stat
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

_OPEN_FILES = Path("/proc/self/fd")


class Watchdog:
    """`with Watchdog(seconds, cut): … with dog.waiting(): <one wait>`. is_late: it has cut the line."""

    def __init__(self, seconds: float, cut: Callable[[], None]) -> None:
        self.is_late = False
        self._seconds = seconds
        self._cut = cut
        self._deadline: float | None = None
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """What is done in here waits for the other side; time spent elsewhere is not counted."""
        self._deadline = time.monotonic() + self._seconds
        try:
            yield
        finally:
            self._deadline = None

    def _watch(self) -> None:
        while not self._done.wait(self._left()):
            if self._left() <= 0:
                self.is_late = True
                self._cut()
                return

    def _left(self) -> float:
        deadline = self._deadline
        return self._seconds if deadline is None else max(0.0, deadline - time.monotonic())


def lines_to(port: int) -> dict[int, int]:
    """This process's connections to that port of some machine: inode → file descriptor. For drivers that keep theirs
    to themselves: what is here after connecting and was not before is the driver's."""
    found = {}
    for file in _OPEN_FILES.iterdir():
        with suppress(OSError):  # closed meanwhile, or connected to nobody
            about = file.stat()
            if stat.S_ISSOCK(about.st_mode) and _port_of(int(file.name)) == port:
                found[about.st_ino] = int(file.name)
    return found


def _port_of(descriptor: int) -> int | None:
    with _line(descriptor) as line:
        place = line.getpeername()
    return place[1] if isinstance(place, tuple) else None


def cut(descriptor: int) -> None:
    """End that connection, both ways, for whoever waits on it; its owner closes it."""
    with suppress(OSError), _line(descriptor) as line:
        line.shutdown(socket.SHUT_RDWR)


def _line(descriptor: int) -> socket.socket:
    """Another hold on the connection: to close it closes nothing of its owner's."""
    return socket.socket(fileno=os.dup(descriptor))
