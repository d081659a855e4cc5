"""Part II: the results area by area (Resolution 76/NQ-CP); the second is computed from the dossiers."""

from __future__ import annotations

from collections.abc import Iterator

from contracts.areas import areas_on
from contracts.codes import Series
from contracts.report_parts import AREAS
from reporting.body import dossiers
from reporting.body._draft import Draft
from reporting.body._written import written
from reporting.page import Block, Heading

PROCEDURES = 2
"""The area of administrative procedures: what this software counts."""


def blocks(draft: Draft) -> tuple[Block, ...]:
    return tuple(_areas(draft))


def _areas(draft: Draft) -> Iterator[Block]:
    names = areas_on(draft.origin.spans[Series.FORMS].last_day).names
    for number, name in enumerate(names[:AREAS], start=1):
        yield Heading("3", f"{number}. {name}")
        if number == PROCEDURES:
            yield from dossiers.blocks(draft)
        yield from written(draft, f"area-{number}", needed=number != PROCEDURES)
