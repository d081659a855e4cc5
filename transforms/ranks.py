"""Ranks as official tables give them: the place among equals of a kind, and how many were ranked.

Equal values share the better place and the next one is left out: 1, 2, 2, 4 (competition ranking). A rank says
nothing without its base: 41 of 63 provinces and 11 of 34 are places in two different orders.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from typing import Any

import pandas as pd


@dataclass(frozen=True)
class Base:
    """What was ranked: how many units (None where the source does not say), and of which group, in words
    («tỉnh, thành phố», «xã, thị trấn của huyện Khánh Sơn»)."""

    size: int | None
    group: str

    @property
    def text(self) -> str:
        return self.group if self.size is None else f"{_whole(self.size)} {self.group}"


@dataclass(frozen=True)
class Rank:
    """A place, 1 the best, in its base. Raises ValueError for a place that the base does not have."""

    place: int
    base: Base

    def __post_init__(self) -> None:
        if self.place < 1 or (self.base.size is not None and self.place > self.base.size):
            raise ValueError(f"không có hạng {self.place} trong {self.base.text}")

    @property
    def text(self) -> str:
        """«12/122»; the place alone where it is not known how many were ranked."""
        return _whole(self.place) if self.base.size is None else f"{_whole(self.place)}/{_whole(self.base.size)}"


def competition_ranks(values: pd.Series, *, higher_is_better: bool = True) -> pd.Series:
    """The place of each value (Int64, same index): 1, 2, 2, 4; what is missing has none and is not counted.

    Values are compared exactly, so that no rounding makes or breaks a tie: Fraction, Decimal, int, or float as it is
    stored. Raises ValueError, OverflowError for what is no finite number."""
    exact = [None if pd.isna(value) else Fraction(value) for value in values]
    places = _first_places(Counter(value for value in exact if value is not None), descending=higher_is_better)
    ranks: list[Any] = [pd.NA if value is None else places[value] for value in exact]
    return pd.Series(ranks, index=values.index, dtype="Int64", name="rank")


def _first_places(counts: Counter[Fraction], *, descending: bool) -> dict[Fraction, int]:
    """Of each value, one more than the number of those ahead of it."""
    ordered = sorted(counts, reverse=descending)
    ahead = accumulate((counts[value] for value in ordered), initial=0)
    return {value: before + 1 for value, before in zip(ordered, ahead, strict=False)}


def change(now: Rank, before: Rank) -> int | None:
    """Places gained (below 0: lost); None where the two bases differ (`why_no_change` says how)."""
    return None if why_no_change(now, before) else before.place - now.place


def why_no_change(now: Rank, before: Rank) -> str:
    """Why two ranks are not subtracted, as a sentence for staff; "" where they are: as many units of the same group
    were ranked both times."""
    old, new = before.base, now.base
    if old.size is None or new.size is None:
        return "Không so sánh thứ hạng do không rõ số đơn vị được xếp hạng"
    if old == new:
        return ""
    if old.group == new.group:
        both = f"{_whole(old.size)} và {_whole(new.size)} {new.group}"
    else:
        both = f"{old.text} và {new.text}"
    return f"Không so sánh thứ hạng do cơ sở xếp hạng khác nhau ({both})"


def _whole(count: int) -> str:
    return f"{count:,}".replace(",", ".")
