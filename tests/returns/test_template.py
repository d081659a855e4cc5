"""The form: made for who exists and is asked, protected but where it is filled in, the same bytes again."""

from __future__ import annotations

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from contracts.codes import Level
from contracts.errors import UsageError
from contracts.return_form import COVER, IDENTITY, SHEETS, Column, inputs_of
from contracts.returned import Kind, read_questions
from flows.returns import write_forms
from reporting.returns.gather import forms
from tests.returns.conftest import MakeOffice
from tests.returns.whole_way import Office


@pytest.fixture
def made(office: MakeOffice) -> Office:
    return office()


def sheets(one: Office, agency: str) -> list[Worksheet]:
    return [sheet for sheet in openpyxl.load_workbook(one.forms[agency]).worksheets if sheet.title in SHEETS]


# kỳ        đơn vị có phiếu
EXISTING = """
2024Q4    | H99 H99.02 H99.31 H99.31.01 H99.31.02
2025Q2    | H99 H99.02 H99.31 H99.31.01 H99.31.02
2025Q3    | H99 H99.02 H99.31 H99.31.01 H99.31.02 H99.40
2025Q4    | H99 H99.02 H99.40
"""


@pytest.mark.parametrize("line", EXISTING.strip().splitlines())
def test_a_form_for_every_unit_that_exists_in_the_period(office: MakeOffice, line: str) -> None:
    period, codes = (part.strip() for part in line.split("|"))
    assert sorted(office(period, now="2026-01-05T08:00:00+07:00").forms) == codes.split()


def test_a_unit_that_ended_in_the_period_reports_its_own_days(office: MakeOffice) -> None:
    one = office("2025Q3", now="2026-01-05T08:00:00+07:00")
    days = {code: openpyxl.load_workbook(one.forms[code])[COVER]["B7"].value for code in ("H99", "H99.31", "H99.40")}
    assert days == {
        "H99": "15/06/2025 – 14/09/2025",
        "H99.31": "15/06/2025 – 30/06/2025",
        "H99.40": "01/07/2025 – 14/09/2025",
    }


def test_a_unit_that_ended_is_not_asked_what_stands_at_the_end(office: MakeOffice) -> None:
    """Whoever took its place has it then: the sum of the province would have it twice."""
    one = office("2025Q3", now="2026-01-05T08:00:00+07:00")
    stocks = {line.id for line in read_questions(one.folder).asked if line.measured == "at_end"}
    place = one.place()
    asked = {form.unit.agency_code: {line.id for line in form.lines} for form in forms(place.province, place.period)}
    assert stocks & asked["H99.40"] and stocks & asked["H99"]
    assert not stocks & (asked["H99.31"] | asked["H99.31.01"]) and asked["H99.31"]


def test_the_same_form_is_the_same_bytes(made: Office) -> None:
    before = {code: path.read_bytes() for code, path in made.forms.items()}
    del made.forms
    assert {code: path.read_bytes() for code, path in made.forms.items()} == before


def test_only_the_units_that_are_named(made: Office) -> None:
    paths = list(write_forms(made.place(), made.folder / "few", codes=["575", "H99.02"]))
    assert [p.name for p in paths] == ["phieu-2024Q4-H99.31.xlsx", "phieu-2024Q4-H99.02.xlsx"]
    with pytest.raises(UsageError, match=r"H99\.40"):
        list(write_forms(made.place(), made.folder / "few", codes=["H99.40"]))  # begins in 2025


@pytest.mark.parametrize("agency", ["H99", "H99.02", "H99.31", "H99.31.01"])
def test_only_the_cells_to_fill_can_be_written_to(made: Office, agency: str) -> None:
    lines = {line.id: line for line in read_questions(made.folder).asked}
    for sheet in sheets(made, agency):
        assert sheet.protection.sheet and not sheet.protection.password, "protected, without a password"
        for row in sheet.iter_rows(min_row=6):
            line = lines[row[Column.ID].value]
            wanted = {*inputs_of(line.kind), Column.STATE, Column.EVIDENCE, Column.NOTE}
            assert {Column(c.column - 1) for c in row if not c.protection.locked} == wanted, line.id


def test_each_line_tells_what_is_asked_and_each_input_has_its_note(made: Office) -> None:
    lines = {line.id: line for line in read_questions(made.folder).of(Level.DISTRICT, made.period)}
    seen = []
    for sheet in sheets(made, "H99.31"):
        noted = {
            str(cells) for rule in sheet.data_validations.dataValidation if rule.prompt for cells in rule.sqref.ranges
        }
        for row in sheet.iter_rows(min_row=6):
            line = lines[row[Column.ID].value]
            seen.append(line.id)
            assert (row[Column.LABEL].value, row[Column.UNIT].value) == (line.label, line.unit)
            assert line.definition in row[Column.DEFINITION].value
            assert {row[c].coordinate for c in (*inputs_of(line.kind), Column.STATE)} <= noted, line.id
        assert all(cell.comment for cell in sheet[5] if cell.column <= Column.NOTE + 1)
    assert seen == list(lines), "every line once, in its order"


