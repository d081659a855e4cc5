"""The report's own fonts, and what they cannot print.

A letter that the bundled fonts lack would be set in whatever font the machine has, or as an empty box, and
nobody would notice: so it is looked for before the page is set."""

from __future__ import annotations

import struct
import unicodedata
from fractions import Fraction
from functools import cache, lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont, TTLibError

TEMPLATES = Path(__file__).resolve().parent.parent / "report_templates"
UNPRINTABLE = "□"
LONGEST = 160
_INVISIBLE = {"Cc", "Cf", "Zl", "Zp"}


@cache
def coverage() -> frozenset[int]:
    """Code points that all four styles can print."""
    styles = sorted((TEMPLATES / "fonts").glob("*.ttf"))
    return frozenset.intersection(*(_code_points(path) for path in styles))


def _code_points(path: Path) -> frozenset[int]:
    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())


FACES = ("Regular", "Bold", "Italic", "BoldItalic")
"""Those that print.css names."""
VIETNAMESE = "".join(map(chr, range(0x1EA0, 0x1EFA))) + "ĂăÂâĐđÊêÔôƠơƯưÀÁÃÈÉÌÍĨÒÓÕÙÚŨÝàáãèéìíĩòóõùúũý–…≤«»"


def faults_of_faces(folder: Path) -> dict[str, str]:
    """File → what is wrong with it, Vietnamese: not there, damaged (checksums of its tables), or letters that it lacks.
    All faces are whole where nothing is told."""
    files = [folder / f"LiberationSerif-{face}.ttf" for face in FACES]
    return {file.name: fault for file in files if (fault := _fault(file))}


def _fault(file: Path) -> str:
    try:
        with TTFont(file, lazy=True, checkChecksums=2) as font:
            for table in font.reader.keys():  # noqa: SIM118  not a mapping; each is read, and held against its checksum
                font.reader[table]
            letters = font.getBestCmap()
    except FileNotFoundError:
        return "không có tệp"
    except (TTLibError, AssertionError, EOFError, OSError, struct.error):
        return "tệp bị hỏng"
    missing = "".join(letter for letter in VIETNAMESE if ord(letter) not in letters)
    return f"thiếu chữ {missing[:12]}" if missing else ""


@cache
def _advances(*, bold: bool) -> tuple[dict[int, int], int]:
    """Code point → advance, and how many make an em."""
    with TTFont(TEMPLATES / "fonts" / f"LiberationSerif-{'Bold' if bold else 'Regular'}.ttf", lazy=True) as font:
        widths = font["hmtx"].metrics
        return {code: widths[name][0] for code, name in font.getBestCmap().items()}, font["head"].unitsPerEm


def width_of(text: str, size: int, *, bold: bool = False) -> Fraction:
    """Width of the text on one line, in the unit of the size."""
    advances, em = _advances(bold=bold)
    return Fraction(sum(advances.get(ord(c), em) for c in text) * size, em)


def missing_glyphs(text: str) -> str:
    """The characters of the text that cannot be printed, each once, in order; white space aside."""
    return "".join(dict.fromkeys(c for c in text if ord(c) not in coverage() and not c.isspace()))


def printable(text: object, *, longest: int = LONGEST) -> str:
    """Text that came from a source, made safe to print and visibly so: composed (NFC), control and direction
    marks dropped, white space single, a character without a glyph shown as □, cut with … where too long."""
    return _printable(str(text), longest)


@lru_cache(maxsize=1 << 14)
def _printable(text: str, longest: int) -> str:
    """The reports of a period say the same names over and over."""
    composed = unicodedata.normalize("NFC", text)
    spaced = "".join(" " if unicodedata.category(c) in _INVISIBLE and c.isspace() else c for c in composed)
    visible = "".join(c for c in spaced if unicodedata.category(c) not in _INVISIBLE)
    shown = "".join(UNPRINTABLE if ord(c) not in coverage() and not c.isspace() else c for c in visible)
    single = " ".join(shown.split())
    return single if len(single) <= longest else single[: longest - 1].rstrip() + "…"


_ALPHABET = {letter: place for place, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}


def vietnamese_order(name: str) -> tuple[tuple[int, ...], tuple[int, ...], str]:
    """Sort key of the Vietnamese alphabet: letters first (a ă â … d đ), tones second."""
    letters, tones = [], []
    for char in unicodedata.normalize("NFC", name.lower()):
        marks = unicodedata.normalize("NFD", char)
        tone = next((_TONES[m] for m in marks if m in _TONES), 0)
        base = unicodedata.normalize("NFC", "".join(m for m in marks if m not in _TONES))
        letters.append(_ALPHABET.get(base, 0) + 1 if base in _ALPHABET else (0 if base.isspace() else 100))
        tones.append(tone)
    return tuple(letters), tuple(tones), name
