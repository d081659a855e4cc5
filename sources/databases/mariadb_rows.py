"""Rows as a MariaDB or MySQL server sends them, straight into Arrow.

The protocol gives every value as the text of it behind its length, or a mark for NULL: nothing has to be escaped,
guessed or retyped. A driver makes a Python object of each value, which is most of its time. Here the packets are
taken off PyMySQL's own connection, so that its login, TLS, time-outs and transaction stay, and the values of a
whole batch are cut out at once.

Why not ConnectorX, the fastest peer: it takes half as long again, opens a connection of its own, so that rows and their
count are of two moments, knows no time-out, and panics at a date 0000-00-00, which it then prints. Why not one text a
row, joined by the server: every value would have to be escaped there, and the driver's time a row would remain.
PyMySQL's attributes that are used here are private: its version is locked, and the tests read real rows through them.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pymysql.constants import CR, FIELD_TYPE
from pymysql.cursors import SSCursor
from pymysql.err import OperationalError, raise_mysql_exception

_BATCH = 2 << 20  # bytes; some ten thousand dossiers
_AT_ONCE = 256 << 10
_HEAD = 4  # before each packet: three bytes of length, one of number
_SPLIT = 0xFFFFFF  # a packet of this length goes on in the next one
_END, _ERROR = 0xFE, 0xFF  # what a packet that is no row begins with
_END_BELOW = 9  # bytes: the packet that says the end is shorter
_NULL = 0xFB  # in place of a length
_WIDE = ((0xFC, 2), (0xFD, 3))  # before a length of so many bytes; no packet has room for a longer one
_LENGTH = struct.Struct("<I")
Places = npt.NDArray[np.int64]


def texts_of(cursor: SSCursor) -> Iterator[list[pa.Array]]:
    """What the cursor's statement gives, of which nothing has been fetched: batches of text columns.

    Raises PyMySQL's errors. Where it is not read to its end, the connection is of no more use.
    """
    connection: Any = cursor.connection
    result = connection._result
    bits = [field.type_code == FIELD_TYPE.BIT for field in result.fields]
    try:
        for rows in _batches(connection._rfile, connection._next_seq_id):
            cells = zip(rows.columns(len(bits)), bits, strict=True)
            yield [_numbers(column) if bit else _texts(column) for column, bit in cells]
    finally:
        result.unbuffered_active = False  # or PyMySQL would look for the rest of it
        result.connection = None


@dataclass(frozen=True)
class _Rows:
    """Packets of rows within `held`: where each row begins, and where the last one ends. Used before the next."""

    held: bytearray
    begins: Places
    end: int

    def check_numbers(self, first: int) -> None:
        """Packets are numbered, modulo 256: none may be missing."""
        found = np.frombuffer(self.held, np.uint8)[self.begins - 1]
        if not np.array_equal(found, (first + np.arange(len(found))) % 256):
            raise _malformed()

    def columns(self, number: int) -> list[pa.Array]:
        """Each column's values, as bytes."""
        places, nulls = self._places(number)
        # One array over all that was received: value, gap, value, gap … of which the values are taken.
        ends = pa.py_buffer(places)
        cells = pa.Array.from_buffers(pa.binary(), places.size - 1, [None, ends, pa.py_buffer(self.held)])
        first = 2 * number * np.arange(len(self.begins))
        return [cells.take(_indices(first + 2 * column, nulls[column])) for column in range(number)]

    def _places(self, number: int) -> tuple[npt.NDArray[np.int32], list[npt.NDArray[np.bool_]]]:
        """For each row and column: first byte and the one after the last; and for each column: which are NULL."""
        octets = np.frombuffer(self.held, np.uint8)
        places = np.empty((len(self.begins), number, 2), np.int32)
        nulls, at, ends = [], self.begins, np.append(self.begins[1:] - _HEAD, self.end)
        for column in range(number):
            if (at >= ends).any():
                raise _malformed()
            begin, length, null = _measured(octets, at)
            at = begin + length
            places[:, column, 0], places[:, column, 1] = begin, at
            nulls.append(null)
        if not np.array_equal(at, ends):
            raise _malformed()
        return places, nulls


