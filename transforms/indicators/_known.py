"""Which of an indicator's counts the sources tell of at all: a column that nobody keeps is no 0."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from contracts.count_words import Base, bases_of
from transforms.indicators._declaration import Indicator


@dataclass(frozen=True)
class Part:
    """A base of an indicator that is smaller than what it is a part of: told of so many dossiers, of so many."""

    base: Base
    told: int
    of: int


def counts_of(indicator: Indicator, counts: Mapping[str, int] | None) -> tuple[int | None, int | None]:
    """Numerator and denominator from counts by measure and memo; None where nothing is known. A count has no
    denominator."""
    if counts is None or any(part.told == 0 for part in parts_of(indicator, counts)):
        return None, None
    numerator = sum(counts[name] for name in indicator.numerator)
    return numerator, sum(counts[name] for name in indicator.denominator) if indicator.denominator else None


def parts_of(indicator: Indicator, counts: Mapping[str, int]) -> tuple[Part, ...]:
    """The bases of the indicator of which the sources do not tell for every dossier."""
    bases = bases_of((*indicator.numerator, *indicator.denominator))
    found = (Part(base, counts[base.told], sum(counts[name] for name in base.of)) for base in bases)
    return tuple(part for part in found if part.told < part.of and (part.base.is_whole or not part.told))


def told_in(indicator: Indicator, table: pd.DataFrame) -> pd.Series:
    """The same of a table of counts: False in the rows in which no source tells of what the indicator needs."""
    told = pd.Series(True, index=table.index)
    for base in bases_of((*indicator.numerator, *indicator.denominator)):
        told &= (table[base.told] > 0) | (table[list(base.of)].sum(axis=1) == 0)
    return told


def whole_in(indicator: Indicator, table: pd.DataFrame) -> pd.Series:
    """Whether the sources tell of every dossier that the indicator is of: False in the rows of which it is a part."""
    whole = pd.Series(True, index=table.index)
    for base in bases_of((*indicator.numerator, *indicator.denominator)):
        if base.is_whole:
            whole &= table[base.told] >= table[list(base.of)].sum(axis=1)
    return whole
