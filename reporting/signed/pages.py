"""What a page shows, as one digest: the same in a file that was written anew around the same page."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from pyhanko.pdf_utils import generic, misc

from reporting.signed.reader import Reader

_SHOWN = ("/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Resources")
_INHERITED = ("/MediaBox", "/CropBox", "/Rotate", "/Resources")
_NOT_SHOWN = {"/Parent", "/P", "/StructParent", "/StructParents", "/Length", "/Filter", "/DecodeParms", "/Metadata"}
_DEEPEST = 60


def pages(reader: Reader) -> list[dict[str, Any]]:
    """Every page with what it inherits, in order."""
    return list(_pages(reader.root["/Pages"], {}, depth=0))


def _pages(node: Any, inherited: dict[str, Any], *, depth: int) -> Iterator[dict[str, Any]]:
    if depth > _DEEPEST or not isinstance(node, generic.DictionaryObject):
        raise misc.PdfReadError("the page tree is corrupted")
    known = inherited | {key: node.raw_get(key) for key in _INHERITED if key in node}
    if "/Kids" not in node:
        yield known | {key: node.raw_get(key) for key in node}
        return
    for kid in node["/Kids"]:
        yield from _pages(kid.get_object(), known, depth=depth + 1)


def fingerprints(reader: Reader) -> list[str]:
    """A digest for each page: its content, decoded, and all that the content draws with."""
    look = _Look()
    return [look.page(page) for page in pages(reader)]


class _Look:
    """Digests of objects, each read once."""

    def __init__(self) -> None:
        self._known: dict[generic.Reference, str] = {}
        self._open: set[generic.Reference] = set()

    def page(self, page: dict[str, Any]) -> str:
        shown = [f"{key} {self.of(page[key])}" for key in _SHOWN if key in page]
        return _sha("\n".join([*shown, _sha(_content(page))]).encode())

    def of(self, value: Any) -> str:
        if isinstance(value, generic.IndirectObject):
            return self._once(value)
        if isinstance(value, generic.DictionaryObject):
            parts = [f"{key} {self.of(value.raw_get(key))}" for key in sorted(value) if key not in _NOT_SHOWN]
            if isinstance(value, generic.StreamObject):
                parts.append(_sha(value.data))
            return _sha("\n".join(parts).encode())
        if isinstance(value, generic.ArrayObject):
            return _sha("\n".join(self.of(value.raw_get(place)) for place in range(len(value))).encode())
        if isinstance(value, generic.TextStringObject | generic.ByteStringObject):
            return _sha(value.original_bytes)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return f"{float(value):.4f}"
        return str(value)

    def _once(self, value: generic.IndirectObject) -> str:
        reference = value.reference
        if reference in self._known:
            return self._known[reference]
        if reference in self._open:
            return "above"
        self._open.add(reference)
        self._known[reference] = found = self.of(value.get_object())
        self._open.discard(reference)
        return found


def _content(page: dict[str, Any]) -> bytes:
    found = page.get("/Contents")
    content = found.get_object() if isinstance(found, generic.IndirectObject) else found
    if content is None:
        return b""
    streams = content if isinstance(content, generic.ArrayObject) else [content]
    return b"\n".join(stream.get_object().data for stream in streams).strip()


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
