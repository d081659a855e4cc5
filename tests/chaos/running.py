"""A real run that something befalls: begun, watched from outside, stopped at a step, killed, waited for."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest

from tests.chaos.province import PERIOD
from tests.quarter.command import CCHC, REPOSITORY, Office
from tests.servers.warm import WarmCommand, start_warm

PATIENCE = 120.0


@dataclass(frozen=True)
class Ended:
    """exit_code: minus the signal where one ended it. said: all that an operator saw."""

    exit_code: int
    said: str


class Running:
    """A command under way, in a session of its own."""

    def __init__(self, process: WarmCommand | subprocess.Popen[bytes], said: IO[bytes]) -> None:
        self.process, self._said = process, said

    @property
    def pid(self) -> int:
        return self.process.pid

    def until(self, reached: Callable[[], object]) -> None:
        """Returns as soon as it is there; the run is then stopped in its tracks, until `go_on`."""
        end = time.monotonic() + PATIENCE
        while not reached():
            assert self.process.poll() is None, f"the run ended before it could be disturbed:\n{self.words}"
            assert time.monotonic() < end, f"the run never came to that step:\n{self.words}"
            time.sleep(0.002)
        self.send(signal.SIGSTOP)
        while _state(self.pid) not in "TZ":  # it is told, and stops a moment later
            time.sleep(0.001)

    def until_others_may_work(self, reached: Callable[[], object], warehouse: Path) -> None:
        """The same, but not in the middle of a step of the embedded warehouse, which would then be nobody else's."""
        self.until(reached)
        while not _is_free(warehouse):
            self.go_on()
            self.until(lambda: True)

    def go_on(self) -> None:
        self.send(signal.SIGCONT)

    def kill(self) -> None:
        """All of it at once, as when the machine's power goes."""
        self.send(signal.SIGKILL)
        self.process.wait(PATIENCE)

    def kill_alone(self) -> None:
        """The command, and nothing that it has started."""
        os.kill(self.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)

    def join(self, timeout: float | None = None) -> None:
        """Returns at its end, or after that many seconds."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout)

    @property
    def exitcode(self) -> int | None:
        return self.process.poll()

    def send(self, sent: signal.Signals) -> None:
        if self.process.poll() is None:
            with suppress(ProcessLookupError):  # it has just ended
                os.killpg(self.pid, sent)

    def ended(self) -> Ended:
        try:
            return Ended(self.process.wait(PATIENCE), self.words)
        except subprocess.TimeoutExpired:
            self.send(signal.SIGUSR1)  # of a warm one: tells where every thread stands
            time.sleep(1)
            pytest.fail(f"the run does not end:\n{self.words}")

    @property
    def words(self) -> str:
        self._said.seek(0)
        return self._said.read().decode()


@contextmanager
def running(office: Office, *words: str, prefect: Mapping[str, str] | None = None) -> Iterator[Running]:
    """That command, killed at the end if it is still there. From imports done already. prefect: settings of Prefect's,
    where it is not the server of the tests that it shall use."""
    with tempfile.TemporaryFile() as said:
        found = Running(start_warm([*words], office.environment, out=said, err=said, prefect=prefect), said)
        try:
            yield found
        finally:
            found.kill()


@contextmanager
def running_cold(office: Office, *words: str, **environment: str) -> Iterator[Running]:
    """As from a shell, beside a Prefect server of its own."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [str(CCHC), *words],
            cwd=REPOSITORY,
            env=office.environment | environment,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
        found = Running(process, said)
        try:
            yield found
        finally:
            found.kill()


def run(office: Office, *words: str) -> Ended:
    """To its end."""
    with running(office, *(words or ("run", PERIOD))) as found:
        return found.ended()


def children(home: Path) -> dict[int, str]:
    """Process id → command line of every process that was given this home."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if str(home).encode() in (process / "environ").read_bytes():
                found[int(process.name)] = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:  # it ended meanwhile
            continue
    return found


def gone(home: Path) -> None:
    """Nothing of a run is left behind, or it leaves within moments."""
    end = time.monotonic() + 20
    while left := children(home):
        assert time.monotonic() < end, f"left behind: {left}"
        time.sleep(0.05)


def _state(pid: int) -> str:
    """Of a process, as the kernel calls it: T where it is stopped, Z where it has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0]
    except FileNotFoundError:
        return "Z"


def _is_free(warehouse: Path) -> bool:
    with closing(sqlite3.connect(warehouse, timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
        except sqlite3.OperationalError:
            return False
    return True
