"""What is read of a workbook that a unit sends, and how each way of spoiling it is told."""

from __future__ import annotations

import contextlib
import struct
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
import xlwt
from openpyxl.utils import range_boundaries

from contracts.errors import SourceDrift, SourceNotReceived, SourceUnreachable
from contracts.source_config import SourceConfig
from contracts.table_spec import FileConnection, FileTable
from sources.encodings import CODECS
from sources.excel import ExcelReader
from sources.reader import open_reader, probe
from tests.sources.systems import (
    HEADS,
    IN_WORDS,
    PERIOD,
    PERSON,
    excel_source,
    landed,
    rows_of,
    source,
    table_map,
    with_spec,
    workbook_rows,
    write_workbook,
)

Row = Sequence[Any]
HEAD_TEXTS = [head for head, _ in HEADS.values()]


def read(config: SourceConfig) -> list[tuple[str | None, ...]]:
    with open_reader(config) as reader:
        return [row for batch in reader.read(config.tables["dossiers"], PERIOD.window) for row in rows_of(batch)]


def with_cell(place: int, cell: object) -> Row:
    return (*IN_WORDS[:place], cell, *IN_WORDS[place + 1 :])


def read_cell(folder: Path, cell: object) -> str | None:
    [row] = read(excel_source(folder, workbook_rows(with_cell(5, cell))))
    return row[5]


CELLS = [
    # in the sheet                         landed as
    ("0012", "0012"),
    (12, "12"),
    (12.5, "12.5"),
    (True, "TRUE"),
    (date(2024, 10, 15), "2024-10-15"),
    (datetime(2024, 10, 15, 8, 30), "2024-10-15T08:30:00"),
    (datetime(2024, 10, 15, 23, 59, 59), "2024-10-15T23:59:59"),
    ("15/10/2024", "15/10/2024"),
    (" hai\ndòng ", " hai\ndòng "),
    ("Ho\u0300a", "Ho\u0300a"),
    ("  ", None),
    (None, None),
    ("=", "#N/A"),
]


@pytest.mark.parametrize(("cell", "text"), CELLS)
def test_a_cell_is_landed_as_text(tmp_path: Path, cell: object, text: str | None) -> None:
    assert read_cell(tmp_path, cell) == text


def test_nothing_of_a_person_is_landed(tmp_path: Path) -> None:
    landing = landed(excel_source(tmp_path, workbook_rows(IN_WORDS)), tmp_path / "landing")
    assert landing.table("dossiers").column_names == [*HEAD_TEXTS, "_address"]
    assert PERSON[0] not in rows_of(landing.table("dossiers"))[0]


def test_the_address_is_file_sheet_and_row(tmp_path: Path) -> None:
    config = excel_source(tmp_path, workbook_rows(IN_WORDS, IN_WORDS))
    assert [row[-1] for row in read(config)] == ["2024Q4.xlsx!Hồ sơ!4", "2024Q4.xlsx!Hồ sơ!5"]


NOT_ROWS: list[tuple[str, Row]] = [
    ("empty", (None,) * 10),
    ("white space", (" ", "\n")),
    ("a number written ahead", (17,)),
    ("total", ("Tổng cộng", None, None, None, None, None, None, None, 25)),
    ("total in the second cell", (None, "TỔNG SỐ: 25 hồ sơ")),
    ("total, spelled with combining marks", ("To\u0302\u0309ng co\u0323\u0302ng", 25)),
]


@pytest.mark.parametrize("row", [row for _, row in NOT_ROWS], ids=[what for what, _ in NOT_ROWS])
def test_what_is_no_dossier_is_no_row(tmp_path: Path, row: Row) -> None:
    sheet = [*workbook_rows(IN_WORDS), row]
    assert [r[-1] for r in read(excel_source(tmp_path, sheet))] == ["2024Q4.xlsx!Hồ sơ!4"]
    between = [*workbook_rows(IN_WORDS), row, (2, *IN_WORDS, "")]
    assert [r[-1] for r in read(excel_source(tmp_path, between))] == ["2024Q4.xlsx!Hồ sơ!4", "2024Q4.xlsx!Hồ sơ!6"]


