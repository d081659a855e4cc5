"""A run that is told to stop says so in one line, and leaves no process behind."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.quarter.command import CCHC, REPOSITORY, Office


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_run_says_so_and_leaves_nothing_running(two_sources: Office, sent: signal.Signals) -> None:
    run = subprocess.Popen(
        ["env", "--default-signal=INT", str(CCHC), "run", "2024Q4"],  # a shell's background jobs ignore Ctrl-C
        cwd=REPOSITORY,
        env=two_sources.environment,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    _wait_for(two_sources.home / "khanh-hoa" / "landing")
    os.killpg(run.pid, sent)  # as a terminal does: to the command and all that it started in its session
    _, said = run.communicate(timeout=60)
    assert run.returncode == 130, said
    assert said.strip().startswith("Đã dừng theo yêu cầu.")
    assert len(said.strip().splitlines()) == 1, said
    assert not _running_in(two_sources.home)


def _wait_for(folder: Path) -> None:
    """Until the run is in the middle of its work."""
    end = time.monotonic() + 90
    while not folder.exists():
        assert time.monotonic() < end, "the run read nothing"
        time.sleep(0.05)


def _running_in(home: Path) -> list[str]:
    """Processes, Prefect's server among them, that were given this home."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if str(home).encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_text())
        except OSError:  # it ended meanwhile
            continue
    return found
