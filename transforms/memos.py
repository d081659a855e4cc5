"""What is counted of a dossier beside its place in form II.06: channels, levels, payment, digitisation, time.

All of it is what the source says of the dossier now, bound to what happened in the period: received in it, resolved in
it, or handled in it. What a source does not tell counts in no base (contracts.columns.MEMOS).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from contracts.codes import Channel, ServiceLevel, Status
from contracts.columns import RECEIVED
from transforms.deadlines import UNKNOWN, WorkingCalendar
from transforms.pauses import Pauses
from transforms.processing import days_taken
from transforms.state import CARRIED_OVER, NONE, OVERDUE, Codes, Flags, States, codes_of

FLAGS = ("linked", "fee_due", "paid_online", "result_electronic", "digitised", "reused")
COLUMNS = ("service_level", "return_channel", *FLAGS, "limit_days", "status", "received_date", "end_date")
_ONLINE, _POSTAL = RECEIVED.index("received_online"), RECEIVED.index("received_postal")
_LEVELS = {ServiceLevel.INFORMATION: 0, ServiceLevel.PARTIAL: 1, ServiceLevel.FULL: 2}
_RETURNED = {Channel.IN_PERSON: 0, Channel.ONLINE: 1, Channel.POSTAL: 2}

Numbers = np.ndarray[Any, np.dtype[np.integer[Any]]]
Family = dict[str, Flags]
"""Memos of one subject: which dossiers count in each."""


@dataclass(frozen=True)
class Traits:
    """What does not depend on the period. tells: whether the source has that column at all; returns_told: that of
    return_channel. taken, limit: working days; UNKNOWN where not known; taken only of dossiers that the agency
    finished."""

    level: Codes
    returned: Codes
    returns_told: bool
    flags: dict[str, Flags]
    told: dict[str, Flags]
    taken: Numbers
    limit: Numbers


def traits_of(dossiers: pd.DataFrame, pauses: Pauses, *, calendar: WorkingCalendar | None) -> Traits:
    """dossiers: COLUMNS; pauses: theirs. calendar: None where the time cannot be known, as the source keeps no
    pauses."""
    flags = {name: _flag(dossiers[name]) for name in FLAGS}
    return_channel = dossiers["return_channel"].astype("category")
    return Traits(
        level=codes_of(dossiers["service_level"], _LEVELS),
        returned=codes_of(return_channel, _RETURNED),
        returns_told=len(return_channel.cat.categories) > 0,
        flags={name: said for name, (said, _) in flags.items()},
        told={name: told for name, (_, told) in flags.items()},
        taken=_taken(dossiers, pauses, calendar),
        limit=_limit(dossiers["limit_days"]),
    )


def families(states: States, traits: Traits) -> Iterator[Family]:
    """Subject by subject: of all at once a large source would be too much."""
    new = (states.received != NONE) & (states.received != CARRIED_OVER)
    resolved = states.resolved
    yield {name: getattr(states, name) for name in ("withdrawn", "stopped", "paused", "no_due_date")}
    yield _linked(states, traits, new=new, resolved=resolved)
    yield _offered(states, traits, new=new)
    yield _post(states, traits, new=new, resolved=resolved)
    yield _payment(states, traits)
    yield _results(traits, resolved=resolved)
    yield _digitised(traits, new=new)


def processed(states: States, traits: Traits) -> tuple[Flags, Flags]:
    """The dossiers resolved in the span in a time that is known, and those of them with a limit by regulation."""
    known = states.resolved & ~states.withdrawn & (traits.taken != UNKNOWN)
    return known, known & (traits.limit != UNKNOWN)


def _linked(states: States, traits: Traits, *, new: Flags, resolved: Flags) -> Family:
    linked = traits.flags["linked"]
    return {
        "linked_known": resolved & traits.told["linked"],
        "linked_received": linked & new,
        "linked_resolved": linked & resolved,
        "linked_overdue": linked & (states.outcome == OVERDUE),
    }


def _offered(states: States, traits: Traits, *, new: Flags) -> Family:
    online = states.received == _ONLINE
    offered = new & (traits.level >= _LEVELS[ServiceLevel.PARTIAL])
    full = new & (traits.level == _LEVELS[ServiceLevel.FULL])
    return {
        "level_known": new & (traits.level != NONE),
        "offered": offered,
        "offered_online": offered & online,
        "offered_full": full,
        "offered_full_online": full & online,
    }


def _post(states: States, traits: Traits, *, new: Flags, resolved: Flags) -> Family:
    known = resolved & (traits.returned != NONE)
    returned = resolved & (traits.returned == _RETURNED[Channel.POSTAL])
    by_post = ((states.received == _POSTAL) | returned) & traits.returns_told
    told = ((new & ~resolved) | known | by_post) & traits.returns_told
    return {"returned_known": known, "returned_by_post": returned, "by_post_known": told, "by_post": by_post}


def _payment(states: States, traits: Traits) -> Family:
    handled = states.received != NONE
    fee_due = handled & traits.flags["fee_due"]
    return {
        "fee_known": handled & traits.told["fee_due"],
        "fee_due": fee_due,
        "paid_known": fee_due & traits.told["paid_online"],
        "paid_online": fee_due & traits.flags["paid_online"],
    }


def _results(traits: Traits, *, resolved: Flags) -> Family:
    told, said = traits.told["result_electronic"], traits.flags["result_electronic"]
    return {"result_known": resolved & told, "result_electronic": resolved & said}


def _digitised(traits: Traits, *, new: Flags) -> Family:
    flags, told = traits.flags, traits.told
    return {
        "digitised_known": new & told["digitised"],
        "digitised": new & flags["digitised"],
        "reused_known": new & told["reused"],
        "reused": new & flags["reused"],
    }


def _flag(values: pd.Series) -> tuple[Flags, Flags]:
    """Where it is set, and where it is known whether it is."""
    told = values.notna().to_numpy(dtype=bool)
    said = values.to_numpy(dtype=bool) if values.dtype == bool else values.fillna(False).to_numpy(dtype=bool)
    return said, told


def _taken(dossiers: pd.DataFrame, pauses: Pauses, calendar: WorkingCalendar | None) -> Numbers:
    if calendar is None:
        return np.full(len(dossiers), UNKNOWN, dtype=np.int32)
    by_agency = codes_of(dossiers["status"], {Status.STOPPED: 0, Status.WITHDRAWN: 0}) == NONE
    return np.where(by_agency, days_taken(dossiers, pauses, calendar=calendar), UNKNOWN)


def _limit(limit_days: pd.Series) -> Numbers:
    """A limit of no days says nothing: systems write 0 where they do not know it."""
    limits: Numbers = limit_days.astype("Int32").to_numpy(dtype=np.int32, na_value=UNKNOWN)
    return np.where(limits >= 1, limits, UNKNOWN)
