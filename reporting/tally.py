"""Counts of form II.06 added up over agencies or fields, and the ratios made from them.

Counts are added before anything is divided (domain: an average of ratios is wrong)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pandas as pd

from contracts.columns import FORM_COLUMNS, MEASURES, MEMOS
from contracts.errors import CriticalCheckError

COUNTED = (*MEASURES, *MEMOS)
COLUMNS = tuple(FORM_COLUMNS)


@dataclass(frozen=True)
class Tally:
    """Counts by measure and memo; `column(n)` is column (n) of the form."""

    counts: Mapping[str, int]

    def column(self, number: int) -> int:
        return sum(self.counts[measure] for measure in FORM_COLUMNS[number])

    def __getitem__(self, measure: str) -> int:
        return self.counts[measure]

    @property
    def in_time_or_early(self) -> int:
        """(8) + (9): the numerator of the ratio that the press and most leaders mean."""
        return self.column(8) + self.column(9)

    @property
    def received(self) -> int:
        """(4) + (5): received within the period."""
        return self.column(4) + self.column(5)


Tallies = Mapping[str, Tally]


def tallies(facts: pd.DataFrame, *, by: str) -> Tallies:
    """One tally for each value of that column, in the order of the values."""
    sums = facts.groupby(facts[by].astype(str), sort=True)[list(COUNTED)].sum()
    return {
        str(key): Tally(dict(zip(COUNTED, map(int, counts), strict=True)))
        for key, counts in zip(sums.index, sums.to_numpy(), strict=True)
    }


def add_up(found: Tallies, keys: Collection[str]) -> Tally:
    """The sum over the keys; one that has no tally counts 0.

    Raises CriticalCheckError where (3) = (7) + (11) does not hold."""
    chosen = [counts for key, counts in found.items() if key in keys]
    total = Tally({name: sum(counts[name] for counts in chosen) for name in COUNTED})
    if total.column(3) != total.column(7) + total.column(11):
        raise CriticalCheckError(
            f"số liệu không cân đối: (3) = {total.column(3)} khác (7) + (11) = {total.column(7) + total.column(11)}",
            advice="chạy lại với --fresh; nếu vẫn vậy, gửi cho nhóm phát triển",
        )
    return total
