"""The annex of standings: what is known of the report's units by the period's end, each place with its base."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

from reporting.annexes import Content
from reporting.annexes._rankings import of_units
from reporting.context import build_context
from reporting.page import Row, Table
from reporting.render import render_pdf
from tests import khanh_son
from tests.reporting import places, sample
from transforms.criteria import IndexTable, index_table

TITLE = "Chỉ số cải cách hành chính và thứ hạng của các đơn vị"


def year_2022(**without: str) -> IndexTable:
    """without: agency code by criterion id, not verified."""
    verified = khanh_son.verified(2022)
    for code in without.values():
        del verified[code, "7.3"]
    before = [(khanh_son.index(2021), khanh_son.verified(2021))]
    return index_table(khanh_son.index(2022), khanh_son.tree(), verified, before)


def annex(table: IndexTable | None, *, unit: str | None = "575", with_places: bool = True) -> Content | None:
    rankings = (*places.khanh_son(), *places.son_trung(), *places.province()) if with_places else ()
    given = replace(sample.report_input(), standings=(table,) if table else (), rankings=rankings)
    root = given.province.units.find(unit, on=given.as_of) if unit else None
    found = [a for a in build_context(given, unit=root).further if a.annex.title == TITLE.upper()]
    return Content(TITLE, found[0].paragraphs, found[0].tables, found[0].rules) if found else None


def rows_of(table: Table) -> dict[str, Row]:
    return {row.cells[0]: row for row in table.rows}


def test_the_communes_of_the_district_with_index_class_rank_and_change() -> None:
    found = annex(year_2022())
    assert found is not None
    index = found.tables[0]
    assert index.caption.endswith("Chỉ số cải cách hành chính cấp xã năm 2022")
    cells = {name: row.cells[1:] for name, row in rows_of(index).items()}
    assert cells["Xã Sơn Trung"] == ("62,44/70", "89,20%", "+14,20", "1/8", "tăng 6 bậc", "Tốt")
    assert cells["Xã Sơn Lâm"] == ("58,10/70", "83,00%", "+2,50", "5/8", "giảm 1 bậc", "Khá")
    assert len(cells) == 8
    assert any(
        said == "Dẫn đầu 8 xã, phường, thị trấn của huyện Khánh Sơn: xã Sơn Trung, 89,2%, xếp loại Tốt."
        for said in found.paragraphs
    )
    assert "chưa được đối chiếu" in found.paragraphs[0], "the bands are unverified, and the page says so"


def test_a_unit_that_is_not_verified_prints_no_index_and_its_group_no_rank() -> None:
    found = annex(year_2022(last="H32.37.08"))
    assert found is not None
    rows = rows_of(found.tables[0])
    assert rows["Xã Ba Cụm Nam"].cells[1:] == ("45,30/70", "–", "–", "–", "–", "–")
    assert rows["Xã Sơn Trung"].cells[1:] == ("62,44/70", "89,20%", "+14,20", "–", "–", "Tốt")
    notes = {note.mark: note.text for note in found.tables[0].notes}
    assert notes[rows["Xã Ba Cụm Nam"].marks] == "Mới thẩm định 18/19 tiêu chí; điểm ghi là điểm đến nay."
    assert notes[rows["Xã Sơn Trung"].marks].startswith("Chưa xếp hạng: 1/8")
    assert not any(said.startswith("Dẫn đầu") for said in found.paragraphs)


def test_the_province_shows_the_districts_that_have_points_and_names_the_others() -> None:
    found = annex(year_2022(), unit=None)
    assert found is not None
    rows = found.tables[0].rows
    assert len(rows) == 8, "one district needs no row of its own"
    assert any("huyện Cam Lâm" in note.text for note in found.tables[0].notes)


def test_published_places_stand_with_base_source_and_change() -> None:
    found = annex(None, unit=None)
    assert found is not None
    table = found.tables[0]
    of_province = [row for row in table.rows if row.cells[0] == "Chỉ số cải cách hành chính (PAR INDEX)"]
    assert [row.cells[1:] for row in of_province] == [("2023", "86,00%", "17/63", "tăng 3 bậc", "–")]
    notes = {note.mark: note.text for note in table.notes}
    assert notes[of_province[0].marks] == (
        "Xếp hạng trong 63 tỉnh, thành phố. Nguồn: Bộ Nội vụ công bố, công bố ngày 17/04/2024."
    )
    assert any("chưa đối chiếu với văn bản" in text for text in notes.values())
    runs = "Huyện Khánh Sơn, chỉ số cải cách hành chính do tỉnh công bố: Trung bình 2016–2017 (2 năm liền)"
    assert any(said.startswith(runs) for said in found.paragraphs)


def test_ranks_of_63_and_of_34_provinces_are_not_subtracted() -> None:
    after = replace(places.province()[1], year=2024, place=11, base_size=34, published_on=None)
    given = replace(sample.report_input(), rankings=(*places.province()[:2], after))
    (found,) = [a for a in build_context(given, unit=None).further if a.annex.title == TITLE.upper()]
    row = found.tables[0].rows[1]
    assert row.cells[1:5] == ("2024", "86,00%", "11/34", "–")
    said = "Không so sánh thứ hạng do cơ sở xếp hạng khác nhau (63 và 34 tỉnh, thành phố)."
    assert said in {note.text for note in found.tables[0].notes if note.mark in row.marks}


def test_targets_are_held_against_what_was_published() -> None:
    found = annex(None, unit=None)
    assert found is not None
    cells = [row.cells for row in found.tables[1].rows]
    assert [(c[2], c[3], c[4]) for c in cells] == [
        ("tăng hạng so với năm trước", "hạng 17/63, 86,00%", "Đạt"),
        ("Khá hoặc Tốt", "Chưa có kết quả", "–"),
    ]


def test_a_report_of_other_units_has_no_such_annex() -> None:
    assert annex(year_2022(), unit="570", with_places=True) is None
    assert annex(None, unit="575", with_places=False) is None


def test_the_page_is_whole(tmp_path: Path) -> None:
    rankings = (*places.khanh_son(), *places.son_trung())
    given = replace(sample.report_input(), standings=(year_2022(),), rankings=rankings)
    path = tmp_path / "b.pdf"
    render_pdf(build_context(given, unit=given.province.units.find("575", on=given.as_of)), path)
    text = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True)
    for figure in ("62,44/70", "89,20%", "1/8", "tăng 6 bậc", "89,2%, xếp loại Tốt"):
        assert figure in " ".join(text.stdout.split())


def test_a_code_that_was_another_unit_s_then_is_not_the_report_s_unit() -> None:
    """22714 was thị trấn Tô Hạp up to 30/6/2025 and is xã Khánh Sơn since."""
    then = replace(places.son_trung()[1], unit_code="22714", unit_name="Thị trấn Tô Hạp")
    unit = replace(khanh_son.tree().by_agency("H32.37.01"), valid_to=None)
    assert of_units([then], [unit], on=date(2024, 9, 15)) == [then]
    assert of_units([then], [unit], on=date(2026, 9, 15)) == []
