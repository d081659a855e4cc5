"""Packets of rows, however the wire cuts them, become the columns that were sent; anything else is an error."""

from __future__ import annotations

import io
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pymysql.constants import CR, FIELD_TYPE
from pymysql.err import DatabaseError, OperationalError

from sources.databases import mariadb_rows
from sources.databases.mariadb_rows import texts_of
from tests.tried import tried

FIRST = 5  # number of the first packet: those before it said what the columns are
END = b"\xfe\x00\x00\x02\x00"
ERROR = b"\xff" + (1317).to_bytes(2, "little") + b"#70100the driver's own text"
Value = bytes | None


class Wire(io.RawIOBase):
    """Gives what was sent in pieces of these lengths, over and over."""

    def __init__(self, sent: bytes, pieces: Sequence[int]) -> None:
        self._sent, self._pieces, self._asked = sent, pieces, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self._sent[: min(len(buffer), self._pieces[self._asked % len(self._pieces)])]
        self._asked += 1
        buffer[: len(piece)] = piece
        self._sent = self._sent[len(piece) :]
        return len(piece)


def measured(value: Value) -> bytes:
    if value is None:
        return b"\xfb"
    size = len(value)
    if size < 251:
        return bytes([size]) + value
    width, mark = next((w, m) for w, m in ((2, 0xFC), (3, 0xFD)) if size < 1 << 8 * w)
    return bytes([mark]) + size.to_bytes(width, "little") + value


def packet(content: bytes, number: int) -> bytes:
    return len(content).to_bytes(3, "little") + bytes([number % 256]) + content


def packets(rows: Sequence[Sequence[Value]], *, end: bytes = END) -> bytes:
    contents = [b"".join(map(measured, row)) for row in rows]
    return b"".join(packet(content, FIRST + place) for place, content in enumerate([*contents, end]))


def received(
    sent: bytes, columns: int, *, pieces: Sequence[int] = (1 << 30,), kind: int = FIELD_TYPE.VAR_STRING
) -> Any:
    """Rows that come out of the cursor's connection."""
    fields = [SimpleNamespace(type_code=kind)] * columns
    result = SimpleNamespace(fields=fields, unbuffered_active=True, connection=None)
    stream = io.BufferedReader(Wire(sent, pieces))
    connection = SimpleNamespace(_rfile=stream, _next_seq_id=FIRST, _result=result)
    batches = [[c.to_pylist() for c in batch] for batch in texts_of(SimpleNamespace(connection=connection))]  # type: ignore[arg-type]
    assert not result.unbuffered_active
    assert not stream.read(), "nothing may be left of it"
    return [row for batch in batches for row in zip(*batch, strict=True)]


texts = st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=400)


@st.composite
def tables(draw: st.DrawFn) -> list[tuple[str | None, ...]]:
    columns = draw(st.integers(1, 5))
    return draw(st.lists(st.tuples(*[texts] * columns), min_size=1, max_size=40))


@settings(max_examples=tried(200), deadline=None)
@given(tables(), st.lists(st.integers(1, 2_000), min_size=1, max_size=5), st.integers(1, 3_000))
def test_rows_come_out_as_they_were_sent(rows: list[tuple[str | None, ...]], pieces: list[int], batch: int) -> None:
    sent = packets([[None if cell is None else cell.encode() for cell in row] for row in rows])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mariadb_rows, "_BATCH", batch)
        patch.setattr(mariadb_rows, "_AT_ONCE", batch)
        assert received(sent, len(rows[0]), pieces=pieces) == rows


