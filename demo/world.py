"""The world: the whole life of every dossier, independent of the day on which somebody looks.

A frame with one row a dossier (WORLD_COLUMNS). Days are `datetime64[s]` at midnight, missing for what never
happens. `demo.snapshot` shows what of it is known on a day, the vendors' modules write that down.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from contracts.codes import Status

WORLD_COLUMNS = (
    "source",  # id of the system
    "agency_code",
    "procedure",  # number in the mix
    "channel",  # Channel
    "fate",  # Status in the end
    "registered",  # filed; online up to one working day before it is received
    "received",
    "due_first",  # promised when received
    "due_second",  # after the supplement came
    "due",  # after the fee was paid, too
    "end",
    "returned",
    "deleted",
    "supplement_from",
    "supplement_to",
    "payment_from",
    "payment_to",
    "received_at",  # seconds after midnight
    "ended_at",
    "linked",
    "fee_due",
    "paid_online",  # 0 no, 1 national portal, 2 province's portal
    "service_level",
    "defect",  # name, or "" for a sound dossier
    "twin",  # position of the row whose code (or whole content) this one repeats, else -1
)
DAYS = ("registered", "received", "due_first", "due_second", "due", "end", "returned", "deleted")
PAUSE_DAYS = ("supplement_from", "supplement_to", "payment_from", "payment_to")
NAT = np.datetime64("NaT", "s")


def finished(world: pd.DataFrame, *, code_heads: dict[str, str], seed: int) -> pd.DataFrame:
    """The world in the order of filing, with `number` (key in its system), `code` (mã hồ sơ) and `person`.

    code_heads: the first part of the code of each agency's dossiers.
    """
    world = world.reset_index(drop=True)
    for column in (*DAYS, *PAUSE_DAYS):
        world[column] = world[column].to_numpy(dtype="datetime64[s]")
    world = _frozen_when_deleted(world)
    world["person"] = np.random.default_rng([seed, 7]).integers(0, 2**31, len(world))
    order = world.sort_values(["registered", "received_at"], kind="stable").index
    world["number"] = _counted_from_one(world, order, ["source"])
    of_the_day = _counted_from_one(world, order, ["agency_code", "registered"])
    world["code"] = _codes(world, of_the_day, code_heads)
    twin = world["twin"].to_numpy()
    for column in ("code", "person"):
        world[column] = np.where(twin >= 0, world[column].to_numpy()[twin], world[column])
    mistyped = [f"HS/2024/{number:05d}" for number in world["number"]]
    world["code"] = world["code"].mask(world["defect"] == "bad_code_pattern", pd.Series(mistyped))
    return world.loc[order].reset_index(drop=True)


def _frozen_when_deleted(world: pd.DataFrame) -> pd.DataFrame:
    """Nothing happens to a dossier after the day on which it was deleted."""
    for column in ("end", "returned", *PAUSE_DAYS):
        world[column] = world[column].mask(world[column] > world["deleted"])
    never_ended = world["end"].isna() & world["deleted"].notna() & (world["fate"] != Status.NOT_RECEIVED)
    world["fate"] = world["fate"].mask(never_ended, Status.OPEN)
    return world


def _counted_from_one(world: pd.DataFrame, order: pd.Index, by: list[str]) -> pd.Series:
    return world.loc[order].groupby(by, observed=True).cumcount().add(1)


def _codes(world: pd.DataFrame, of_the_day: pd.Series, heads: dict[str, str]) -> list[str]:
    """H32.33.05-241016-0007, or whatever head the agency's system writes."""
    days = world["registered"].dt.strftime("%y%m%d")
    rows = zip(world["agency_code"].map(heads), days, of_the_day.sort_index(), strict=True)
    return [f"{head}-{day}-{number:04d}" for head, day, number in rows]
