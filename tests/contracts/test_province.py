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


def added(name: str, text: str) -> Callable[[Path], None]:
    """The text at the end of the file, or as a new file."""

    def spoil(folder: Path) -> None:
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(text)

    return spoil


def corrected(column: str, *, reason: str = "Công văn 12/UBND-VP", until: str = "2024-12-14") -> Callable[[Path], None]:
    day = until if until[0].isdigit() else f'"{until}"'
    entry = f"""
    [[correction]]
    dossier_code = "H32.32-241015-0001"
    {column}
    was = ""
    value = "2024-10-18"
    reason = "{reason}"
    by = "Phòng KSTTHC"
    until = {day}
    """
    return added("sources/cam-lam/corrections.toml", entry)


def twice_corrected(folder: Path) -> None:
    """The same dossier, once with a space behind its code."""
    corrected('column = "end_date"')(folder)
    corrected('column = "end_date"')(folder)
    replaced("sources/cam-lam/corrections.toml", '-0001"', '-0001 "')(folder)


def one_after_the_other(folder: Path) -> None:
    """The same cell, for other periods: what the first was for may come back otherwise."""
    corrected('column = "end_date"', until="2024-09-14")(folder)
    corrected('column = "end_date"\nsince = 2024-12-14')(folder)


A = "vendors/a/column_map.csv"
VENDOR_A = "vendors/a/vendor.toml"
CAM_LAM = "sources/cam-lam/source.toml"


