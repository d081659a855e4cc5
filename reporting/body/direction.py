"""Part I: what was directed and inspected, as returned and written."""

from __future__ import annotations

from reporting.body._draft import Draft
from reporting.body._returned import or_missing, returned
from reporting.body._written import written
from reporting.page import Block

DIRECTION = 0
"""The number under which the return asks for it."""


def blocks(draft: Draft) -> tuple[Block, ...]:
    return or_missing((*returned(draft, DIRECTION), *written(draft, "direction", needed=False)))
