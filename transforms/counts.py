"""Facts: how many dossiers of each agency, field and procedure stand in each column of form II.06.

Facts are counts and only counts, so those of several sources or machines add up in any order; ratios are
made later, from sums.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from contracts.codes import Series
from contracts.columns import FACT_KEYS, MEASURES, MEMOS, OPEN, RECEIVED, RESOLVED
from contracts.errors import CriticalCheckError
from contracts.periods import Span
from contracts.province import Policy
from transforms import memos, state
from transforms.deadlines import WorkingCalendar
from transforms.memos import Family, Numbers, Traits, families, processed
from transforms.pieces import pieces
from transforms.state import OUTCOMES, Codes, Flags, States, states_of

DOSSIER_KEYS = FACT_KEYS[1:]  # all but the series, which is no property of a dossier
COLUMNS = tuple(dict.fromkeys((*state.COLUMNS, *memos.COLUMNS, *DOSSIER_KEYS)))
"""The canonical columns that counting needs: read no others where speed matters."""

Ints = np.ndarray[Any, np.dtype[np.int64]]

_ADVICE = "đây là lỗi của chương trình: giữ nguyên thư mục trích xuất và báo cho đơn vị phát triển"
_EMPTY = pd.DataFrame(
    {
        **{key: pd.Series([], dtype="str") for key in FACT_KEYS},
        **{count: pd.Series([], dtype="int64") for count in (*MEASURES, *MEMOS)},
    }
)


def facts_of(
    dossiers: pd.DataFrame,
    pauses: pd.DataFrame,
    *,
    spans: Mapping[Series, Span],
    policy: Policy,
    calendar: WorkingCalendar | None = None,
) -> pd.DataFrame:
    """Count accepted dossiers once a series.

    dossiers: COLUMNS of the canonical record, of one source. pauses: PAUSE_COLUMNS of the same source. calendar: for
    the time that dossiers took; None where it cannot be known, as the source keeps no pauses.
    Returns FACT_KEYS + MEASURES + MEMOS (int64), sorted by key, without rows that are zero throughout.
    Raises CriticalCheckError where (3) ≠ (7) + (11) or a counted dossier has no key: rejected rows were
    handed over.
    """
    if dossiers["status"].isna().any():
        raise CriticalCheckError("có hồ sơ không rõ trạng thái lọt vào bước tổng hợp", advice=_ADVICE)
    group, groups = _groups(dossiers)
    counts = {series: {name: np.zeros(len(groups), dtype=np.int64) for name in (*MEASURES, *MEMOS)} for series in spans}
    for piece in pieces(dossiers, pauses, calendar=calendar):
        for series, span in spans.items():
            states = states_of(piece.dossiers, piece.pauses, span=span, policy=policy)
            for name, found in _counts(states, piece.traits, group[piece.rows], len(groups)).items():
                counts[series][name] += found
    facts = _in_order([groups.assign(series=str(series), **counts.pop(series)) for series in spans])
    if facts[list(FACT_KEYS)].isna().any(axis=None):
        raise CriticalCheckError("có hồ sơ thiếu đơn vị, lĩnh vực hoặc thủ tục lọt vào bước tổng hợp", advice=_ADVICE)
    check_identity(facts)
    return facts


def _in_order(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """What combine makes of frames that have no key in common, without adding up what is summed already."""
    told = (frame[frame[[*MEASURES, *MEMOS]].any(axis=1)] for frame in frames)
    facts = pd.concat([_EMPTY, *told], ignore_index=True)
    return facts.sort_values(list(FACT_KEYS), ignore_index=True)


def combine(frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Facts of several sources added up: as facts_of returns them, whatever the order and the split."""
    given = [frame[[*FACT_KEYS, *MEASURES, *MEMOS]] for frame in frames]
    return totals(pd.concat([_EMPTY, *given], ignore_index=True), by=FACT_KEYS)