def _indices(places: Places, nulls: npt.NDArray[np.bool_]) -> pa.Array:
    """For `take`: a NULL where there is none. (`pa.array` would do it, but imports pandas for it, and 50 MB.)"""
    valid = pa.py_buffer(np.packbits(~nulls, bitorder="little")) if nulls.any() else None
    return pa.Array.from_buffers(pa.int64(), len(places), [valid, pa.py_buffer(places)])


def _measured(octets: npt.NDArray[np.uint8], at: Places) -> tuple[Places, Places, npt.NDArray[np.bool_]]:
    """Of the values whose lengths stand at these places: first byte, length, and whether it is NULL."""
    head = octets[at]
    if head.max() >= _END:
        raise _malformed()
    begin, length, null = at + 1, head.astype(np.int64), head == _NULL
    length[null] = 0
    for mark, width in _WIDE if head.max() > _NULL else ():
        wide = np.flatnonzero(head == mark)
        digits = octets.take(begin[wide][:, None] + np.arange(width), mode="clip").astype(np.int64)
        length[wide] = digits @ (1 << 8 * np.arange(width))
        begin[wide] += width
    return begin, length, null


def _batches(stream: BufferedReader, number: int) -> Iterator[_Rows]:
    """Rows until the server says that it was the last one. number: of the first packet."""
    held, filled, at = bytearray(_BATCH + _AT_ONCE), 0, 0
    begins: list[int] = []
    ended = False
    while not ended:
        at, ended = _walk(held, at, filled, begins)
        if begins and (ended or at >= _BATCH):
            rows = _Rows(held, np.array(begins), at)
            rows.check_numbers(number)
            yield rows
            number, begins = number + len(begins), []
            held[: filled - at] = held[at:filled]
            filled, at = filled - at, 0
        if not ended:
            received = _receive(stream)
            if filled + len(received) > len(held):
                held = held + bytes(len(held))
            held[filled : filled + len(received)] = received
            filled += len(received)


def _walk(held: bytearray, at: int, filled: int, begins: list[int]) -> tuple[int, bool]:
    """Note where the rows begin that have come whole. Where the next packet begins, and whether it says the end."""
    while at + _HEAD < filled:
        size = _LENGTH.unpack_from(held, at)[0] & _SPLIT
        begin = at + _HEAD
        if begin + size > filled:
            break
        if held[begin] >= _END and (size < _END_BELOW or held[begin] == _ERROR):
            if held[begin] == _ERROR:
                raise_mysql_exception(bytes(held[begin : begin + size]))
            return at, True
        if size == _SPLIT:
            raise OperationalError(CR.CR_NET_PACKET_TOO_LARGE, "row")
        begins.append(begin)
        at = begin + size
    return at, False


def _receive(stream: BufferedReader) -> bytes:
    """What is there. (readinto1 would wait for more, where the buffer holds the last of it.)"""
    try:
        received = stream.read1(_AT_ONCE)
    except OSError as error:
        raise OperationalError(CR.CR_SERVER_LOST, "reading") from error
    if not received:
        raise OperationalError(CR.CR_SERVER_LOST, "reading")
    return received


def _malformed() -> OperationalError:
    return OperationalError(CR.CR_MALFORMED_PACKET, "row")


def _texts(column: pa.Array) -> pa.Array:
    """As UTF-8. Bytes that are none (a BINARY column) are kept as \\xNN, so that one bad row does not cost the rest."""
    try:
        return column.cast(pa.string())
    except pa.ArrowInvalid:
        values = column.to_pylist()
        return pa.array([v if v is None else v.decode("utf-8", "backslashreplace") for v in values], pa.string())


def _numbers(column: pa.Array) -> pa.Array:
    """BIT comes as its bytes: a flag of it as «1», and not as a control character."""
    return pa.array([v if v is None else str(int.from_bytes(v)) for v in column.to_pylist()], pa.string())
