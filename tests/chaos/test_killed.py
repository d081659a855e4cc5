"""SIGKILL of any process at any moment: the next run goes on, and its figures are those of a run that nobody
disturbed."""

from __future__ import annotations

import os
import signal

import pytest

from tests.chaos.invariants import Undisturbed, assert_as_undisturbed, assert_sound, watched
from tests.chaos.province import PERIOD
from tests.chaos.running import Running, children, run, running
from tests.chaos.steps import STEPS, step
from tests.chaos.table import assert_seen
from tests.moments import Moments
from tests.quarter.command import Office

pytestmark = pytest.mark.xdist_group("chaos")
SEED, KILLS = 20241214, 2


def test_a_run_killed_at_every_step_is_finished_by_the_next(office: Office, undisturbed: Undisturbed) -> None:
    with watched(office):
        for name in STEPS:
            reached = step(office, name)
            with running(
                office, "run", PERIOD, *(["--fresh"] if name in {"reading", "landed", "settled"} else [])
            ) as killed:
                killed.until(reached)
                killed.kill()
                assert_seen("killed-at-a-step", killed.ended())
            assert_sound(office, undisturbed)
        last = run(office)
    assert last.exit_code == 0, last.said
    assert_as_undisturbed(office, undisturbed)


def test_a_run_killed_at_any_moment_is_finished_by_the_next(
    office: Office, undisturbed: Undisturbed, lasts: float
) -> None:
    moments = Moments(SEED, within=lasts)
    with watched(office):
        printing = step(office, "printing")
        with running(office, "run", PERIOD, "--fresh") as killed:
            killed.until(printing)
            killed.kill_alone()
            assert_seen("killed-alone", killed.ended())
        while moments.fell < KILLS:
            with running(office, "run", PERIOD, "--fresh") as killed:
                moments.kill(killed)
            assert_sound(office, undisturbed)
        last = run(office)
    assert last.exit_code == 0, last.said
    assert_as_undisturbed(office, undisturbed)


def test_a_press_that_is_killed_is_replaced(office: Office, undisturbed: Undisturbed) -> None:
    """And where the fresh one is killed, too, nobody goes on trying."""
    killed: set[int] = set()

    def presses() -> set[int]:
        return {pid for pid, command in children(office.home).items() if "reporting.press" in command} - killed

    def kill_one(of: Running) -> None:
        of.until(presses)
        [press] = presses()
        os.kill(press, signal.SIGKILL)
        killed.add(press)
        of.go_on()

    with watched(office):
        with running(office, "run", PERIOD) as disturbed:
            kill_one(disturbed)
            kill_one(disturbed)
            assert_seen("killed-press-twice", disturbed.ended())
        assert_sound(office, undisturbed)
        with running(office, "run", PERIOD) as disturbed:
            kill_one(disturbed)
            assert_seen("killed-press", disturbed.ended())
    assert_as_undisturbed(office, undisturbed)
