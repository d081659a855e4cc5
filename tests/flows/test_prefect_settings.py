"""Prefect's settings in the processes of cchc: no heartbeats, for whose thread a run that is done would wait."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.quarter.command import REPOSITORY
from tests.servers.prefect import with_tables

TOLD = """
from prefect import flow
from prefect.settings import get_current_settings

@flow
def told() -> None:
    print(get_current_settings().flows.heartbeat_frequency)
"""
WITH_A_SERVER_OF_ITS_OWN = f"""
import flows.quarter
from flows.server import temporary_server
{TOLD}
with temporary_server() as server:
    server.data_of(lambda: told(return_state=True))
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    home = tmp_path / "prefect"
    home.mkdir()
    with_tables(home)
    return {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")} | {"CCHC_HOME": str(tmp_path)}


@pytest.mark.parametrize("said, holds", [(None, "None"), ("60", "60")])
def test_no_heartbeats_but_those_that_an_operator_wants(
    said: str | None, holds: str, environment: dict[str, str]
) -> None:
    given = environment if said is None else environment | {"PREFECT_FLOWS_HEARTBEAT_FREQUENCY": said}
    assert printed(WITH_A_SERVER_OF_ITS_OWN, given) == holds


@pytest.mark.parametrize("flow", ["flows.quarter", "flows.pooled", "flows.scheduled"])
def test_whatever_flow_a_worker_begins(flow: str, environment: dict[str, str]) -> None:
    """Its process imports the flow, and nothing of ours before."""
    asks = "from prefect.settings import get_current_settings; print(get_current_settings().flows.heartbeat_frequency)"
    assert printed(f"import prefect.engine\nimport {flow}\n{asks}", environment) == "None"


def printed(program: str, environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
