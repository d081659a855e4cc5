"""Workers of the pool as an operator starts them: `cchc worker`, each with a home of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.quarter.command import CCHC, REPOSITORY, Office


@contextmanager
def worker(office: Office, home: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """On a machine on which there is nothing yet: home is its own. Ended with all that it began."""
    home.mkdir()
    environment = office.environment | {"CCHC_HOME": str(home), "PREFECT_HOME": str(home)}
    with (home / "worker.log").open("wb") as said:
        process = subprocess.Popen(
            [str(CCHC), "worker", *words], cwd=REPOSITORY, env=environment, stdout=said, stderr=said
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(120)


def began_by(pid: int) -> str:
    """Name of the home of the worker that began a process; "" where the process is gone."""
    try:
        words = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return ""
    return next((Path(os.fsdecode(w)).name for w in words if w.startswith(b"PREFECT_HOME=")), "")


def kill_all(process: subprocess.Popen[bytes], *, when: Callable[[], bool]) -> None:
    """SIGKILL to it and to all below it, as where a machine is lost, at a moment of which that holds: it is asked again
    while everything stands still, and nothing is held up before."""

    def is_so() -> bool:
        if not when():
            return False
        _send(process, signal.SIGSTOP)
        still = False
        try:
            still = when()
        finally:
            if not still:
                _send(process, signal.SIGCONT)
        return still

    wait_for(is_so)
    _send(process, signal.SIGKILL)
    process.wait()


def _send(process: subprocess.Popen[bytes], sent: signal.Signals) -> None:
    for pid in [process.pid, *_below(process.pid)]:
        with suppress(ProcessLookupError):
            os.kill(pid, sent)


def _below(pid: int) -> list[int]:
    children: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(OSError):
            children += map(int, (task / "children").read_text().split())
    return [*children, *(one for child in children for one in _below(child))]


def wait_for(is_so: Callable[[], bool], *, seconds: float = 600) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.1)
