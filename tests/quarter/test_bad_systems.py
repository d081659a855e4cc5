"""Systems as they should not be: each gives one clear message, its exit code, and leaves the others alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import openpyxl

from tests.quarter.command import Office
from tests.quarter.conftest import office_of


def not_a_database(systems: Path) -> None:
    (systems / "cam-lam.sqlite").write_bytes(b"this is no database" * 100)


def renamed_sheet(systems: Path) -> None:
    path = systems / "truong-sa" / "2024Q4.xlsx"
    book = openpyxl.load_workbook(path)
    book["Hồ sơ"].title = "Danh sách"
    book.save(path)


def workbook_not_sent(systems: Path) -> None:
    (systems / "truong-sa" / "2024Q4.xlsx").unlink()


def a_folder_in_its_place(systems: Path) -> None:
    path = systems / "khanh-son.sqlite"
    path.unlink()
    path.mkdir()  # no reader can open it, root neither


def a_status_that_nobody_explained(systems: Path) -> None:
    with sqlite3.connect(systems / "khanh-vinh.sqlite") as system:
        system.execute("UPDATE HoSo SET TrangThai = 'Chờ liên thông' WHERE Id IN (SELECT max(Id) FROM HoSo)")
    system.close()


Defect = tuple[Callable[[Path], None], str, str, str]
DEFECTS: list[Defect] = [
    (not_a_database, "cam-lam", "failed", "không phải"),
    (a_folder_in_its_place, "khanh-son", "failed", "không phải là tệp"),
    (a_status_that_nobody_explained, "khanh-vinh", "failed", "«Chờ liên thông» (1 hồ sơ)"),
    (workbook_not_sent, "truong-sa", "not_received", "chưa nhận được"),
]
SOUND = ("cam-ranh", "van-ninh")


def test_bad_systems_are_told_and_the_others_go_on(khanh_hoa_unread: Office, tmp_path: Path) -> None:
    bad = {source for _, source, *_ in DEFECTS}
    office = office_of({*bad, *SOUND}, khanh_hoa_unread, tmp_path)
    for spoil, *_ in DEFECTS:
        spoil(tmp_path / "systems" / "khanh-hoa")
    done = office.cchc("run", "2024Q4", expect=3)
    assert "Traceback" not in done.stdout + done.stderr
    states = {s["id"]: s for s in office.status("2024Q4")["sources"]}
    for _, source, state, said in DEFECTS:
        found = states.pop(source)
        assert found["state"] == state
        assert said in found["error"]
        assert f"THIẾU {source}:" in done.stdout
    assert {source: s["state"] for source, s in states.items()} == dict.fromkeys(SOUND, "loaded")


def test_a_renamed_sheet_is_told_by_its_name_and_the_database_beside_it_goes_on(two_sources: Office) -> None:
    renamed_sheet(Path(two_sources.settings["CCHC_SYSTEMS"]) / "khanh-hoa")
    done = two_sources.cchc("run", "2024Q4", expect=3)
    assert "Traceback" not in done.stdout + done.stderr
    states = {s["id"]: s for s in two_sources.status("2024Q4")["sources"]}
    assert {source: s["state"] for source, s in states.items()} == {"truong-sa": "failed", "khanh-son": "loaded"}
    assert "Danh sách" in states["truong-sa"]["error"]
    assert "THIẾU truong-sa:" in done.stdout
