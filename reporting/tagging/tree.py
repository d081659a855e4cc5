"""A structure tree as plain nodes: read from the PDF that WeasyPrint made, and written in its place.

ISO 32000-1:2008, 14.7 (logical structure) and 14.8 (tagged PDF)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pydyf


@dataclass(frozen=True)
class Content:
    """A piece of a page's content: page from 0; mark: its number on the page (MCID)."""

    page: int
    mark: int


@dataclass(frozen=True, eq=False)
class Link:
    """The place of an annotation among the tags."""

    page: int
    annotation: Any


@dataclass(eq=False)
class Node:
    """One element of the structure. rows, columns: how many a cell spans. scope, headers, name: of table cells;
    bounds: of a figure, in CSS pixels from the top left, as WeasyPrint says them."""

    tag: str
    page: int
    kids: list[Node | Content | Link] = field(default_factory=list)
    rows: int = 1
    columns: int = 1
    scope: str = ""
    headers: tuple[str, ...] = ()
    name: str = ""
    alt: str | None = None
    bounds: tuple[float, ...] = ()
    is_row_head: bool = False

    @property
    def nodes(self) -> list[Node]:
        return [kid for kid in self.kids if isinstance(kid, Node)]

    def every(self) -> Iterator[Node]:
        """Itself and all below it, in reading order."""
        yield self
        for kid in self.nodes:
            yield from kid.every()

    def without(self, tag: str) -> Node:
        """A copy in which no element of that tag is left."""
        kids = [kid.without(tag) if isinstance(kid, Node) else kid for kid in self.kids if not _is(kid, tag)]
        return dataclasses.replace(self, kids=kids)

    def contents(self) -> Iterator[Content]:
        for node in self.every():
            yield from (kid for kid in node.kids if isinstance(kid, Content))


def _is(kid: Node | Content | Link, tag: str) -> bool:
    return isinstance(kid, Node) and kid.tag == tag


def pages_of(pdf: pydyf.PDF) -> list[Any]:
    """The dictionaries of the pages, in order."""
    return [object_at(pdf, reference) for reference in pdf.page_references]


def object_at(pdf: pydyf.PDF, reference: bytes | str) -> Any:
    return pdf.objects[int(reference.split()[0])]


class Reader:
    """Reads the tree that WeasyPrint made. row_heads: the identities of cells that are heads of their rows.
    annotations: by reference."""

    def __init__(self, pdf: pydyf.PDF, row_heads: frozenset[int], annotations: Mapping[bytes, Any]) -> None:
        self._pdf = pdf
        self._row_heads = row_heads
        self._annotations = annotations
        self._places = {reference: number for number, reference in enumerate(pdf.page_references)}

    def document(self) -> Node:
        root = object_at(self._pdf, self._pdf.catalog["StructTreeRoot"])
        return self._node(object_at(self._pdf, root["K"][0]))

    def _node(self, element: Any) -> Node:
        page = self._places.get(element.get("Pg"), 0)
        said = element.get("A", {})
        node = Node(
            str(element["S"]).removeprefix("/"),
            page,
            rows=said.get("RowSpan", 1),
            columns=said.get("ColSpan", 1),
            alt=element["Alt"].string if "Alt" in element else None,
            bounds=tuple(said.get("BBox", ())),
            is_row_head=id(element) in self._row_heads,
        )
        node.kids = [self._kid(kid, page) for kid in element["K"]]
        return node

    def _kid(self, kid: Any, page: int) -> Node | Content | Link:
        if isinstance(kid, int):
            return Content(page, kid)
        found = object_at(self._pdf, kid)
        return Link(page, self._annotations[found["Obj"]]) if found["Type"] == "/OBJR" else self._node(found)


def remove(pdf: pydyf.PDF) -> None:
    """Take the tree out of the PDF: everything from its first object on, behind which nothing else may stand."""
    root = object_at(pdf, pdf.catalog["StructTreeRoot"])
    first = int(root["ParentTree"].split()[0])
    kinds = {one.get("Type") for one in pdf.objects[first:] if isinstance(one, pydyf.Dictionary)}
    assert kinds <= {None, "/StructTreeRoot", "/StructElem", "/OBJR"}, f"not of the tree: {kinds}"
    del pdf.objects[first:]
    del pdf.catalog["StructTreeRoot"]


