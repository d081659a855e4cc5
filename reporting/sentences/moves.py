"""Whose ratio A rose and whose fell the most against the same period last year."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from reporting.formats import count_text, listed, points_text
from reporting.sentences.ranking import NAMED, PLACES
from reporting.sentences.ratio import Ratio, from_to, is_off, moved

_NOTHING = Fraction(0)


@dataclass(frozen=True)
class Move:
    """A unit's ratio in both periods, each with enough dossiers. said: as within a sentence."""

    said: str
    now: Ratio
    before: Ratio

    @property
    def by(self) -> Fraction:
        """In percentage points; both are known."""
        return (self.now.exact or _NOTHING) - (self.before.exact or _NOTHING)

    @property
    def is_seen(self) -> bool:
        """Whether anything of it is left when it is rounded."""
        return points_text(self.by, _NOTHING) != "0,00"


def rises(period: str, moves: Iterable[Move]) -> str:
    """period: quý IV năm 2023. "" where nothing rose."""
    return _largest(period, "tăng", [one for one in moves if one.by > 0 and one.is_seen])


def falls(period: str, moves: Iterable[Move]) -> str:
    return _largest(period, "giảm", [one for one in moves if one.by < 0 and one.is_seen])


def _largest(period: str, verb: str, moves: list[Move]) -> str:
    if not moves:
        return ""
    ordered = sorted(moves, key=lambda one: -abs(one.by))
    classes = [list(found) for _, found in groupby(ordered, key=lambda one: one.by)]
    taken = classes[:1]
    for found in classes[1:]:
        named = sum(map(len, taken))
        if named >= PLACES or named + len(found) > NAMED:
            break
        taken.append(found)
    who = "ở một đơn vị" if len(moves) == 1 else f"ở {count_text(len(moves))} đơn vị, nhiều nhất"
    off = any(is_off(one.now, one.before) for tied in taken if len(tied) <= NAMED for one in tied)
    rounded = " Điểm phần trăm tính từ số hồ sơ, trước khi làm tròn." if off else ""
    return f"So với {period}, tỷ lệ A {verb} {who}: {'; '.join(map(_one, taken))}.{rounded}"


def _one(tied: list[Move]) -> str:
    """huyện A tăng 2,10 điểm phần trăm (từ 95,00% lên 97,10%)."""
    how = moved(tied[0].now, tied[0].before)
    if len(tied) == 1:
        return f"{tied[0].said} {how} ({from_to(tied[0].now, tied[0].before)})"
    if len(tied) > NAMED:
        return f"{count_text(len(tied))} đơn vị cùng {how}"
    return f"{listed([f'{one.said} ({from_to(one.now, one.before)})' for one in tied])} cùng {how}"


def not_compared(period: str, *, why: Sequence[str], annex: str, units: int, few: int, least: int) -> str:
    """Units whose series breaks or lacks figures, and those with few dossiers in one of the periods. why: the reasons,
    each once; where they are several, the annex has them unit by unit. units: how many they are."""
    parts = []
    if units:
        several = "đứt chuỗi hoặc thiếu số liệu" + (f" (lý do từng đơn vị nêu tại {annex})" if annex else "")
        parts.append(f"{count_text(units)} đơn vị, do {why[0] if len(why) == 1 else several}")
    if few:
        parts.append(f"{count_text(few)} đơn vị, do có dưới {count_text(least)} hồ sơ đã giải quyết ở một trong hai kỳ")
    return f"Không so sánh tỷ lệ A với {period}: {'; '.join(parts)}." if parts else ""
