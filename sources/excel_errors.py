"""Cells in error (#N/A, #REF! …) of an .xlsx: the fast reader gives them as blank, and a blank date has a meaning.

An end date whose look-up failed would make a resolved dossier an open one; as «#N/A» it cannot be read, and is told.
"""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

_SHEET = re.compile(r"<(?:\w+:)?sheet\b([^>]*)>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\b([^>]*)>")
_ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_ERROR_CELL = re.compile(
    rb"""<(?:\w+:)?c\b([^>]*\bt=["']e["'][^>]*)>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)<""", re.DOTALL
)
_PLACE = re.compile(r"([A-Z]+)(\d+)")


def error_cells(workbook: Path, sheet: str) -> Iterator[tuple[int, int, str]]:
    """Row and column (from 0) and text of each cell in error. Other kinds of workbook give none."""
    if not zipfile.is_zipfile(workbook):
        return
    with zipfile.ZipFile(workbook) as parts:
        part = _part_of(parts, sheet)
        found = _ERROR_CELL.findall(parts.read(part)) if part else []
    for attributes, text in found:
        place = _PLACE.fullmatch(_attributes(attributes.decode())["r"])
        if place:
            yield int(place[2]) - 1, _column(place[1]), html.unescape(text.decode())


def _part_of(parts: zipfile.ZipFile, sheet: str) -> str:
    """The file inside the workbook that holds the sheet; empty where it is not to be found."""
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= set(parts.namelist()):
        return ""
    sheets = map(_attributes, _SHEET.findall(parts.read("xl/workbook.xml").decode(errors="replace")))
    links = {s["name"]: next((v for k, v in s.items() if k.endswith(":id")), "") for s in sheets}
    relations = map(_attributes, _RELATION.findall(parts.read("xl/_rels/workbook.xml.rels").decode(errors="replace")))
    target = {r["Id"]: r["Target"] for r in relations}.get(links.get(sheet, ""), "")
    part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    return part if part in parts.namelist() else ""


def _attributes(text: str) -> dict[str, str]:
    return {name: html.unescape(one or other) for name, one, other in _ATTRIBUTE.findall(text)}


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
