"""Part III: what went well, what did not and why; what the figures lack."""

from __future__ import annotations

from collections.abc import Iterator

from reporting import provenance
from reporting.body._draft import Draft
from reporting.body._written import written
from reporting.page import Block, Heading, Paragraph


def blocks(draft: Draft) -> tuple[Block, ...]:
    return tuple(_blocks(draft))


def _blocks(draft: Draft) -> Iterator[Block]:
    yield Heading("3", "1. Kết quả đạt được")
    yield from written(draft, "good")
    yield Heading("3", "2. Tồn tại, hạn chế")
    yield from written(draft, "limits")
    yield Heading("3", "3. Nguyên nhân")
    yield from written(draft, "causes")
    yield Heading("3", "4. Mức độ đầy đủ và chất lượng số liệu")
    yield from map(Paragraph, provenance.quality_paragraphs(draft.input, draft.origin, draft.provenance))
