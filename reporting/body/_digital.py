"""Area 6 as far as dossiers tell of it: online receipt, payment, digitisation."""

from __future__ import annotations

from contracts.codes import Series
from reporting.annexes.indicators import TITLE
from reporting.body._draft import Draft
from reporting.page import Paragraph
from reporting.ratios import of_forms
from reporting.sentences.digital import paragraphs


def digital(draft: Draft) -> tuple[Paragraph, ...]:
    """Nothing where no source delivered."""
    scope = draft.scope
    counts = scope.tally(scope.codes)
    if counts is None:
        return ()
    said = paragraphs(of_forms(draft.origin.spans[Series.FORMS]), counts.counts)
    before = "Số liệu dưới đây chưa đầy đủ, do thiếu nguồn nêu tại mục 4 Phần III. " if scope.gaps else ""
    annex = draft.annex(TITLE)
    after = f" Các chỉ tiêu tính từ hồ sơ nêu tại {annex}." if annex else ""
    last = len(said) - 1
    return tuple(
        Paragraph((before if place == 0 else "") + text + (after if place == last else ""))
        for place, text in enumerate(said)
    )
