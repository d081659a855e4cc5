"""A folder that is not finished tells everything that is wrong with it at once, each place by file and line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from contracts.errors import ConfigError
from contracts.periods import parse_period
from contracts.province import read_province
from contracts.settings import REPOSITORY

SPOILT = """
file                            | old                           | new                  | line | said
sources/cam-lam/source.toml     | units = ["H32.32"]            | units = []           | 5    | ít nhất một mã
sources/cam-lam/source.toml     | contact = "Văn                | contact = ""#        | 6    | phải ghi gọi ai
sources/dien-khanh/unit_map.csv | ,H32.36.01,                   | ,,                   | 3    | chưa ghi agency_code
vendors/a/status_map.csv        | Đang xử lý,open               | Đang xử lý,          | 5    | mã «4» chưa ghi
vendors/a/status_map.csv        | Đã xử lý xong,done            | Đã xử lý xong,xong   | 10   | «xong» phải là
vendors/a/channel_map.csv       | 2,Trực tuyến                  | 1,Trực tuyến         | 3    | mã «1» ghi hai lần
vendors/a/column_map.csv        | status,TrangThai              | status,              | 6    | thiếu source_column
vendors/a/column_map.csv        | NgayHenTra,iso                | NgayHenTra,?         | 9    | format «?»
vendors/a/column_map.csv        | LienThong,1                   | LienThong,           | 14   | nghĩa là có
vendors/a/column_map.csv        | 5=supplement#6                | 5=bổ sung#6          | 25   | mã=supplement
"""


def spoil(folder: Path, lines: list[str]) -> None:
    for line in lines:
        name, old, new, *_ = (cell.strip().replace("#6", "|6") for cell in line.split("|"))
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text, line
        path.write_text(text.replace(old, new, 1), encoding="utf-8")


def told(folder: Path) -> set[tuple[str, int | None, str]]:
    with pytest.raises(ConfigError) as caught:
        read_province(folder).sources(period=parse_period("2024Q4"), systems=folder)
    mistakes = (caught.value, *caught.value.others)
    return {(str(m.file.relative_to(folder)), m.line, m.cause) for m in mistakes}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(REPOSITORY / "provinces" / "khanh-hoa", tmp_path / "khanh-hoa"))


def rows() -> list[str]:
    return SPOILT.strip().splitlines()[1:]


def test_every_mistake_of_every_source_is_told_at_once(folder: Path) -> None:
    spoil(folder, rows())
    found = told(folder)
    for line in rows():
        name, _, _, number, said = (cell.strip() for cell in line.split("|"))
        assert any(f == name and n == int(number) and said in cause for f, n, cause in found), line
    assert len(found) == len(rows())


def test_a_note_beside_a_mapping_is_no_mistake(folder: Path) -> None:
    path = folder / "vendors/a/column_map.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([f"{lines[0]},note", *(f"{line},đề nghị kiểm tra" for line in lines[1:])]) + "\n")
    assert read_province(folder).sources(period=parse_period("2024Q4"), systems=folder)
