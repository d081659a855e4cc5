"""Reads a quality page as a browser does: strictly, and table by table."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from tinyhtml5.parser import HTMLParser

HTML = "{http://www.w3.org/1999/xhtml}"


def parsed(html: str) -> Element:
    """The document; fails the test for whatever the HTML standard calls a parse error."""
    parser = HTMLParser()
    document = parser.parse(html)
    assert parser.errors == []
    return document


def text_of(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def table(document: Element, id_: str) -> list[list[str]]:
    """Every row of the table with that caption, heads first."""
    found = [t for t in document.iter(f"{HTML}table") if t.find(f"{HTML}caption[@id='{id_}']") is not None]
    assert len(found) == 1, id_
    return [[_cell(cell) for cell in row] for row in found[0].iter(f"{HTML}tr")]


def _cell(cell: Element) -> str:
    """The cell's text, its small type after a bar."""
    small = cell.find(f"{HTML}small")
    if small is None:
        return text_of(cell)
    basis = text_of(small)
    return f"{text_of(cell).removesuffix(basis).strip()} | {basis}"


def by_name(document: Element, id_: str) -> dict[str, list[str]]:
    """The table's rows by their first cell."""
    return {row[0]: row[1:] for row in table(document, id_)}
