"""Several sheets, heads on several rows, merged cells: what a sheet's shape means."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from contracts.source_config import SourceConfig
from contracts.table_spec import FileTable
from sources.files.excel import ExcelReader
from sources.reader import open_reader, probe
from tests.sources.systems import (
    HEADS,
    IN_WORDS,
    PERIOD,
    PERSON,
    excel_source,
    source,
    table_map,
    with_spec,
    workbook_rows,
    write_workbook,
)
from tests.sources.workbooks import (
    HEAD_TEXTS,
    Row,
    drifts,
    read,
    write_merged,
    write_xls,
)


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


def test_a_further_sheet_of_dossiers_is_not_left_out_unseen(tmp_path: Path) -> None:
    sheets = {"Tháng 10": workbook_rows(IN_WORDS), "Tháng 11": workbook_rows(IN_WORDS)}
    assert "cả hai trang tính «Tháng 10» và «Tháng 11»" in drifts(of_sheets(tmp_path, sheets, ""))
    assert len(read(of_sheets(tmp_path, sheets, "Tháng 11"))) == 1, "a sheet that is named is the one that is meant"
    empty = {"Tháng 10": workbook_rows(IN_WORDS), "Mẫu": workbook_rows(), "Hướng dẫn": [("…",)]}
    assert len(read(of_sheets(tmp_path, empty, ""))) == 1


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
