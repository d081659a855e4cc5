"""Publish, mend a dossier at its source, read that again: a new version of the reports that have it, which says so."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.quarter.command import Office
from tests.quarter.moved import province
from tests.reporting.pdf import sheets

pytestmark = pytest.mark.xdist_group("restated")
SOURCES = ("khanh-son", "truong-sa")
WHO = "Nguyễn Thị Minh, Chánh Văn phòng UBND tỉnh"
AT_ONCE = ("--by", WHO, "--without-approval", "bản giấy đã ký")
LATE = """
FROM HoSo WHERE TrangThai = 10 AND NgayKetThucXuLy BETWEEN '2024-09-15' AND '2024-12-14'
AND NgayTiepNhan BETWEEN '2024-09-15' AND '2024-12-01' AND date(NgayKetThucXuLy) > date(NgayHenTra)
AND DeletedOn IS NULL AND date(NgayHenTra) > date(NgayTiepNhan)
"""


@pytest.fixture(scope="module")
def office(khanh_hoa_unread: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Two small systems, run and published: the province's report and that of huyện Khánh Sơn."""
    folder = province(tmp_path_factory.mktemp("restated"), only=SOURCES)
    systems = folder.parent / "systems"
    shutil.copytree(khanh_hoa_unread.systems, systems)
    made = Office(folder.parent / "home", province=str(folder), settings={"CCHC_SYSTEMS": str(systems)})
    made.cchc("run", "2024Q4")
    yield made


def mend_one(office: Office) -> None:
    """A dossier that the one-stop desk had closed late on paper only: its true end was on the due day."""
    system = next(Path(office.settings["CCHC_SYSTEMS"]).rglob("khanh-son*.sqlite"))
    with sqlite3.connect(system) as connection:
        ((key,),) = connection.execute(f"SELECT Id {LATE} ORDER BY Id LIMIT 1").fetchall()
        connection.execute("UPDATE HoSo SET NgayKetThucXuLy = NgayHenTra WHERE Id = ?", [key])
    connection.close()


def versions(office: Office) -> dict[str, int]:
    return {report["unit_code"]: report["version"] for report in office.status("2024Q4")["reports"]}


def restated(office: Office, *more: str) -> dict[str, Any]:
    return json.loads(office.cchc("restated", "2024Q4", *more, "--json").stdout)  # type: ignore[no-any-return]


def cells(found: dict[str, Any], whose: str) -> dict[str, tuple[int, int]]:
    """Columns of the form that moved, old and new, of a whole unit."""
    return {
        row["figure"].removeprefix("column_"): (row["old_numerator"], row["new_numerator"])
        for row in found["moved"]
        if row["unit"] == whose and row["whose"] == "tree" and row["figure"].startswith("column_")
    }


def test_a_published_figure_that_is_mended_is_restated(office: Office) -> None:
    first = office.report("2024Q4", "575")
    assert (first["status"], first["published_version"], first["restated"]) == ("draft", None, 0)
    office.cchc("check", "2024Q4", "--by", "Trần Văn Hải, chuyên viên")
    office.cchc("approve", "2024Q4", "--by", WHO)
    told = office.cchc("publish", "2024Q4", "--by", WHO, "--note", "Công văn số 12/UBND-NC")
    assert "ĐÃ CÔNG BỐ bản 1 báo cáo kỳ 2024Q4 của" in told.stdout
    told = office.cchc("publish", "2024Q4", "--unit", "575", *AT_ONCE)
    assert "công bố không qua duyệt: bản giấy đã ký" in told.stdout
    assert office.report("2024Q4", "575")["status"] == "published"
    before = versions(office)

    mend_one(office)
    later = replace(office, now="2024-12-23T08:00:00+07:00")
    said = later.cchc("rerun", "2024Q4", "--source", "khanh-son").stdout
    assert said.count("SỐ LIỆU ĐÃ CÔNG BỐ THAY ĐỔI: ") == 2
    assert "Xem: cchc restated 2024Q4 --unit 575" in said
    after = versions(later)
    assert {code for code in after if after[code] != before[code]} == {"56", "575"}

    found = restated(later, "--unit", "575")
    assert (found["from"], found["to"]) == (1, 2)
    moved = cells(found, "Huyện Khánh Sơn")
    assert set(moved) == {"9", "10"}
    assert [new - old for old, new in (moved["9"], moved["10"])] == [1, -1]
    assert cells(restated(later), "Huyện Khánh Sơn") == moved, "the province's report has the same row"
    whole = cells(restated(later), "Tỉnh Khánh Hòa")
    assert {column: new - old for column, (old, new) in whole.items()} == {"9": 1, "10": -1}
    assert [(c["what"], c["moves"]) for c in found["causes"]] == [("Lần trích xuất (mã kiểm tra)", True)]

    report = later.report("2024Q4", "575")
    assert (report["status"], report["published_version"], report["restated"]) == ("draft", 1, len(found["moved"]))
    pages = [page.text for page in sheets(Path(report["path"]))]
    assert f"Bản này thay đổi {len(found['moved'])} số liệu đã công bố ở bản 1 ngày 16/12/2024" in pages[0]
    old, new = (f"{n:,}".replace(",", ".") for n in moved["10"])
    assert any(f"Giải quyết quá hạn – cột (10) {old} {new} −1" in page for page in pages)

    again = later.cchc("rerun", "2024Q4", "--source", "khanh-son").stdout
    assert versions(later) == after
    assert again.count("SỐ LIỆU ĐÃ CÔNG BỐ THAY ĐỔI: ") == 2, "told until a person has decided"
    later.cchc("publish", "2024Q4", "--unit", "575", *AT_ONCE)
    later.cchc("report", "2024Q4")
    assert versions(later) == after, "publishing changes no page"
    assert later.report("2024Q4", "575")["status"] == "published"


def test_what_publish_and_restated_refuse(office: Office) -> None:
    refused = {
        ("publish", "2024Q4", "--by", " "): "phải ghi ai quyết định",
        ("publish", "2024Q4", "--by", WHO, "--withdraw"): "thu hồi phải có lý do",
        ("publish", "2024Q4", "--by", WHO, "--version", "9"): "báo cáo không có bản 9",
        ("publish", "2024Q4", "--by", WHO, "--unit", "576"): "bản 1 đang là dự thảo: không công bố được lúc này",
        ("publish", "2024Q4", "--by", WHO, "--without-approval", " "): "công bố không qua duyệt phải có lý do",
        ("approve", "2024Q4", "--by", WHO, "--unit", "576"): "bản 1 đang là dự thảo: không duyệt được lúc này",
        ("unlock", "2024Q4", "--by", WHO, "--unit", "576", "--reason", " "): "mở khóa phải có lý do",
        ("publish", "2024Q4", "--by", WHO, "--unit", "99999"): "99999",
        ("publish", "2024Q4", "--unit", "576", "--by", WHO, "--withdraw", "--reason", "nhầm"): "chưa có bản nào",
        ("restated", "2024Q4", "--unit", "576"): "chưa có bản nào đang công bố",
    }
    for words, said in refused.items():
        assert said in office.cchc(*words, expect=2).stderr, words


def test_the_list_of_any_two_versions_goes_to_a_file(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "thay-doi.csv"
    office.cchc("restated", "2024Q4", "--from", "1", "--to", "1", "--out", str(file))
    assert file.read_text(encoding="utf-8").startswith("period,agency_code,unit,whose,field,figure,label,")
