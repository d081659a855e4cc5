"""cchc index and cchc rankings as staff use them: a sheet goes out, comes back filled in, and the table stands."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from contracts import clock
from contracts.criteria_points import POINTS, PointEntry, PointKind, entries_of
from contracts.errors import CchcError, ConfigError, UsageError
from flows.standings import Bureau, open_bureau
from sources.index_sheet import read_sheet
from tests import khanh_son
from tests.quarter.command import Office
from warehouse import standings

HEADS = ("Năm", "Mã cơ quan", "Mã tiêu chí", "Điểm", "Tài liệu kiểm chứng", "Ghi chú")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(tmp_path_factory.mktemp("nhà"), now="2023-01-20T08:00:00+07:00")


@pytest.fixture(scope="module")
def sheet(office: Office) -> Path:
    """The empty sheet of Khánh Sơn's communes."""
    path = office.home / "phiếu.xlsx"
    office.cchc("index", "template", "2022", "--unit", "575", "--out", str(path))
    return path


def filled(sheet: Path, points: dict[tuple[str, str], Any], name: str) -> Path:
    """A copy of the sheet with these points, and other cells by their address."""
    book = openpyxl.load_workbook(sheet)
    page = book["Chấm điểm"]
    heads = [cell.value for cell in page[1]]
    agency, criterion, entered = (heads.index(head) for head in ("Mã cơ quan", "Mã tiêu chí", POINTS))
    for row in page.iter_rows(min_row=2):
        if (key := (row[agency].value, row[criterion].value)) in points:
            row[entered].value = points[key]
    book.save(sheet.with_name(name))
    return sheet.with_name(name)


def as_csv(path: Path, year: int) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADS)
        for (code, criterion), points in khanh_son.verified(year).items():
            writer.writerow([year, code, criterion, str(points).replace(".", ","), "", ""])
    return path


def test_the_sheet_has_a_row_a_unit_and_criterion_and_only_what_is_filled_in_is_open(sheet: Path) -> None:
    page = openpyxl.load_workbook(sheet)["Chấm điểm"]
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=2)]
    assert len(rows) == 8 * len(khanh_son.index(2022).by_id)
    assert {row[1] for row in rows} == set(khanh_son.INVENTED[2022])
    open_cells = {cell.column_letter for row in page.iter_rows(min_row=2) for cell in row if not cell.protection.locked}
    assert page.protection.sheet and open_cells == {"G", "H", "I"}
    assert not any(cell.value for row in page.iter_rows(min_row=2, min_col=7, max_col=9) for cell in row)


def test_the_year_of_khanh_son(office: Office, sheet: Path) -> None:
    """Both ways in: a CSV for 2021, the workbook for 2022; then a slip is mended and told."""
    last_year = as_csv(office.home / "2021.csv", 2021)
    office.cchc("index", "add", "2021", str(last_year), "--kind", "verified", "--by", "Tổ thẩm định")
    right = {key: float(points) for key, points in khanh_son.verified(2022).items()}
    slip = {**right, (khanh_son.SON_TRUNG, "7.3"): 1}
    done = office.cchc(
        "index", "add", "2022", str(filled(sheet, slip, "a.xlsx")), "--kind", "verified", "--by", "Tổ thẩm định"
    )
    assert "152 điểm thẩm định mới, 0 thay" in done.stdout
    mended = office.cchc(
        "index", "add", "2022", str(filled(sheet, right, "b.xlsx")), "--kind", "verified", "--by", "Sở Nội vụ"
    )
    assert "0 điểm thẩm định mới, 1 thay điểm nhập trước, 151 không đổi" in mended.stdout
    assert "THAY: H32.37.06 tiêu chí 7.3: 1 → 3" in mended.stdout

    (table,) = json.loads(office.cchc("index", "show", "2022", "--parent", "575", "--json").stdout)
    found = {unit["name"]: unit for unit in table["units"]}["Xã Sơn Trung"]
    assert (found["points"], found["maximum"], found["score"], found["rating"]) == ("62.44", "70", 89.2, "Tốt")
    assert found["ranks"] == [
        {
            "place": 1,
            "of": 8,
            "group": "xã, phường, thị trấn của huyện Khánh Sơn",
            "places_gained": 6,
            "why_none": "",
        }
    ]
    assert found["score_change"] == 14.2 and not found["provisional"]

    shown = office.cchc("index", "show", "2022", "--parent", "H32.37", "--out", str(office.home / "bang.csv")).stdout
    assert "62,44/70" in shown and "89,20%" in shown and "1/8" in shown and "tăng 6 bậc" in shown
    assert "CHƯA KIỂM CHỨNG" in shown
    everywhere = office.cchc("index", "show", "2022").stdout
    assert "Xã Sơn Trung" in everywhere and "Phường Vĩnh Hòa" not in everywhere
    assert "Chưa có điểm thẩm định nào (không liệt kê): 124/132 đơn vị" in everywhere
    with (office.home / "bang.csv").open(encoding="utf-8") as file:
        rows = {row["name"]: row for row in csv.DictReader(file)}
    assert len(rows) == 8 and (rows["Xã Sơn Trung"]["place"], rows["Xã Sơn Trung"]["of"]) == ("1", "8")


