"""Part I: what was directed and inspected, as returned and written."""

from __future__ import annotations

from reporting.body._draft import Draft
from reporting.body._written import written
from reporting.page import Block


def blocks(draft: Draft) -> tuple[Block, ...]:
    return written(draft, "direction")
