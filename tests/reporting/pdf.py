"""Reads a PDF back as a reader would see it: words with their places, in millimetres from the top left."""

from __future__ import annotations

import io
import subprocess
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pypdf
from PIL import Image

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


def sheets(path: Path, *, number: int | None = None) -> list[Sheet]:
    """Every page, or that one (from 1), with poppler's reading of where each word stands."""
    only = ["-f", str(number), "-l", str(number)] if number else []
    done = subprocess.run(["pdftotext", "-bbox", *only, str(path), "-"], capture_output=True, check=True)
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


@dataclass(frozen=True)
class Line:
    """A line of text with its letters. size: points; style: đứng · đậm · nghiêng · đậm nghiêng; left, right and
    baseline in millimetres."""

    text: str
    style: str
    size: float
    left: float
    right: float
    baseline: float

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


STYLES = {"": "đứng", "Bold": "đậm", "Italic": "nghiêng", "Bold-Italic": "đậm nghiêng"}


def lines(path: Path, number: int) -> list[Line]:
    """The runs of letters of one font on that page (from 1), as they follow in the file."""
    (sheet,), page = sheets(path, number=number), pypdf.PdfReader(path).pages[number - 1]
    found: list[Line] = []

    def see(text: str, scale: list[float], place: list[float], font: dict[str, str] | None, size: float) -> None:
        words = text.split()
        if not words or font is None:
            return
        left = (scale[0] * place[4] + scale[4]) * POINT
        baseline = sheet.height - (scale[3] * place[5] + scale[5]) * POINT
        right = _right(sheet, left, baseline, size * abs(scale[3]), len(words))
        style = STYLES[str(font["/BaseFont"]).partition("+Report-Serif")[2].strip("-")]
        found.append(Line(" ".join(words), style, round(size * abs(scale[3]), 2), left, right, baseline))

    page.extract_text(visitor_text=see)
    return found


def _right(sheet: Sheet, left: float, baseline: float, size: float, words: int) -> float:
    """Where the last of so many words ends that begin here."""
    high = size * POINT
    on_it = [w for w in sheet.words if w.top < baseline - high / 4 < w.bottom and w.left > left - 0.6]
    return sorted(on_it, key=lambda w: w.left)[:words][-1].right


@dataclass(frozen=True)
class Rule:
    """A horizontal stroke, in millimetres."""

    left: float
    right: float
    top: float

    @property
    def length(self) -> float:
        return self.right - self.left

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


def rules(path: Path, number: int, *, shortest: float = 8) -> list[Rule]:
    """The strokes of that page, read from its picture at 300 dots an inch."""
    done = subprocess.run(
        ["pdftoppm", "-gray", "-r", "300", "-f", str(number), "-l", str(number), str(path)],
        capture_output=True,
        check=True,
    )
    return _strokes(np.asarray(Image.open(io.BytesIO(done.stdout))) < 140, shortest)


def _strokes(dark: Any, shortest: float) -> list[Rule]:
    """Rows of dark dots, those of one stroke taken together."""
    dot = 25.4 / 300
    found: list[Rule] = []
    for top in np.flatnonzero(dark.sum(axis=1) * dot >= shortest):
        edges = np.flatnonzero(np.diff(np.concatenate(([0], dark[top].astype(np.int8), [0]))))
        for left, right in zip(edges[::2] * dot, edges[1::2] * dot, strict=True):
            known = any(abs(r.left - left) < 0.3 and top * dot - r.top < 0.5 for r in found[-60:])
            if right - left >= shortest and not known:
                found.append(Rule(float(left), float(right), float(top * dot)))
    return found


def uprights(path: Path, number: int, *, shortest: float = 12) -> list[Rule]:
    """The upright strokes of that page: left, right are its upper and lower end, top its distance from the left."""
    done = subprocess.run(
        ["pdftoppm", "-gray", "-r", "300", "-f", str(number), "-l", str(number), str(path)],
        capture_output=True,
        check=True,
    )
    return _strokes(np.asarray(Image.open(io.BytesIO(done.stdout))).T < 140, shortest)


def across(sheet: Sheet, strokes: list[Rule]) -> list[str]:
    """Words that lie across an upright stroke: they have left their cell."""
    return [
        word.text
        for word in sheet.words
        for stroke in strokes
        if word.left + 0.3 < stroke.top < word.right - 0.3
        and min(word.bottom, stroke.right) - max(word.top, stroke.left) > 0.5 * (word.bottom - word.top)
    ]
