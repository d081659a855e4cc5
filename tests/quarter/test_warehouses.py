"""Where the warehouse lies, and what befell the run that filled it, changes no figure."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from contracts.codes import PartitionState
from contracts.settings import Settings
from tests.quarter.command import CCHC, REPOSITORY, Office
from tests.servers import postgres, postgres_database  # noqa: F401  fixtures
from warehouse import ledger
from warehouse.database import open_warehouse

REACHED: dict[str, Callable[[ledger.Partition], bool]] = {
    "landed": lambda p: p.landing_id is not None,
    "loaded": lambda p: p.state is PartitionState.LOADED,
}


def assert_same_figures(one: Office, other: Office) -> None:
    for what in ("facts", "indicators"):
        assert one.export("2024Q4", what).read_bytes() == other.export("2024Q4", what).read_bytes(), what


def test_postgresql_gives_the_same_figures_as_sqlite(
    khanh_hoa: Office,
    copied_alone: Office,
    postgres_database: str,  # noqa: F811
) -> None:
    office = replace(copied_alone, settings={"CCHC_WAREHOUSE_URL": postgres_database})
    office.cchc("run", "2024Q4")
    assert_same_figures(office, khanh_hoa)
    assert not list(office.home.rglob("*.sqlite-wal"))
    assert not (office.home / "khanh-hoa" / "warehouse.sqlite").exists()


@pytest.mark.parametrize("moment", ["landed", "loaded"])
def test_a_run_that_was_killed_is_finished_by_the_next(khanh_hoa: Office, copied_alone: Office, moment: str) -> None:
    """SIGKILL as soon as the first source has landed, or is loaded: nothing is lost, nothing counted twice."""
    kill_when_a_source_is(moment, copied_alone)
    interrupted = copied_alone.status("2024Q4")
    assert {s["state"] for s in interrupted["sources"]} != {"loaded"}
    copied_alone.cchc("run", "2024Q4")
    assert_same_figures(copied_alone, khanh_hoa)
    assert {s["state"] for s in copied_alone.status("2024Q4")["sources"]} == {"loaded"}


def kill_when_a_source_is(moment: str, office: Office) -> None:
    """Start a run in a process group of its own and kill the group at that moment."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("CCHC_", "PREFECT_"))}
    environment |= {"CCHC_HOME": str(office.home), "CCHC_NOW": office.now, "CCHC_PROVINCE": office.province}
    command = [str(CCHC), "run", "2024Q4"]
    run = subprocess.Popen(command, cwd=REPOSITORY, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        engine = open_warehouse(Settings(home=Path(office.home)).database_url("khanh-hoa"))
        while not any(REACHED[moment](p) for p in ledger.partitions(engine, "2024Q4")):
            assert run.poll() is None, "the run ended before it could be killed"
    finally:
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
