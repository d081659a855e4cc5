"""Who has the best and who the lowest ratio A among units of a kind. Equal ones are told as equal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from reporting.formats import count_text, listed
from reporting.sentences.ratio import Ratio

PLACES = 3
"""Units named from either end, and never more than half of them."""
NAMED = 5
"""Equal units that are named; more are counted."""
LEFT_OUT_NAMED = 3


@dataclass(frozen=True)
class Judged:
    """A unit with a ratio that can be held against others'. said: as within a sentence."""

    said: str
    ratio: Ratio

    @property
    def exact(self) -> Fraction:
        return self.ratio.exact or Fraction(0)


@dataclass(frozen=True)
class LeftOut:
    """Units that are not judged. few: with fewer resolved dossiers than `least`; lacking: not all figures known; part:
    there for a part of the period, and no other unit for the same days."""

    least: int
    few: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    part: tuple[str, ...] = ()


Tied = tuple[Judged, ...]


def ties(units: Iterable[Judged]) -> list[Tied]:
    """The best first; equal units together, in the catalogue's order."""
    ordered = sorted(units, key=lambda unit: -unit.exact)
    return [tuple(found) for _, found in groupby(ordered, key=lambda unit: unit.exact)]


def best(group: str, units: Sequence[Judged]) -> str:
    """group: huyện, thị xã, thành phố. "" where there are not two to compare."""
    classes = ties(units)
    if len(units) < 2:
        return ""
    if len(classes) == 1:
        return f"Cả {count_text(len(units))} {group} được so sánh có tỷ lệ A bằng nhau: {units[0].ratio.text}."
    return (
        f"Trong {count_text(len(units))} {group} được so sánh, {_from_an_end('cao nhất', _best(classes, len(units)))}."
    )


def lowest(group: str, units: Sequence[Judged]) -> str:
    """The other end, without those that `best` names; "" where all are equal."""
    classes = ties(units)
    if len(units) < 2 or len(classes) == 1:
        return ""
    rest = classes[len(_best(classes, len(units))) :]
    return _among(group, units, "thấp nhất", _taken(rest[::-1], len(units)))


def _among(group: str, units: Sequence[Judged], end: str, taken: list[Tied]) -> str:
    return f"Trong {count_text(len(units))} {group} được so sánh, {_from_an_end(end, taken)}."


def _best(classes: list[Tied], units: int) -> list[Tied]:
    """All classes but the last: that is the other end."""
    return _taken(classes[:-1], units)


def _taken(classes: list[Tied], units: int) -> list[Tied]:
    """Until so many are named; a class that would name too many is left for the table, unless it is the first."""
    wanted, taken = min(PLACES, units // 2), list(classes[:1])
    for found in classes[1:]:
        named = sum(map(len, taken))
        if named >= wanted or named + len(found) > NAMED:
            break
        taken.append(found)
    return taken


def _from_an_end(end: str, taken: list[Tied]) -> str:
    """huyện A có tỷ lệ A cao nhất, 99,12% (…); tiếp theo là …"""
    first, *others = taken
    if len(first) == 1:
        said = f"{first[0].said} có tỷ lệ A {end}, {first[0].ratio.whole}"
    else:
        each = f": {_each(first)}" if len(first) <= NAMED else ""
        said = f"{count_text(len(first))} đơn vị cùng có tỷ lệ A {end}, {first[0].ratio.text}{each}"
    return said + (f"; tiếp theo là {'; '.join(map(_next, others))}" if others else "")


def _next(tied: Tied) -> str:
    if len(tied) == 1:
        return f"{tied[0].said}, {tied[0].ratio.whole}"
    return f"{_each(tied)}, cùng {tied[0].ratio.text}"


def _each(tied: Tied) -> str:
    return listed([f"{unit.said} ({unit.ratio.counts})" for unit in tied])


def left_out(found: LeftOut) -> str:
    """Who is not judged and why; "" where nobody is left out."""
    parts = []
    if found.few:
        parts.append(f"{_who(found.few)}, do có dưới {count_text(found.least)} hồ sơ đã giải quyết trong kỳ")
    if found.lacking:
        parts.append(f"{_who(found.lacking)}, do chưa có đủ số liệu")
    if found.part:
        parts.append(f"{_who(found.part)}, do không hoạt động trọn kỳ")
    return f"Không đưa vào so sánh: {'; '.join(parts)}." if parts else ""


def _who(names: Sequence[str]) -> str:
    """huyện Cam Lâm · 12 đơn vị."""
    return listed(list(names)) if len(names) <= LEFT_OUT_NAMED else f"{count_text(len(names))} đơn vị"
