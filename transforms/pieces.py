"""A source's dossiers a piece at a time, with what does not depend on the period. Counts add up, so it matters not
where a piece ends; of a large source at once, the steps in between would be most of a count's memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from transforms.deadlines import WorkingCalendar
from transforms.memos import Traits, traits_of
from transforms.pauses import Pauses, pauses_of

SIZE = 1_000_000


@dataclass(frozen=True)
class Piece:
    """rows: its place in the source's dossiers. pauses: of its dossiers."""

    rows: slice
    dossiers: pd.DataFrame
    pauses: Pauses
    traits: Traits


def pieces(dossiers: pd.DataFrame, pauses: pd.DataFrame, *, calendar: WorkingCalendar | None) -> Iterator[Piece]:
    """dossiers: columns of transforms.state and transforms.memos. pauses: PAUSE_COLUMNS of the same source. calendar:
    as transforms.memos.traits_of has it."""
    for start in range(0, len(dossiers), SIZE):
        rows = slice(start, start + SIZE)
        part = dossiers.iloc[rows]
        its_pauses = pauses_of(part["dossier_code"], pauses)
        yield Piece(rows, part, its_pauses, traits_of(part, its_pauses, calendar=calendar))
