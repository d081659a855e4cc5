"""What the drafting office wrote of a part, or that it has not."""

from __future__ import annotations

from reporting.body._draft import Draft
from reporting.page import Block, Missing

NOTHING = "Chưa có nội dung: cơ quan soạn thảo bổ sung."


def written(draft: Draft, part: str, *, needed: bool = True) -> tuple[Block, ...]:
    """The office's words of that part (contracts.report_parts). needed: whether their absence is told; it is not where
    computed text stands beside it."""
    return (Missing(NOTHING),) if needed else ()
