"""Reads a PDF back as a reader would see it: words with their places, in millimetres from the top left."""

from __future__ import annotations

import subprocess
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

POINT = 25.4 / 72


@dataclass(frozen=True)
class Word:
    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Sheet:
    width: float
    height: float
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def is_wide(self) -> bool:
        return self.width > self.height


def sheets(path: Path) -> list[Sheet]:
    """Every page, with poppler's reading of where each word stands."""
    done = subprocess.run(["pdftotext", "-bbox", str(path), "-"], capture_output=True, check=True)
    root = ET.fromstring(done.stdout)
    space = {"x": "http://www.w3.org/1999/xhtml"}
    return [_sheet(page, space) for page in root.findall(".//x:page", space)]


def _sheet(page: ET.Element, space: dict[str, str]) -> Sheet:
    words = tuple(
        Word(word.text or "", *(float(word.attrib[k]) * POINT for k in ("xMin", "yMin", "xMax", "yMax")))
        for word in page.findall("x:word", space)
    )
    return Sheet(float(page.attrib["width"]) * POINT, float(page.attrib["height"]) * POINT, words)


def collisions(sheet: Sheet, *, allowed: float = 0.35) -> list[tuple[str, str]]:
    """Pairs of words printed over each other by more than so many millimetres both ways."""
    found = []
    ordered = sorted(sheet.words, key=lambda w: w.left)
    for place, one in enumerate(ordered):
        for other in ordered[place + 1 :]:
            if other.left > one.right - allowed:
                break
            # a line's box is taller than its letters: only the middle of it counts
            height = min(one.bottom, other.bottom) - max(one.top, other.top)
            if height > 0.55 * min(one.bottom - one.top, other.bottom - other.top):
                found.append((one.text, other.text))
    return found
