"""The world of Phú Thọ in the third quarter of 2026: dossiers whose counts are the officially published ones.

Lives are told backward: first what became of a dossier from 1/7 to 26/9/2026 (`demo.official`), then when it must
have been received and promised for that. Days are numbers of working days until the frame is made.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from contracts.codes import Status
from contracts.province import Province
from demo.lives import Filed, lives, only, promised_days, registered_before, traits, ways_paid
from demo.mix import Mix, draw
from demo.official import Fates, Official, Pace, fates, pace, read_official
from demo.workdays import Array, WorkingDays
from demo.world import NAT, PAUSE_DAYS

OFFICIAL_FIRST, OFFICIAL_LAST = date(2026, 7, 1), date(2026, 9, 26)
FORMS_FIRST, BEFORE_OFFICIAL = date(2026, 6, 15), date(2026, 6, 30)
LAST_FILED = date(2026, 10, 2)
ONLINE = 1.12  # how much more often than usual dossiers are filed online in 2026


@dataclass(frozen=True)
class _Setting:
    """What all parts of this world share. procedures: their weights, a row an agency."""

    official: Official
    source: str
    procedures: Array
    mix: Mix
    days: WorkingDays
    rng: np.random.Generator

    def number(self, day: date) -> int:
        return self.days.number(day)

    @property
    def working_days(self) -> Array:
        return self.mix.procedures["working_days"].to_numpy()

    def filed(self, agency: Array, *, open_ones: bool = False) -> Filed:
        """Dossiers of those agencies. What is still open is of the longer procedures, more often the longer."""
        weights = self.procedures * self.working_days if open_ones else self.procedures
        procedure = np.zeros(len(agency), dtype=np.int64)
        order = np.argsort(agency, kind="stable")
        for mine in np.split(order, np.flatnonzero(np.diff(agency[order])) + 1):
            if mine.size:
                procedure[mine] = draw(self.rng, weights[agency[mine[0]]], mine.size)
        codes = np.array(self.official.agency_codes)[agency]
        usual = np.ones(len(agency))
        return Filed(np.full(len(agency), self.source), codes, procedure, np.zeros_like(agency), usual, ONLINE * usual)


def make(
    province: Province, mix: Mix, *, owners: dict[str, str], rng: np.random.Generator, scale: float
) -> pd.DataFrame:
    """The sound dossiers (`demo.world.WORLD_COLUMNS`). owners: agency code → source."""
    official = read_official(province, scale=scale)
    units = [province.units.by_agency(code) for code in official.agency_codes]
    days = WorkingDays(province.rest_days, first=date(2024, 1, 1), last=date(2027, 12, 31))
    procedures = np.array([mix.weights(unit, without_districts=True) for unit in units])
    here = _Setting(official, owners[official.agency_codes[0]], procedures, mix, days, rng)
    usual = procedures @ here.working_days / np.maximum(procedures.sum(axis=1), 1)
    became = fates(official, usual, rng)
    official_part, rhythm = _handled(here, became)
    parts = [
        _with_payments(here, official_part),
        _resolved_before(here, became, rhythm),
        _never_counted(here),
        _later(here),
    ]
    return pd.concat(parts, ignore_index=True)


def _handled(here: _Setting, became: Fates) -> tuple[pd.DataFrame, Pace]:
    """All that the published figures count, and the pace at which the agencies must have worked."""
    first, last = here.number(OFFICIAL_FIRST), here.number(OFFICIAL_LAST)
    resolved, rhythm = _resolved(here, became.resolved_good, became.resolved_late, ended=(first, last), rhythm=None)
    parts = [resolved, _open_in_time(here, _each(became.open_good)), _open_late(here, _each(became.open_late))]
    return pd.concat(parts, ignore_index=True), rhythm


def _each(counts: Array) -> Array:
    """The agency's number for each of its dossiers."""
    return np.repeat(np.arange(len(counts)), counts)


def _resolved(
    here: _Setting, good: Array, late: Array, *, ended: tuple[int, int], rhythm: Pace | None
) -> tuple[pd.DataFrame, Pace]:
    """Dossiers that ended between two working days; without a pace, at the one that gives the published mean."""
    agency = np.concatenate([_each(good), _each(late)])
    is_late = np.arange(len(agency)) >= good.sum()
    filed = here.filed(agency)
    world = traits(filed, mix=here.mix, rng=here.rng)
    promised = promised_days(here.working_days[filed.procedure], world["received_at"].to_numpy())
    exactly = here.rng.random(len(agency)) < 0.25
    worked = np.where(exactly, promised, np.floor(here.rng.random(len(agency)) * (promised + 1)))
    rhythm = rhythm or pace(here.official, agency=agency, late=is_late, promised=promised, worked=worked)
    taken = _taken(here, rhythm, agency, is_late=is_late, promised=promised, worked=worked)
    end = here.rng.integers(ended[0], ended[1] + 1, len(agency))
    may_withdraw = ~is_late & (taken < promised)
    return _ended(here, world, end=end, taken=taken, promised=promised, may_withdraw=may_withdraw), rhythm


