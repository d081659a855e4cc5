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


def tally(facts: pd.DataFrame) -> Tally:
    """Add up facts of any grain. Raises CriticalCheckError where (3) = (7) + (11) does not hold."""
    sums = facts[list(COUNTED)].sum()
    found = Tally({name: int(sums[name]) for name in COUNTED})
    if found.column(3) != found.column(7) + found.column(11):
        raise CriticalCheckError(
            f"số liệu không cân đối: (3) = {found.column(3)} khác (7) + (11) = {found.column(7) + found.column(11)}",
            advice="chạy lại với --fresh; nếu vẫn vậy, gửi cho nhóm phát triển",
        )
    return found


def by_agency(facts: pd.DataFrame) -> pd.DataFrame:
    """One row an agency (index agency_code), its own dossiers."""
    return facts.groupby("agency_code", observed=True)[list(COUNTED)].sum()


def tally_of(grouped: pd.DataFrame, keys: Collection[str]) -> Tally:
    """Add up the rows of a grouped frame whose index is among the keys; absent keys count 0."""
    return tally(grouped.loc[grouped.index.isin(list(keys))])
