"""The demonstrations, built and run once for all tests, of all workers, that only look at them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.quarter.command import Office
from warehouse.filelock import file_lock


def built_once(
    factory: pytest.TempPathFactory, name: str, build: Callable[[Path], object], *, kept: bool = True
) -> Path:
    """That folder, filled by whichever worker comes first; the others wait for it. TEST_HOMES: a folder where it stays
    from one run of the tests to the next, unless it is not to be kept, for whoever writes tests; never where the result
    counts."""
    base = factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "homes"
    folder = Path(os.environ.get("TEST_HOMES", shared) if kept else shared) / name
    folder.mkdir(parents=True, exist_ok=True)
    done = folder.with_suffix(".built")
    with file_lock(folder.with_suffix(".lock"), wait=True):
        if not done.exists():
            build(folder)
            done.touch()
    return folder


def copy_of(home: Path, to: Path) -> None:
    """What a run left there, without the log beside a warehouse that somebody reads: it holds nothing of its own."""
    shutil.copytree(home / "khanh-hoa", to / "khanh-hoa", ignore=shutil.ignore_patterns("*.sqlite-*"))


@pytest.fixture(scope="session")
def khanh_hoa_unread(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Ten systems of which nothing was read yet: what needs no more has not to wait. Tests must not change it."""
    return Office(built_once(tmp_path_factory, "khanh-hoa-unread", lambda home: Office(home).cchc("demo", "build")))


@pytest.fixture(scope="session")
def khanh_hoa_q3(khanh_hoa_unread: Office, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """2024Q3 run in time. Tests must not change it."""
    return _after(khanh_hoa_unread, "2024Q3", "khanh-hoa-2024Q3", tmp_path_factory)


@pytest.fixture(scope="session")
def khanh_hoa(khanh_hoa_q3: Office, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """2024Q3 and 2024Q4 run in time, with nothing in the way. Tests must not change it."""
    return _after(khanh_hoa_q3, "2024Q4", "khanh-hoa", tmp_path_factory)


def _after(before: Office, period: str, name: str, factory: pytest.TempPathFactory) -> Office:
    """What was before, and that period run."""

    def build(home: Path) -> None:
        shutil.copytree(before.home, home, dirs_exist_ok=True)
        Office(home).cchc("run", period)

    return Office(built_once(factory, name, build))


@pytest.fixture(scope="session")
def khanh_hoa_lacking(khanh_hoa: Office, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The same after 2024Q4 was read again while Cam Lâm's system was down, as it still is: a source failed, and
    versions 2 of the province's and of Cam Lâm's reports go without it. Tests must not change it."""

    def build(home: Path) -> None:
        shutil.copytree(khanh_hoa.home, home, dirs_exist_ok=True, ignore=shutil.ignore_patterns("export"))
        office = Office(home)
        office.cchc("demo", "break", "cam-lam")
        office.cchc("rerun", "2024Q4", "--source", "cam-lam", expect=3)

    return Office(built_once(tmp_path_factory, "khanh-hoa-lacking", build))


def _run_phu_tho(home: Path) -> None:
    office = _in_phu_tho(home)
    office.cchc("demo", "build")
    office.cchc("run", "2026Q3", "--as-of", "2026-09-26")


def _in_phu_tho(home: Path) -> Office:
    return Office(home, now="2026-09-27T08:00:00+07:00", province="provinces/phu-tho")


@pytest.fixture(scope="session")
def phu_tho(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """2026Q3 as of 26/9/2026, the day on which the official figures were published."""
    return _in_phu_tho(built_once(tmp_path_factory, "phu-tho", _run_phu_tho))
