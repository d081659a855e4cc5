"""VNI (VNI-Win, fonts VNI-Times): a letter, and after it a byte that sets its mark.

Ơ, ư, đ and the toned i, ĩ … ỵ have a byte of their own. Between 0x80 and 0xBF it is windows-1252's punctuation.
"""

from __future__ import annotations

import codecs
import re

from sources.files.encodings.letters import ACUTE, DOT, GRAVE, HOOK, TILDE, toned
from sources.files.encodings.single import codec_of

NAME = "cchc-vni"

_TONES = dict(zip((GRAVE, ACUTE, HOOK, TILDE, DOT), "øùûõï", strict=True))
_CIRCUMFLEX = dict(zip(("", GRAVE, ACUTE, HOOK, TILDE, DOT), "âàáåãä", strict=True))
_BREVE = dict(zip(("", GRAVE, ACUTE, HOOK, TILDE, DOT), "êèéúüë", strict=True))
_ALONE = {"đ": "ñ", "ơ": "ô", "ư": "ö", "ì": "ì", "í": "í", "ỉ": "æ", "ĩ": "ó", "ị": "ò", "ỵ": "î"}


def _small() -> dict[str, str]:
    """Small letter → its bytes, written as the Latin letters that windows-1252 shows for them."""
    found = dict(_ALONE)
    for vowel, written in {"a": "a", "e": "e", "o": "o", "u": "u", "y": "y", "ơ": "ô", "ư": "ö"}.items():
        found |= {toned(vowel, tone): written + mark for tone, mark in _TONES.items() if (vowel, tone) != ("y", DOT)}
    for vowel, base in {"â": "a", "ê": "e", "ô": "o"}.items():
        found |= {toned(vowel, tone): base + mark for tone, mark in _CIRCUMFLEX.items()}
    return found | {toned("ă", tone): "a" + mark for tone, mark in _BREVE.items()}


def _letters() -> dict[bytes, str]:
    small = {written.encode("latin-1"): letter for letter, written in _small().items()}
    capital = {written.upper().encode("latin-1"): letter.upper() for letter, written in _small().items()}
    return small | capital


def _punctuation() -> dict[bytes, str]:
    """Bytes 0x80 to 0xBF, which VNI leaves as Windows has them."""
    shown = {bytes([byte]): bytes([byte]).decode("cp1252", "replace") for byte in range(0x80, 0xC0)}
    return {byte: text for byte, text in shown.items() if text != "\ufffd"}


_LETTERS = _letters()
_MEANINGS = _LETTERS | _punctuation()
_MARKS = "".join(sorted({chr(code[1]) for code in _LETTERS if len(code) == 2})).encode("latin-1")
_BASES = "".join(sorted({chr(code[0]) for code in _LETTERS if len(code) == 2})).encode("latin-1")
_UNIT = re.compile(rb"[" + _BASES + rb"][" + _MARKS + rb"]|[\x80-\xff]")


def codec() -> codecs.CodecInfo:
    encoding: dict[int, int | bytes] = {ord(text): code for code, text in _MEANINGS.items()}
    return codec_of(NAME, decode=_decode, encoding=encoding | {byte: byte for byte in range(0x80)})


def _decode(data: bytes, errors: str, final: bool) -> tuple[str, int]:
    used = len(data) if final or not data or data[-1] not in _BASES else len(data) - 1
    data, pieces, last = data[:used], [], 0
    for unit in _UNIT.finditer(data):
        pieces += [data[last : unit.start()].decode("ascii"), _meaning(data, unit, errors)]
        last = unit.end()
    return "".join(pieces) + data[last:].decode("ascii"), used


def _meaning(data: bytes, unit: re.Match[bytes], errors: str) -> str:
    code = unit[0]
    if code in _MEANINGS:
        return _MEANINGS[code]
    base = code[:-1]  # a letter before a mark that it cannot bear
    told = UnicodeDecodeError(NAME, data, unit.end() - 1, unit.end(), "no such letter in VNI")
    instead, _ = codecs.lookup_error(errors)(told)
    return (_MEANINGS.get(base) or base.decode("ascii")) + str(instead)
