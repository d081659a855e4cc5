"""What PDF/UA-1 (ISO 14289-1) asks and WeasyPrint 70 leaves open, put right in the finished PDF."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pydyf

from reporting.tagging import boxes, tables, tree
from reporting.tagging.tree import Content, Link, Node

_MEANINGLESS = frozenset({"NonStruct", "Span", "Div"})
_ROOMS = frozenset({"Document", "Sect", "Part", "Art", "Div"})
"""Elements of other elements: text of their own is a paragraph."""
_CELLS = frozenset({"TH", "TD"})


def take(document: Any, pdf: pydyf.PDF) -> Node:
    """Take WeasyPrint's tree out of a laid-out document's PDF and give it mended: without what says nothing, each thing
    once though it runs over pages, heads of tables with their scope. What only belongs to the page becomes an artifact.
    For a finisher of `write_pdf`; `tree.write` puts it back."""
    known = boxes.look(document)
    whole = tree.Reader(pdf, known.row_heads, known.annotations).document()
    tree.remove(pdf)
    _drop_leaders(whole, known.texts)
    _lift(whole)
    _join(whole, known.broken)
    _drop_empty(whole)
    for number, table in enumerate((n for n in whole.every() if n.tag == "Table"), start=1):
        tables.head(table, number)
    _Marks(pdf).renumber(whole)
    return whole


def _drop_leaders(whole: Node, texts: Sequence[Sequence[str]]) -> None:
    """The dots between a heading and its page are to look at, not to hear."""
    order: list[list[Content]] = [[] for _ in texts]
    for content in whole.contents():
        order[content.page].append(content)
    said = {c: text for page, known in zip(order, texts, strict=True) for c, text in zip(page, known, strict=True)}
    for link in (node for node in whole.every() if node.tag == "Link"):
        for node in link.every():
            node.kids = [k for k in node.kids if not (isinstance(k, Content) and _is_leader(said[k]))]


def _is_leader(text: str) -> bool:
    return set(text) <= {".", " "}


def _by_page(whole: Node, pages: int) -> list[list[Node | Content | Link]]:
    found: list[list[Node | Content | Link]] = [[] for _ in range(pages)]
    for kid in whole.kids:
        found[kid.page].append(kid)
    return found


def _lift(node: Node) -> None:
    """Put what is in an element without a meaning in its place. A Div is one: it is read like what it holds, and where
    it holds text itself it is in the place of a paragraph."""
    kids: list[Node | Content | Link] = []
    for kid in node.kids:
        if isinstance(kid, Node):
            _lift(kid)
            if kid.alt is None and (kid.tag in _MEANINGLESS or kid.tag == node.tag == "Link"):
                kids += kid.kids
                continue
        kids.append(kid)
    node.kids = _in_paragraphs(kids) if node.tag in _ROOMS else kids


def _in_paragraphs(kids: list[Node | Content | Link]) -> list[Node | Content | Link]:
    """Text that stands bare among elements is a paragraph."""
    found: list[Node | Content | Link] = []
    bare: Node | None = None
    for kid in kids:
        if isinstance(kid, Node):
            bare = None
            found.append(kid)
        elif bare is None:
            bare = Node("P", kid.page, [kid])
            found.append(bare)
        else:
            bare.kids.append(kid)
    return found


def _drop_empty(node: Node) -> None:
    """No element without content but cells, which keep their place in the row."""
    for kid in node.nodes:
        _drop_empty(kid)
    node.kids = [k for k in node.kids if not isinstance(k, Node) or k.kids or k.tag in _CELLS]


def _join(whole: Node, broken: Sequence[Sequence[str]]) -> None:
    """A paragraph, list, table or section that runs over pages is one."""
    pages = _by_page(whole, len(broken))
    whole.kids = []
    for number, kids in enumerate(pages):
        more = Node("Document", number, kids)
        _continue(whole, more, broken[number])
        whole.kids += more.kids


def _continue(before: Node, after: Node, broken: Sequence[str]) -> None:
    """broken: tags of what goes on from one page to the next, the outermost first."""
    if not broken:
        return
    heads = [n for n in after.nodes if n.tag == "THead"]
    after.kids = [k for k in after.kids if k not in heads]  # the heads once more: to look at, not to hear
    first, last = next(iter(after.kids), None), next(reversed(before.kids), None)
    if not isinstance(first, Node) or not isinstance(last, Node) or not first.tag == last.tag == broken[0]:
        return
    _continue(last, first, broken[1:])
    last.kids += first.kids
    after.kids.remove(first)


class _Marks:
    """The marks of content in the pages' streams, before they are written."""

    def __init__(self, pdf: pydyf.PDF) -> None:
        self._streams = [tree.object_at(pdf, page["Contents"]).stream for page in tree.pages_of(pdf)]

    def renumber(self, whole: Node) -> None:
        """Marks count from 0 in the order of the page; what no element has is an artifact: page numbers, the heads of a
        table on its further pages."""
        known = set(whole.contents())
        moved: dict[Content, Content] = {}
        for page, stream in enumerate(self._streams):
            used = 0
            for place in _marked(stream):
                found = Content(page, stream[place]["MCID"])
                if found in known:
                    moved[found] = Content(page, used)
                    stream[place] = pydyf.Dictionary({"MCID": used})
                    used += 1
                else:
                    stream[place - 1 : place + 1] = ["/Artifact", pydyf.Dictionary({"Type": "/Pagination"})]
        assert set(moved) == known, "every piece of the structure is on its page"
        for node in whole.every():
            node.kids = [moved[k] if isinstance(k, Content) else k for k in node.kids]


def _marked(stream: list[Any]) -> Iterator[int]:
    """Where the stream has the properties of a mark: /Tag <</MCID n>> BDC."""
    for place, part in enumerate(stream):
        if part == b"BDC" and "MCID" in stream[place - 1]:
            yield place - 1
