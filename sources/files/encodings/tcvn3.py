"""TCVN3 («ABC», fonts .VnTime): one byte a letter, TCVN 5712:1993 VN3.

It has no capital with a tone: those are small letters shown in a font of capitals (.VnTimeH), and come out small.
"""

from __future__ import annotations

import codecs

from sources.files.encodings.single import codec_of

_ROWS = {
    0xA0: "\u00a0ĂÂÊÔƠƯĐăâêôơưđ",
    0xB5: "àảãáạ",
    0xBB: "ằẳẵắ",
    0xC6: "ặầẩẫấậè",
    0xCE: "ẻẽéẹềểễếệìỉ",
    0xDC: "ĩíịò",
    0xE1: "ỏõóọồổỗốộờởỡớợù",
    0xF1: "ủũúụừửữứựỳỷỹýỵ",
}
_NOTHING = "\ufffe"  # how a charmap says that a byte has no meaning

_LETTERS = {first + place: letter for first, row in _ROWS.items() for place, letter in enumerate(row)}
_TABLE = "".join(chr(byte) if byte < 0x80 else _LETTERS.get(byte, _NOTHING) for byte in range(256))


def codec() -> codecs.CodecInfo:
    encoding = {ord(letter): byte for byte, letter in enumerate(_TABLE) if letter != _NOTHING}
    return codec_of("cchc-tcvn3", decode=_decode, encoding=encoding)


def _decode(data: bytes, errors: str, _final: bool) -> tuple[str, int]:
    return codecs.charmap_decode(data, errors, _TABLE)
