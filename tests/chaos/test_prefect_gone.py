"""Prefect's server goes away in the middle of a run: one that the command started, and one that stays up."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.chaos.invariants import Undisturbed, assert_as_undisturbed, assert_sound, watched
from tests.chaos.province import PERIOD
from tests.chaos.running import children, run, running_cold
from tests.chaos.steps import in_state
from tests.chaos.table import assert_seen
from tests.quarter.command import Office
from tests.servers.prefect import start_prefect, wait_for_prefect
from tests.servers.process import free_port

pytestmark = pytest.mark.xdist_group("chaos")


def test_the_next_run_goes_on_where_prefect_left_it(office: Office, undisturbed: Undisturbed, tmp_path: Path) -> None:
    with watched(office):
        with running_cold(office, "run", PERIOD) as disturbed:
            disturbed.until(in_state(office, "landed"))
            [server] = [pid for pid, command in children(office.home).items() if "prefect.server" in command]
            os.kill(server, signal.SIGKILL)
            disturbed.go_on()
            assert_seen("prefect-temporary", disturbed.ended())
        assert_sound(office, undisturbed)
        port = free_port()
        lasting = start_prefect(tmp_path, port)
        try:
            wait_for_prefect(lasting, port, tmp_path)
            address = f"http://127.0.0.1:{port}/api"
            with running_cold(office, "run", PERIOD, "--fresh", PREFECT_API_URL=address) as disturbed:
                disturbed.until(in_state(office, "landed", "validated"))
                lasting.kill()
                disturbed.go_on()
                assert_seen("prefect-lasting", disturbed.ended())
        finally:
            lasting.kill()
            lasting.wait()
        assert_sound(office, undisturbed)
        last = run(office)
    assert last.exit_code == 0, last.said
    assert_as_undisturbed(office, undisturbed)
