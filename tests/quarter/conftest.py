"""The demonstration, built and run once for all tests that only look at it."""

from __future__ import annotations

import shutil
from collections.abc import Collection
from pathlib import Path

import pytest

from tests.homes import built_once, copy_of
from tests.quarter.command import Office
from tests.quarter.moved import province, without_unit_reports


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


TWO = ("khanh-son", "truong-sa")


@pytest.fixture
def two_sources(khanh_hoa_unread: Office, tmp_path: Path) -> Office:
    """A province of two small systems, a database and a workbook: for what does not depend on how many there are."""
    return office_of(TWO, khanh_hoa_unread, tmp_path)


@pytest.fixture(scope="session")
def two_q3(khanh_hoa_unread: Office, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The same two, each with a report of its own, after 2024Q3. Tests must not change it."""

    def build(folder: Path) -> None:
        office_of(TWO, khanh_hoa_unread, folder, unit_reports=True).cchc("run", "2024Q3")

    return _office_in(built_once(tmp_path_factory, "khanh-hoa-two-2024Q3", build))


@pytest.fixture(scope="session")
def two_run(two_q3: Office, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """After 2024Q4, too, with nothing in the way. Tests must not change it."""

    def build(folder: Path) -> None:
        _copied(two_q3, folder).cchc("run", "2024Q4")

    return _office_in(built_once(tmp_path_factory, "khanh-hoa-two", build))


@pytest.fixture
def two_after_q3(two_q3: Office, tmp_path: Path) -> Office:
    """Those two after 2024Q3; a test may break them."""
    return _copied(two_q3, tmp_path)


@pytest.fixture
def two_already_run(two_run: Office, tmp_path: Path) -> Office:
    """Those two after both quarters; a test may break them."""
    return _copied(two_run, tmp_path)


@pytest.fixture
def two_already_run_alone(two_already_run: Office) -> Office:
    """The same; from now on the province's report alone is printed."""
    without_unit_reports(Path(two_already_run.province))
    return two_already_run


def office_of(only: Collection[str], unread: Office, folder: Path, *, unit_reports: bool = False) -> Office:
    """A small province of these of the demonstration's sources, in that folder."""
    province(folder, unit_reports=unit_reports, only=only)
    shutil.copytree(unread.systems, folder / "systems")
    return _office_in(folder)


def _office_in(folder: Path) -> Office:
    settings = {"CCHC_SYSTEMS": str(folder / "systems")}
    return Office(folder / "home", province=str(folder / "khanh-hoa"), settings=settings)


def _copied(office: Office, folder: Path) -> Office:
    """With its configuration and its systems, without the log beside a warehouse that somebody reads."""
    beside = shutil.ignore_patterns("*.sqlite-*", "export")
    shutil.copytree(office.home.parent, folder, ignore=beside, dirs_exist_ok=True)
    return _office_in(folder)
