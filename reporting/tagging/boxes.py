"""What the laid-out boxes know and the PDF's tags do not: heads of rows, words of links, what runs over pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pydyf
from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder
from weasyprint.pdf.tags import _get_pdf_tag

_PRINTED = 4
_WHOLE = frozenset({"html", "body"})
_NEVER_JOINED = frozenset({"NonStruct", "Span", "Div", "Link", "THead", "TH", "TD", "TR"})


@dataclass(frozen=True)
class Known:
    """Of a laid-out document. row_heads: identities of the PDF elements of cells with role="rowheader" or scope="row".
    annotations: links and fields by their references. broken: for each page the PDF tags of what stands on the page
    before and goes on there, the outermost first. texts: for each page what its pieces of content say, in order;
    a picture says nothing."""

    row_heads: frozenset[int]
    annotations: dict[bytes, Any]
    broken: tuple[tuple[str, ...], ...]
    texts: tuple[tuple[str, ...], ...]


def look(document: Any) -> Known:
    """One walk through all boxes, after WeasyPrint has tagged them."""
    heads: set[int] = set()
    annotations: dict[bytes, Any] = {}
    broken: list[tuple[str, ...]] = []
    texts: list[tuple[str, ...]] = []
    before: dict[int, str] = {}
    for page in document.pages:
        here: dict[int, str] = {}
        said: list[str] = []
        for box in _on(page._page_box):
            if isinstance(box, boxes.TextBox | boxes.ReplacedBox):
                said.append(getattr(box, "text", ""))
            if box.element is None:
                continue
            for one in _annotations(box):
                annotations[one.reference] = one
            if "::" in box.element_tag or box.element_tag in _WHOLE:
                continue  # what a style puts before or after an element; the document
            here.setdefault(id(box.element), box.element_tag)
            if isinstance(box, boxes.TableCellBox) and _is_row_head(box.element):
                heads.add(id(getattr(box, "mark", None)))
        tags = (_get_pdf_tag(tag) for element, tag in here.items() if element in before)
        broken.append(tuple(tag for tag in tags if tag not in _NEVER_JOINED))
        texts.append(tuple(said))
        before = here
    return Known(frozenset(heads), annotations, tuple(broken), tuple(texts))


def _is_row_head(element: Any) -> bool:
    return bool(element.get("role") == "rowheader" or (element.tag == "th" and element.get("scope") == "row"))


def _annotations(box: Any) -> Iterator[Any]:
    """A link says its own words, not the name of its target, and is on paper as on the screen (PDF/A asks for that)."""
    if (link := box.link_annotation) is not None:
        words = " ".join("".join(box.element.itertext()).split())
        link["Contents"] = pydyf.String(words or "Liên kết")
        link["F"] = _PRINTED
        yield link
    if (field := box.widget_annotation) is not None:
        yield field


def _on(page_box: Any) -> Iterator[Any]:
    """The boxes in the order of the document; not what stands in the margins."""
    waiting = [page_box]
    while waiting:
        box = waiting.pop()
        if isinstance(box, AbsolutePlaceholder):
            box = box._box
        if isinstance(box, boxes.MarginBox):
            continue
        yield box
        if isinstance(box, boxes.ParentBox):
            waiting.extend(reversed(box.children))
