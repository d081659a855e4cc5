"""Landing in a process of its own, which is killed: at a moment, or at the nth thing that it does to the disk.

Processes are forked from one that has everything imported and has no threads.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from contracts.errors import CchcError, machine_error
from contracts.source_config import SourceConfig
from sources import reader
from sources.landing import land, parquet, parts
from tests.sources import paging
from tests.sources.systems import PERIOD

PART_ROWS, GROUP_ROWS = 300, 120
TO_THE_DISK = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.chmod", "os.truncate", "shutil.rmtree"}
_FORKED = multiprocessing.get_context("forkserver")
_FORKED.set_forkserver_preload(["pytest", "pandas", __name__, "sources.databases.sqlite", "sources.interfaces.rest"])


def small_parts() -> None:
    parts.PART_ROWS, parquet.ROW_GROUP = PART_ROWS, GROUP_ROWS


class Lander:
    """A process that lands a source. said: what it told last; «begun» once rows are coming, «landed» with the number
    of things done to the disk, «failed» with what an operator would read."""

    def __init__(self, config: SourceConfig, root: Path, *, die_at: int = 0, file_size: int = 0) -> None:
        self._ours, theirs = _FORKED.Pipe()
        given = (config, root, die_at, file_size, theirs, dict(os.environ))
        self.process: BaseProcess = _FORKED.Process(target=_run, args=given, daemon=True)
        self.process.start()
        theirs.close()

    def told(self) -> Any:
        """What the process says next; None where it died."""
        try:
            return self._ours.recv()
        except EOFError:
            return None

    def end(self) -> Any:
        """Its last word, once it has ended."""
        last = None
        while (said := self.told()) is not None:
            last = said
        self.process.join()
        return last

    @property
    def was_killed(self) -> bool:
        return self.process.exitcode == -signal.SIGKILL


def _run(config: SourceConfig, root: Path, die_at: int, file_size: int, told: Connection, env: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(env)
    small_parts()
    reader.READERS[paging.KIND] = paging.READER  # type: ignore[index]
    if file_size:
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))
    done = _count_what_is_done(root, die_at)
    told.send("begun")
    try:
        land(config, PERIOD, root=root)
        told.send(("landed", done()))
    except OSError as error:
        told.send(("failed", str(machine_error(error))))
    except CchcError as error:
        told.send(("failed", str(error)))


def _count_what_is_done(root: Path, die_at: int) -> Callable[[], int]:
    """Counts what is about to change the disk below the folder, or wait for it; at the nth the process is gone."""
    count = 0

    def about_to() -> None:
        nonlocal count
        count += 1
        if count == die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def heard(event: str, args: tuple[Any, ...]) -> None:
        writes = event == "open" and isinstance(args[1], str) and args[1][:1] in "wa"
        if (event in TO_THE_DISK or writes) and str(args[0]).startswith(str(root)):
            about_to()

    synced = os.fsync

    def fsync(descriptor: int) -> None:
        about_to()
        synced(descriptor)

    os.fsync = fsync
    sys.addaudithook(heard)
    return lambda: count