@pytest.fixture
def bureau(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bureau:
    monkeypatch.setenv("CCHC_HOME", str(tmp_path))
    monkeypatch.setenv("CCHC_NOW", "2023-01-20T08:00:00+07:00")
    monkeypatch.delenv("CCHC_WAREHOUSE_URL", raising=False)
    monkeypatch.setenv("CCHC_PROVINCE", str(khanh_son.PROVINCE))
    return open_bureau()


def test_a_sheet_with_mistakes_is_told_cell_by_cell_and_enters_nothing(bureau: Bureau, sheet: Path) -> None:
    wrong = {(khanh_son.SON_TRUNG, "1.1"): 99, (khanh_son.SON_TRUNG, "1.2"): "khá", (khanh_son.SON_TRUNG, "1.3"): 1}
    with pytest.raises(ConfigError) as raised:
        bureau.add_points(2022, filled(sheet, wrong, "sai.xlsx"), kind=PointKind.VERIFIED, by="A")
    first, second = raised.value, *raised.value.others
    assert "lớn hơn điểm tối đa 4" in first.cause and "ô G" in first.cause
    assert "«khá» không phải là số" in second.cause and f"ô G{second.line}" in second.cause
    assert standings.points(bureau.engine, 2022) == []


@pytest.mark.parametrize("by", ["", "  "])
def test_points_have_somebody_who_answers_for_them(bureau: Bureau, sheet: Path, by: str) -> None:
    path = filled(sheet, {(khanh_son.SON_TRUNG, "1.1"): 3}, "mot-o.xlsx")
    with pytest.raises(UsageError, match="chưa ghi ai nhập"):
        bureau.add_points(2022, path, kind=PointKind.VERIFIED, by=by)


UNREADABLE = {
    "a formula": ("=2+1", "là công thức"),
    "nothing filled in": (None, "chưa điền điểm nào"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_no_score_is_told(bureau: Bureau, sheet: Path, name: str) -> None:
    value, said = UNREADABLE[name]
    path = filled(sheet, {(khanh_son.SON_TRUNG, "1.1"): value}, "x.xlsx")
    with pytest.raises(CchcError, match=said):
        bureau.add_points(2022, path, kind=PointKind.VERIFIED, by="A")


def test_a_file_that_is_no_sheet_is_told(bureau: Bureau, tmp_path: Path) -> None:
    (tmp_path / "thư.docx").write_text("không phải bảng tính", encoding="utf-8")
    for name, said in (("thư.docx", "không phải là tệp Excel"), ("không có.xlsx", "không có tệp")):
        with pytest.raises(UsageError, match=said):
            bureau.add_points(2022, tmp_path / name, kind=PointKind.SELF, by="A")


def test_the_sheet_shows_what_was_assessed_and_what_our_counts_propose(bureau: Bureau, tmp_path: Path) -> None:
    """Neither is read back as a score."""
    assessed = PointEntry(khanh_son.SON_TRUNG, "1.1", PointKind.SELF, Decimal("3.5"), "67/KH-UBND")
    standings.add_points(bureau.engine, 2022, [assessed], by="UBND xã", at=clock.now())
    path = tmp_path / "phiếu.xlsx"
    path.write_bytes(bureau.template(2022, "22729"))
    assert path.read_bytes() == bureau.template(2022, "22729"), "the same content, the same bytes"
    page = openpyxl.load_workbook(path)["Chấm điểm"]
    rows = {row[3]: row for row in page.iter_rows(min_row=2, values_only=True)}
    assert rows["1.1"][9] == 3.5 and rows["1.1"][6] is None
    assert entries_of(read_sheet(path), bureau.indices(2022), bureau.province.units, kind=PointKind.VERIFIED) == ()


PLACES = """\
index,year,unit_code,unit_name,place,base_size,base_group,score,rating,source,published_on,verified
PAR_INDEX,2021,91,Tỉnh Kiên Giang,63,63,"tỉnh, thành phố",,,Bộ Nội vụ,2022-05-25,no
PAR_INDEX,2022,91,Tỉnh Kiên Giang,41,63,"tỉnh, thành phố",,,Bộ Nội vụ,,no
"""


def test_published_places_go_in_and_a_difference_is_told(tmp_path: Path) -> None:
    office = Office(tmp_path, now="2023-06-01T08:00:00+07:00")
    path = tmp_path / "hang.csv"
    path.write_text(PLACES, encoding="utf-8")
    assert "2 dòng mới" in office.cchc("rankings", "add", str(path), "--by", "Sở Nội vụ").stdout
    path.write_text(PLACES.replace(",41,", ",40,"), encoding="utf-8")
    told = office.cchc("rankings", "add", str(path), "--by", "Sở Nội vụ").stdout
    assert "0 dòng mới, 1 khác bản nhập trước, 1 không đổi" in told
    assert "KHÁC: Tỉnh Kiên Giang, Chỉ số cải cách hành chính (PAR INDEX) 2022: place 41 → 40" in told
    shown = office.cchc("rankings", "list", "--unit", "Tỉnh Kiên Giang").stdout
    assert "40/63" in shown and "tăng 23 bậc" in shown
    found = json.loads(office.cchc("rankings", "list", "--json").stdout)
    assert [(one["year"], one["place"], one["base_size"]) for one in found] == [(2021, 63, 63), (2022, 40, 63)]
