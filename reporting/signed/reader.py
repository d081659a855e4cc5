"""Reads PDFs as pyHanko does, in time that grows with their length.

pyHanko 0.38 reads the table of contents of an object stream once more for every object in it. A tagged report has one
such stream with thousands of objects: a minute for a district, an hour for a province. Here it is read once."""

from __future__ import annotations

import io

from pyhanko.pdf_utils import generic, misc
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.pdf_utils.reader import PdfFileReader

Contents = dict[int, tuple[int, int]]
"""Number of an object → its place in the list, and where it begins."""


class Reader(PdfFileReader):
    """strict: whatever another program might read in another way is an error (PdfReadError)."""

    def __init__(self, content: bytes, *, strict: bool = True) -> None:
        self._streams: dict[int, tuple[bytes, Contents]] = {}
        super().__init__(io.BytesIO(content), strict=strict)

    def _get_object_from_stream(self, idnum: int, stmnum: int, idx: int) -> generic.PdfObject:
        if stmnum not in self._streams:
            self._streams[stmnum] = self._open_stream(stmnum)
        data, contents = self._streams[stmnum]
        place, start = contents.get(idnum, (None, 0))
        if place != idx:
            raise misc.PdfStrictReadError(f"object {idnum} is not at {idx} of stream {stmnum}")
        try:
            found = generic.read_object(_at(data, start), generic.Reference(idnum, 0, self))
        except (misc.PdfStreamError, misc.PdfReadError) as error:
            raise misc.PdfStrictReadError(f"cannot read object {idnum} of stream {stmnum}") from error
        if isinstance(found, generic.StreamObject | generic.IndirectObject):
            raise misc.PdfStrictReadError(f"object {idnum} may not lie in a stream")
        return found

    def _open_stream(self, number: int) -> tuple[bytes, Contents]:
        stream = generic.Reference(number, 0, self).get_object()
        if not isinstance(stream, generic.StreamObject) or stream["/Type"] != "/ObjStm":
            raise misc.PdfStrictReadError(f"{number} is no object stream")
        data, first = stream.read_data(DecodePurpose.OBJECT_STREAM), stream["/First"]
        try:
            listed = [int(word) for word in data[:first].split()]
        except ValueError as error:
            raise misc.PdfStrictReadError(f"the list of stream {number} is corrupted") from error
        numbers, offsets = listed[0::2], listed[1::2]
        if not len(numbers) == len(offsets) == len(set(numbers)) == stream["/N"]:
            raise misc.PdfStrictReadError(f"the list of stream {number} is corrupted")
        pairs = zip(numbers, offsets, strict=True)
        return data, {one: (place, first + offset) for place, (one, offset) in enumerate(pairs)}


def _at(data: bytes, start: int) -> io.BytesIO:
    stream = io.BytesIO(data)
    stream.seek(start)
    return stream
