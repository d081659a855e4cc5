"""The demonstration, built and run once for all tests that only look at it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.homes import copy_of
from tests.quarter.command import Office
from tests.quarter.moved import province


@pytest.fixture
def copied(khanh_hoa_unread: Office, tmp_path: Path) -> Office:
    """A machine with the same systems on which nothing was run yet; a test may break it."""
    office = Office(tmp_path)
    shutil.copytree(khanh_hoa_unread.systems, office.systems)
    return office


@pytest.fixture
def after_q3(khanh_hoa_q3: Office, copied: Office) -> Office:
    """2024Q3 was run there, and nothing else yet."""
    copy_of(khanh_hoa_q3.home, copied.home)
    return copied


@pytest.fixture
def already_run(khanh_hoa: Office, copied: Office) -> Office:
    """Both quarters were run there."""
    copy_of(khanh_hoa.home, copied.home)
    return copied


@pytest.fixture
def copied_alone(copied: Office, tmp_path: Path) -> Office:
    """The same, for tests that look at counts and states: the province's report alone is printed, not eleven."""
    return Office(copied.home, province=str(province(tmp_path / "configured", unit_reports=False)))


TWO = ("khanh-son", "truong-sa")


@pytest.fixture
def two_sources(khanh_hoa_unread: Office, tmp_path: Path) -> Office:
    """A province of two small systems, a database and a workbook: for what does not depend on how many there are."""
    folder = province(tmp_path, unit_reports=False, only=TWO)
    shutil.copytree(khanh_hoa_unread.systems, tmp_path / "systems")
    return Office(tmp_path / "home", province=str(folder), settings={"CCHC_SYSTEMS": str(tmp_path / "systems")})
