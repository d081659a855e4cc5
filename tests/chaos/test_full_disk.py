"""A disk that fills up at every step of a run: that is said, nothing is lost, and with space again the next run goes
on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.chaos.disk import Disk, small_disk
from tests.chaos.invariants import Undisturbed, assert_as_undisturbed, assert_sound, watched
from tests.chaos.province import PERIOD, Systems
from tests.chaos.running import run, running
from tests.chaos.steps import step
from tests.chaos.table import assert_seen
from tests.quarter.command import Office

pytestmark = pytest.mark.xdist_group("chaos")
FAULTS = {
    "reading": "disk-while-reading",
    "landed": "disk-while-landing",
    "validated": "disk-while-counting",
    "loaded": "disk-before-printing",
    "printing": "disk-while-printing",
}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    with small_disk(tmp_path) as found:
        yield found


def test_a_disk_that_fills_up_at_any_step_is_named_and_costs_nothing(
    province: Systems, disk: Disk, undisturbed: Undisturbed, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = province.office(disk.folder / "home")
    monkeypatch.setenv("CCHC_HOME", str(office.home))
    disk.fill()
    assert_seen("disk-before-a-run", run(office))
    disk.free()
    with watched(office):
        for name, fault in FAULTS.items():
            reached = step(office, name)
            with running(office, "run", PERIOD, *(["--fresh"] if name in {"reading", "landed"} else [])) as disturbed:
                disturbed.until(reached)
                disk.fill()
                disturbed.go_on()
                assert_seen(fault, disturbed.ended())
            disk.free()
            assert_sound(office, undisturbed)
        last = run(office)
    assert last.exit_code == 0, last.said
    assert_as_undisturbed(office, undisturbed)


def test_a_full_folder_for_temporary_files_is_in_nobodys_way(
    office: Office, disk: Disk, undisturbed: Undisturbed
) -> None:
    disk.fill()
    ended = run(replace(office, settings=office.settings | {"TMPDIR": str(disk.folder)}))
    assert_seen("disk-of-temporary-files", ended)
    assert_as_undisturbed(office, undisturbed)
