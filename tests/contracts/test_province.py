"""A mistake in a province's folder is told with its file and line, before anything is read."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from contracts.errors import ConfigError, UsageError
from contracts.periods import parse_period
from contracts.province import read_province
from contracts.settings import REPOSITORY

QUARTER = parse_period("2024Q4")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(REPOSITORY / "provinces" / "khanh-hoa", tmp_path / "khanh-hoa"))


def read_all(folder: Path) -> None:
    read_province(folder).sources(period=QUARTER, systems=folder / "systems")


def emptied(name: str) -> Callable[[Path], None]:
    """Only its head is left."""

    def spoil(folder: Path) -> None:
        path = folder / name
        path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")

    return spoil


def replaced(name: str, old: str, new: str) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return spoil


def gone(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


A = "vendors/a/column_map.csv"
CAM_LAM = "sources/cam-lam/source.toml"


@pytest.mark.parametrize(
    ("spoil", "where", "said"),
    [
        (gone("province.toml"), "province.toml", "không có tệp này"),
        (gone("agencies.csv"), "agencies.csv", ""),
        (gone("sources/cam-lam/source.toml"), "source.toml", "không có tệp này"),
        (gone("vendors/a/status_map.csv"), "status_map.csv", "không có tệp này"),
        (replaced("province.toml", 'name = "', 'name = Khánh Hòa"'), "province.toml:2", "cú pháp"),
        (replaced("province.toml", "quarantine_share", "quarantine_shrae"), "province.toml:", "gõ nhầm"),
        (
            replaced("province.toml", "withdrawn_column = 9", "withdrawn_column = 10"),
            "province.toml:",
            "withdrawn_column",
        ),
        (replaced(A, ",TrangThai,", ",SoDienThoai,"), "column_map.csv:", "dữ liệu cá nhân"),
        (replaced(A, ",TrangThai,", ",,"), "column_map.csv:", "thiếu source_column"),
        (replaced(A, "dossiers,status,", "dossiers,state,"), "column_map.csv:", "không có cột «state»"),
        (replaced(A, "dossiers,status,TrangThai,,,\n", ""), "column_map.csv", "thiếu cột bắt buộc: status"),
        (replaced("vendors/a/status_map.csv", ",done", ",finished"), "status_map.csv:", "«finished»"),
        (replaced(CAM_LAM, 'id = "cam-lam"', 'id = "cam-ranh"'), "source.toml", "trùng tên thư mục"),
        (replaced(CAM_LAM, "H32.32", "H32.99"), "source.toml", "«H32.99» không có trong agencies.csv"),
        (replaced("sources/cam-lam/unit_map.csv", "H32.32,H32.32,", "H32.32,H32.30,"), "unit_map.csv", "H32.30"),
        (replaced("sources/cam-lam/unit_map.csv", "H32.32.01,", "H32.32,"), "unit_map.csv:3", "«H32.32» ghi hai lần"),
        (emptied("sources/cam-lam/unit_map.csv"), "unit_map.csv", "chưa có đơn vị nào"),
    ],
)
def test_a_mistake_is_told_where_it_stands(folder: Path, spoil: Callable[[Path], None], where: str, said: str) -> None:
    spoil(folder)
    with pytest.raises(ConfigError) as told:
        read_all(folder)
    assert where in str(told.value)
    assert said in str(told.value)


def test_the_provinces_as_they_are_read_without_a_word() -> None:
    for name, period in (("khanh-hoa", "2024Q4"), ("phu-tho", "2026Q3")):
        province = read_province(REPOSITORY / "provinces" / name)
        assert province.sources(period=parse_period(period), systems=Path("systems"))


def test_an_unknown_source_names_the_known_ones(folder: Path) -> None:
    with pytest.raises(UsageError, match="cam-lam"):
        read_province(folder).source("nowhere", period=QUARTER, systems=folder)


def test_a_column_map_holds_for_its_days(folder: Path) -> None:
    """The vendor renamed a column on 1/10/2024: the quarter of December reads the new name, September's the old."""
    path = folder / A
    old = "dossiers,status,TrangThai,,,"
    renamed = "dossiers,status,TrangThai,,,2024-09-30\ndossiers,status,MaTrangThai,,2024-10-01,"
    path.write_text(path.read_text(encoding="utf-8").replace(old, renamed), encoding="utf-8")
    columns = {}
    for name in ("2024Q3", "2024Q4"):
        source = read_province(folder).source("cam-lam", period=parse_period(name), systems=folder)
        columns[name] = source.tables["dossiers"].source_columns
    assert "TrangThai" in columns["2024Q3"] and "MaTrangThai" not in columns["2024Q3"]
    assert "MaTrangThai" in columns["2024Q4"] and "TrangThai" not in columns["2024Q4"]


def test_the_catalogue_has_sixty_procedures_in_twelve_fields_and_says_which_are_confirmed() -> None:
    procedures = read_province(REPOSITORY / "provinces" / "khanh-hoa").procedures.values()
    assert len(procedures) >= 60
    assert len({p.field for p in procedures}) >= 12
    assert sum(p.verified for p in procedures) >= 41
