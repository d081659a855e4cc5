"""Part V: proposals, written by the office."""

from __future__ import annotations

from reporting.body._draft import Draft
from reporting.body._written import written
from reporting.page import Block


def blocks(draft: Draft) -> tuple[Block, ...]:
    return written(draft, "proposals")
