"""The quarters before, across and after the end of the districts: which units are rows, what is missing, what is
compared; a dossier that was handed over keeps its days and counts once."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from contracts.errors import UsageError
from contracts.former_districts import former_districts
from contracts.periods import parse_period
from contracts.succession import predecessors_of, successors_of, takes_over
from contracts.units import read_units
from reporting.context import ReportContext, build_context
from reporting.page import Table
from reporting.refresh import _wanted
from tests.reporting import blocks, reorganised
from tests.transforms.tables import read_table

STORED = {
    "2025Q2": ("2025Q1",),
    "2025Q3": ("2025Q1", "2025Q2"),
    "2025Q4": ("2024Q4", "2025Q1", "2025Q2", "2025Q3"),
}
ROWS = """
Columns (3) to (13) of each row of the form by unit, and those of the territory of the former district.

| kỳ     | đơn vị                           | số liệu                  |
| 2025Q2 | Sở Nội vụ                        | 1 1 0 0 1 1 0 0 0 0 0    |
| 2025Q2 | Huyện Khánh Sơn                  | 3 3 0 0 2 1 0 1 1 1 0    |
| 2025Q2 | Tổng cộng                        | 4 4 0 0 3 2 0 1 1 1 0    |
| 2025Q3 | Sở Nội vụ                        | 1 1 0 0 1 1 0 0 0 0 0    |
| 2025Q3 | Huyện Khánh Sơn (đến 30/06/2025) | 2 2 0 0 2 1 0 1 0 0 0    |
| 2025Q3 | Xã Khánh Sơn (từ 01/07/2025)     | 2 2 0 0 2 1 0 1 0 0 0    |
| 2025Q3 | Xã Tây Khánh Sơn (từ 01/07/2025) | 1 1 0 0 0 0 0 0 1 1 0    |
| 2025Q3 | Xã Đông Khánh Sơn (từ 01/07/2025) | 2 1 0 1 1 1 0 0 1 0 1   |
| 2025Q3 | Tổng cộng                        | 8 7 0 1 6 4 0 2 2 1 1    |
| 2025Q4 | Sở Nội vụ                        | 1 1 0 0 1 1 0 0 0 0 0    |
| 2025Q4 | Xã Khánh Sơn                     | 0 0 0 0 0 0 0 0 0 0 0    |
| 2025Q4 | Xã Tây Khánh Sơn                 | 2 1 0 1 2 2 0 0 0 0 0    |
| 2025Q4 | Xã Đông Khánh Sơn                | 1 0 0 1 0 0 0 0 1 0 1    |
| 2025Q4 | Tổng cộng                        | 4 2 0 2 3 3 0 0 1 0 1    |
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reorganised")


def report(folder: Path, period: str, *, missing: tuple[str, ...] = ()) -> ReportContext:
    given = reorganised.report_input(folder, period, stored=STORED[period], missing=missing)
    return build_context(given, unit=None)


@pytest.mark.parametrize("period", ["2025Q2", "2025Q3", "2025Q4"])
def test_the_rows_are_the_units_of_the_quarter_and_each_dossier_counts_once(folder: Path, period: str) -> None:
    by_unit = report(folder, period).by_unit
    assert by_unit is not None
    found = [(row.name, " ".join(row.cells)) for row in by_unit.form.rows if row.kind != "group"]
    assert found == [(row["đơn vị"], row["số liệu"]) for row in read_table(ROWS) if row["kỳ"] == period]


def test_what_was_open_at_the_end_is_carried_over_by_whoever_took_its_place(folder: Path) -> None:
    """(11) of a quarter is (6) of the next, over the whole province."""
    sums = [reorganised.figures(folder, p).sums(reorganised.tree(folder)) for p in ("2025Q2", "2025Q3", "2025Q4")]
    for before, now in pairwise(sums):
        assert before is not None and now is not None
        assert before["open_in_time"] + before["open_overdue"] == now["carried_over"]


def table(context: ReportContext, caption: str) -> Table | None:
    return next((t for annex in context.further for t in annex.tables if caption in t.caption), None)


def test_across_and_after_it_the_series_is_broken_and_says_so(folder: Path) -> None:
    for period in ("2025Q3", "2025Q4"):
        context = report(folder, period)
        (answer,) = [a for a in context.answers if a.question == "Thay đổi"]
        assert "tổ chức đơn vị hành chính thay đổi giữa hai kỳ" in answer.lines[0]
        found = table(context, "so với quý")
        assert found is not None and found.rows[0].cells[0] == "Đứt chuỗi số liệu"
        assert all(row.cells[3] in {"–", ""} for row in found.rows[1:])
        assert ("i", "Đứt chuỗi số liệu: tổ chức đơn vị hành chính thay đổi giữa hai kỳ.") in [
            (note.mark, note.text) for note in found.notes
        ]


def test_before_it_nothing_is_broken_and_the_year_is_added_up(folder: Path) -> None:
    context = report(folder, "2025Q2")
    compared, year = blocks.table(context, "So sánh với"), table(context, "Lũy kế")
    assert compared.rows[0].cells == ("Nhận giải quyết – cột (3)", "0", "4", "+4")
    assert table(context, "so với quý I") is None, "the body has it"
    assert year is not None and year.rows[0].cells == ("Nhận giải quyết (3)", "4")
    assert table(context, "địa bàn huyện cũ") is None


def test_the_year_so_far_is_not_added_up_over_the_end_of_the_districts(folder: Path) -> None:
    context = report(folder, "2025Q4")
    assert table(context, "Lũy kế") is None
    said = [text for annex in context.further for text in annex.paragraphs]
    assert "Chưa tính được lũy kế từ đầu năm: tổ chức đơn vị hành chính thay đổi trong năm." in said


