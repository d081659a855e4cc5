"""A copy of a report's workbook that says on every sheet, and on every sheet of paper, that it is no released one.

The workbook is written once (reporting.workbook) and registered by its checksum; the copy is that file with the
headline of each sheet and the header of its pages changed, and nothing else: no cell of figures is read or written.
Where the file is not as our program writes it, there is no copy: a workbook without the mark is worse than none."""

from __future__ import annotations

import io
import re
import zipfile
from html import escape, unescape

from contracts.errors import CchcError
from reporting.draft_mark import Mark

_SHEET = re.compile(r"xl/worksheets/sheet\d+\.xml")
_HEADLINE = re.compile(r'<c r="A1"((?: s="\d+")?) t="s"><v>(\d+)</v></c>')
_HEADER = re.compile("<oddHeader>(.*?)</oddHeader>")
_STRING = re.compile(r"<si>(.*?)</si>", re.DOTALL)
_PLAIN = re.compile(r"<t(?: xml:space=\"preserve\")?>([^<]*)</t>")
_TITLE = re.compile("<dc:title>([^<]*)</dc:title>")
_LONGEST_HEADER = 255


class WorkbookMarkError(CchcError):
    """The workbook is not as our program writes it."""


def marked_workbook(content: bytes, mark: Mark) -> bytes:
    """The copy; the same bytes for the same file and mark. Raises WorkbookMarkError."""
    out, sheets = io.BytesIO(), 0
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        strings = _strings(old)
        for entry in old.infolist():
            part = old.read(entry)
            if _SHEET.fullmatch(entry.filename):
                part, sheets = _sheet(part.decode(), strings, mark).encode(), sheets + 1
            elif entry.filename == "docProps/core.xml":
                part = _TITLE.sub(
                    lambda found: f"<dc:title>{mark.word} – {found[1]}</dc:title>", part.decode()
                ).encode()
            new.writestr(zipfile.ZipInfo(entry.filename, entry.date_time), part, zipfile.ZIP_DEFLATED)
    if not sheets:
        raise _other("không có trang tính nào")
    return out.getvalue()


def _strings(book: zipfile.ZipFile) -> list[str]:
    name = "xl/sharedStrings.xml"
    return _STRING.findall(book.read(name).decode()) if name in book.namelist() else []


def _sheet(xml: str, strings: list[str], mark: Mark) -> str:
    headline, header = _HEADLINE.search(xml), _HEADER.search(xml)
    if headline is None or header is None:
        raise _other("trang tính không có dòng tên hoặc đầu trang in")
    said = _PLAIN.fullmatch(strings[int(headline[2])])
    if said is None:
        raise _other("dòng tên của trang tính có định dạng riêng")
    told = f"{mark.word} ({mark.foot}) – {unescape(said[1])}"
    cell = f'<c r="A1"{headline[1]} t="inlineStr"><is><t>{escape(told, quote=False)}</t></is></c>'
    return xml.replace(headline[0], cell, 1).replace(header[0], f"<oddHeader>{_header(header[1], mark)}</oddHeader>", 1)


def _header(old: str, mark: Mark) -> str:
    """The mark in its middle, what was there as far as there is room."""
    middle = f'&C&"Times New Roman,Bold"&14{mark.word}'
    kept = unescape(old)[: _LONGEST_HEADER - len(middle)]
    return escape(kept.removesuffix("&") + middle, quote=False)


def _other(what: str) -> WorkbookMarkError:
    return WorkbookMarkError(
        f"không đánh dấu được bảng số liệu: {what}", advice="dùng tệp PDF; bảng số liệu có khi bản này được duyệt"
    )