def write(pdf: pydyf.PDF, document: Node) -> None:
    """Add the tree."""
    _Writer(pdf).write(document)


class _Writer:
    def __init__(self, pdf: pydyf.PDF) -> None:
        self.pdf = pdf
        self.pages = pages_of(pdf)
        self.marks: list[dict[int, bytes]] = [{} for _ in self.pages]
        self.annotations: list[tuple[Any, bytes]] = []
        self.names: dict[str, bytes] = {}

    def write(self, document: Node) -> None:
        root = pydyf.Dictionary({"Type": "/StructTreeRoot"})
        self.pdf.add_object(root)
        root["K"] = pydyf.Array([self._element(document, root.reference)])
        root["ParentTree"] = self._parents(root)
        if self.names:
            listed = [part for name in sorted(self.names) for part in (pydyf.String(name), self.names[name])]
            root["IDTree"] = pydyf.Dictionary({"Names": pydyf.Array(listed)})
        self.pdf.catalog["StructTreeRoot"] = root.reference

    def _element(self, node: Node, parent: bytes) -> bytes:
        element = pydyf.Dictionary({"Type": "/StructElem", "S": f"/{node.tag}", "P": parent})
        self.pdf.add_object(element)
        if node.kids:
            element["Pg"] = self.pages[node.page].reference
        self._describe(node, element)
        element["K"] = pydyf.Array([self._kid(kid, node, element) for kid in node.kids])
        reference: bytes = element.reference
        return reference

    def _kid(self, kid: Node | Content | Link, node: Node, element: Any) -> Any:
        if isinstance(kid, Node):
            return self._element(kid, element.reference)
        page = self.pages[kid.page].reference
        if isinstance(kid, Link):
            self.annotations.append((kid.annotation, element.reference))
            link = pydyf.Dictionary({"Type": "/OBJR", "Obj": kid.annotation.reference, "Pg": page})
            self.pdf.add_object(link)
            return link.reference
        self.marks[kid.page][kid.mark] = element.reference
        if kid.page == node.page:
            return kid.mark
        return pydyf.Dictionary({"Type": "/MCR", "Pg": page, "MCID": kid.mark})

    def _describe(self, node: Node, element: Any) -> None:
        table: dict[str, Any] = {}
        if node.columns > 1:
            table["ColSpan"] = node.columns
        if node.rows > 1:
            table["RowSpan"] = node.rows
        if node.scope:
            table["Scope"] = f"/{node.scope}"
        if node.headers:
            table["Headers"] = pydyf.Array([pydyf.String(name) for name in node.headers])
        if table:
            element["A"] = pydyf.Dictionary({"O": "/Table", **table})
        if node.name:
            element["ID"] = pydyf.String(node.name)
            self.names[node.name] = element.reference
        if node.alt is not None:
            element["Alt"] = pydyf.String(node.alt)
        if node.bounds:
            element["A"] = pydyf.Dictionary({"O": "/Layout", "Placement": "/Block", "BBox": self._bounds(node)})

    def _bounds(self, node: Node) -> pydyf.Array:
        """In points from the bottom left, as the page counts."""
        left, top, right, bottom = (0.75 * n for n in node.bounds)
        height = self.pages[node.page]["MediaBox"][3]
        return pydyf.Array([round(n, 3) for n in (left, height - bottom, right, height - top)])

    def _parents(self, root: Any) -> bytes:
        """Which element each mark and each annotation belongs to."""
        numbers: list[Any] = []
        for place, page in enumerate(self.pages):
            page["StructParents"] = place
            known = self.marks[place]
            assert sorted(known) == list(range(len(known))), "every mark of a page has its element"
            numbers += [place, pydyf.Array([known[mark] for mark in range(len(known))])]
        for place, (annotation, element) in enumerate(self.annotations, start=len(self.pages)):
            annotation["StructParent"] = place
            numbers += [place, element]
        tree = pydyf.Dictionary({"Nums": pydyf.Array(numbers)})
        self.pdf.add_object(tree)
        reference: bytes = tree.reference
        return reference
