"""SIGKILL at any moment: whatever was cut off, the next run goes on, and the figures are those of a run that nobody
disturbed."""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pandas as pd
import pytest

from contracts.codes import Series
from flows.place import find_place
from sources.landing import open_landing
from sources.landing.manifest import MANIFEST
from tests.quarter.command import CCHC, REPOSITORY, Office
from tests.quarter.moved import province, sorted_facts
from tests.quarter.test_planning import load
from warehouse import read

SOURCES = ("khanh-son", "truong-sa")
SEED = 20241214
PARTITION_KILLS = 20
RUN_KILLS = 4
"""A run takes ten times as long as what it does to one source."""


@pytest.fixture
def office(khanh_hoa: Office, tmp_path: Path) -> Office:
    """A province of two small systems, a database and a workbook."""
    folder = province(tmp_path, unit_reports=False)
    for source in (folder / "sources").iterdir():
        if source.name not in SOURCES:
            shutil.rmtree(source)
    shutil.copytree(khanh_hoa.systems, tmp_path / "systems")
    return Office(tmp_path / "home", province=str(folder), settings={"CCHC_SYSTEMS": str(tmp_path / "systems")})


def anew(home: str, settings: dict[str, str]) -> None:
    """Read and count one source, as a run does."""
    os.environ.update(settings | {"CCHC_HOME": home})
    load(find_place("2024Q4"), SOURCES[0])


def test_a_source_is_read_and_counted_whenever_it_was_killed(office: Office, tmp_path: Path) -> None:
    """Processes that have imported everything already, so that a random moment falls into the work."""
    working = multiprocessing.get_context("forkserver")
    working.set_forkserver_preload(["tests.quarter.test_kills", "expectations.engine", "expectations.dossiers"])
    settings = office.settings | {"CCHC_NOW": office.now, "CCHC_PROVINCE": office.province}
    undisturbed, disturbed = str(tmp_path / "undisturbed"), str(office.home)

    def begun(home: str) -> multiprocessing.process.BaseProcess:
        process = working.Process(target=anew, args=(home, settings))
        process.start()
        return process

    begun(str(tmp_path / "warm")).join()
    began = time.monotonic()
    begun(undisturbed).join()
    lasts = time.monotonic() - began
    moments, killed = random.Random(SEED), 0
    for _ in range(PARTITION_KILLS):
        process = begun(disturbed)
        process.join(moments.uniform(0, lasts))
        killed += process.is_alive()
        process.kill()
        process.join()
        _every_landing_is_whole(office.home)
    last = begun(disturbed)
    last.join()
    assert last.exitcode == 0
    assert killed > PARTITION_KILLS / 2
    pd.testing.assert_frame_equal(_facts(office, disturbed), _facts(office, undisturbed))


def test_a_whole_run_goes_on_whenever_it_was_killed(office: Office, tmp_path: Path) -> None:
    undisturbed = Office(tmp_path / "undisturbed", province=office.province, settings=office.settings)
    began = time.monotonic()
    undisturbed.cchc("run", "2024Q4")
    lasts = time.monotonic() - began
    moments = random.Random(SEED)
    for _ in range(RUN_KILLS):
        _killed(office, after=moments.uniform(0.3 * lasts, lasts))
        _every_landing_is_whole(office.home)
    office.cchc("run", "2024Q4")
    for what in ("facts", "indicators", "findings"):
        pd.testing.assert_frame_equal(_exported(office, what), _exported(undisturbed, what))
    assert office.report("2024Q4")["sha256"] == undisturbed.report("2024Q4")["sha256"]


def _killed(office: Office, *, after: float) -> None:
    """A run that reads everything anew, ended with all its processes after so many seconds."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("CCHC_", "PREFECT_"))}
    environment |= {"CCHC_HOME": str(office.home), "CCHC_NOW": office.now, "CCHC_PROVINCE": office.province}
    run = subprocess.Popen(
        [str(CCHC), "run", "2024Q4", "--fresh"],
        cwd=REPOSITORY,
        env=environment | office.settings,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        run.wait(after)
    except subprocess.TimeoutExpired:
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()


def _every_landing_is_whole(home: Path) -> None:
    for manifest in (home / "khanh-hoa" / "landing").rglob(MANIFEST):
        if not manifest.parent.name.startswith("."):
            open_landing(manifest.parent)


def _exported(office: Office, what: str) -> pd.DataFrame:
    return pd.read_csv(office.export("2024Q4", what), dtype=str)


def _facts(office: Office, home: str) -> pd.DataFrame:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (office.settings | {"CCHC_HOME": home, "CCHC_PROVINCE": office.province}).items():
            patch.setenv(name, value)
        patch.setenv("CCHC_NOW", office.now)
        engine = find_place("2024Q4").open_warehouse()
        found = [read.facts(engine, "2024Q4", [SOURCES[0]], series=series) for series in Series]
    return sorted_facts(pd.concat(found, ignore_index=True))
