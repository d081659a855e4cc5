"""A dossier's life told forward: filed, received, promised, perhaps paused for papers or a fee, and finished
before, on or after the promised day; or withdrawn, stopped, refused at the desk, forgotten, deleted.

Days are numbers of working days (`demo.workdays`) until the frame is made. A pause begins by the promised day
and pushes it by its own length when the dossier resumes, so no later event changes how the dossier stood on an
earlier day.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from contracts.codes import Channel, Status
from demo.mix import Mix
from demo.workdays import Array, WorkingDays
from demo.world import NAT

OPENING, CLOSING = 7.5 * 3600, 16.9 * 3600
SAME_DAY_UNTIL = 15 * 3600  # «trong ngày» filed later is promised for the next working day
LINKED_FIELDS = {"Hộ tịch": 0.12, "Bảo trợ xã hội": 0.15, "Người có công": 0.25, "Đất đai": 0.18}
ONLINE_SHARES = {2: 0.0, 3: 0.48, 4: 0.78}  # by service level
LATE_SHARES = ((0, 0.006), (3, 0.018), (10, 0.04), (999, 0.075))  # up to so many working days: share


@dataclass(frozen=True)
class Filed:
    """What is filed where and when, an entry a dossier. lateness, online: factors on the usual shares."""

    source: Array
    agency_code: Array
    procedure: Array
    on: Array
    lateness: Array
    online: Array


@dataclass(frozen=True)
class Pauses:
    """Supplement and payment requests, as working days after receipt; length 0: none, -1: never answered."""

    supplement_after: Array
    supplement_length: Array
    payment_after: Array
    payment_length: Array

    @property
    def answered_length(self) -> Array:
        return np.maximum(self.supplement_length, 0) + np.maximum(self.payment_length, 0)

    @property
    def unanswered(self) -> Array:
        return (self.supplement_length < 0) | (self.payment_length < 0)


def lives(filed: Filed, *, mix: Mix, days: WorkingDays, rng: np.random.Generator) -> pd.DataFrame:
    """The frame of `demo.world.WORLD_COLUMNS` for sound dossiers."""
    world = traits(filed, mix=mix, rng=rng)
    about = mix.procedures.take(filed.procedure)
    promised = promised_days(about["working_days"].to_numpy(), world["received_at"].to_numpy())
    fate, worked = _fates(promised, filed.lateness, rng)
    pauses = _pauses(promised, worked, fee=about["fee"].to_numpy(), fate=fate, rng=rng)
    world = world.assign(**_dated(filed.on, promised, worked, pauses, fate, days=days, rng=rng))
    world = registered_before(world, filed.on, days=days, rng=rng)
    return _deleted(_refused(world, rng), filed.on, days=days, rng=rng)


def traits(filed: Filed, *, mix: Mix, rng: np.random.Generator) -> pd.DataFrame:
    """What is true of a dossier whatever becomes of it: the columns that are no days."""
    size = len(filed.procedure)
    about = mix.procedures.take(filed.procedure)
    received_at = rng.integers(int(OPENING), int(CLOSING), size)
    channel = usual_channels(about["service_level"].to_numpy(), filed.online, rng)
    fee_due = about["fee"].to_numpy() & (rng.random(size) < 0.9)
    return pd.DataFrame(
        {
            "source": filed.source,
            "agency_code": filed.agency_code,
            "procedure": filed.procedure,
            "channel": channel,
            "received_at": received_at,
            "ended_at": received_at + rng.integers(600, 3600, size),
            "linked": rng.random(size) < about["field"].map(LINKED_FIELDS).fillna(0.0).to_numpy(),
            "fee_due": fee_due,
            "paid_online": ways_paid(
                fee_due & (rng.random(size) < np.where(channel == Channel.ONLINE, 0.82, 0.1)), rng
            ),
            "service_level": about["service_level"].to_numpy(),
            "defect": "",
            "twin": -1,
        }
    )


def promised_days(working_days: Array, received_at: Array) -> Array:
    """Working days from receipt to the promised day."""
    next_day: Array = (working_days == 0) & (received_at >= SAME_DAY_UNTIL)
    return np.add(working_days, next_day)


def _fates(promised: Array, lateness: Array, rng: np.random.Generator) -> tuple[Array, Array]:
    """How each life ends, and after how many working days of work, pauses apart."""
    size = len(promised)
    limits, shares = zip(*LATE_SHARES, strict=True)
    late = rng.random(size) < np.array(shares)[np.searchsorted(limits, promised)] * lateness
    exactly = rng.random(size) < 0.24
    early = np.floor(rng.beta(2.0, 1.7, size) * promised).astype(np.int64)
    worked = np.where(late, promised + rng.geometric(0.16, size), np.where(exactly, promised, early))
    fate = np.full(size, Status.DONE, dtype=object)
    chance = rng.random(size)
    long_enough = promised >= 2
    fate[long_enough & (chance < 0.016)] = Status.WITHDRAWN
    fate[long_enough & (chance > 0.993)] = Status.STOPPED
    fate[late & (chance > 0.5) & (chance < 0.56)] = Status.OPEN
    return fate, worked


def _pauses(promised: Array, worked: Array, *, fee: Array, fate: Array, rng: np.random.Generator) -> Pauses:
    """Papers are asked for in the first days, the fee when the work is done; both by the promised day."""
    size = len(promised)
    asked = (promised >= 2) & (rng.random(size) < np.where(promised >= 5, 0.085, 0.03))
    due = fee & (promised >= 3) & (fate == Status.DONE) & (rng.random(size) < 0.22)
    papers = np.where(asked, rng.geometric(0.2, size), 0)
    papers[asked & (rng.random(size) < 0.04)] = -1
    payment = np.where(due & (papers >= 0), rng.geometric(0.5, size), 0)
    payment[(payment > 0) & (rng.random(size) < 0.01)] = -1
    return Pauses(
        supplement_after=np.minimum(rng.integers(0, 4, size), np.minimum(worked, promised)),
        supplement_length=papers,
        payment_after=np.minimum(worked, promised),
        payment_length=payment,
    )


def _dated(
    on: Array,
    promised: Array,
    worked: Array,
    pauses: Pauses,
    fate: Array,
    *,
    days: WorkingDays,
    rng: np.random.Generator,
) -> dict[str, Array]:
    """Fate and days of each life; a supplement never brought ends most of these lives after some weeks."""
    papers, fees = np.maximum(pauses.supplement_length, 0), np.maximum(pauses.payment_length, 0)
    end = on + worked + papers + fees
    given_up = pauses.unanswered & (rng.random(len(on)) < 0.6)
    end = np.where(given_up, on + promised + rng.integers(20, 45, len(on)), end)
    fate = np.where(given_up, Status.STOPPED, np.where(pauses.unanswered, Status.OPEN, fate))
    asked_on = on + pauses.supplement_after
    fee_on = on + papers + pauses.payment_after
    done = fate == Status.DONE
    return {
        "fate": fate,
        "received": days.day(on),
        "due_first": days.day(on + promised),
        "due_second": days.day(on + promised + papers),
        "due": days.day(on + promised + papers + fees),
        "end": only(fate != Status.OPEN, days.day(end)),
        "returned": only(done & (rng.random(len(on)) < 0.93), days.day(end + rng.integers(0, 6, len(on)))),
        "supplement_from": only(pauses.supplement_length != 0, days.day(asked_on)),
        "supplement_to": _until(pauses.supplement_length, given_up, days.day(asked_on + papers), days.day(end)),
        "payment_from": only(pauses.payment_length != 0, days.day(fee_on)),
        "payment_to": _until(pauses.payment_length, given_up, days.day(fee_on + fees), days.day(end)),
    }


def only(where: Array, days: Array) -> Array:
    return np.where(where, days.astype("datetime64[s]"), NAT)


def _until(length: Array, given_up: Array, answered: Array, end: Array) -> Array:
    """An answered request ends with the answer, one that was not with the life, if that ends."""
    return np.where(length > 0, only(length > 0, answered), only((length < 0) & given_up, end))


def usual_channels(level: Array, online: Array, rng: np.random.Generator) -> Array:
    chance = rng.random(len(level))
    share = np.array([0.0, 0.0, *ONLINE_SHARES.values()])[level] * online
    postal = (chance > 0.972) & (level > 2)
    return np.where(chance < share, Channel.ONLINE, np.where(postal, Channel.POSTAL, Channel.IN_PERSON)).astype(object)


def ways_paid(paid: Array, rng: np.random.Generator) -> Array:
    """0 not online, 1 by the national portal, 2 by the province's."""
    return np.where(paid, np.where(rng.random(len(paid)) < 0.7, 1, 2), 0)


def registered_before(world: pd.DataFrame, on: Array, *, days: WorkingDays, rng: np.random.Generator) -> pd.DataFrame:
    """What comes online is registered, and looked at on the same or the next working day."""
    waited = (world["channel"] == Channel.ONLINE).to_numpy() & (rng.random(len(on)) < 0.3)
    return world.assign(registered=days.day(on - waited))


def _refused(world: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Refused at the desk: never received, though some systems write a day of receipt all the same."""
    refused = rng.random(len(world)) < 0.02
    never = ["due_first", "due_second", "due", "end", "returned"]
    never += ["supplement_from", "supplement_to", "payment_from", "payment_to"]
    world.loc[refused, never] = NAT
    world.loc[refused, "fate"] = Status.NOT_RECEIVED
    world.loc[refused & (rng.random(len(world)) < 0.6), "received"] = NAT
    return world


def _deleted(world: pd.DataFrame, on: Array, *, days: WorkingDays, rng: np.random.Generator) -> pd.DataFrame:
    """Entered by mistake, and removed within some weeks."""
    deleted = rng.random(len(on)) < 0.003
    return world.assign(deleted=only(deleted, days.day(on + rng.integers(0, 25, len(on)))))
