"""The preview that the schedule makes of the running quarter: a draft that says so, and nothing that the quarter's own
run would find differently."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace

from tests.quarter.command import REPOSITORY, Office
from tests.quarter.test_warehouses import assert_same_figures
from tests.servers.prefect import lasting_prefect

A_MONDAY = "2024-11-18T05:00:00+07:00"
PREVIEW = """
import json
from flows.scheduled import preview
state = preview(return_state=True)
print(json.dumps([state.type.value, state.message]))
"""


def previewed(office: Office) -> tuple[str, str]:
    """The state in which the flow ended, and what it says."""
    done = subprocess.run(
        [sys.executable, "-c", PREVIEW],
        cwd=REPOSITORY, env=office.environment | lasting_prefect(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    state, said = json.loads(done.stdout.splitlines()[-1])
    return state, said


def test_a_quarter_that_was_previewed_gives_the_same_figures(two_sources: Office, two_run: Office) -> None:
    before = replace(two_sources, now=A_MONDAY)
    state, said = previewed(before)
    assert (state, said) == ("COMPLETED", "")
    found = before.status("2024Q4")
    assert found == {}
    two_sources.cchc("run", "2024Q4")
    assert_same_figures(two_sources, two_run)