TERRITORY = """
| kỳ     | so với | nay  | số hồ sơ | trước  | số hồ sơ trước | tăng giảm    |
| 2025Q3 | quý II năm 2025 | 60,00% | 3/5 | 50,00% | 1/2 | +10,00 điểm % |
| 2025Q4 | quý III năm 2025 | 100,00% | 2/2 | 60,00% | 3/5 | +40,00 điểm % |
"""


@pytest.mark.parametrize("row", read_table(TERRITORY), ids=lambda row: row["kỳ"])
def test_the_territory_of_a_former_district_is_compared_as_a_labelled_grouping(
    folder: Path, row: dict[str, str]
) -> None:
    found = table(report(folder, row["kỳ"]), f"địa bàn huyện cũ, so với {row['so với']}")
    assert found is not None
    assert found.rows[0].cells == (
        "Địa bàn huyện Khánh Sơn cũ (xã Khánh Sơn, xã Tây Khánh Sơn và xã Đông Khánh Sơn)",
        *list(row.values())[2:],
    )
    assert "không phải cấp chính quyền" in found.notes[0].text
    assert found.columns[3].head == {"2025Q3": "Quý II năm 2025", "2025Q4": "Quý III năm 2025"}[row["kỳ"]]


def test_the_old_system_that_does_not_answer_is_missing_in_its_units_alone(folder: Path) -> None:
    context = report(folder, "2025Q3", missing=("huyen-cu",))
    assert context.by_unit is not None
    rows = {row.name: row for row in context.by_unit.form.rows}
    assert set(rows["Huyện Khánh Sơn (đến 30/06/2025)"].cells) == {"–"}
    assert rows["Tổng cộng"].marks == "a" and not rows["Xã Khánh Sơn (từ 01/07/2025)"].marks
    territory = table(context, "địa bàn huyện cũ")
    assert territory is not None and territory.rows[0].cells[-1] == "–" and territory.rows[0].marks == "i"
    assert "chưa có số liệu của nguồn Hệ thống một cửa huyện Khánh Sơn" in territory.notes[1].text


def test_a_territory_that_is_not_whole_is_not_compared(folder: Path, tmp_path: Path) -> None:
    """Without one of its successors in agencies.csv the sum would be of a part."""
    (tmp_path / "agencies.csv").write_text(reorganised.UNITS.replace("H32.102,22720", "H32.102,22999"), "utf-8")
    (found,) = former_districts(read_units(tmp_path / "agencies.csv"))
    assert found.why_not_whole == "agencies.csv chưa có Xã Tây Khánh Sơn"
    (whole,) = former_districts(reorganised.tree(folder))
    assert whole.why_not_whole == "" and len(whole.before) == 9 and len(whole.since) == 3


def test_nobody_signs_for_a_unit_that_has_ended(folder: Path) -> None:
    wanted = {p: [u.name for u in _wanted(reorganised.report_input(folder, p), [])] for p in ("2025Q2", "2025Q3")}
    assert wanted == {"2025Q2": ["Tỉnh Khánh Hòa", "Huyện Khánh Sơn"], "2025Q3": ["Tỉnh Khánh Hòa"]}


ASKED = """
| mã       | vào ngày   | nói                                      | dùng                                     |
| 575      | 2025-12-14 | (575) kết thúc hoạt động ngày 30/06/2025 | Xã Khánh Sơn (22714), Xã Tây Khánh Sơn (22720) |
| 22729    | 2025-09-14 | Xã Sơn Trung (22729) kết thúc            | dùng đơn vị kế thừa: Xã Đông Khánh Sơn (22732) |
| H32.37.06 | 2025-09-14 | không còn vào ngày 14/09/2025           | Xã Đông Khánh Sơn (22732)                |
| H32.103  | 2025-06-14 | hoạt động từ ngày 01/07/2025, chưa có vào ngày 14/06/2025 | Xã Sơn Trung (22729)    |
| 99999    | 2025-06-14 | không có đơn vị mã «99999»               | agencies.csv                             |
"""


@pytest.mark.parametrize("row", read_table(ASKED), ids=lambda row: row["mã"])
def test_who_asks_for_a_unit_of_another_time_is_told_what_to_ask_for(folder: Path, row: dict[str, str]) -> None:
    with pytest.raises(UsageError) as told:
        reorganised.tree(folder).find(row["mã"], on=date.fromisoformat(row["vào ngày"]))
    assert row["nói"] in told.value.cause and row["dùng"] in told.value.advice


def test_a_code_of_both_times_names_the_unit_of_the_day(folder: Path) -> None:
    tree = reorganised.tree(folder)
    assert tree.find("22714", on=parse_period("2025Q2").cut_off).name == "Thị trấn Tô Hạp"
    assert tree.find("22714", on=parse_period("2025Q3").cut_off).name == "Xã Khánh Sơn"


def test_successors_and_predecessors_are_each_other_s(folder: Path) -> None:
    tree = reorganised.tree(folder)
    east = tree.by_agency("H32.103")
    assert {u.name for u in predecessors_of(east, tree)} == {
        "Huyện Khánh Sơn",
        "Xã Sơn Trung",
        "Xã Ba Cụm Bắc",
        "Xã Ba Cụm Nam",
    }
    for unit in tree:
        assert all(unit in predecessors_of(after, tree) for after in successors_of(unit, tree))
    assert takes_over(east) and not takes_over(tree.by_agency("H32.37.06")) and not takes_over(tree.by_agency("H32.02"))
