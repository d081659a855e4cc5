"""How many dossiers took how many working days: what a median is made of. Counts, so those of several sources add up in
any order; a median of medians would be wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

import numpy as np
import pandas as pd

from contracts.codes import Series
from contracts.columns import DURATION_COLUMNS
from contracts.periods import Span
from contracts.province import Policy
from transforms import memos, state
from transforms.deadlines import WorkingCalendar
from transforms.memos import processed
from transforms.pieces import Piece, pieces
from transforms.state import states_of

KEYS = ("agency_code", "field")
COLUMNS = tuple(dict.fromkeys((*state.COLUMNS, *memos.COLUMNS, *KEYS)))
_EMPTY = pd.DataFrame({**{key: pd.Series([], dtype="str") for key in KEYS}, "days": [], "dossiers": []})
_TYPES = {**dict.fromkeys(KEYS, "str"), "days": "int64", "dossiers": "int64"}


def durations_of(
    dossiers: pd.DataFrame,
    pauses: pd.DataFrame,
    *,
    spans: Mapping[Series, Span],
    policy: Policy,
    calendar: WorkingCalendar | None,
) -> pd.DataFrame:
    """DURATION_COLUMNS, sorted by key: of the dossiers that the facts of series forms count as `processed`.

    dossiers: COLUMNS of the accepted canonical record, of one source; the rest as transforms.counts has it."""
    span = spans[Series.FORMS]
    return combine(_of_piece(p, span=span, policy=policy) for p in pieces(dossiers, pauses, calendar=calendar))


def _of_piece(piece: Piece, *, span: Span, policy: Policy) -> pd.DataFrame:
    known, _ = processed(states_of(piece.dossiers, piece.pauses, span=span, policy=policy), piece.traits)
    return combine([piece.dossiers.loc[known, list(KEYS)].assign(days=piece.traits.taken[known], dossiers=1)])


def combine(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Durations of several sources added up, whatever the order and the split."""
    together = pd.concat([_EMPTY, *(part[list(DURATION_COLUMNS)].astype(_TYPES) for part in parts)])
    summed = together.astype(_TYPES).groupby([*KEYS, "days"], sort=True)["dossiers"].sum()
    return summed.reset_index()


def median_days(durations: pd.DataFrame) -> Fraction | None:
    """The median number of working days, exact: of an even number of dossiers the mean of the middle two. None of no
    dossiers. durations: days, dossiers; any number of rows of the same days."""
    ordered = durations.groupby("days", sort=True)["dossiers"].sum()
    upto = ordered.cumsum().to_numpy()
    if not len(upto) or not upto[-1]:
        return None
    middle = [int(upto[-1] - 1) // 2, int(upto[-1]) // 2]
    low, high = ordered.index[np.searchsorted(upto, middle, side="right")]
    return Fraction(int(low) + int(high), 2)


def median_days_of(
    durations: pd.DataFrame, agency_codes: Iterable[str], *, fields: Sequence[str] = ()
) -> Fraction | None:
    """The median of all dossiers of those agencies together, such as a unit and all below it; of those fields, or of
    all."""
    mine = durations["agency_code"].isin(list(agency_codes))
    if fields:
        mine &= durations["field"].isin(list(fields))
    return median_days(durations[mine])
