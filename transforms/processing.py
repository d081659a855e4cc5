"""How long a dossier took: working days from the day after its receipt up to its end, without its pauses.

A pause takes out the working days by which it pushes the due date: those after its first day, up to the day on which it
is over. What overlaps is taken out once.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from transforms.deadlines import UNKNOWN, WorkingCalendar
from transforms.pauses import Pauses

_PIECE = 250_000
"""Of a whole source at once, the steps in between would be most of a count's memory."""

Counts = np.ndarray[Any, np.dtype[np.integer[Any]]]
Rows = np.ndarray[Any, np.dtype[np.signedinteger[Any]]]
Days = np.ndarray[Any, np.dtype[np.datetime64]]


def days_taken(dossiers: pd.DataFrame, pauses: Pauses, *, calendar: WorkingCalendar) -> Counts:
    """Working days that each ended dossier took; UNKNOWN where it has not ended, or a day is missing, unreadable or of
    a year whose rest days the province does not know.

    dossiers: received_date and end_date. pauses: of the same dossiers."""
    received, end = (dossiers[name].to_numpy(dtype="datetime64[s]") for name in ("received_date", "end_date"))
    taken = np.empty(len(received), dtype=np.int32)
    for start in range(0, len(received), _PIECE):
        piece = slice(start, start + _PIECE)
        taken[piece] = calendar.working_days_between(received[piece], end[piece])
    rows, one = pauses.by_dossier
    begun, over = pauses.begun[one], pauses.over[one]
    unknown = rows[np.isnat(begun)]
    over = np.where(np.isnat(over), end[rows], np.minimum(over, end[rows]))
    first, last = _apart(rows, np.maximum(begun, received[rows]), over)
    paused = np.maximum(calendar.working_days_between(first, last), 0)  # UNKNOWN: not within the dossier's days
    np.subtract.at(taken, rows, np.where(taken[rows] == UNKNOWN, 0, paused))
    taken[unknown] = UNKNOWN
    return taken


def _apart(rows: Rows, begun: Days, over: Days) -> tuple[Days, Days]:
    """The same days of each row, but none of them twice: a pause begins when those before it are over."""
    order = np.lexsort((over, begun, rows))
    same = np.append(False, rows[order][1:] == rows[order][:-1])
    until = pd.Series(over[order]).groupby(rows[order]).cummax().to_numpy()
    before = np.append(np.datetime64("NaT", "s"), until[:-1])
    first = np.empty_like(begun)
    first[order] = np.where(same, np.fmax(begun[order], before), begun[order])
    return first, over