@pytest.mark.parametrize(
    ("spoil", "where", "said"),
    [
        (gone("province.toml"), "province.toml", "không có tệp này"),
        (gone("agencies.csv"), "agencies.csv", ""),
        (gone("sources/cam-lam/source.toml"), "source.toml", "không có tệp này"),
        (gone("vendors/a/status_map.csv"), "status_map.csv", "không có tệp này"),
        (replaced("province.toml", 'name = "', 'name = Khánh Hòa"'), "province.toml:2", "cú pháp"),
        (
            added("province.toml", "\n[portal]\nidle_minutes = 2"),
            "province.toml:",
            "«portal.idle_minutes»: phải từ 5 đến 240",
        ),
        (added("province.toml", "\n[portal]\nfailures = 0"), "province.toml:", "«portal.failures»: phải từ 3 đến 20"),
        (added("province.toml", '\n[portal]\nsession_hours = "x"'), "province.toml:", "phải là số nguyên"),
        (added("province.toml", "\n[portal]\nidle = 2"), "province.toml:", "gõ nhầm"),
        (replaced("province.toml", "quarantine_share", "quarantine_shrae"), "province.toml:", "gõ nhầm"),
        (
            replaced("province.toml", "withdrawn_column = 9", "withdrawn_column = 10"),
            "province.toml:",
            "withdrawn_column",
        ),
        (replaced(A, ",TrangThai,", ",SoDienThoai,"), "column_map.csv:", "dữ liệu cá nhân"),
        (replaced(A, "NgayHenTra,iso", "NgayHenTra,%Y-%m-%dT%H:%M:%SZ"), "column_map.csv:9", "múi giờ"),
        (replaced(A, "NgayHenTra,iso", "NgayHenTra,%Y-%m-%d %H:%M:%S.000+00:00"), "column_map.csv:9", "múi giờ"),
        (replaced(A, "NgayHenTra,iso", "NgayHenTra,%d/%m/%Y %I:%M %p +00"), "column_map.csv:9", "múi giờ"),
        (replaced(A, "NgayHenTra,iso", "NgayHenTra,%d/%m/%Y %H:%M %Z"), "column_map.csv:9", "múi giờ"),
        (replaced(A, ",TrangThai,", ",,"), "column_map.csv:", "thiếu source_column"),
        (replaced(A, "dossiers,status,", "dossiers,state,"), "column_map.csv:", "không có cột «state»"),
        (replaced(A, "dossiers,status,TrangThai,,,\n", ""), "column_map.csv", "thiếu cột bắt buộc: status"),
        (replaced("vendors/a/status_map.csv", ",done", ",finished"), "status_map.csv:", "«finished»"),
        (replaced(CAM_LAM, 'id = "cam-lam"', 'id = "cam-ranh"'), "source.toml", "trùng tên thư mục"),
        (replaced(CAM_LAM, "H32.32", "H32.99"), "source.toml", "«H32.99» không có trong agencies.csv"),
        (replaced("sources/cam-lam/unit_map.csv", "H32.32,H32.32,", "H32.32,H32.30,"), "unit_map.csv", "H32.30"),
        (replaced("sources/cam-lam/unit_map.csv", "H32.32.01,", "H32.32,"), "unit_map.csv:3", "«H32.32» ghi hai lần"),
        (added("vendors/a/status_map.csv", "Đã xong,,done\nĐã xong,,open\n"), "status_map.csv:", "ghi hai lần"),
        (emptied("sources/cam-lam/unit_map.csv"), "unit_map.csv", "chưa có đơn vị nào"),
        (replaced(CAM_LAM, "{systems}/", "postgresql://doc:mk@10.0.0.5/"), "source.toml", "không được chứa tài khoản"),
        (replaced(CAM_LAM, "cam-lam.sqlite", "cam-lam.sqlite?token=x"), "source.toml", "không được chứa tài khoản"),
        (replaced(CAM_LAM, "vendor =", 'procedures = ["2.635"]\nvendor ='), "source.toml", "«2.635» phải có dạng"),
        (replaced(CAM_LAM, "vendor =", 'since = "2024"\nvendor ='), "source.toml:3", "«since»"),
        (replaced(VENDOR_A, 'kind = "sqlite"', 'kind = "dbase"'), "vendor.toml:3", "«kind»: phải là một trong"),
        (replaced(VENDOR_A, "timeout_seconds = 60", "timeout_seconds = 0"), "vendor.toml:4", "«timeout_seconds»"),
        (replaced(VENDOR_A, 'from = "HoSo"', 'sheet = "HoSo"'), "vendor.toml", "«tables.dossiers.sheet»"),
        (added(VENDOR_A, '\n[connection]\ntls = "on"\nencoding = "tcvn3"\n'), "vendor.toml", "«connection.encoding»"),
        (replaced(VENDOR_A, 'from = "HoSo"', 'from = "(SELECT * FROM HoSo) h"'), "vendor.toml", "SELECT *"),
        (replaced(VENDOR_A, "TrangThai IS NOT 8", "HoTenChuHoSo IS NOT 8"), "vendor.toml", "dữ liệu cá nhân"),
        (added("vendors/a/query.sql", "SELECT MaHoSo FROM HoSo"), "vendor.toml", "đã có query.sql"),
        (added("vendors/a/query_pauses.sql", "DELETE FROM HoSo"), "vendor.toml", "đã có query_pauses.sql"),
        (replaced("vendors/a/status_map.csv", "1,Mới đăng ký,not_received", "1,Mới,"), "status_map.csv:2", "chưa ghi"),
        (added("province.toml", '\n[hosts."10.0.0.5"]\nhours = ["6-7"]\n'), "province.toml", "«6-7» phải có dạng"),
        (corrected('column = "ngay"'), "corrections.toml", "không có cột «ngay»"),
        (twice_corrected, "corrections.toml", "một hồ sơ đính chính hai lần"),
        (corrected('column = "end_date"\nsince = 2024-12-15'), "corrections.toml", "since sau until"),
        (corrected('column = "dossier_code"'), "corrections.toml", "không đính chính được mã hồ sơ"),
        (corrected('column = "end_date"', reason=""), "corrections.toml", "phải ghi dossier_code, reason và by"),
        (corrected('column = "end_date"', until="cuối năm"), "corrections.toml", "until"),
    ],
)
def test_a_mistake_is_told_where_it_stands(folder: Path, spoil: Callable[[Path], None], where: str, said: str) -> None:
    spoil(folder)
    with pytest.raises(ConfigError) as told:
        read_all(folder)
    assert where in str(told.value)
    assert said in str(told.value)


def test_a_cell_is_corrected_otherwise_in_another_period(folder: Path) -> None:
    one_after_the_other(folder)
    read_all(folder)


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


@pytest.mark.parametrize(
    ("period", "level"),
    [("2024Q4", "district"), ("2025Q2", "district"), ("2025Q3", None), ("2025Y", None), ("2026Q1", None)],
)
def test_districts_have_a_report_of_their_own_as_long_as_there_are_districts(period: str, level: str | None) -> None:
    report = read_province(REPOSITORY / "provinces" / "khanh-hoa").file.report
    assert report.unit_level(parse_period(period).cut_off) == level
