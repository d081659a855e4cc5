"""The pauses of a source's dossiers: on which days a deadline did not run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

Flags = np.ndarray[Any, np.dtype[np.bool_]]
Days = np.ndarray[Any, np.dtype[np.datetime64]]
Places = np.ndarray[Any, np.dtype[np.signedinteger[Any]]]

_NONE = -1


@dataclass(frozen=True)
class Pauses:
    """Of the paused dossiers, by the order of their codes.

    place: of each dossier its paused code, or none. code, begun, over: of each pause; over is missing while it lasts,
    and the dossier is no longer paused on that day. size: number of paused codes."""

    place: Places
    code: Places
    begun: Days
    over: Days
    size: int

    def lasting_on(self, day: np.datetime64) -> Flags:
        """Of each dossier, whether a pause had begun by that day and was not over on it."""
        lasting = np.zeros(self.size + 1, dtype=bool)  # one more for dossiers without any
        lasting[self.code[(self.begun <= day) & ~(self.over <= day)]] = True
        return lasting[self.place]

    @cached_property
    def by_dossier(self) -> tuple[Places, Places]:
        """Every pair of a dossier and a pause of it: the dossier's row, and the pause's."""
        order = np.argsort(self.code, kind="stable")
        first = np.searchsorted(self.code[order], np.arange(self.size + 1))
        rows = np.flatnonzero(self.place != _NONE)
        places = self.place[rows]
        counts = np.diff(first)[places]
        within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        return np.repeat(rows, counts), order[np.repeat(first[places], counts) + within]


def pauses_of(dossier_codes: pd.Series, pauses: pd.DataFrame) -> Pauses:
    """pauses: PAUSE_COLUMNS of the same source. Codes are looked up once, as that takes longer than all else."""
    paused = pa.array(pauses["dossier_code"].astype("str"), type=pa.large_string(), from_pandas=True)
    known = pc.unique(paused.drop_null())
    codes = pa.array(dossier_codes.astype("str"), type=pa.large_string(), from_pandas=True)
    place, code = (_numbers(pc.index_in(some, value_set=known, skip_nulls=True)) for some in (codes, paused))
    named = code != _NONE
    begun, over = (pauses[name].to_numpy(dtype="datetime64[s]")[named] for name in ("pause_from", "pause_to"))
    return Pauses(place, code[named], begun, over, len(known))


def _numbers(found: pa.Array | pa.ChunkedArray) -> Places:
    places: Places = found.fill_null(_NONE).to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
    return places
