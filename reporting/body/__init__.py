"""The body of the report, one file a part, in the order of the document."""

from __future__ import annotations

from collections.abc import Callable

from reporting.body import ahead, areas, assessment, direction, proposals
from reporting.body._draft import Draft, Numbers
from reporting.page import Block, Part

__all__ = ["Draft", "Numbers", "parts"]

ROMAN = ("I", "II", "III", "IV", "V")
ORDER: tuple[tuple[str, Callable[[Draft], tuple[Block, ...]]], ...] = (
    ("Công tác chỉ đạo, điều hành cải cách hành chính", direction.blocks),
    ("Kết quả thực hiện các nội dung cải cách hành chính", areas.blocks),
    ("Đánh giá chung", assessment.blocks),
    ("Phương hướng, nhiệm vụ kỳ sau", ahead.blocks),
    ("Kiến nghị, đề xuất", proposals.blocks),
)


def parts(draft: Draft) -> tuple[Part, ...]:
    """I to V; a part without content says so."""
    return tuple(
        Part(f"{roman}. {title.upper()}", blocks(draft)) for roman, (title, blocks) in zip(ROMAN, ORDER, strict=True)
    )
