"""A mistake in a province's file is told with the file, the line and, in Vietnamese, what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from contracts.configfile import Strict, build, read_csv, read_toml
from contracts.errors import ConfigError, Exit


class Table(Strict):
    key: str
    rows: int = 1


class File(Strict):
    id: str
    rows: int = 0
    tables: dict[str, Table]


GOOD = """id = "khanh-son"

[tables.dossiers]
key = "MaHoSo"
rows = 2

[tables.pauses]
key = "MaHoSo"
rows = 3
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "source.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_file_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD)
    assert build(File, read_toml(path), path=path).tables["pauses"].rows == 3


MISTAKES = {
    "gõ nhầm tên mục": (GOOD.replace("id =", "idd ="), None, "«id»: thiếu mục này"),
    "mục lạ ở đầu": ("colour = 1\n" + GOOD, 1, "«colour»: mục này không có trong cấu hình"),
    "mục lạ trong bảng": (GOOD + "colour = 1\n", 10, "«tables.pauses.colour»"),
    "thiếu mục trong bảng": (GOOD.replace('[tables.pauses]\nkey = "MaHoSo"', "[tables.pauses]"), 7, "thiếu mục này"),
    "sai kiểu, bảng thứ hai": (GOOD.replace("rows = 3", 'rows = "ba"'), 9, "«tables.pauses.rows»"),
    "sai kiểu, bảng thứ nhất": (GOOD.replace("rows = 2", 'rows = "hai"'), 5, "«tables.dossiers.rows»"),
    "sai kiểu ở đầu": ('rows = "không"\n' + GOOD, 1, "«rows»"),
    "sai cú pháp": (GOOD.replace("rows = 2", "rows = "), 5, "sai cú pháp TOML"),
}


@pytest.mark.parametrize("defect", MISTAKES)
def test_a_mistake_in_toml_is_told_with_its_line(tmp_path: Path, defect: str) -> None:
    text, line, said = MISTAKES[defect]
    path = written(tmp_path, text)
    with pytest.raises(ConfigError) as error:
        build(File, read_toml(path), path=path)
    assert (error.value.file, error.value.line, error.value.exit_code) == (path, line, Exit.USAGE)
    assert said in str(error.value) and str(path) in str(error.value)


def test_rows_come_with_their_line_and_without_blanks(tmp_path: Path) -> None:
    path = tmp_path / "map.csv"
    path.write_bytes("﻿code,label\r\n 1 ,Mới\r\n2, Đang xử lý\r\n".encode())
    assert list(read_csv(path, ("code", "label"))) == [
        (2, {"code": "1", "label": "Mới"}),
        (3, {"code": "2", "label": "Đang xử lý"}),
    ]


SPOILED = {
    "thiếu một cột": ("code\n1\n", 1, "thiếu cột label"),
    "tệp rỗng": ("", 1, "thiếu cột code, label"),
    "dòng thiếu ô": ("code,label\n1,Mới\n2\n", 3, "số ô"),
    "dòng thừa ô": ("code,label\n1,Mới,thừa\n", 2, "số ô"),
    "hai cột cùng tên": ("code,label,code\n1,Mới,2\n", 1, "có hai cột cùng tên: code"),
    "một ô quá dài": ("code,label\n1,Mới\n2," + "x" * 200_000 + "\n", 3, "không đọc được như một tệp CSV"),
}


@pytest.mark.parametrize("defect", SPOILED)
def test_a_mistake_in_csv_is_told_with_its_line(tmp_path: Path, defect: str) -> None:
    text, line, said = SPOILED[defect]
    path = tmp_path / "map.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        list(read_csv(path, ("code", "label")))
    assert error.value.line == line and said in error.value.cause


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    for read in (lambda: read_toml(tmp_path / "x"), lambda: list(read_csv(tmp_path / "x", ("code",)))):
        with pytest.raises(ConfigError, match="không có tệp này") as error:
            read()
        assert error.value.advice


def test_a_table_saved_in_another_code_page_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "unit_map.csv"
    path.write_bytes("local_code,agency_code\n1,H32.21\nhuyện,H32.21\n".encode().replace("ệ".encode(), b"\xea"))
    with pytest.raises(ConfigError, match=r"unit_map\.csv:3: không phải chữ UTF-8"):
        list(read_csv(path, ("local_code", "agency_code")))


def test_a_table_with_semicolons_is_told(tmp_path: Path) -> None:
    path = tmp_path / "unit_map.csv"
    path.write_text("local_code;agency_code\n1;H32.21\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"unit_map\.csv:1: các cột cách nhau bằng dấu chấm phẩy"):
        list(read_csv(path, ("local_code", "agency_code")))


class Lists(Strict):
    table: list[Table]


def test_a_mistake_in_a_list_of_tables_is_told_at_its_own_line(tmp_path: Path) -> None:
    text = '[[table]]\nkey = "a"\nrows = 1\n\n[[table]]\nkey = "b"\nrows = "hai"\n\n[[table]]\nrows = 3\n'
    path = written(tmp_path, text)
    with pytest.raises(ConfigError) as raised:
        build(Lists, read_toml(path), path=path)
    told = [raised.value, *raised.value.others]
    assert [(error.line, "table.1.rows" in error.cause) for error in told] == [(7, True), (9, False)]
