"""Prefect's server goes away in the middle of a run: one that the command started, and one that stays up."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.chaos.invariants import Undisturbed, assert_as_undisturbed, assert_sound, watched
from tests.chaos.province import PERIOD
from tests.chaos.running import children, run, running
from tests.chaos.steps import in_state
from tests.chaos.table import assert_seen
from tests.quarter.command import Office
from tests.servers.prefect import WITHOUT_SERVICES, start_prefect, wait_for_prefect, with_tables
from tests.servers.process import free_port

pytestmark = pytest.mark.xdist_group("chaos")
IMPATIENT = {"PREFECT_CLIENT_MAX_RETRIES": "0"}
"""Prefect's own waiting for a server that may come back; nothing else changes without it."""


def test_a_lasting_server_may_be_started_again_or_stay_away(
    office: Office, undisturbed: Undisturbed, tmp_path: Path
) -> None:
    port = free_port()
    address = {"PREFECT_API_URL": f"http://127.0.0.1:{port}/api"}
    with_tables(tmp_path)
    with ExitStack() as ending, watched(office):
        first = ending.enter_context(serving(tmp_path, port))
        reached = in_state(office, "landed")
        with running(office, "run", PERIOD, prefect=address) as disturbed:
            disturbed.until(reached)
            first.kill()
            first.wait()
            disturbed.go_on()
            second = ending.enter_context(serving(tmp_path, port))  # as systemd does
            assert_seen("prefect-restarted", disturbed.ended())
        assert_as_undisturbed(office, undisturbed)
        reached = in_state(office, "landed", "validated")
        with running(office, "run", PERIOD, "--fresh", prefect=address | IMPATIENT) as disturbed:
            disturbed.until(reached)
            second.kill()
            disturbed.go_on()
            assert_seen("prefect-lasting", disturbed.ended())
        assert_sound(office, undisturbed)
        last = run(office)
    assert last.exit_code == 0, last.said
    assert_as_undisturbed(office, undisturbed)


def test_the_server_that_the_command_started_is_killed(office: Office, undisturbed: Undisturbed) -> None:
    reached = in_state(office, "landed")
    with watched(office):
        with running(office, "run", PERIOD, prefect=IMPATIENT) as disturbed:
            disturbed.until(reached)
            [server] = [pid for pid, command in children(office.home).items() if "prefect.server" in command]
            os.kill(server, signal.SIGKILL)
            disturbed.go_on()
            assert_seen("prefect-temporary", disturbed.ended())
        assert_sound(office, undisturbed)
        last = run(office)
    assert last.exit_code == 0, last.said
    assert_as_undisturbed(office, undisturbed)


@contextmanager
def serving(home: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    server = start_prefect(home, port, **WITHOUT_SERVICES)
    try:
        wait_for_prefect(server, port, home)
        yield server
    finally:
        server.kill()
        server.wait()
