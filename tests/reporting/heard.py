"""Reads a tagged PDF as a program that reads aloud does: its elements in their order, with the text of each; and what
of PDF/UA-1 (ISO 14289-1) a machine can hold against it. Written against ISO 32000-1, knowing nothing of how the PDF was
made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import pypdf
from pypdf.generic import ArrayObject, ContentStream, DictionaryObject, NameObject

STANDARD = frozenset(
    {"Document", "Part", "Art", "Sect", "Div", "Caption", "P", "H1", "H2", "H3", "H4", "H5", "H6", "L", "LI", "Lbl"}
    | {"LBody", "Table", "TR", "TH", "TD", "THead", "TBody", "TFoot", "Span", "Link", "Figure", "Form"}
)
"""Of the standard types those that mean something to whoever reads a report."""
PAINTS = {b"Tj", b"TJ", b"'", b'"', b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"S", b"s", b"sh", b"Do", b"EI"}
MAY_HOLD = {
    "Table": {"Caption", "THead", "TBody", "TFoot", "TR"},
    "THead": {"TR"},
    "TBody": {"TR"},
    "TR": {"TH", "TD"},
    "L": {"Caption", "LI"},
    "LI": {"Lbl", "LBody"},
}


@dataclass(eq=False)
class Element:
    """pieces: (page, MCID) of its own content. links: annotations in it."""

    tag: str
    said: DictionaryObject
    kids: list[Element] = field(default_factory=list)
    pieces: list[tuple[int, int]] = field(default_factory=list)
    links: list[DictionaryObject] = field(default_factory=list)
    order: list[Element | tuple[int, int]] = field(default_factory=list)

    def every(self, *tags: str) -> Iterator[Element]:
        if not tags or self.tag in tags:
            yield self
        for kid in self.kids:
            yield from kid.every(*tags)

    def table(self, key: str) -> Any:
        """An attribute of a cell."""
        return self.said.get("/A", {}).get(key)


class Heard:
    """One PDF."""

    def __init__(self, path: Path) -> None:
        self.reader = pypdf.PdfReader(path)
        self.catalog = self.reader.trailer["/Root"]
        self._pages = {page.indirect_reference.idnum: n for n, page in enumerate(self.reader.pages)}

    @cached_property
    def document(self) -> Element:
        (root,) = _list(self.catalog["/StructTreeRoot"]["/K"])
        return self._element(root.get_object())

    def _element(self, said: DictionaryObject) -> Element:
        made = Element(str(said["/S"])[1:], said)
        for raw in _list(said.get("/K", ArrayObject())):
            kid = raw.get_object() if hasattr(raw, "get_object") else raw
            if isinstance(kid, int):
                piece = self._pages[said.raw_get("/Pg").idnum], int(kid)
            elif kid.get("/Type") == "/MCR":
                piece = self._pages[kid.raw_get("/Pg").idnum], int(kid["/MCID"])
            elif kid.get("/Type") == "/OBJR":
                made.links.append(kid["/Obj"])
                continue
            else:
                made.kids.append(self._element(kid))
                made.order.append(made.kids[-1])
                continue
            made.pieces.append(piece)
            made.order.append(piece)
        return made

    @cached_property
    def pages(self) -> list[Page]:
        return [Page(page, self.reader) for page in self.reader.pages]

    def text(self, element: Element) -> str:
        """What is read of it and all in it; a line's end is a space."""
        parts = [
            self.text(one) if isinstance(one, Element) else self.pages[one[0]].said.get(one[1], "")
            for one in element.order
        ]
        return " ".join(" ".join(parts).split())

    @cached_property
    def whole(self) -> str:
        return self.text(self.document)

    def faults(self) -> list[str]:
        """What is not as PDF/UA-1 asks; none is no proof, for a person must judge the rest."""
        return [
            *self._of_document(),
            *self._of_content(),
            *self._of_elements(),
            *self._of_headings(),
            *self._of_fonts(),
        ]

    def _of_document(self) -> Iterator[str]:
        if not self.catalog.get("/MarkInfo", {}).get("/Marked"):
            yield "not marked"
        if self.catalog.get("/Lang") != "vi":
            yield "language"
        if not self.catalog.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
            yield "title not shown"
        if self.document.tag != "Document":
            yield "root"
        for number, page in enumerate(self.reader.pages):
            if page.get("/Tabs") != "/S":
                yield f"page {number}: order of tabs"
            for raw in page.get("/Annots", []):
                yield from self._of_annotation(raw.get_object())

    def _of_annotation(self, one: DictionaryObject) -> Iterator[str]:
        owner = {"/Link": "Link", "/Widget": "Form"}[str(one["/Subtype"])]
        words = one.get("/Contents") if owner == "Link" else one.get("/TU")
        if not words:
            yield f"annotation without words: {one.get('/Rect')}"
        if not any(one == link for element in self.document.every(owner) for link in element.links):
            yield f"annotation without {owner}: {words}"

    def _of_content(self) -> Iterator[str]:
        """All that is painted is an artifact or has one place in the structure, and the way back leads there."""
        parents = self._parents()
        for number, page in enumerate(self.pages):
            yield from (f"page {number}: {fault}" for fault in page.faults)
            known = [(e, mark) for e in self.document.every() for of, mark in e.pieces if of == number]
            if sorted(mark for _, mark in known) != sorted(page.said):
                yield f"page {number}: marks and structure differ"
            for element, mark in known:
                if parents[number][mark].get_object() != element.said:
                    yield f"page {number}: {mark} leads to another element"

    def _parents(self) -> dict[int, Any]:
        nums = self.catalog["/StructTreeRoot"]["/ParentTree"]["/Nums"]
        return {int(key): value for key, value in zip(nums[::2], nums[1::2], strict=True)}

    def _of_elements(self) -> Iterator[str]:
        names = [e.said["/ID"] for e in self.document.every() if "/ID" in e.said]
        listed = self.catalog["/StructTreeRoot"].get("/IDTree", {}).get("/Names", [])[::2]
        if len(names) != len(set(names)) or sorted(names) != list(listed):
            yield "names of elements"
        for element in self.document.every():
            if element.tag not in STANDARD:
                yield f"no standard type: {element.tag}"
            if not element.order and not element.links and element.tag not in {"TD", "TH"}:
                yield f"empty: {element.tag}"
            allowed = MAY_HOLD.get(element.tag)
            if allowed is not None and (element.pieces or {kid.tag for kid in element.kids} - allowed):
                yield f"{element.tag} holds {[kid.tag for kid in element.kids]}"
            if element.tag == "Figure" and not element.said.get("/Alt"):
                yield "figure without words"
            if element.tag == "Table":
                yield from self._of_table(element, set(names))

    def _of_table(self, table: Element, names: set[str]) -> Iterator[str]:
        grid = grid_of(table)
        rows, columns = {r for r, _ in grid}, {c for _, c in grid}
        if len(grid) != len(rows) * len(columns):
            yield f"table is no rectangle: {self.text(table)[:60]}"
        if "Caption" in [kid.tag for kid in table.kids[1:]]:
            yield "caption is not first"
        heads = list(table.every("TH"))
        if not heads:
            yield f"table without heads: {self.text(table)[:60]}"
        for head in heads:
            if head.table("/Scope") not in {"/Row", "/Column"}:
                yield f"head without scope: {self.text(head)}"
            if not head.order:
                yield f"head without a word: {self.text(table)[:60]}"
        for cell in table.every("TD"):
            if unknown := set(cell.table("/Headers") or ()) - names:
                yield f"unknown heads: {unknown}"

    def _of_headings(self) -> Iterator[str]:
        levels = [int(e.tag[1]) for e in self.document.every("H1", "H2", "H3", "H4", "H5", "H6")]
        if levels[:1] != [1]:
            yield "first heading"
        yield from (f"from H{one} to H{other}" for one, other in pairwise(levels) if other > one + 1)

    def _of_fonts(self) -> Iterator[str]:
        for page in self.reader.pages:
            for name, raw in page["/Resources"]["/Font"].items():
                font = raw.get_object()
                if "/ToUnicode" not in font:
                    yield f"{name}: no way to letters"
                descriptor = font["/DescendantFonts"][0]["/FontDescriptor"]
                if not {"/FontFile2", "/FontFile3"} & set(descriptor):
                    yield f"{name}: not embedded"


