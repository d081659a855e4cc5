"""Two that want the same quarter at once: one does it, the other is told so."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.chaos.invariants import Undisturbed, assert_as_undisturbed, warehouse_of, watched
from tests.chaos.province import PERIOD, SOURCES
from tests.chaos.running import Ended, run, running
from tests.chaos.steps import in_state
from tests.chaos.table import assert_seen
from tests.quarter.command import REPOSITORY, Office
from tests.servers.prefect import lasting_prefect
from warehouse import requests
from warehouse.audit import Deed

pytestmark = pytest.mark.xdist_group("chaos")


def test_of_two_at_once_one_is_refused_in_words(office: Office, undisturbed: Undisturbed) -> None:
    with watched(office), running(office, "run", PERIOD) as one, running(office, "run", PERIOD) as other:
        ended = sorted((one.ended(), other.ended()), key=lambda each: each.exit_code)
    assert ended[0].exit_code == 0
    assert_seen("at-once-two-runs", ended[1])
    assert_as_undisturbed(office, undisturbed)


def test_neither_report_nor_portal_gets_in_the_way_of_a_run(done: Office, undisturbed: Undisturbed) -> None:
    engine = warehouse_of(done)
    deed = Deed("rerun", who="truc", role="operator", period_id=PERIOD, about={"sources": SOURCES})
    asked = requests.ask(engine, PERIOD, sources=SOURCES, fresh=True, deed=deed).id
    reached = in_state(done, "landed", "validated")
    with watched(done), running(done, "run", PERIOD, "--fresh") as first:
        first.until_others_may_work(reached, done.home / "khanh-hoa" / "warehouse.sqlite")
        assert_seen("at-once-report", run(done, "report", PERIOD))
        subprocess.run(
            [sys.executable, "-m", "flows.requested", str(asked)],
            cwd=REPOSITORY,
            env=done.environment | lasting_prefect(),
            capture_output=True,
            check=False,
        )
        first.go_on()
        ended = first.ended()
    assert ended.exit_code == 0, ended.said
    told = requests.request(engine, asked)
    assert told is not None
    assert_seen("at-once-portal", Ended(told.exit_code or 0, told.said))
    assert_as_undisturbed(done, undisturbed)
