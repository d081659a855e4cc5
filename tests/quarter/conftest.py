"""The demonstration, built and run once for all tests that only look at it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.quarter.command import Office
from tests.quarter.moved import province


@pytest.fixture(scope="session")
def khanh_hoa(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """2024Q3 and 2024Q4 run in time, with nothing in the way. Tests must not change it."""
    office = Office(tmp_path_factory.mktemp("khanh-hoa"))
    office.cchc("demo", "build")
    office.cchc("run", "2024Q3")
    office.cchc("run", "2024Q4")
    return office


@pytest.fixture(scope="session")
def phu_tho(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """2026Q3 as of 26/9/2026, the day on which the official figures were published."""
    office = Office(tmp_path_factory.mktemp("phu-tho"), now="2026-09-27T08:00:00+07:00", province="provinces/phu-tho")
    office.cchc("demo", "build")
    office.cchc("run", "2026Q3", "--as-of", "2026-09-26")
    return office


@pytest.fixture
def copied(khanh_hoa: Office, tmp_path: Path) -> Office:
    """A machine with the same systems on which nothing was run yet; a test may break it."""
    import shutil

    office = Office(tmp_path)
    shutil.copytree(khanh_hoa.systems, office.systems)
    return office


@pytest.fixture
def copied_alone(copied: Office, tmp_path: Path) -> Office:
    """The same, for tests that look at counts and states: the province's report alone is printed, not eleven."""
    return Office(copied.home, province=str(province(tmp_path / "configured", unit_reports=False)))