def test_the_row_of_column_numbers_is_no_dossier(tmp_path: Path) -> None:
    heads, numbers = workbook_rows(), tuple(f"({n})" for n in range(1, 11))
    assert [r[-1] for r in read(excel_source(tmp_path, [*heads, numbers, (1, *IN_WORDS, "")]))] == [
        "2024Q4.xlsx!Hồ sơ!5"
    ]


def test_notes_and_signatures_below_the_total_are_no_dossiers(tmp_path: Path) -> None:
    foot = [("Tổng cộng", 1), (None,), (None, "NGƯỜI LẬP", None, None, None, "THỦ TRƯỞNG ĐƠN VỊ"), ("Ghi chú",)]
    assert len(read(excel_source(tmp_path, [*workbook_rows(IN_WORDS), *foot]))) == 1


DOSSIERS: list[tuple[str, Row]] = [
    ("only its code", (1, "H32.38-241015-0002")),
    ("only a name, which is not mapped", (1, *[None] * len(HEADS), PERSON[0])),
    ("of an agency called «Cộng …»", ("Cộng đồng", *IN_WORDS)),
    ("without a code", (1, None, *IN_WORDS[1:])),
]


@pytest.mark.parametrize("row", [row for _, row in DOSSIERS], ids=[what for what, _ in DOSSIERS])
def test_a_poor_row_is_still_a_row(tmp_path: Path, row: Row) -> None:
    assert len(read(excel_source(tmp_path, [*workbook_rows(IN_WORDS), row]))) == 2


SAME_HEADS = {
    "decomposed": [head.replace("ồ", "o\u0302\u0300") for head in HEAD_TEXTS],
    "broken over lines": [head.replace(" ", "\n") for head in HEAD_TEXTS],
    "padded": [f"  {head}\u00a0" for head in HEAD_TEXTS],
}


@pytest.mark.parametrize("heads", SAME_HEADS.values(), ids=SAME_HEADS)
def test_heads_are_compared_as_a_reader_sees_them(tmp_path: Path, heads: list[str]) -> None:
    config = excel_source(tmp_path, workbook_rows(IN_WORDS, heads=heads), sheet="Hồ  sơ ")
    probe(config)
    assert read(config)[0][0] == IN_WORDS[0]


def test_the_order_of_columns_does_not_matter(tmp_path: Path) -> None:
    rows = [row[::-1] for row in workbook_rows(IN_WORDS)]
    assert read(excel_source(tmp_path, rows))[0][:-1] == IN_WORDS


def drifts(config: SourceConfig) -> str:
    with pytest.raises(SourceDrift) as caught:
        probe(config)
    with pytest.raises(SourceDrift):
        read(config)
    return caught.value.cause


def test_a_renamed_sheet_is_drift(tmp_path: Path) -> None:
    told = drifts(excel_source(tmp_path, workbook_rows(IN_WORDS), sheet="Sheet1"))
    assert "không có trang tính «Hồ sơ»" in told
    assert "«Sheet1»" in told


def test_a_renamed_head_is_drift(tmp_path: Path) -> None:
    heads = ["Mã số hồ sơ", *HEAD_TEXTS[1:]]
    told = drifts(excel_source(tmp_path, workbook_rows(IN_WORDS, heads=heads)))
    assert "thiếu cột «Mã hồ sơ»" in told
    assert "«Mã số hồ sơ»" in told
    assert "dòng tiêu đề 3" in told


def test_a_head_that_stands_twice_is_drift(tmp_path: Path) -> None:
    rows = [(*row, "x") for row in workbook_rows(IN_WORDS)]
    rows[2] = (*rows[2][:-1], HEAD_TEXTS[6])
    assert "cột «Ngày hẹn trả» có hai lần" in drifts(excel_source(tmp_path, rows))


