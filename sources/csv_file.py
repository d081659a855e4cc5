"""Reading CSV files that units send, in a stream: memory stays flat however long they are."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, islice

from contracts.errors import SourceError
from contracts.table_spec import DELIMITERS, FileTable
from sources.encodings import CODECS
from sources.encodings.guess import ENOUGH, marked_words, suggest_encodings, vietnamese_share
from sources.file_reader import FileReader
from sources.files import SentFile
from sources.heads import UNREADABLE, Grid, Misfit, Row, heads_of, is_total, plain
from sources.reader import unreachable

_ERRORS = "cchc-unreadable"
_FEW_WORDS = 20
"""So many words with Vietnamese marks tell one encoding from another."""


_SAMPLE = 1 << 16


def _mark(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return UNREADABLE, error.end


codecs.register_error(_ERRORS, _mark)


class CsvReader(FileReader):
    """A reader of CSV files; see `sources.file_reader.FileReader`."""

    def grids(self, file: SentFile, spec: FileTable, wanted: Sequence[str]) -> Iterator[Grid]:
        with closing(self.files.blocks(file)) as blocks:  # type: ignore[type-var]  # generators close
            source = _Watched(self._checked(file, blocks))
            lines = _lines(iter(source), CODECS[self.files.connection.encoding])
            top = list(islice(lines, spec.header_row + 10 * spec.header_rows))
            delimiter = self.files.connection.delimiter or _delimiter(top, spec, wanted)
            shape = _Shape(delimiter, spec.header_row, len(_heads(top, delimiter, spec)))
            yield Grid(file.name, "", self._rows(file, chain(top, lines), shape, source))

    def shown(self, file: SentFile) -> list[str]:
        return [""]

    def column(self, place: int) -> str:
        return str(place + 1)

    def _rows(self, file: SentFile, lines: Iterator[str], shape: _Shape, source: _Watched) -> Iterator[Row]:
        """Each record with the line on which it begins. One whose quotes are wrong has no cells."""
        reader = csv.reader(lines, delimiter=shape.delimiter, strict=True)
        first, cells = 1, [""] * shape.width
        while True:
            before, first = first, reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                break
            except csv.Error as error:
                if reader.line_num > first or not _costs_one_line(error):
                    raise self._broken(file, f"dấu nháy kép ở dòng {first} không khép đúng chỗ") from None
                cells = [UNREADABLE]
            if reader.line_num > first >= shape.header_row and _swallowed(cells, shape):
                raise self._broken(file, f"dấu nháy kép ở dòng {first} không khép đúng chỗ, nuốt mất các dòng sau")
            yield first, cells
        if cells and len(cells) != shape.width and not source.ends_a_line and not is_total(cells):
            raise self._broken(file, f"dòng cuối ({before}) bị cắt ngang: có thể chưa gửi trọn")

    def _broken(self, file: SentFile, cause: str) -> SourceError:
        return unreachable(self.source, f"tệp «{file.name}»: {cause}")

    def _checked(self, file: SentFile, blocks: Iterator[bytes]) -> Iterator[bytes]:
        """The blocks, looked at until it is sure that they are written as the configuration says."""
        sure = False
        for number, block in enumerate(blocks):
            if not sure:
                sure = self._is_as_declared(file, block[:_SAMPLE], is_first=not number)
            yield block

    def _is_as_declared(self, file: SentFile, block: bytes, *, is_first: bool) -> bool:
        """Whether the block shows that it is in the declared encoding. Raises Misfit where it shows another."""
        declared = self.files.connection.encoding
        if declared == "utf-16":
            return not is_first or self._has_mark(file, block)
        if block.isascii():
            return False
        share, words = vietnamese_share(block, declared), _words(block, declared)
        if share is not None and (share >= ENOUGH or words < _FEW_WORDS):
            return words >= _FEW_WORDS
        if fitting := [encoding for encoding in suggest_encodings(block) if encoding != declared]:
            raise Misfit(f"tệp «{file.name}» không viết bằng {declared}, mà có vẻ bằng {' hoặc '.join(fitting)}")
        return False

    def _has_mark(self, file: SentFile, block: bytes) -> bool:
        if not block.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            fitting = " hoặc ".join(suggest_encodings(block)) or "mã khác"
            raise Misfit(f"tệp «{file.name}» không bắt đầu bằng dấu (BOM) của utf-16; có vẻ bằng {fitting}")
        return True


def _words(block: bytes, encoding: str) -> int:
    return len(marked_words(block.decode(CODECS[encoding], "replace")))


def _costs_one_line(error: csv.Error) -> bool:
    """A quote in the wrong place costs its line; one that nothing closes may have cost all that follow."""
    return "end of data" not in str(error) and "limit" not in str(error)


@dataclass(frozen=True)
class _Shape:
    """What the heads show of the file. width: number of cells."""

    delimiter: str
    header_row: int
    width: int


class _Watched:
    """Blocks on their way; remembers how the last one ended."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._last = b""

    @property
    def ends_a_line(self) -> bool:
        return self._last.rstrip(b"\0")[-1:] in {b"\n", b"\r"}

    def __iter__(self) -> Iterator[bytes]:
        for block in self._blocks:
            self._last = block[-4:]
            yield block


def _delimiter(top: Sequence[str], spec: FileTable, wanted: Sequence[str]) -> str:
    """The one that gives the most of the wanted heads, or else the most heads."""
    asked = {plain(column) for column in wanted}

    def score(delimiter: str) -> tuple[int, int]:
        heads = _heads(top, delimiter, spec)
        return len(asked & set(heads)), len(heads)

    return max(DELIMITERS, key=score)


def _heads(top: Sequence[str], delimiter: str, spec: FileTable) -> list[str]:
    reader = csv.reader(top, delimiter=delimiter)
    rows: list[list[str]] = []
    while len(rows) < spec.header_rows:
        first = reader.line_num + 1
        try:
            cells = next(reader)
        except (StopIteration, csv.Error):
            break
        if first >= spec.header_row:
            rows.append(cells)
    return heads_of(rows, None)


def _swallowed(cells: Sequence[str], shape: _Shape) -> bool:
    """Whether a quote that was not closed has made one record of several rows: then it has other cells than heads, or
    its first and its last line are each as long as a row."""
    if len(cells) != shape.width:
        return True
    broken = [n for n, cell in enumerate(cells) if "\n" in cell or "\r" in cell]
    first, last = broken[0], broken[-1]
    top = shape.delimiter.join([*cells[:first], cells[first].splitlines()[0]])
    foot = shape.delimiter.join([cells[last].splitlines()[-1], *cells[last + 1 :]])
    return all(line.count(shape.delimiter) >= shape.width - 1 for line in (top, foot))


def _lines(blocks: Iterator[bytes], encoding: str) -> Iterator[str]:
    """Lines with their ends (\\n, \\r\\n or \\r and nothing else), a block's worth of them at a time."""
    rest = ""
    for decoded in codecs.iterdecode(blocks, encoding, _ERRORS):
        text = rest + decoded.replace("\0", UNREADABLE)
        cut = max(text.rfind("\n"), text.rfind("\r", 0, -1)) + 1
        rest = text[cut:]
        yield from io.StringIO(text[:cut], newline="")
    yield from io.StringIO(rest, newline="")
