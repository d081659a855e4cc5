"""Cells typed in an old Vietnamese font: their characters are the font's bytes, shown as Latin letters."""

from __future__ import annotations

from sources.files.encodings import CODECS
from sources.files.encodings.letters import LETTERS

OLD_FONTS = frozenset({"tcvn3", "vni"})
_UNICODE_ONLY = frozenset(letter for letter in LETTERS if ord(letter) > 0xFF)


def from_old_font(text: str, encoding: str) -> str:
    """«Hå s¬» → «Hồ sơ». A cell that has letters which no old font can hold was typed in Unicode, and stays; so does
    one that the font cannot have given."""
    if text.isascii() or not _UNICODE_ONLY.isdisjoint(text):
        return text
    try:
        return text.encode("cp1252").decode(CODECS[encoding])
    except UnicodeError:
        return text
