"""What the figures lack: sources, rows set aside, facts that not every source tells, returns, unverified settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from contracts.count_words import Base
from reporting.formats import count_text
from transforms.indicators import Indicator, Part, parts_of


def partly_told(indicators: Iterable[Indicator], counts: Mapping[str, int]) -> str:
    """What only a part of the dossiers says, and what none does; "" where all is told."""
    found: dict[Base, Part] = {}
    for indicator in indicators:
        found |= {part.base: part for part in parts_of(indicator, counts)}
    told = [
        f"{part.base.label} ({count_text(part.told)}/{count_text(part.of)} hồ sơ)"
        for part in found.values()
        if part.told and part.base.is_whole
    ]
    none = list(dict.fromkeys(part.base.label for part in found.values() if not part.told))
    said = []
    if told:
        said.append(
            f"Hệ thống nguồn chỉ ghi ở một phần hồ sơ: {'; '.join(told)}; tỷ lệ liên quan chỉ tính trên phần đó."
        )
    if none:
        said.append(f"Không hệ thống nguồn nào ghi: {'; '.join(none)}; nội dung liên quan chưa có số liệu.")
    return " ".join(said)


def unverified(settings: Sequence[str]) -> str:
    """settings: what of the configuration nobody has held against its text, in clauses."""
    if not settings:
        return ""
    return f"Nội dung khai báo chưa đối chiếu được với văn bản gốc: {'; '.join(settings)}."


def sources(loaded: int, of: int, rows: str) -> str:
    """rows: đọc 72.650 dòng, chấp nhận …, a clause with its full stop."""
    if not of:
        return "Chưa khai báo nguồn số liệu hồ sơ."
    if not loaded:
        return f"Chưa nhận được số liệu hồ sơ của nguồn nào (0/{count_text(of)} nguồn)."
    return f"Số liệu hồ sơ tổng hợp từ {count_text(loaded)}/{count_text(of)} nguồn: {rows}"


def warnings(rules: int) -> str:
    """Kinds of warning, which set nothing aside."""
    return f"Có {count_text(rules)} nội dung cảnh báo cần rà soát, không loại khỏi số liệu."
