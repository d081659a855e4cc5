"""Files and interfaces that nobody has described: what is seen of them, and what is not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from contracts.errors import SourceDrift
from contracts.rest_spec import Paging, RestConnection, RestTable
from contracts.source_config import SourceConfig
from contracts.table_spec import FileConnection, FileTable
from contracts.units import UnitTree
from sources.exploring.drafting import Draft, drafted
from sources.exploring.explore import Code, open_explorer
from sources.exploring.proposal import Proposal, propose
from tests.servers.http import JsonServer, as_json, json_server  # noqa: F401  a fixture
from tests.sources.strange import PEOPLE, provisional
from tests.sources.systems import write_workbook

HEADS = ["TT", "Mã hồ sơ", "Mã TTHC", "Họ và tên", "Nơi tiếp nhận", "Tình trạng", "Hình thức nộp"]
DATES = ["Ngày nhận", "Ngày hẹn trả", "Ngày xong"]
CODES = ("H32.38-241015-0001", "1.000635", PEOPLE[0], "UBND xã", "Đã trả kết quả", "Trực tiếp")


def looked_at(source: SourceConfig, *, table: str = "") -> Proposal:
    with open_explorer(source) as explorer:
        return propose(explorer, table=table)


def mapped(proposal: Proposal) -> dict[str, tuple[str, str]]:
    return {c.column: (c.source_column, c.format) for c in proposal.dossiers.columns}


def workbook(folder: Path, rows: Sequence[Sequence[Any]], *, sheet: str = "Sổ theo dõi") -> SourceConfig:
    path = folder / "2024Q4.xlsx"
    write_workbook(path, {"Hướng dẫn": [("Ghi theo mẫu",), (PEOPLE[0], PEOPLE[1])], sheet: rows})
    return provisional(str(path), kind="excel", connection=FileConnection())


def test_the_row_of_heads_is_found_below_titles(tmp_path: Path) -> None:
    row = (1, *CODES, date(2024, 10, 15), "20/10/2024", None)
    proposal = looked_at(workbook(tmp_path, [("SỔ THEO DÕI",), (), ("Quý IV",), [*HEADS, *DATES], row]))
    assert proposal.dossiers.found.spec == FileTable(sheet="Sổ theo dõi", header_row=4)
    assert proposal.dossiers.missing == ()
    assert mapped(proposal)["received_date"] == ("Ngày nhận", "iso"), "a true date cell"
    assert mapped(proposal)["due_date"] == ("Ngày hẹn trả", "%d/%m/%Y")
    assert mapped(proposal)["end_date"] == ("Ngày xong", "?")
    assert proposal.codes["status"] == [Code("Đã trả kết quả")]
    assert proposal.dossiers.personal == ("Họ và tên",)
    assert PEOPLE[0] not in repr(proposal)


def test_a_hidden_sheet_is_not_looked_at(tmp_path: Path) -> None:
    source = workbook(tmp_path, [[*HEADS, *DATES], (1, *CODES, "15/10/2024", "20/10/2024", None)])
    book = openpyxl.load_workbook(source.address)
    book["Hướng dẫn"].sheet_state = "hidden"
    book.active = book["Sổ theo dõi"]
    book.save(source.address)
    with open_explorer(source) as explorer:
        assert [table.name for table in explorer.tables()] == ["Sổ theo dõi"]


def test_a_csv_in_another_encoding_is_told(tmp_path: Path) -> None:
    path = tmp_path / "2024Q4.csv"
    path.write_bytes(",".join([*HEADS, *DATES, ""]).encode("cchc-vni") * 2)
    with pytest.raises(SourceDrift, match="vni"):
        looked_at(provisional(str(path), kind="csv", connection=FileConnection()))


def test_heads_on_two_rows_are_read_together(tmp_path: Path) -> None:
    upper = [*HEADS, "Ngày", "Ngày", "Ngày"]
    lower = [*[None] * len(HEADS), "tiếp nhận", "hẹn trả", "kết thúc"]
    row = (1, *CODES, "15/10/2024", "20/10/2024", "18/10/2024")
    proposal = looked_at(workbook(tmp_path, [upper, lower, row]))
    assert proposal.dossiers.found.spec == FileTable(sheet="Sổ theo dõi", header_row=1, header_rows=2)
    assert mapped(proposal)["end_date"] == ("Ngày / kết thúc", "%d/%m/%Y")


def test_a_sheet_without_known_heads_says_nothing_of_what_stands_there(tmp_path: Path) -> None:
    path = tmp_path / "2024Q4.xlsx"
    write_workbook(path, {"Sheet1": [PEOPLE, PEOPLE]})
    source = provisional(str(path), kind="excel", connection=FileConnection())
    found = looked_at(source, table="Sheet1").dossiers
    assert found.found.columns == {}
    assert "header_row" in found.found.note
    assert not [value for value in PEOPLE if value in repr(found)]


@pytest.mark.parametrize(("delimiter", "encoding"), [(",", "utf-8"), (";", "utf-8"), ("\t", "utf-16")])
def test_a_csv_is_understood_whatever_stands_between_its_cells(tmp_path: Path, delimiter: str, encoding: str) -> None:
    lines = [["Báo cáo quý IV"], [*HEADS, *DATES], ["1", *CODES, "15/10/2024 08:00", "20/10/2024", "18/10/2024"]]
    path = tmp_path / "2024Q4.csv"
    path.write_text("\n".join(delimiter.join(line) for line in lines) + "\n", encoding=encoding)
    connection = FileConnection(encoding=encoding)  # type: ignore[arg-type]
    proposal = looked_at(provisional(str(path), kind="csv", connection=connection))
    assert proposal.dossiers.found.spec == FileTable(header_row=2)
    assert mapped(proposal)["received_date"] == ("Ngày nhận", "%d/%m/%Y %H:%M")
    assert proposal.codes["channel"] == [Code("Trực tiếp")]


ROW = {
    "soHoSo": CODES[0],
    "thuTuc": {"ma": "1.000635", "ten": "Đăng ký"},
    "donViTiepNhan": "H32.32",
    "trangThai": {"ma": 9, "ten": "Xong"},
    "kenhNop": "Trực tiếp",
    "ngayTiepNhan": "2024-10-15T08:30:00+07:00",
    "ngayHenTra": "2024-10-20",
    "ngayHoanThanh": None,
    "lienThong": True,
    "nguoiNop": {"hoTen": PEOPLE[0], "soDienThoai": PEOPLE[1]},
}


@pytest.mark.parametrize(("foot", "total_row"), [("", False), ("Tổng cộng,1\n", True), ("Tổng cộng,1\n,KT\n", True)])
def test_a_csv_that_ends_with_its_total_has_to(tmp_path: Path, foot: str, total_row: bool) -> None:
    path = tmp_path / "2024Q4.csv"
    row = ["1", *CODES, "15/10/2024", "20/10/2024", ""]
    path.write_text("\n".join(",".join(cells) for cells in ([*HEADS, *DATES], row, row)) + "\n" + foot)
    proposal = looked_at(provisional(str(path), kind="csv", connection=FileConnection()))
    assert proposal.dossiers.found.spec == FileTable(total_row=total_row)


@pytest.fixture
def interface(json_server: JsonServer) -> JsonServer:  # noqa: F811
    json_server.rows = [ROW, {**ROW, "soHoSo": "H32.32-241016-0002"}]
    return json_server


def rest(server: JsonServer) -> SourceConfig:
    return provisional(server.url, kind="rest", connection=RestConnection(pause_seconds=0))


def test_the_list_of_rows_is_found_in_an_answer(interface: JsonServer) -> None:
    proposal = looked_at(rest(interface), table="hoso")
    spec = proposal.dossiers.found.spec
    assert isinstance(spec, RestTable)
    assert (spec.path, spec.rows) == ("hoso", "data.items")
    found = mapped(proposal)
    assert found["dossier_code"] == ("soHoSo", "")
    assert found["status"] == ("trangThai.ma", "")
    assert found["received_date"] == ("ngayTiepNhan", "iso")
    assert found["linked"] == ("lienThong", "TRUE")
    assert proposal.codes["status"] == [Code("9")]
    assert set(proposal.dossiers.personal) >= {"nguoiNop.hoTen", "nguoiNop.soDienThoai"}
    assert PEOPLE[0] not in repr(proposal)


def test_an_interface_is_asked_once(interface: JsonServer) -> None:
    looked_at(rest(interface), table="hoso")
    assert [asked.path for asked in interface.asked] == ["/hoso"]


STYLES = """
style  | paging            | said
page   | total pages       | ghi paging style
link   | link next         | địa chỉ trang sau
head   | link              | địa chỉ trang sau
cursor | total             | theo «next»
"""


@pytest.mark.parametrize("line", STYLES.strip().splitlines()[1:])
def test_what_an_answer_says_of_more_pages_is_told(interface: JsonServer, line: str) -> None:
    style, paging, said = (cell.strip() for cell in line.split("|"))
    interface.style, interface.size = style, 1
    found = looked_at(rest(interface), table="hoso").dossiers.found
    spec = found.spec
    assert isinstance(spec, RestTable)
    assert said in found.note
    assert spec.paging.style == ("link" if "link" in paging else "none")
    assert bool(spec.paging.next) == ("next" in paging)
    assert spec.paging.total == "data.total"


def test_an_answer_without_a_total_is_warned_of(interface: JsonServer) -> None:
    interface.then(lambda _server, _asked: as_json([ROW]))
    found = looked_at(rest(interface), table="hoso").dossiers.found
    assert found.spec == RestTable(path="hoso", paging=Paging())
    assert "SỐ LIỆU SẼ THIẾU" in found.note


SENT = (1, *CODES, "15/10/2024", "20/10/2024", None)


def test_workbooks_whose_sheets_have_other_names_are_looked_at(tmp_path: Path) -> None:
    write_workbook(tmp_path / "2024Q4-huyen.xlsx", {"Huyện": [[*HEADS, *DATES], SENT]})
    write_workbook(tmp_path / "2024Q4-xa.xlsx", {"Xã Sơn Hiệp": [[*HEADS, *DATES], SENT]})
    source = provisional(str(tmp_path / "2024Q4-*.xlsx"), kind="excel", connection=FileConnection())
    proposal = looked_at(source)
    assert proposal.codes["status"] == [Code("Đã trả kết quả")]
    assert [table.name for table, _ in proposal.others] == ["Xã Sơn Hiệp"]


def test_a_second_sheet_of_dossiers_is_read_by_a_pattern_and_not_by_a_join(tmp_path: Path) -> None:
    heads = [*HEADS, *DATES]
    write_workbook(tmp_path / "2024Q4.xlsx", {"Huyện": [heads, SENT], "Xã Sơn Hiệp": [heads, SENT]})
    source = provisional(str(tmp_path / "2024Q4.xlsx"), kind="excel", connection=FileConnection())
    text = drafted(Draft("la", "Lạ", "excel", source.address), looked_at(source), UnitTree(()))["source.toml"]
    said = next(line for line in text.splitlines() if "Xã Sơn Hiệp" in line)
    assert 'sheet = "*"' in said
    assert "JOIN" not in said


def test_files_that_one_pattern_reads_are_no_other_tables(tmp_path: Path) -> None:
    for name in ("a", "b"):
        lines = [",".join([*HEADS, *DATES]), ",".join(map(str, (1, *CODES, "15/10/2024", "20/10/2024", "")))]
        (tmp_path / f"2024Q4-{name}.csv").write_text("\n".join([*lines, ""]), encoding="utf-8")
    source = provisional(str(tmp_path / "2024Q4-*.csv"), kind="csv", connection=FileConnection())
    assert looked_at(source).others == ()