class Page:
    """Marked content of one page. said: text by mark."""

    def __init__(self, page: pypdf.PageObject, reader: pypdf.PdfReader) -> None:
        self.said: dict[int, str] = {}
        self.faults: list[str] = []
        self._fonts = {name: _letters(raw.get_object()) for name, raw in page["/Resources"]["/Font"].items()}
        self._read(ContentStream(page.get_contents(), reader))

    def _read(self, content: ContentStream) -> None:
        within: list[int | str] = []
        letters: dict[int, str] = {}
        for operands, operator in content.operations:
            if operator in {b"BMC", b"BDC"}:
                within.append(self._begin(operands, within))
            elif operator == b"EMC":
                within.pop()
            elif operator == b"Tf":
                letters = self._fonts[str(operands[0])]
            elif operator in PAINTS:
                if not within:
                    self.faults.append(f"painted without a mark: {operator!r}")
                if within and isinstance(within[-1], int) and operator in {b"Tj", b"TJ"}:
                    self.said[within[-1]] += _decoded(operands[0], letters)

    def _begin(self, operands: list[Any], within: list[int | str]) -> int | str:
        if within:
            self.faults.append(f"{operands} within {within}")
        if operands[0] == "/Artifact":
            return "Artifact"
        mark = int(operands[1]["/MCID"])
        if mark in self.said:
            self.faults.append(f"mark {mark} twice")
        self.said[mark] = ""
        return mark


def _list(value: Any) -> list[Any]:
    value = value.get_object() if isinstance(value, pypdf.generic.IndirectObject) else value
    return list(value) if isinstance(value, ArrayObject) else [value]


def _letters(font: DictionaryObject) -> dict[int, str]:
    """Code → text, of a font with two bytes a letter."""
    if "/ToUnicode" not in font or font.get("/Subtype") != NameObject("/Type0"):
        return {}
    pairs = re.findall(rb"<([0-9a-f]{4})> <([0-9a-f]+)>", font["/ToUnicode"].get_data())
    return {int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in pairs}


def _decoded(shown: Any, letters: dict[int, str]) -> str:
    parts = [p for p in (shown if isinstance(shown, list) else [shown]) if isinstance(p, str | bytes)]
    raw = b"".join(p.original_bytes if hasattr(p, "original_bytes") else bytes(p) for p in parts)
    return "".join(letters[int.from_bytes(raw[n : n + 2])] for n in range(0, len(raw), 2))


def grid_of(table: Element) -> dict[tuple[int, int], Element]:
    """(row, column) → the cell that covers it; a cell over another one is counted where it begins."""
    grid: dict[tuple[int, int], Element] = {}
    for line, row in enumerate(table.every("TR")):
        column = 0
        for cell in row.kids:
            while (line, column) in grid:
                column += 1
            for down in range(int(cell.table("/RowSpan") or 1)):
                for right in range(int(cell.table("/ColSpan") or 1)):
                    grid[line + down, column + right] = cell
            column += int(cell.table("/ColSpan") or 1)
    return grid