def totals(facts: pd.DataFrame, *, by: Sequence[str]) -> pd.DataFrame:
    """MEASURES and MEMOS summed by those keys, sorted by them, without rows that are zero throughout."""
    counts = [*MEASURES, *MEMOS]
    summed = facts.groupby(list(by), sort=True, dropna=False, observed=True)[counts].sum().reset_index()
    return summed[summed[counts].any(axis=1)].reset_index(drop=True)


def check_identity(facts: pd.DataFrame) -> None:
    """(3) = (7) + (11) in every row (form II.06). Raises CriticalCheckError with the number of rows."""
    received = facts[list(RECEIVED)].sum(axis=1)
    wrong = int((received != facts[[*RESOLVED, *OPEN]].sum(axis=1)).sum())
    if wrong:
        raise CriticalCheckError(f"{wrong} dòng số liệu có cột (3) khác (7) + (11) của biểu II.06", advice=_ADVICE)


def _groups(dossiers: pd.DataFrame) -> tuple[Ints, pd.DataFrame]:
    """The number of each dossier's group, and the keys of the groups by number."""
    keys = [dossiers[key].astype("category").cat for key in DOSSIER_KEYS]
    sizes = tuple(len(key.categories) + 1 for key in keys)
    combined = np.zeros(len(dossiers), dtype=np.int64)
    for key, size in zip(keys, sizes, strict=True):
        combined *= size
        combined += key.codes.to_numpy()
        combined += 1  # 0 is for a missing key, which is told of later
    group, distinct = pd.factorize(combined)
    labels = {
        name: pd.Series([None, *key.categories], dtype="str").take(positions)
        for name, key, positions in zip(DOSSIER_KEYS, keys, np.unravel_index(distinct, sizes), strict=True)
    }
    return group, pd.DataFrame({name: label.to_numpy() for name, label in labels.items()}, dtype="str")


def _counts(states: States, traits: Traits, group: Ints, size: int) -> dict[str, Ints]:
    """Number of dossiers a group, for each measure and memo; of the sums of days, the days."""
    found = _tally(states.received, RECEIVED, group, size) | _tally(states.outcome, OUTCOMES, group, size)
    for family in families(states, traits):
        found |= _tally_flags(family, group, size)
    return found | _times(states, traits, group, size)


def _tally(codes: Codes, names: Sequence[str], group: Ints, size: int) -> dict[str, Ints]:
    """Number of dossiers a group with each code, in one pass; a missing code counts nowhere."""
    width = len(names) + 1
    cells = np.bincount(group * width + codes + 1, minlength=size * width)
    return dict(zip(names, cells.reshape(size, width).T[1:], strict=True))


def _tally_flags(family: Family, group: Ints, size: int) -> dict[str, Ints]:
    """Number of dossiers a group with each flag, in one pass: those with the same flags are counted together."""
    which = np.zeros(len(group), dtype=np.uint8)
    for place, flags in enumerate(family.values()):
        which |= flags.view(np.uint8) << np.uint8(place)
    width = 1 << len(family)
    cells = np.bincount(group * width + which, minlength=size * width).reshape(size, width)
    has_flag = np.arange(width) >> np.arange(len(family))[:, None] & 1
    return dict(zip(family, (cells[:, flagged == 1].sum(axis=1) for flagged in has_flag), strict=True))


def _times(states: States, traits: Traits, group: Ints, size: int) -> dict[str, Ints]:
    """The memos TIME. Sums of whole days stay exact in floats below 2^53."""
    known, limited = processed(states, traits)

    def days(flags: Flags, of: Numbers) -> Ints:
        return np.bincount(group[flags], weights=of[flags], minlength=size).astype(np.int64)

    return {
        "processed": np.bincount(group[known], minlength=size),
        "processing_days": days(known, traits.taken),
        "timed": np.bincount(group[limited], minlength=size),
        "timed_days": days(limited, traits.taken),
        "timed_limit_days": days(limited, traits.limit),
    }
