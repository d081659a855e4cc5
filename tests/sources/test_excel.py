"""What is read of a workbook that a unit sends, and how each way of spoiling it is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from contracts.errors import SourceDrift, SourceNotReceived, SourceUnreachable
from contracts.table_spec import FileConnection
from sources.files.encodings import CODECS
from sources.reader import open_reader, probe
from tests.sources.systems import (
    HEADS,
    IN_WORDS,
    PERIOD,
    PERSON,
    excel_source,
    landed,
    rows_of,
    with_spec,
    workbook_rows,
    write_workbook,
)
from tests.sources.workbooks import (
    HEAD_TEXTS,
    Row,
    a_web_page,
    change_sheet,
    drifts,
    read,
    with_cell,
)


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


def test_a_code_kept_as_a_number_that_is_too_long_is_no_code(tmp_path: Path) -> None:
    """Two dossiers would be one: Excel keeps fifteen digits. Their rows come without a value, and are quarantined."""
    rows = [with_cell(0, code) for code in (1234567890123456789, 1234567890123456790, 152410150002123)]
    found = read(excel_source(tmp_path, workbook_rows(*rows)))
    assert [row[0] for row in found] == [None, None, "152410150002123"]
    assert [set(row[:-1]) == {None} for row in found] == [True, True, False]


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


def an_empty_file(path: Path) -> None:
    path.write_bytes(b"")


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
    assert sum(sizes) == 5_001
    assert 1 < len(sizes) <= 3


def test_a_workbook_without_rows_is_an_empty_table(tmp_path: Path) -> None:
    assert landed(excel_source(tmp_path, workbook_rows()), tmp_path / "landing").rows == {"dossiers": 0}


def test_subtotals_and_what_lies_between_them(tmp_path: Path) -> None:
    poor = (None, None, "1.000635")
    rows = [(1, *IN_WORDS), ("Cộng xã A", 1), poor, (2, *IN_WORDS), ("Cộng xã B", 1), ("Tổng cộng", 2), ("Người lập",)]
    config = excel_source(tmp_path, [*workbook_rows(), *rows])
    assert [str(row[-1]).rsplit("!", 1)[1] for row in read(config)] == ["4", "6", "7"]


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
