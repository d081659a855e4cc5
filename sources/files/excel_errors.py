"""Cells of an .xlsx that have no value though one is meant: in error (#N/A, #REF! …), or with a formula that was never
calculated. The fast reader gives them as blank, and a blank date has a meaning.

An end date whose look-up failed would make a resolved dossier an open one; as «#N/A» it cannot be read, and is told.
"""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterator
from typing import IO

NOT_CALCULATED = "#CHƯA TÍNH"

_SHEET = re.compile(r"<(?:\w+:)?sheet\b([^>]*)>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\b([^>]*)>")
_ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*[^>/])>((?:(?!</(?:\w+:)?c>).)*)</(?:\w+:)?c>", re.DOTALL)
_IN_ERROR = re.compile(rb"""\bt=["']e["']""")
_IN_TEXT = re.compile(rb"""\bt=["']str["']""")
_VALUE = re.compile(rb"<(?:\w+:)?v\b[^>]*?(?:/>|>([^<]*)<)")
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_SUSPECT = re.compile(rb"""\bt=["']e["']|<(?:\w+:)?f\b""")
_PLACE = re.compile(r"([A-Z]+)(\d+)")


def error_cells(workbook: IO[bytes], sheet: str) -> Iterator[tuple[int, int, str]]:
    """Row and column (from 0) and text of each such cell."""
    content = _content(workbook, sheet)
    if not _SUSPECT.search(content):
        return
    for attributes, inside in _CELL.findall(content):
        place = _PLACE.fullmatch(_attributes(attributes.decode()).get("r", ""))
        if place and (said := _said(attributes, inside)):
            yield int(place[2]) - 1, _column(place[1]), said


def formula_cells(workbook: IO[bytes], sheet: str) -> Iterator[tuple[int, int]]:
    """Row and column (from 0) of each cell with a formula or in error, whatever value it shows."""
    for attributes, inside in _CELL.findall(_content(workbook, sheet)):
        place = _PLACE.fullmatch(_attributes(attributes.decode()).get("r", ""))
        if place and (_FORMULA.search(inside) or _IN_ERROR.search(attributes)):
            yield int(place[2]) - 1, _column(place[1])


def _content(workbook: IO[bytes], sheet: str) -> bytes:
    with zipfile.ZipFile(workbook) as parts:
        part = _part_of(parts, sheet)
        return parts.read(part) if part else b""


def _said(attributes: bytes, inside: bytes) -> str:
    """What stands for the cell's value; empty where it has one."""
    found = _VALUE.search(inside)
    value = html.unescape((found[1] or b"").decode()) if found else ""
    if _IN_ERROR.search(attributes):
        return value or NOT_CALCULATED
    is_blank = _IN_TEXT.search(attributes) is not None and found is not None
    return NOT_CALCULATED if not value and not is_blank and _FORMULA.search(inside) else ""


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
