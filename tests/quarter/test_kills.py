"""SIGKILL of what is done to one source, at any moment: the next run goes on, and its figures are those of a run that
nobody disturbed. Of whole runs: tests/chaos."""

from __future__ import annotations

import multiprocessing
import os
import time
from pathlib import Path

import pandas as pd
import pytest

from contracts.codes import Series
from flows.place import find_place
from sources.landing import open_landing
from sources.landing.manifest import MANIFEST
from tests.moments import Moments
from tests.quarter.command import Office
from tests.quarter.moved import sorted_facts
from tests.quarter.test_planning import load
from warehouse import read

SOURCE = "khanh-son"
SEED = 20241214
PARTITION_KILLS = 10


@pytest.fixture
def office(two_sources: Office) -> Office:
    return two_sources


def anew(home: str, settings: dict[str, str]) -> None:
    """Read and count one source, as a run does."""
    os.environ.update(settings | {"CCHC_HOME": home})
    load(find_place("2024Q4"), SOURCE)


def test_a_source_is_read_and_counted_whenever_it_was_killed(office: Office, tmp_path: Path) -> None:
    """Processes that have imported everything already, so that a random moment falls into the work."""
    working = multiprocessing.get_context("forkserver")
    working.set_forkserver_preload(["tests.quarter.test_kills", "tests.quarter.imported"])
    settings = office.settings | {"CCHC_NOW": office.now, "CCHC_PROVINCE": office.province}
    undisturbed, disturbed = str(tmp_path / "undisturbed"), str(office.home)

    def begun(home: str) -> multiprocessing.process.BaseProcess:
        process = working.Process(target=anew, args=(home, settings))
        process.start()
        return process

    begun(undisturbed).join()
    began = time.monotonic()
    begun(undisturbed).join()  # where there is a warehouse already, as there is when most of the others are killed
    lasts = time.monotonic() - began
    moments = Moments(SEED, within=lasts)
    for _ in range(PARTITION_KILLS):
        process = begun(disturbed)
        moments.kill(process)
        _every_landing_is_whole(office.home)
    last = begun(disturbed)
    last.join()
    assert last.exitcode == 0
    assert moments.fell >= PARTITION_KILLS / 4, "moments beyond the end show nothing"
    pd.testing.assert_frame_equal(_facts(office, disturbed), _facts(office, undisturbed))


def _every_landing_is_whole(home: Path) -> None:
    for manifest in (home / "khanh-hoa" / "landing").rglob(MANIFEST):
        if not manifest.parent.name.startswith("."):
            open_landing(manifest.parent)


def _facts(office: Office, home: str) -> pd.DataFrame:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (office.settings | {"CCHC_HOME": home, "CCHC_PROVINCE": office.province}).items():
            patch.setenv(name, value)
        patch.setenv("CCHC_NOW", office.now)
        engine = find_place("2024Q4").open_warehouse()
        found = [read.facts(engine, "2024Q4", [SOURCE], series=series) for series in Series]
    return sorted_facts(pd.concat(found, ignore_index=True))
