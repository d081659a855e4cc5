"""Workers of the pool as an operator starts them: `cchc worker`, each with a home of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.quarter.command import CCHC, REPOSITORY, Office


@contextmanager
def worker(office: Office, home: Path, *, limit: int) -> Iterator[subprocess.Popen[bytes]]:
    """home: of what Prefect keeps on that machine. Ended with all that it began."""
    home.mkdir(parents=True, exist_ok=True)
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("CCHC_", "PREFECT_"))}
    environment = kept | {"CCHC_HOME": str(office.home), "CCHC_NOW": office.now, "CCHC_PROVINCE": office.province}
    environment |= office.settings | {"PREFECT_HOME": str(home)}
    with (home / "worker.log").open("wb") as said:
        process = subprocess.Popen(
            [str(CCHC), "worker", "--limit", str(limit)], cwd=REPOSITORY, env=environment, stdout=said, stderr=said
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def home_of(pid: int) -> Path:
    """PREFECT_HOME of a process: that of the worker which began it."""
    for word in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0"):
        if word.startswith(b"PREFECT_HOME="):
            return Path(os.fsdecode(word.partition(b"=")[2]))
    raise AssertionError(f"{pid} has no PREFECT_HOME")


def wait_for(is_so: object, *, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not is_so():  # type: ignore[operator]
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.1)