def test_a_head_row_that_is_not_there_is_drift(tmp_path: Path) -> None:
    config = with_spec(excel_source(tmp_path, workbook_rows(IN_WORDS)), header_row=99)
    assert "không có tiêu đề nào" in drifts(config)


def test_a_workbook_not_yet_sent_is_told(tmp_path: Path) -> None:
    config = excel_source(tmp_path, workbook_rows())
    Path(config.address).unlink()
    with pytest.raises(SourceNotReceived, match=r"chưa nhận được tệp «2024Q4\.xlsx»"):
        probe(config)
    with pytest.raises(SourceNotReceived, match="chưa nhận được"):
        landed(config, tmp_path / "landing")


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:1000])


def a_web_page(path: Path) -> None:
    path.write_text("<html>phiên làm việc đã hết hạn</html>")


def an_empty_file(path: Path) -> None:
    path.write_bytes(b"")


def change_sheet(path: Path, old: bytes, new: bytes, *, most: int | None = None) -> None:
    """The first sheet's XML with that replaced, or cut after so many bytes."""
    with zipfile.ZipFile(path) as workbook:
        parts = {name: workbook.read(name) for name in workbook.namelist()}
    with zipfile.ZipFile(path, "w") as workbook:
        for name, content in parts.items():
            workbook.writestr(name, content.replace(old, new)[:most] if name.endswith("sheet1.xml") else content)


