"""Cells in error of an .xls, which the fast reader gives as blank; see `excel_errors`. And whether the file is
whole: a cut one would end the process of the fast reader.

An .xls is a compound file (MS-CFB) whose stream «Workbook» is a row of records (MS-XLS).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
_FORMULA, _EOF, _FILE_PASS, _BOUND_SHEET, _BOOL_ERROR, _BOF = 0x0006, 0x000A, 0x002F, 0x0085, 0x0205, 0x0809
_LAST_SECTOR = 0xFFFFFFFA
_STREAM = 2
Record = tuple[int, bytes]


class BrokenFile(Exception):
    """The file ends before it should, or contradicts itself."""


class LockedFile(Exception):
    """The file has a password; an .xlsx that has one is a compound file, too."""


def workbook_stream(content: bytes) -> bytes:
    """The records of the workbook. Raises BrokenFile, LockedFile."""
    try:
        parts = _Compound(content)
        stream = parts.stream({"Workbook", "Book"})
        locked = bool(parts.stream({"EncryptedPackage"})) or any(kind == _FILE_PASS for kind, _ in _records(stream, 0))
    except (struct.error, IndexError, KeyError, MemoryError) as error:
        raise BrokenFile from error
    if locked:
        raise LockedFile
    return stream


def error_cells(stream: bytes, sheet: int) -> Iterator[tuple[int, int, str]]:
    """Row and column (from 0) and text of each cell in error of the sheet at that place of the workbook."""
    starts = [struct.unpack_from("<I", body)[0] for kind, body in _records(stream, 0) if kind == _BOUND_SHEET]
    for kind, body in _records(stream, starts[sheet]):
        code = None
        if kind == _BOOL_ERROR and body[7]:
            code = body[6]
        elif kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2:
            code = body[8]
        if code is not None:
            row, column = struct.unpack_from("<HH", body)
            yield row, column, ERRORS.get(code, "#ERROR!")


def _records(stream: bytes, start: int) -> Iterator[Record]:
    """From there to the end of that part; a chart inside it is a part of its own."""
    depth = 0
    while start + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, start)
        body = stream[start + 4 : start + 4 + length]
        start += 4 + length
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 1:
            yield kind, body
        if depth <= 0:
            return


class _Compound:
    """A compound file: sectors, chained by a table, and a directory of the streams that they hold."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._sector = 1 << struct.unpack_from("<H", content, 30)[0]
        self._small_sector = 1 << struct.unpack_from("<H", content, 32)[0]
        self._cutoff = struct.unpack_from("<I", content, 56)[0]
        self._next = self._table()
        self._small_next = _numbers(self._chained(struct.unpack_from("<I", content, 60)[0]))
        directory = self._chained(struct.unpack_from("<I", content, 48)[0])
        self._entries = [directory[n : n + 128] for n in range(0, len(directory), 128)]

    def stream(self, names: set[str]) -> bytes:
        found = next((e for e in self._entries if e[66] == _STREAM and _name(e) in names), None)
        if found is None:
            return b""
        first, size = struct.unpack_from("<II", found, 116)
        data = self._chained(first) if size >= self._cutoff else self._small(first)
        if len(data) < size:
            raise BrokenFile
        return data[:size]

    def _table(self) -> list[int]:
        """Sector → the one after it. Where the table lies stands in the head, and in a chain if it is long."""
        count, places = struct.unpack_from("<I", self._content, 44)[0], _numbers(self._content[76:512])
        further = struct.unpack_from("<I", self._content, 68)[0]
        while further < _LAST_SECTOR and len(places) < count + 256:
            numbers = _numbers(self._at(further))
            places += numbers[:-1]
            further = numbers[-1]
        return [n for place in places[:count] if place < _LAST_SECTOR for n in _numbers(self._at(place))]

    def _at(self, sector: int) -> bytes:
        start = 512 if self._sector == 512 else self._sector
        start += sector * self._sector
        if start + self._sector > len(self._content):
            raise BrokenFile
        return self._content[start : start + self._sector]

    def _chained(self, first: int) -> bytes:
        return b"".join(self._at(sector) for sector in _chain(first, self._next))

    def _small(self, first: int) -> bytes:
        """Short streams lie in sectors of their own, inside the root's stream."""
        root = self._chained(struct.unpack_from("<I", self._entries[0], 116)[0])
        places = (sector * self._small_sector for sector in _chain(first, self._small_next))
        return b"".join(root[place : place + self._small_sector] for place in places)


def _chain(first: int, following: list[int]) -> Iterator[int]:
    seen = 0
    while first < _LAST_SECTOR:
        seen += 1
        if seen > len(following):
            raise BrokenFile
        yield first
        first = following[first]


def _numbers(data: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))


def _name(entry: bytes) -> str:
    length = struct.unpack_from("<H", entry, 64)[0]
    return entry[: max(length - 2, 0)].decode("utf-16-le", "replace")
