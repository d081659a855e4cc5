"""Reading CSV files that units send, in a stream: memory stays flat however long they are."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import chain

from contracts.errors import SourceError
from contracts.table_spec import DELIMITERS, FileTable
from sources.files.data_rows import is_total
from sources.files.encodings import CODECS
from sources.files.encodings.guess import ENOUGH, marked_words, suggest_encodings, vietnamese_share
from sources.files.file_reader import FileReader
from sources.files.heads import UNREADABLE, Cells, Chunk, Grid, Misfit, heads_of, plain
from sources.files.sent_files import SentFile
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
    """A reader of CSV files; see `sources.files.file_reader.FileReader`."""

    def grids(self, file: SentFile, spec: FileTable, wanted: Sequence[str]) -> Iterator[Grid]:
        with closing(self.files.blocks(file)) as blocks:  # type: ignore[type-var]  # generators close
            watched = _Watched(self._checked(file, blocks))
            texts = _texts(iter(watched), CODECS[self.files.connection.encoding])
            top = next(texts, "")
            delimiter = self.files.connection.delimiter or _delimiter(top, spec, wanted)
            shape = _Shape(delimiter, spec.header_row, len(_heads(top, delimiter, spec)))
            yield Grid(file.name, "", self._chunks(file, chain([top], texts), shape, watched))

    def shown(self, file: SentFile) -> list[str]:
        return [""]

    def column(self, place: int) -> str:
        return str(place + 1)

    def _chunks(self, file: SentFile, texts: Iterator[str], shape: _Shape, watched: _Watched) -> Iterator[Chunk]:
        """The records of each piece of text, with the lines on which they begin."""
        line = 1
        last: Cells = ()
        for text in texts:
            if (rows := single_lines(text, shape.delimiter)) is not None:
                numbers: Sequence[int] = range(line, line + len(rows))
                line += len(rows)
            else:
                lines = _Lines(text, texts)
                numbers, rows = self._one_by_one(file, lines, shape, line)
                line += lines.taken
            if rows:
                yield numbers, rows
                last = rows[-1]
        if last and len(last) != shape.width and not watched.ends_a_line and not is_total(last):
            raise self._broken(file, f"dòng cuối ({line - 1}) bị cắt ngang: có thể chưa gửi trọn")

    def _one_by_one(self, file: SentFile, lines: _Lines, shape: _Shape, line: int) -> tuple[list[int], list[list[str]]]:
        """Records that are longer than a line, or whose quotes are wrong: those have no cells."""
        numbers: list[int] = []
        rows: list[list[str]] = []
        reader = csv.reader(lines, delimiter=shape.delimiter, strict=True)
        while True:
            before = reader.line_num
            try:
                cells = next(reader)
            except StopIteration:
                return numbers, rows
            except csv.Error as error:
                if reader.line_num - before > 1 or not _costs_one_line(error):
                    raise self._broken(file, f"dấu nháy kép ở dòng {line + before} không khép đúng chỗ") from None
                cells = [UNREADABLE]
            first = line + before
            if reader.line_num - before > 1 and first >= shape.header_row and _swallowed(cells, shape):
                raise self._broken(file, f"dấu nháy kép ở dòng {first} không khép đúng chỗ, nuốt mất các dòng sau")
            numbers.append(first)
            rows.append(cells)
            lines.between = True

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


class _Lines:
    """The lines of a text; and of the next ones while a record is not at its end."""

    def __init__(self, text: str, further: Iterator[str]) -> None:
        self._lines: Iterator[str] = io.StringIO(text, newline="")
        self._further = further
        self.between = False
        self.taken = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines, None)
        while line is None:
            if self.between:
                raise StopIteration
            self._lines = io.StringIO(next(self._further), newline="")
            line = next(self._lines, None)
        self.between = False
        self.taken += 1
        return line


def single_lines(text: str, delimiter: str) -> list[list[str]] | None:
    """The records of a text of which each is one line, as nearly always; None where that is not sure. A line without
    quotes is cut at its delimiters; any other is csv's, and wrong for it where a quote stays open."""
    text = text.replace("\r\n", "\n")
    if "\r" in text:
        return None
    lines = text.removesuffix("\n").split("\n")
    try:
        return [line.split(delimiter) if line and '"' not in line else _cells(line, delimiter) for line in lines]
    except csv.Error:
        return None


def _cells(line: str, delimiter: str) -> list[str]:
    return next(csv.reader([line], delimiter=delimiter, strict=True))


def _delimiter(top: str, spec: FileTable, wanted: Sequence[str]) -> str:
    """The one that gives the most of the wanted heads, or else the most heads."""
    asked = {plain(column) for column in wanted}

    def score(delimiter: str) -> tuple[int, int]:
        heads = _heads(top, delimiter, spec)
        return len(asked & set(heads)), len(heads)

    return max(DELIMITERS, key=score)


def _heads(top: str, delimiter: str, spec: FileTable) -> list[str]:
    reader = csv.reader(io.StringIO(top, newline=""), delimiter=delimiter)
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


def _texts(blocks: Iterator[bytes], encoding: str) -> Iterator[str]:
    """Whole lines, a block's worth of them at a time. A line ends with \\n, \\r\\n or \\r and nothing else."""
    rest = ""
    for decoded in codecs.iterdecode(blocks, encoding, _ERRORS):
        text = rest + decoded.replace("\0", UNREADABLE)
        cut = max(text.rfind("\n"), text.rfind("\r", 0, -1)) + 1
        rest = text[cut:]
        if cut:
            yield text[:cut]
    if rest:
        yield rest
