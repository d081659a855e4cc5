"""The province, its systems, and what a run leaves that nothing happened to: made once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.invariants import Undisturbed, left_by
from tests.chaos.province import PERIOD, Systems, systems
from tests.homes import copy_of
from tests.quarter.command import Office
from tests.servers.postgres import PostgresServer, running_postgres


@pytest.fixture(scope="session")
def cluster() -> Iterator[PostgresServer]:
    """One of their own: it is restarted under a run."""
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def province(
    khanh_hoa_unread: Office, cluster: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Systems]:
    with systems(khanh_hoa_unread, cluster, tmp_path_factory.mktemp("province")) as found:
        yield found


@pytest.fixture(scope="session")
def timed(province: Systems, tmp_path_factory: pytest.TempPathFactory) -> tuple[Office, float]:
    """A machine on which the quarter was run undisturbed, and the seconds that it took."""
    office = province.office(tmp_path_factory.mktemp("calm"))
    office.cchc("status", PERIOD)  # what starts the commands has not to be waited for
    began = time.monotonic()
    office.cchc("run", PERIOD)
    return office, time.monotonic() - began


@pytest.fixture(scope="session")
def calm(timed: tuple[Office, float]) -> Office:
    """Tests must not change it."""
    return timed[0]


@pytest.fixture(scope="session")
def lasts(timed: tuple[Office, float]) -> float:
    """Seconds of a run that reads all anew."""
    return timed[1]


@pytest.fixture(scope="session")
def undisturbed(calm: Office) -> Undisturbed:
    return left_by(calm)


@pytest.fixture
def office(province: Systems, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """A machine on which nothing was run yet. What the tests themselves read of it lies where its files lie."""
    monkeypatch.setenv("CCHC_HOME", str(tmp_path / "home"))
    return province.office(tmp_path / "home")


@pytest.fixture
def done(office: Office, calm: Office) -> Office:
    """A machine on which the quarter was run undisturbed; a test may break it."""
    copy_of(calm.home, office.home)
    return office
