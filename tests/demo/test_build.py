"""Building, breaking and mending: the same seed gives the same files, and nobody meets half of them."""

from __future__ import annotations

import hashlib
import shutil
from datetime import date
from pathlib import Path

import pytest

import demo
from contracts.errors import UsageError
from demo import systems as building
from tests.demo.conftest import EARLY, SCALE


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    demo.build("khanh-hoa", systems=folder, at=EARLY, scale=0.005)
    return folder


@pytest.fixture
def built(small: Path, tmp_path: Path) -> Path:
    """Systems of the test's own, to be broken."""
    return Path(shutil.copytree(small, tmp_path, dirs_exist_ok=True))


def contents(systems: Path) -> dict[str, str]:
    """SHA-256 of every file below the folder."""
    files = [path for path in sorted(systems.rglob("*")) if path.is_file()]
    return {str(path.relative_to(systems)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_same_seed_gives_the_same_bytes(early: Path, tmp_path: Path) -> None:
    demo.build("khanh-hoa", systems=tmp_path, at=EARLY, scale=SCALE)
    assert contents(tmp_path) == contents(early)


def test_another_seed_gives_another_world(early: Path, tmp_path: Path) -> None:
    demo.build("khanh-hoa", systems=tmp_path, at=EARLY, scale=SCALE, seed=demo.SEED + 1)
    mine, other = contents(tmp_path), contents(early)
    assert mine.keys() == other.keys()
    assert mine["khanh-hoa/nha-trang.sqlite"] != other["khanh-hoa/nha-trang.sqlite"]


def test_every_source_of_the_province_is_written_and_told(early: Path, tmp_path: Path) -> None:
    told: list[str] = []
    report = demo.build("khanh-hoa", systems=tmp_path, at=EARLY, scale=0.01, progress=told.append)
    assert (report.folder, report.at, len(report.sources)) == (tmp_path / "khanh-hoa", EARLY, 10)
    assert len(told) == 11
    databases = {path.stem for path in report.folder.glob("*.sqlite")}
    assert databases | {"truong-sa"} == set(report.sources)


def test_a_build_that_fails_leaves_what_was_there(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = contents(built)

    def disk_full(*_: object, **__: object) -> int:
        raise OSError("disk full")

    monkeypatch.setattr(building, "write_systems", disk_full)
    with pytest.raises(OSError, match="disk full"):
        demo.build("khanh-hoa", systems=built, at=date(2025, 1, 20), scale=0.005)
    assert contents(built) == before


@pytest.mark.parametrize("source", ["cam-lam", "van-ninh", "truong-sa"])
def test_a_broken_system_is_gone_and_a_mended_one_is_as_it_was(built: Path, source: str) -> None:
    before = contents(built)
    for _ in range(2):
        demo.break_source("khanh-hoa", source, systems=built)
        gone = before.keys() - contents(built).keys()
        assert gone
        assert all(source in name for name in gone)
    for _ in range(2):
        demo.mend_source("khanh-hoa", source, systems=built)
        assert contents(built) == before


def test_building_again_brings_a_broken_system_back(built: Path) -> None:
    before = contents(built)
    demo.break_source("khanh-hoa", "cam-lam", systems=built)
    demo.build("khanh-hoa", systems=built, at=EARLY, scale=0.005)
    assert contents(built) == before


def test_what_does_not_exist_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="không có tỉnh mô phỏng «ha-noi»"):
        demo.build("ha-noi", systems=tmp_path)
    with pytest.raises(UsageError, match="chưa có hồ sơ nào vào ngày 01/01/2024") as told:
        demo.build("khanh-hoa", systems=tmp_path, at=date(2024, 1, 1), scale=0.005)
    assert told.value.advice.startswith("chọn ngày từ 1")
    with pytest.raises(UsageError, match="không có nguồn «sao-hoa»"):
        demo.break_source("khanh-hoa", "sao-hoa", systems=tmp_path)
    for change in (demo.break_source, demo.mend_source):
        with pytest.raises(UsageError, match="chưa dựng hệ thống mô phỏng") as told:
            change("khanh-hoa", "cam-lam", systems=tmp_path)
        assert told.value.advice == "chạy: cchc demo build khanh-hoa"
