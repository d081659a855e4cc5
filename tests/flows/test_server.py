"""No Prefect server outlives the command that started it, and none is taken down by the terminal under it."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.quarter.command import REPOSITORY

HOLDER = """
import flows
from flows.server import temporary_server
with temporary_server() as server:
    print(server.pid, flush=True)
    input()
"""

LOST = """
import os, signal
import flows
from flows.server import temporary_server
from prefect import flow
from cli.leaving import leave_at_once
from contracts.errors import ServerGone

@flow
def worked() -> int:
    os.kill(server.pid, signal.SIGKILL)
    print("the work goes on", flush=True)
    return 1

with temporary_server() as server:
    try:
        server.data_of(lambda: worked(return_state=True))
    except ServerGone as error:
        print(error)
        leave_at_once(0)
"""


@pytest.fixture
def holder(tmp_path: Path) -> subprocess.Popen[str]:
    """A process that holds a temporary server until it reads a line; prints the server's process id."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")} | {"CCHC_HOME": str(tmp_path)}
    return subprocess.Popen(
        [sys.executable, "-c", HOLDER],
        cwd=REPOSITORY,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_server_has_its_own_session_and_dies_with_a_killed_command(holder: subprocess.Popen[str]) -> None:
    assert holder.stdout is not None
    server = int(holder.stdout.readline())
    watched = os.pidfd_open(server)
    assert os.getsid(server) not in {os.getsid(0), os.getsid(holder.pid)}, "Ctrl-C would reach it"
    holder.send_signal(signal.SIGKILL)
    ended, _, _ = select.select([watched], [], [], 20)
    os.close(watched)
    assert ended, f"server {server} was left behind"


def test_a_server_stops_with_the_work(holder: subprocess.Popen[str]) -> None:
    assert holder.stdout is not None
    server = int(holder.stdout.readline())
    holder.communicate("\n", timeout=30)
    with pytest.raises(ProcessLookupError):
        os.kill(server, 0)


def test_a_server_that_goes_away_is_told_when_the_work_has_ended(tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    environment |= {"CCHC_HOME": str(tmp_path), "PREFECT_CLIENT_MAX_RETRIES": "0"}
    done = subprocess.run(
        [sys.executable, "-c", LOST], cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False
    )
    said = done.stdout.splitlines()
    assert said[0] == "the work goes on", done.stderr
    assert said[1].startswith("máy chủ Prefect không trả lời nữa trong khi chạy")