def a_broken_sheet(path: Path) -> None:
    change_sheet(path, b"", b"", most=200)


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("spoil", [cut_short, a_web_page, an_empty_file, a_broken_sheet, a_folder])
def test_a_spoilt_workbook_is_told(tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    config = excel_source(tmp_path, workbook_rows(IN_WORDS))
    spoil(Path(config.address))
    with pytest.raises(SourceUnreachable, match="hỏng"):
        probe(config)
    with pytest.raises(SourceUnreachable, match="hỏng"):
        read(config)


def test_errors_are_found_on_their_own_sheet(tmp_path: Path) -> None:
    config = excel_source(tmp_path, workbook_rows(IN_WORDS))
    failed = workbook_rows(with_cell(6, "="))
    write_workbook(Path(config.address), {"Nháp": workbook_rows(with_cell(0, "=")), "Hồ sơ": failed})
    [row] = read(config)
    assert (row[0], row[6]) == (IN_WORDS[0], "#N/A")


def test_many_rows_come_in_batches(tmp_path: Path) -> None:
    config = excel_source(tmp_path, workbook_rows(*[IN_WORDS] * 5_001))
    with open_reader(config) as reader:
        sizes = [batch.num_rows for batch in reader.read(config.tables["dossiers"], PERIOD.window)]
    assert sizes == [5_000, 1]


def test_a_workbook_without_rows_is_an_empty_table(tmp_path: Path) -> None:
    assert landed(excel_source(tmp_path, workbook_rows()), tmp_path / "landing").rows == {"dossiers": 0}


# --- several sheets -------------------------------------------------------------------------------------------------


def of_sheets(folder: Path, sheets: dict[str, Sequence[Row]], pattern: str) -> SourceConfig:
    config = excel_source(folder, workbook_rows())
    write_workbook(Path(config.address), sheets)
    return with_spec(config, sheet=pattern)


def test_all_sheets_that_fit_are_read_in_the_order_of_the_workbook(tmp_path: Path) -> None:
    rows = workbook_rows(IN_WORDS)
    config = of_sheets(tmp_path, {"Xã B": rows, "Hướng dẫn": [("…",)], "Xã A": rows, "Phường C": rows}, "Xã *")
    probe(config)
    assert [row[-1] for row in read(config)] == ["2024Q4.xlsx!Xã B!4", "2024Q4.xlsx!Xã A!4"]


def test_a_sheet_that_differs_is_named(tmp_path: Path) -> None:
    other = workbook_rows(IN_WORDS, heads=[*HEAD_TEXTS[:-1], "Xong"])
    told = drifts(of_sheets(tmp_path, {"Xã A": workbook_rows(IN_WORDS), "Xã B": other}, "Xã *"))
    assert "trang tính «Xã B», dòng tiêu đề 3: thiếu cột «Ngày giải quyết xong»" in told
    assert "Xã A" not in told


def test_without_a_name_the_first_sheet_that_can_be_seen_is_read(tmp_path: Path) -> None:
    config = of_sheets(tmp_path, {"Cũ": workbook_rows(), "Mới": workbook_rows(IN_WORDS)}, "")
    hide(Path(config.address), 0)
    assert [row[-1] for row in read(config)] == ["2024Q4.xlsx!Mới!4"]


def test_a_hidden_sheet_is_read_by_its_name_and_refused_under_a_pattern(tmp_path: Path) -> None:
    config = of_sheets(tmp_path, {"Xã A": workbook_rows(IN_WORDS), "Xã B": workbook_rows(IN_WORDS)}, "Xã B")
    hide(Path(config.address), 1)
    assert len(read(config)) == 1
    assert "trang tính ẩn «Xã B»" in drifts(with_spec(config, sheet="Xã *"))


def hide(path: Path, place: int) -> None:
    book = openpyxl.load_workbook(path)
    book.worksheets[place].sheet_state = "hidden"
    book.active = book.worksheets[1 - place]
    book.save(path)


def test_rows_and_columns_that_a_filter_hides_are_data(tmp_path: Path) -> None:
    config = excel_source(tmp_path, workbook_rows(IN_WORDS, IN_WORDS))
    book = openpyxl.load_workbook(config.address)
    book.active.row_dimensions[4].hidden = True
    book.active.column_dimensions["C"].hidden = True
    book.active.auto_filter.ref = "A3:J5"
    book.save(config.address)
    assert [row[:2] for row in read(config)] == [IN_WORDS[:2]] * 2


def test_where_each_column_stood_is_known(tmp_path: Path) -> None:
    config = excel_source(tmp_path, workbook_rows(IN_WORDS))
    with open_reader(config) as reader:
        list(reader.read(config.tables["dossiers"], PERIOD.window))
        found = reader.places(config.tables["dossiers"])  # type: ignore[attr-defined]
    assert found == {"2024Q4.xlsx!Hồ sơ": dict(zip(HEAD_TEXTS, "BCDEFGHI", strict=True))}


@pytest.mark.parametrize(("place", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_are_called_as_excel_calls_them(tmp_path: Path, place: int, letters: str) -> None:
    assert ExcelReader(excel_source(tmp_path, [])).column(place) == letters


# --- heads on several rows, merged ----------------------------------------------------------------------------------

GROUPED = dict(HEADS) | {
    "received_date": ("Thời gian / Tiếp nhận", "iso"),
    "due_date": ("Thời gian / Hẹn trả", "iso"),
    "end_date": ("Thời gian / Xong", "iso"),
}


def merged_source(folder: Path, rows: Sequence[Row], merges: Sequence[str], *, kind: str = "xlsx") -> SourceConfig:
    """Heads on rows 3 and 4: «Thời gian» over three columns, all others merged downwards; then the rows."""
    upper = ("TT", *HEAD_TEXTS[:5], "Thời gian", None, None, "Họ và tên")
    lower = (None, *[None] * 5, "Tiếp nhận", "Hẹn trả", "Xong", None)
    sheet = [("SỔ THEO DÕI",), (), upper, lower, *rows]
    heads = ["G3:I3", "J3:J4", *(f"{letter}3:{letter}4" for letter in "ABCDEF")]
    path = folder / f"2024Q4.{kind}"
    (write_xls if kind == "xls" else write_merged)(path, sheet, ["A1:J1", *heads, *merges])
    spec = FileTable(sheet="Hồ sơ", header_row=3, header_rows=2)
    return source(path, {"dossiers": table_map("dossiers", GROUPED, spec)}, kind="excel")


def write_merged(path: Path, rows: Sequence[Row], merges: Sequence[str]) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Hồ sơ"
    for row in rows:
        book.active.append(row)
    for merge in merges:
        book.active.merge_cells(merge)
    book.save(path)


def write_xls(path: Path, rows: Sequence[Row], merges: Sequence[str] = ()) -> None:
    """As Excel 97 wrote it; «=» is a formula in error."""
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet("Hồ sơ", cell_overwrite_ok=True)
    day = xlwt.easyxf(num_format_str="dd/mm/yyyy")
    for line, row in enumerate(rows):
        for place, cell in enumerate(row):
            if cell == "#N/A":
                page.row(line).set_cell_error(place, 0x2A)
            elif cell is not None:
                page.write(line, place, cell, day if isinstance(cell, date) else xlwt.Style.default_style)
    for merge in merges:
        (left, top, right, bottom) = range_boundaries(merge)
        page.merge(top - 1, bottom - 1, left - 1, right - 1)
    book.save(str(path))


DATA = (1, *IN_WORDS, PERSON[0])


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_a_head_on_two_rows_is_upper_and_lower(tmp_path: Path, kind: str) -> None:
    config = merged_source(tmp_path, [DATA], [], kind=kind)
    found = list(probe(config).tables["dossiers"])
    assert found[0] == "TT"
    assert found[6:] == ["Thời gian / Tiếp nhận", "Thời gian / Hẹn trả", "Thời gian / Xong", "Họ và tên"]
    assert read(config) == [(*IN_WORDS, f"2024Q4.{kind}!Hồ sơ!5")]


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_a_value_merged_over_rows_stands_in_each_of_them(tmp_path: Path, kind: str) -> None:
    blank = (*DATA[:2], None, *DATA[3:])
    config = merged_source(tmp_path, [DATA, blank, blank, blank], ["C5:C7"], kind=kind)
    assert [row[1] for row in read(config)] == [IN_WORDS[1]] * 3 + [None], "only what is truly merged is spread"


def test_a_value_merged_to_the_right_stays_in_its_column(tmp_path: Path) -> None:
    wide = (*DATA[:7], None, None, DATA[9])
    config = merged_source(tmp_path, [wide], ["G5:I5"])
    assert read(config)[0][5:8] == (IN_WORDS[5], None, None)


def test_merged_rows_of_a_group_and_of_its_total(tmp_path: Path) -> None:
    unit = (None, None, None, "Xã A")
    rows = [DATA, (2, *DATA[1:3], None, *DATA[4:]), (None, None, "Cộng xã A", None, 2)]
    config = merged_source(tmp_path, [*rows, (None, "Người lập")], ["D5:D7"])
    assert [(row[2], row[-1]) for row in read(config)] == [
        (IN_WORDS[2], "2024Q4.xlsx!Hồ sơ!5"),
        (IN_WORDS[2], "2024Q4.xlsx!Hồ sơ!6"),
    ]
    assert unit[3] not in {row[2] for row in read(config)}


def test_a_heading_merged_across_the_sheet_is_no_dossier(tmp_path: Path) -> None:
    heading = ("I. LĨNH VỰC ĐẤT ĐAI",)
    config = merged_source(tmp_path, [heading, DATA, ("Đất đai",), DATA], ["A5:J5", "A7:J7"])
    assert [row[-1] for row in read(config)] == ["2024Q4.xlsx!Hồ sơ!6", "2024Q4.xlsx!Hồ sơ!8"]


def test_a_row_of_letters_and_numbers_below_the_heads_is_no_dossier(tmp_path: Path) -> None:
    numbers = ("A", "B", *(f"({n})" for n in range(1, 9)))
    assert len(read(merged_source(tmp_path, [numbers, DATA], []))) == 1


# --- totals ---------------------------------------------------------------------------------------------------------


def test_subtotals_and_what_lies_between_them(tmp_path: Path) -> None:
    poor = (None, None, "1.000635")
    rows = [(1, *IN_WORDS), ("Cộng xã A", 1), poor, (2, *IN_WORDS), ("Cộng xã B", 1), ("Tổng cộng", 2), ("Người lập",)]
    config = excel_source(tmp_path, [*workbook_rows(), *rows])
    assert [str(row[-1]).rsplit("!", 1)[1] for row in read(config)] == ["4", "6", "7"]


# --- values that are not there --------------------------------------------------------------------------------------


def test_a_formula_that_was_never_calculated_is_not_blank(tmp_path: Path) -> None:
    config = excel_source(tmp_path, workbook_rows(IN_WORDS))
    book = openpyxl.load_workbook(config.address)
    book.active["I4"] = "=TODAY()"
    book.save(config.address)
    assert read(config)[0][7] == "#CHƯA TÍNH"


def test_a_formula_that_gives_nothing_is_blank_and_another_gives_its_value(tmp_path: Path) -> None:
    config = excel_source(tmp_path, workbook_rows(IN_WORDS))
    with xlsxwriter.Workbook(config.address) as book:
        page = book.add_worksheet("Hồ sơ")
        for line, row in enumerate(workbook_rows((*IN_WORDS[:7], None))):
            page.write_row(line, 0, [cell or "" for cell in row])
        page.write_formula("I4", '=""', None, "nothing")
        page.write_formula("C4", '="x"', None, "1.000700")
    change_sheet(Path(config.address), b"<v>nothing</v>", b"<v></v>")
    assert (read(config)[0][7], read(config)[0][1]) == (None, "1.000700")


@pytest.mark.parametrize("system", [True, False])
def test_dates_of_either_date_system(tmp_path: Path, system: bool) -> None:
    config = excel_source(tmp_path, [])
    with xlsxwriter.Workbook(config.address, {"date_1904": system}) as book:
        page = book.add_worksheet("Hồ sơ")
        for line, row in enumerate(workbook_rows(IN_WORDS)):
            page.write_row(line, 0, row)
        page.write_datetime("I4", datetime(2024, 10, 18), book.add_format({"num_format": "dd/mm/yyyy"}))
    assert read(config)[0][7] == "2024-10-18"


# --- .xls -----------------------------------------------------------------------------------------------------------


def xls_source(folder: Path, rows: Sequence[Row]) -> SourceConfig:
    path = folder / "2024Q4.xls"
    write_xls(path, rows)
    spec = FileTable(sheet="Hồ sơ", header_row=3)
    return source(path, {"dossiers": table_map("dossiers", HEADS, spec)}, kind="excel")


def test_an_xls_gives_what_an_xlsx_gives(tmp_path: Path) -> None:
    rows = workbook_rows(with_cell(5, date(2024, 10, 15)), with_cell(1, 12), *[IN_WORDS] * 300, with_cell(2, True))
    old, new = read(xls_source(tmp_path, rows)), read(excel_source(tmp_path, rows))
    assert [row[:-1] for row in old] == [row[:-1] for row in new]
    assert old[0][-1] == "2024Q4.xls!Hồ sơ!4"


@pytest.mark.parametrize("rows", [1, 400])
def test_a_cell_in_error_of_an_xls_is_not_blank(tmp_path: Path, rows: int) -> None:
    """Few rows lie in the short sectors of the file, many in its long ones."""
    sheet = workbook_rows(*[IN_WORDS] * (rows - 1), with_cell(7, "#N/A"))
    assert read(xls_source(tmp_path, sheet))[-1][7] == "#N/A"


def test_a_formula_in_error_of_an_xls_is_not_blank(tmp_path: Path) -> None:
    """xlwt writes formulas without a value; this one gets the value that Excel writes for #REF!."""
    config = xls_source(tmp_path, workbook_rows(with_cell(7, xlwt.Formula("1/0"))))
    path = Path(config.address)
    content = bytearray(path.read_bytes())
    start = content.index(struct.pack("<HH", 3, 8), content.index(struct.pack("<H", 0x0006) + b"", 512))
    content[start + 6 : start + 14] = bytes([2, 0, 0x17, 0, 0, 0, 0xFF, 0xFF])
    path.write_bytes(content)
    assert read(config)[0][7] == "#REF!"


@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.9, 0.99])
def test_an_xls_that_was_cut_is_told(tmp_path: Path, share: float) -> None:
    config = xls_source(tmp_path, workbook_rows(*[IN_WORDS] * 300))
    content = Path(config.address).read_bytes()
    Path(config.address).write_bytes(content[: int(len(content) * share)])
    with pytest.raises(SourceUnreachable, match="hỏng"):
        read(config)


def test_any_damage_to_an_xls_is_told_or_harmless(tmp_path: Path) -> None:
    """A damaged chain of sectors must not run for ever, nor end the process."""
    config = xls_source(tmp_path, workbook_rows(*[IN_WORDS] * 50))
    whole = Path(config.address).read_bytes()
    for place in range(0, len(whole), 97):
        Path(config.address).write_bytes(whole[:place] + b"\x00\x01\x00\x00" + whole[place + 4 :])
        with contextlib.suppress(SourceUnreachable, SourceDrift):
            read(config)


def with_a_password(path: Path) -> None:
    """An encrypted .xlsx is a compound file with a stream of that name."""
    write_xls(path.with_suffix(".xls"), [("x",)])
    content = path.with_suffix(".xls").read_bytes()
    old, new = "Workbook".encode("utf-16-le"), "EncryptedPackage".encode("utf-16-le")
    start = content.index(old)
    entry = new.ljust(64, b"\0") + struct.pack("<H", len(new) + 2)
    path.write_bytes(content[:start] + entry + content[start + 66 :])


def an_old_one_with_a_password(path: Path) -> None:
    """The record FILEPASS stands in place of another one, behind the head of the stream."""
    write_xls(path, [("x",)] * 300)
    content = path.read_bytes()
    interface = content.index(struct.pack("<HH", 0x00E1, 2))
    path.write_bytes(content[:interface] + struct.pack("<H", 0x002F) + content[interface + 2 :])


@pytest.mark.parametrize("lock", [with_a_password, an_old_one_with_a_password])
def test_a_workbook_with_a_password_is_told(tmp_path: Path, lock: Callable[[Path], None]) -> None:
    config = excel_source(tmp_path, workbook_rows(IN_WORDS))
    lock(Path(config.address))
    with pytest.raises(SourceUnreachable, match="có mật khẩu"):
        probe(config)


# --- what is no workbook of ours ------------------------------------------------------------------------------------


def an_open_document(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as other:
        other.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        other.writestr("content.xml", "<x/>")


def a_bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as other:
        other.writestr("xl/workbook.xml", " " * (3 << 20))


@pytest.mark.parametrize(
    ("spoil", "told"),
    [(an_open_document, r"\.xlsx, \.xls"), (a_web_page, "trang web"), (a_bomb, "quá lớn")],
)
def test_another_kind_of_file_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[Path], None], told: str
) -> None:
    monkeypatch.setattr("sources.excel.MOST_UNPACKED", 2 << 20)
    config = excel_source(tmp_path, workbook_rows(IN_WORDS))
    spoil(Path(config.address))
    with pytest.raises(SourceUnreachable, match=told):
        probe(config)


# --- old fonts ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["tcvn3", "vni"])
def test_a_workbook_typed_in_an_old_font(tmp_path: Path, encoding: str) -> None:
    def typed(text: object) -> object:
        return text.encode(CODECS[encoding]).decode("cp1252") if isinstance(text, str) else text

    sheet = [[typed(cell) for cell in row] for row in workbook_rows(IN_WORDS)[2:]]
    config = excel_source(tmp_path, [("SO THEO DOI",), ("Quy IV",), *sheet])
    config = replace(config, connection=FileConnection(encoding=encoding))  # type: ignore[arg-type]
    assert read(config)[0][:-1] == IN_WORDS
    with pytest.raises(SourceDrift):
        probe(replace(config, connection=FileConnection()))
