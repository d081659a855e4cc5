"""Workbooks of Excel 97, and files that are no workbook of ours: damaged, locked, of another kind."""

from __future__ import annotations

import contextlib
import struct
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest
import xlwt

from contracts.errors import SourceDrift, SourceUnreachable
from contracts.source_config import SourceConfig
from contracts.table_spec import FileTable
from sources.reader import probe
from tests.sources.systems import (
    HEADS,
    IN_WORDS,
    excel_source,
    source,
    table_map,
    workbook_rows,
)
from tests.sources.workbooks import (
    Row,
    a_web_page,
    read,
    with_cell,
    write_xls,
)


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
    monkeypatch.setattr("sources.files.excel.MOST_UNPACKED", 2 << 20)
    config = excel_source(tmp_path, workbook_rows(IN_WORDS))
    spoil(Path(config.address))
    with pytest.raises(SourceUnreachable, match=told):
        probe(config)