@pytest.mark.parametrize("size", [0, 1, 250, 251, 252, 65_535, 65_536, 300_000])
def test_a_value_of_any_length(size: int) -> None:
    long = "đ" * (size // 2) + "d" * (size % 2)
    rows = [("a", long, None), (None, long, "b"), ("", "", "")]
    assert received(packets([[c if c is None else c.encode() for c in row] for row in rows]), 3) == rows


def test_more_rows_than_packets_have_numbers() -> None:
    rows = [(str(n),) for n in range(1_000)]
    assert received(packets([[cell.encode() for cell in row] for row in rows]), 1) == rows


def test_no_row_at_all() -> None:
    assert received(packets([]), 3) == []


def test_bits_are_numbers() -> None:
    assert received(packets([[b"\x01"], [b"\x00"], [None], [b"\x01\x01"]]), 1, kind=FIELD_TYPE.BIT) == [
        ("1",),
        ("0",),
        (None,),
        ("257",),
    ]


def test_bytes_of_no_text_cost_only_themselves() -> None:
    assert received(packets([[b"\xff\x41"], ["Đ".encode()]]), 1) == [("\\xffA",), ("Đ",)]


GOOD = packets([[b"mot", b"hai"], [b"ba", None]])
BAD = {
    "cut in a row": (GOOD[:6], CR.CR_SERVER_LOST),
    "cut before the end": (GOOD[:-9], CR.CR_SERVER_LOST),
    "cut in the end": (GOOD[:-2], CR.CR_SERVER_LOST),
    "nothing": (b"", CR.CR_SERVER_LOST),
    "a packet is missing": (
        packet(measured(b"a") * 2, FIRST) + packet(measured(b"b") * 2, FIRST + 2) + packet(END, 8),
        2027,
    ),
    "too few values": (packet(measured(b"a"), FIRST) + packet(END, FIRST + 1), CR.CR_MALFORMED_PACKET),
    "too few in the middle": (packets([[b"a"], [b"b", b"c"]]), CR.CR_MALFORMED_PACKET),
    "too many values": (packets([[b"a", b"b", b"c"]]), CR.CR_MALFORMED_PACKET),
    "a length beyond the row": (packet(b"\x01a\x09b", FIRST) + packet(END, FIRST + 1), CR.CR_MALFORMED_PACKET),
    "a length beyond everything": (packet(b"\x01a\xfd\xff\xff\xff", FIRST) + packet(END, 6), CR.CR_MALFORMED_PACKET),
    "a length of eight bytes": (packet(b"\x01a\xfe" + b"\xff" * 8, FIRST) + packet(END, 6), CR.CR_MALFORMED_PACKET),
    "a length that is cut": (packet(b"\x01a\xfe\x01", FIRST) + packet(END, FIRST + 1), CR.CR_MALFORMED_PACKET),
    "a length at the very end": (packet(b"\x01a\xfd", FIRST) + packet(END, FIRST + 1), CR.CR_MALFORMED_PACKET),
    "an empty packet": (packet(b"", FIRST) + packet(END, FIRST + 1), CR.CR_MALFORMED_PACKET),
    "an error after rows": (packets([[b"a", b"b"]], end=ERROR), 1317),
    "an error at once": (packets([], end=ERROR), 1317),
    "a packet that goes on in the next": (
        packet(b"\xfd\xfa\xff\xff" + b"x" * 0xFFFFFB, FIRST),
        CR.CR_NET_PACKET_TOO_LARGE,
    ),
}


@pytest.mark.parametrize(("sent", "number"), BAD.values(), ids=BAD)
def test_anything_else_is_an_error(sent: bytes, number: int) -> None:
    with pytest.raises(OperationalError) as caught:
        received(sent, 2)
    assert caught.value.args[0] == number


@settings(max_examples=tried(300), deadline=None)
@given(st.binary(max_size=60), st.integers(0, 40))
@example(garbage=b"\xff\x00\x02b", place=16)
def test_garbage_never_becomes_rows_that_nobody_sent(garbage: bytes, place: int) -> None:
    """Either an error of the driver's kind, or the rows that the bytes spell."""
    sent = GOOD[:place] + garbage + GOOD[place:]
    try:
        rows = received(sent, 2)
    except (DatabaseError, AssertionError) as error:  # bytes may spell an error of any number
        assert "nothing may be left" in str(error) or isinstance(error, DatabaseError)
    else:
        spelled = packets([[c if c is None else c.encode() for c in row] for row in rows])
        assert len(spelled) <= len(sent)
