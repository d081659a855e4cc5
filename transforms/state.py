"""The state of each dossier at a cut-off, rebuilt from its dates (forms II.06, TT 01/2020/TT-VPCP).

Today's status never decides what a dossier was at the cut-off T: it only tells what its end date means
(resolved, withdrawn, stopped). So a run made late, or made again, gives what a timely one gave.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from contracts.codes import Channel, Status
from contracts.columns import NOTES, OPEN, RECEIVED, RESOLVED
from contracts.periods import Span
from contracts.province import Policy
from transforms.pauses import Pauses, pauses_of

OUTCOMES = (*RESOLVED, *OPEN)
EARLY, ON_TIME, OVERDUE, OPEN_IN_TIME, OPEN_OVERDUE = range(len(OUTCOMES))
CARRIED_OVER = RECEIVED.index("carried_over")
NONE = -1  # code of a missing category
RECEIVED_BY_CHANNEL = {Channel.ONLINE: 0, Channel.IN_PERSON: 1, Channel.POSTAL: 2}
COLUMNS = ("dossier_code", "status", "channel", "received_date", "due_date", "end_date", "deleted_date")

Flags = np.ndarray[Any, np.dtype[np.bool_]]
Days = np.ndarray[Any, np.dtype[np.datetime64]]
Codes = np.ndarray[Any, np.dtype[np.int8]]


@dataclass(frozen=True)
class _AtCutOff:
    """What the dates say of each dossier at the last day T of a span.

    counted: received by T and not deleted by then. ended: resolved by T, on `end`. withdrawn ⊂ ended;
    stopped, paused: open at T, and the deadline does not run (each dossier at most one of the two).
    """

    counted: Flags
    ended: Flags
    withdrawn: Flags
    stopped: Flags
    paused: Flags


@dataclass(frozen=True)
class States:
    """Where each dossier stands: received in RECEIVED, outcome in OUTCOMES, by number, NONE where it does not count;
    and what the notes under the form tell of (NOTES)."""

    received: Codes
    outcome: Codes
    withdrawn: Flags
    stopped: Flags
    paused: Flags
    no_due_date: Flags

    @property
    def resolved(self) -> Flags:
        return (self.outcome >= EARLY) & (self.outcome <= OVERDUE)


def classify(dossiers: pd.DataFrame, pauses: pd.DataFrame, *, span: Span, policy: Policy) -> pd.DataFrame:
    """Where each accepted dossier stands in form II.06 for that span, as `states_of`, for people and tests.

    dossiers: the columns COLUMNS of the canonical record. pauses: PAUSE_COLUMNS of the same source.
    Returns, on the index of dossiers: `received` (category of RECEIVED; missing: in no received column),
    `outcome` (category of RESOLVED and OPEN; missing likewise) and one boolean a note of NOTES.
    """
    states = states_of(dossiers, pauses_of(dossiers["dossier_code"], pauses), span=span, policy=policy)
    return pd.DataFrame(
        {
            "received": pd.Categorical.from_codes(states.received, categories=pd.Index(RECEIVED)),
            "outcome": pd.Categorical.from_codes(states.outcome, categories=pd.Index(OUTCOMES)),
            **{note: getattr(states, note) for note in NOTES},
        },
        index=dossiers.index,
    )


def states_of(dossiers: pd.DataFrame, pauses: Pauses, *, span: Span, policy: Policy) -> States:
    """Where each accepted dossier stands. For accepted rows received and outcome are both NONE or neither is: (3) =
    (7) + (11). dossiers: the columns COLUMNS; pauses: theirs."""
    first, last = np.datetime64(span.first_day), np.datetime64(span.last_day)
    due, end = _days(dossiers["due_date"]), _days(dossiers["end_date"])
    at = _at_cut_off(dossiers, pauses, last=last, policy=policy)
    received = _received(dossiers, at, first=first, end=end)
    outcome = _outcome(at, first=first, last=last, due=due, end=end, policy=policy)
    return States(
        received=received,
        outcome=outcome,
        withdrawn=at.withdrawn & (outcome != NONE),
        stopped=at.stopped,
        paused=at.paused,
        no_due_date=np.isnat(due) & ((outcome == ON_TIME) | (outcome == OPEN_IN_TIME)),
    )


def _at_cut_off(dossiers: pd.DataFrame, pauses: Pauses, *, last: np.datetime64, policy: Policy) -> _AtCutOff:
    status = codes_of(dossiers["status"], {s: n for n, s in enumerate(Status)})
    end_by_then = _days(dossiers["end_date"]) <= last
    was_received = (_days(dossiers["received_date"]) <= last) & (status != _number(Status.NOT_RECEIVED))
    counted = was_received & ~(_days(dossiers["deleted_date"]) <= last)
    is_backlog = (status == _number(Status.STOPPED)) & (policy.stopped_is == "backlog")
    ended = counted & end_by_then & ~is_backlog
    stopped = counted & end_by_then & is_backlog
    return _AtCutOff(
        counted=counted,
        ended=ended,
        withdrawn=ended & (status == _number(Status.WITHDRAWN)),
        stopped=stopped,
        paused=counted & ~ended & ~stopped & pauses.lasting_on(last),
    )


def _received(dossiers: pd.DataFrame, at: _AtCutOff, *, first: np.datetime64, end: Days) -> Codes:
    """Code in RECEIVED: columns (4), (5) and (6)."""
    codes = codes_of(dossiers["channel"], RECEIVED_BY_CHANNEL)
    before = _days(dossiers["received_date"]) < first
    codes[before] = CARRIED_OVER
    codes[~at.counted | (before & at.ended & (end < first))] = NONE
    return codes


def _outcome(
    at: _AtCutOff, *, first: np.datetime64, last: np.datetime64, due: Days, end: Days, policy: Policy
) -> Codes:
    """Code in OUTCOMES: columns (8), (9), (10), (12) and (13)."""
    is_late = (due < last) & ~(at.stopped | at.paused)
    open_codes = np.where(is_late, np.int8(OPEN_OVERDUE), np.int8(OPEN_IN_TIME))
    ended_codes = np.int8(ON_TIME) + (end > due).view(np.int8) - (end < due).view(np.int8)  # EARLY, ON_TIME, OVERDUE
    codes = np.where(at.ended, ended_codes, open_codes)
    codes[at.withdrawn] = ON_TIME if policy.withdrawn_column == 9 else EARLY
    codes[~at.counted | (at.ended & (end < first))] = NONE
    return codes


def _number(status: Status) -> int:
    return list(Status).index(status)


def _days(dates: pd.Series) -> Days:
    """Without a copy where they are dates already; a column that is empty throughout may come without a type."""
    return dates.to_numpy() if dates.dtype.kind == "M" else dates.to_numpy(dtype="datetime64[s]")


def codes_of(values: pd.Series, numbers: Mapping[Any, int]) -> Codes:
    """The number of each value, NONE where it is missing or unknown; the table is looked up once a category."""
    category = values.astype("category").cat
    table = np.array([*(numbers.get(str(c), NONE) for c in category.categories), NONE], dtype=np.int8)
    return table[category.codes.to_numpy()]
