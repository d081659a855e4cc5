"""How the files of a version are told: short beside each report, whole for whoever compares them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from warehouse.report_files import ReportFile

SHORT = 8
"""Hexadecimal digits of a SHA-256 that are shown in passing; whole: cchc status --files."""
_WORDS = {"archive": "lưu trữ", "workbook": "bảng số liệu"}


def short_line(sha256: str, files: Iterable[ReportFile]) -> str:
    """SHA-256: PDF 3fa901bc…, lưu trữ 12ab34cd…, bảng số liệu 99ee0011…; within eighty columns."""
    named = [("PDF", sha256), *((_WORDS[file.kind], file.sha256) for file in files)]
    return "SHA-256: " + ", ".join(f"{name} {checksum[:SHORT]}…" for name, checksum in named)


def whole_lines(path: str, sha256: str, files: Iterable[ReportFile]) -> Iterator[str]:
    """As sha256sum writes and reads them."""
    yield f"{sha256}  {path}"
    yield from (f"{file.sha256}  {file.path}" for file in files)


def documents(files: Iterable[ReportFile]) -> list[dict[str, Any]]:
    """For JSON."""
    return [vars(file) for file in files]
