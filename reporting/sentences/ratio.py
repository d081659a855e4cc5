"""The overall ratio A: what it is, whether it meets the target, and how it moved."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from contracts.targets import Target
from reporting.formats import count_text, percent_text, points_text, share
from reporting.ratios import looks_off
from reporting.standing_texts import short_score
from transforms.rounding import round_half_up


@dataclass(frozen=True)
class Ratio:
    """Dossiers resolved early or on time, of those resolved."""

    good: int
    of: int

    @property
    def exact(self) -> Fraction | None:
        """In percent; None where nothing was resolved."""
        return share(self.good, self.of)

    @property
    def text(self) -> str:
        """96,66%."""
        return percent_text(self.good, self.of)

    @property
    def counts(self) -> str:
        """59.913/61.984."""
        return f"{count_text(self.good)}/{count_text(self.of)}"

    @property
    def whole(self) -> str:
        """96,66% (59.913/61.984 hồ sơ)."""
        return f"{self.text} ({self.counts} hồ sơ)"


def overall(who: str, ratio: Ratio, *, lacking: bool) -> str:
    """lacking: a part of the dossiers is not known."""
    if ratio.exact is None:
        return f"Trong kỳ, {who} không có hồ sơ đã giải quyết để tính tỷ lệ giải quyết trước hạn và đúng hạn."
    part = ", tính trên số liệu đã nhận được," if lacking else ""
    return f"Tỷ lệ hồ sơ giải quyết trước hạn và đúng hạn (tỷ lệ A) của {who}{part} đạt {ratio.whole}."


def meets(ratio: Ratio, target: Target | None) -> bool | None:
    """None where there is nothing to be held against."""
    exact = ratio.exact
    return None if target is None or exact is None else exact >= Fraction(target.percent)


def target_sentence(ratio: Ratio, target: Target, *, lacking: bool) -> str:
    """Above or below, with the text that sets the target; not decided on a part of the figures."""
    aim = f"mục tiêu từ {short_score(Fraction(target.percent))} trở lên ({target_source(target)})"
    if lacking:
        return f"Chưa đánh giá được so với {aim} vì số liệu chưa đầy đủ."
    if meets(ratio, target):
        return f"Tỷ lệ A đạt {aim}."
    exact = ratio.exact
    rounds_up = exact is not None and round_half_up(exact) >= target.percent
    return f"Tỷ lệ A chưa đạt {aim}{', so sánh trước khi làm tròn' if rounds_up else ''}."


def target_source(target: Target) -> str:
    return target.source.rstrip(".") + ("" if target.verified else "; chưa đối chiếu với văn bản")


def change(now: Ratio, before: Ratio, period: str, *, partial: bool) -> str:
    """period: within a sentence, quý IV năm 2023. partial: over the units known in both. "" where one has nothing."""
    if now.exact is None or before.exact is None:
        return ""
    where = ", trên các đơn vị có số liệu ở cả hai kỳ" if partial else ""
    said = f"So với {period}{where}, tỷ lệ A {moved(now, before)}"
    off = ", tính trước khi làm tròn" if is_off(now, before) else ""
    return f"{said}." if now.exact == before.exact else f"{said} ({from_to(now, before)}{off})."


def moved(now: Ratio, before: Ratio) -> str:
    """tăng 1,25 điểm phần trăm."""
    assert now.exact is not None and before.exact is not None
    if now.exact == before.exact:
        return f"giữ nguyên {now.text}"
    points = points_text(now.exact, before.exact).lstrip("+−")
    if points == "0,00":
        return "thay đổi không đáng kể"
    verb = "tăng" if now.exact > before.exact else "giảm"
    return f"{verb} {points} điểm phần trăm"


def is_off(now: Ratio, before: Ratio) -> bool:
    """Whether a reader who subtracts what is printed gets another figure, and is to be told."""
    assert now.exact is not None and before.exact is not None
    return points_text(now.exact, before.exact) != "0,00" and looks_off(now.exact, before.exact)


def from_to(now: Ratio, before: Ratio) -> str:
    """từ 95,41% lên 96,66%."""
    assert now.exact is not None and before.exact is not None
    way = "lên" if now.exact >= before.exact else "xuống"
    return f"từ {before.text} {way} {now.text}"


def fell(now: Ratio, before: Ratio) -> bool:
    return now.exact is not None and before.exact is not None and now.exact < before.exact
