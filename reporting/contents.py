"""The contents of a long report: parts, areas and annexes, which are its bookmarks, too."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from reporting.page import Annex, Contents, ContentsEntry, Heading, Part

ANNEXES_WITHOUT = 3
"""A report with so many annexes is some six pages: its reader needs no contents."""
LISTED = "3"
"""The level of headings below the parts that is listed; a), b) are not."""


def anchored(parts: Iterable[Part]) -> tuple[Part, ...]:
    """The parts with a name for each place that the contents lead to."""
    return tuple(_anchored(part, f"phan-{number}") for number, part in enumerate(parts, start=1))


def _anchored(part: Part, anchor: str) -> Part:
    blocks = tuple(
        replace(block, anchor=f"{anchor}-muc-{number}")
        if isinstance(block, Heading) and block.level == LISTED
        else block
        for number, block in enumerate(part.blocks, start=1)
    )
    return replace(part, anchor=anchor, blocks=blocks)


def contents_of(parts: tuple[Part, ...], annexes: tuple[Annex, ...]) -> Contents | None:
    """None where the report is short. parts: as `anchored` gives them."""
    if len(annexes) <= ANNEXES_WITHOUT:
        return None
    entries: list[ContentsEntry] = []
    for part in parts:
        entries.append(ContentsEntry("part", part.heading, part.anchor))
        entries += [
            ContentsEntry("area", block.text, block.anchor)
            for block in part.blocks
            if isinstance(block, Heading) and block.anchor
        ]
    entries += [ContentsEntry("annex", annex.label, annex.anchor) for annex in annexes]
    return Contents(tuple(entries))
