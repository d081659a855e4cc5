"""Part II: the results area by area (Resolution 76/NQ-CP), from dossiers, from returns, and as written."""

from __future__ import annotations

from collections.abc import Iterator

from contracts.areas import areas_on
from contracts.codes import Series
from contracts.report_parts import AREAS
from reporting.body import dossiers
from reporting.body._digital import digital
from reporting.body._draft import Draft
from reporting.body._returned import or_missing, returned
from reporting.body._written import written
from reporting.page import Block, Heading

PROCEDURES = 2
"""The area of administrative procedures: what this software counts."""
DIGITAL = 6


def blocks(draft: Draft) -> tuple[Block, ...]:
    return tuple(_areas(draft))


def _areas(draft: Draft) -> Iterator[Block]:
    names = areas_on(draft.origin.spans[Series.FORMS].last_day).names
    for number, name in enumerate(names[:AREAS], start=1):
        yield Heading("3", f"{number}. {name}")
        yield from or_missing(
            _together(tuple(_computed(draft, number)), written(draft, f"area-{number}", needed=False))
        )


def _together(computed: tuple[Block, ...], words: tuple[Block, ...]) -> tuple[Block, ...]:
    """The office's words last; before sections with headings, where they would read as a part of the last section."""
    headed = any(isinstance(block, Heading) for block in computed)
    return (*words, *computed) if headed else (*computed, *words)


def _computed(draft: Draft, number: int) -> Iterator[Block]:
    """The area of procedures has its returned lines under a heading of their own."""
    if number == PROCEDURES:
        yield from dossiers.blocks(draft)
        return
    if number == DIGITAL:
        yield from digital(draft)
    yield from returned(draft, number)
