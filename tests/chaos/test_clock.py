"""The machine's clock is set while a run goes on, forward and back, for every process of it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.chaos.invariants import Undisturbed, assert_as_undisturbed, assert_sound, left_by, watched
from tests.chaos.province import PERIOD
from tests.chaos.running import Running, run, running_cold
from tests.chaos.steps import in_state
from tests.chaos.table import assert_seen
from tests.quarter.command import Office
from tests.servers.prefect import lasting_prefect

pytestmark = pytest.mark.xdist_group("chaos")
SLEEP = """
import select, time
time.sleep = lambda seconds: select.select([], [], [], seconds)
"""
"""libfaketime does not know Python's sleep until a moment of the clock that is never set."""
LOOKS_EVERY = 1
"""Seconds between two looks into the file that says what the clock shows; at every question a run would take twice as
long."""


@pytest.fixture
def clock(tmp_path: Path) -> Path:
    """A file that says what the clock shows."""
    (tmp_path / "sitecustomize.py").write_text(SLEEP)
    return tmp_path / "clock"


def faked(clock: Path) -> dict[str, str]:
    libraries = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    if not libraries:
        pytest.fail("libfaketime is missing: apt-get install faketime", pytrace=False)
    return {
        "LD_PRELOAD": str(libraries[0]),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_CACHE_DURATION": str(LOOKS_EVERY),
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "PYTHONPATH": str(clock.parent),
        "TZ": "Asia/Ho_Chi_Minh",
        "CCHC_NOW": "",
        **lasting_prefect(),
    }


def set_under(run: Running, clock: Path, shows: str) -> None:
    """While the run stands still, until none of its processes believes the clock from before."""
    clock.write_text(shows)
    time.sleep(2 * LOOKS_EVERY + 0.1)
    run.go_on()


def test_a_clock_that_is_set_under_a_run_moves_no_figure(office: Office, undisturbed: Undisturbed, clock: Path) -> None:
    with watched(office):
        clock.write_text("@2024-12-16 08:00:00")
        reached = in_state(office, "landed")
        with running_cold(office, "run", PERIOD, **faked(clock)) as disturbed:
            disturbed.until(reached)
            set_under(disturbed, clock, "@2024-12-13 23:00:00")
            assert_seen("clock-back", disturbed.ended())
        assert_sound(office, undisturbed)
        clock.write_text("@2024-12-16 08:10:00")
        reached = in_state(office, "loaded")
        with running_cold(office, "run", PERIOD, "--fresh", **faked(clock)) as disturbed:
            disturbed.until(reached)
            set_under(disturbed, clock, "@2024-12-19 07:00:00")
            assert_seen("clock-forward", disturbed.ended())
        assert left_by(office).figures == undisturbed.figures
        last = run(office, "run", PERIOD)  # of a clock that shows less than those by which the sources were read
    assert last.exit_code == 0, last.said
    assert "lần trước đọc khi đồng hồ máy chạy sai" in last.said
    assert_as_undisturbed(office, undisturbed)
