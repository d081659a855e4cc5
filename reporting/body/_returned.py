"""What units returned of an area, in sentences, with the annex that has the whole of it."""

from __future__ import annotations

from reporting.annexes.returned import TITLE
from reporting.body._draft import Draft
from reporting.formats import date_text
from reporting.page import Block, Missing, Paragraph
from reporting.returns.sums import sums_of
from reporting.sentences.returned import sentences

NOTHING = "Chưa có số liệu do đơn vị báo cáo; cơ quan soạn thảo bổ sung."


def returned(draft: Draft, area: int) -> tuple[Paragraph, ...]:
    """Nothing where nobody returned anything of it."""
    sums = sums_of(draft.input, draft.scope)
    if sums is None:
        return ()
    day = date_text(draft.input.period.cut_off)
    said = sentences(sums, area, draft.scope.tree, draft.scope.root.agency_code, day)
    if not said:
        return ()
    annex = draft.annex(TITLE)
    more = (f"Chi tiết nêu tại {annex}.",) if annex else ()
    return (Paragraph(" ".join((*said, *more))),)


def or_missing(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """What is known of a part, computed and written; where that is nothing, that it is missing."""
    return blocks or (Missing(NOTHING),)
