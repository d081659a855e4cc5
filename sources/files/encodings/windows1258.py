"""windows-1258: the tone stands after the vowel as a mark of its own; what comes out has the letter whole (NFC)."""

from __future__ import annotations

import codecs
import unicodedata

from sources.files.encodings.letters import LETTERS, TONES, split_tone
from sources.files.encodings.single import codec_of

_MARKS = frozenset(TONES.encode("cp1258"))


def codec() -> codecs.CodecInfo:
    encoding: dict[int, int | bytes] = {ord(letter): _written(letter) for letter in LETTERS}
    for byte in range(256):
        if text := bytes([byte]).decode("cp1258", "ignore"):
            encoding.setdefault(ord(text), byte)
    return codec_of("cchc-windows-1258", decode=_decode, encoding=encoding)


def _written(letter: str) -> bytes:
    try:
        return letter.encode("cp1258")
    except UnicodeEncodeError:
        base, tone = split_tone(letter)
        return (base + tone).encode("cp1258")


def _decode(data: bytes, errors: str, final: bool) -> tuple[str, int]:
    used = len(data) if final else _before_last_letter(data)
    text, _ = codecs.charmap_decode(data[:used], errors, _TABLE)
    return unicodedata.normalize("NFC", text), used


def _before_last_letter(data: bytes) -> int:
    """Where the last letter begins: the next piece may still bring its tone."""
    end = len(data) - 1
    while end > 0 and data[end] in _MARKS:
        end -= 1
    return max(end, 0)


_TABLE = "".join(bytes([byte]).decode("cp1258", "ignore") or "\ufffe" for byte in range(256))