def test_lists_are_offered_where_there_is_a_choice(made: Office) -> None:
    offered = {}
    for sheet in sheets(made, "H99.31"):
        for rule in sheet.data_validations.dataValidation:
            if rule.type == "list":
                offered |= {(sheet.title, str(cells)): rule.formula1 for cells in rule.sqref.ranges}
    lines = {line.id: line for line in read_questions(made.folder).asked}
    for sheet in sheets(made, "H99.31"):
        for row in sheet.iter_rows(min_row=6):
            line = lines[row[Column.ID].value]
            assert "Chưa có số liệu" in offered[sheet.title, row[Column.STATE].coordinate]
            listed = offered.get((sheet.title, row[Column.VALUE].coordinate))
            wanted = {Kind.YES_NO: '"Có,Không"', Kind.CHOICE: f'"{",".join(line.choices)}"'}.get(line.kind)
            assert listed == wanted, line.id


def test_what_is_refused_is_told_by_the_kind_of_the_cell(made: Office) -> None:
    """An officer who mistypes a date is not told to type a whole number."""
    lines = {line.id: line for line in read_questions(made.folder).asked}
    wanted = {Kind.COUNT: "Số nguyên", Kind.NUMBER: "hai chữ số thập phân", Kind.SHARE: "ghi tử số, mẫu số"}
    wanted |= {Kind.DATE: "22/01/2024", Kind.YES_NO: "trong danh sách", Kind.CHOICE: "trong danh sách"}
    seen = set()
    for sheet in sheets(made, "H99.31"):
        rules = {str(cells): rule for rule in sheet.data_validations.dataValidation for cells in rule.sqref.ranges}
        for row in sheet.iter_rows(min_row=6):
            line = lines[row[Column.ID].value]
            assert "trong danh sách" in rules[row[Column.STATE].coordinate].error
            if said := wanted.get(line.kind):
                error = rules[row[Column.VALUE].coordinate].error
                assert said in error and len(error) <= 255, line.id
                seen.add(line.kind)
    assert seen == set(wanted)
    cover = openpyxl.load_workbook(made.forms["H99.31"]).worksheets[0]
    assert any("22/01/2024" in (rule.error or "") for rule in cover.data_validations.dataValidation)


def test_a_count_takes_whole_numbers_and_a_bound_once_it_is_chosen(made: Office) -> None:
    """The formula ends at the first that holds: an error of INT on a text would refuse the text in Excel."""
    rules = {}
    for sheet in sheets(made, "H99.31"):
        known = {str(cells): rule for rule in sheet.data_validations.dataValidation for cells in rule.sqref.ranges}
        for row in sheet.iter_rows(min_row=6):
            rules[row[Column.ID].value] = (known[row[Column.VALUE].coordinate], row[0].row)
    for name, whole in (("staff_quota", ",INT(G{0})=G{0}"), ("reform_budget", "")):
        rule, row = rules[name]
        wanted = f'IF(H{row}="Chỉ có số gần đúng",TRUE,IF(ISNUMBER(G{row}),AND(G{row}>=0{whole.format(row)}),FALSE))'
        assert (rule.type, rule.formula1) == ("custom", wanted)
    rule, row = rules["satisfaction"]
    assert (rule.type, rule.formula1) == ("custom", f'H{row}="Chỉ có số gần đúng"')


def test_paper_heads_and_identity(made: Office) -> None:
    book = openpyxl.load_workbook(made.forms["H99.31"])
    assert book[IDENTITY].sheet_state == "veryHidden"
    known = dict(book[IDENTITY].iter_rows(values_only=True))
    assert (known["province"], known["period"], known["unit"]) == ("tinh-thu", "2024Q4", "H99.31")
    for sheet in sheets(made, "H99.31"):
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
        assert (sheet.freeze_panes, sheet.print_title_rows) == ("C6", "$5:$5")
        assert sheet.column_dimensions["K"].hidden
        assert not sheet.merged_cells.ranges
        assert {c.font.name for row in sheet.iter_rows(max_col=10) for c in row if c.value} == {"Times New Roman"}


def test_the_cover_says_when_it_is_due(office: MakeOffice) -> None:
    one = office()
    assert "chưa khai hạn gửi" in openpyxl.load_workbook(one.forms["H99.31"])[COVER]["B8"].value
    rule = '\n[[due]]\nlevels = ["district"]\nworking_days = 2\nvalid_from = 2023-02-01\nsource = "QĐ 01"\n'
    with (one.folder / "province.toml").open("a", encoding="utf-8") as file:
        file.write(rule)
    del one.forms
    said = openpyxl.load_workbook(one.forms["H99.31"])[COVER]["B8"].value
    assert said == "17/12/2024 (thứ Ba). Căn cứ: QĐ 01"