def _ended(
    here: _Setting, world: pd.DataFrame, *, end: Array, taken: Array, promised: Array, may_withdraw: Array
) -> pd.DataFrame:
    """The days of dossiers that ended on `end` after that many working days."""
    size, on = len(end), end - taken
    withdrawn = may_withdraw & (here.rng.random(size) < 0.012)
    collected = ~withdrawn & (here.rng.random(size) < 0.93)
    pauses = _answered_pauses(here, on, promised=promised, taken=taken)
    due = here.days.day(on + promised)
    dated = world.assign(
        fate=np.where(withdrawn, Status.WITHDRAWN, Status.DONE),
        received=here.days.day(on),
        due_first=here.days.day(on + promised - pauses.pop("length")),
        due_second=due,
        due=due,
        end=here.days.day(end),
        returned=only(collected, here.days.day(end + here.rng.integers(0, 4, size))),
        deleted=NAT,
        **pauses,
    )
    return registered_before(dated, on, days=here.days, rng=here.rng)


def _taken(here: _Setting, rhythm: Pace, agency: Array, *, is_late: Array, promised: Array, worked: Array) -> Array:
    """Working days from receipt to end."""
    stretch, delay = rhythm.stretch[agency], rhythm.delay[agency]
    punctual = np.where(stretch <= 1, worked * stretch, worked + (promised - worked) * (stretch - 1))
    punctual = np.minimum(np.floor(punctual + here.rng.random(len(agency))), promised)
    behind = np.minimum(here.rng.geometric(1 / delay), 90)
    return np.where(is_late, promised + behind, punctual).astype(np.int64)


def _answered_pauses(here: _Setting, on: Array, *, promised: Array, taken: Array) -> dict[str, Array]:
    """Requests that were answered before the end; the promised day was pushed by their `length`."""
    room = np.minimum(promised, taken) - 1
    asked = (room >= 2) & (here.rng.random(len(on)) < 0.08)
    length = np.where(asked, 1 + np.floor(here.rng.random(len(on)) * room / 2), 0).astype(np.int64)
    begin = on + (here.rng.random(len(on)) < 0.5)
    fee = here.rng.random(len(on)) < 0.3
    return {
        "length": length,
        "supplement_from": only(asked & ~fee, here.days.day(begin)),
        "supplement_to": only(asked & ~fee, here.days.day(begin + length)),
        "payment_from": only(asked & fee, here.days.day(begin)),
        "payment_to": only(asked & fee, here.days.day(begin + length)),
    }


def _open_in_time(here: _Setting, agency: Array) -> pd.DataFrame:
    """Promised for a day after 26/9; or promised for an earlier one, but waiting for papers, or stopped."""
    filed = here.filed(agency, open_ones=True)
    world = traits(filed, mix=here.mix, rng=here.rng)
    size, last = len(agency), here.number(OFFICIAL_LAST)
    promised = here.working_days[filed.procedure]
    chance = here.rng.random(size)
    stopped, waiting = chance < 0.02, (chance >= 0.02) & (chance < 0.17)
    standing = stopped | waiting
    ago = np.floor(here.rng.random(size) * promised).astype(np.int64)
    on = last - np.where(standing, promised + here.rng.integers(1, 15, size), ago)
    asked = on + np.floor(here.rng.random(size) * promised).astype(np.int64)
    answered = last + here.rng.geometric(0.2, size)
    pushed = np.where(waiting, answered - asked, 0)
    due = here.days.day(on + promised + pushed)
    end = np.where(stopped, last - here.rng.integers(0, 5, size), last + pushed + here.rng.geometric(0.15, size))
    return _still_open(here, world, on).assign(
        fate=np.where(stopped, Status.STOPPED, Status.DONE),
        due_first=here.days.day(on + promised),
        due_second=due,
        due=due,
        end=here.days.day(end),
        supplement_from=only(waiting, here.days.day(asked)),
        supplement_to=only(waiting, here.days.day(answered)),
    )


def _open_late(here: _Setting, agency: Array) -> pd.DataFrame:
    """Promised for a day before 26/9, and not done on it."""
    filed = here.filed(agency)
    world = traits(filed, mix=here.mix, rng=here.rng)
    promised = promised_days(here.working_days[filed.procedure], world["received_at"].to_numpy())
    last = here.number(OFFICIAL_LAST)
    on = last - promised - np.minimum(here.rng.geometric(0.12, len(agency)) - 1, 60)
    due = here.days.day(on + promised)
    end = here.days.day(last + here.rng.geometric(0.1, len(agency)))
    return _still_open(here, world, on).assign(fate=Status.DONE, due_first=due, due_second=due, due=due, end=end)


def _still_open(here: _Setting, world: pd.DataFrame, on: Array) -> pd.DataFrame:
    nothing = dict.fromkeys((*PAUSE_DAYS, "returned", "deleted"), NAT)
    return registered_before(world.assign(received=here.days.day(on), **nothing), on, days=here.days, rng=here.rng)


def _with_payments(here: _Setting, world: pd.DataFrame) -> pd.DataFrame:
    """As many dossiers with a fee, and paid online, as published: of the agencies that are known by name, and of
    all others together. Those of procedures with a fee come first."""
    official = here.official
    named = [code for code in official.fee_due if "." in code]
    group = pd.Categorical(world["agency_code"].where(world["agency_code"].isin(named), ""), categories=["", *named])
    fees, paid = (
        np.array([figures["H44"] - sum(figures[code] for code in named), *(figures[code] for code in named)])
        for figures in (official.fee_due, official.paid_online)
    )
    has_fee = here.mix.procedures["fee"].to_numpy()[world["procedure"].to_numpy()]
    place = _place_in_group(group.codes, here.rng.random(len(world)) + ~has_fee)
    fee_due = place < fees[group.codes]
    return world.assign(fee_due=fee_due, paid_online=ways_paid(place < paid[group.codes], here.rng))


def _place_in_group(group: Array, key: Array) -> Array:
    """0 for the row of the smallest key in its group, 1 for the next."""
    order = np.lexsort((key, group))
    starts = np.searchsorted(group[order], group[order])
    place = np.empty(len(group), dtype=np.int64)
    place[order] = np.arange(len(group)) - starts
    return place


def _resolved_before(here: _Setting, became: Fates, rhythm: Pace) -> pd.DataFrame:
    """What ended from 15/6 to 30/6: in the forms' quarter alone."""
    ended = here.number(FORMS_FIRST), here.number(BEFORE_OFFICIAL)
    share = (ended[1] - ended[0] + 1) / (here.number(OFFICIAL_LAST) - here.number(OFFICIAL_FIRST) + 1)
    good, late = (np.round(counts * share).astype(np.int64) for counts in (became.resolved_good, became.resolved_late))
    return _resolved(here, good, late, ended=ended, rhythm=rhythm)[0]


def _never_counted(here: _Setting) -> pd.DataFrame:
    """Refused at the desk, or deleted by 26/9: in the system, and in no count of that day."""
    first, last = here.number(OFFICIAL_FIRST), here.number(OFFICIAL_LAST)
    agency = _each(here.rng.binomial(here.official.handled, 0.018))
    world = traits(here.filed(agency), mix=here.mix, rng=here.rng)
    on = here.rng.integers(first, last - 10, len(agency))
    deleted = here.rng.random(len(agency)) < 0.15
    promised = only(deleted, here.days.day(on + 10))
    world = world.assign(
        **dict.fromkeys((*PAUSE_DAYS, "end", "returned"), NAT),
        **dict.fromkeys(("due_first", "due_second", "due"), promised),
        fate=np.where(deleted, Status.OPEN, Status.NOT_RECEIVED),
        deleted=only(deleted, here.days.day(on + here.rng.integers(0, 10, len(agency)))),
        received=only(deleted, here.days.day(on)),
    )
    return registered_before(world, on, days=here.days, rng=here.rng)


def _later(here: _Setting) -> pd.DataFrame:
    """What is filed after 26/9, for whoever looks later."""
    first, last = here.number(OFFICIAL_LAST) + 1, here.number(LAST_FILED)
    share = (last - first + 1) / (first - here.number(OFFICIAL_FIRST))
    agency = _each(here.rng.binomial(here.official.handled, share))
    filed = here.filed(agency)
    on = here.rng.integers(first, last + 1, len(agency))
    world = lives(replace(filed, on=on), mix=here.mix, days=here.days, rng=here.rng)
    world["registered"] = np.maximum(world["registered"].to_numpy(), here.days.day(np.array(first)))
    return world
