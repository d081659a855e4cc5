"""The world: the whole life of every dossier, independent of the day on which somebody looks.

A frame with one row a dossier (WORLD_COLUMNS). Days are `datetime64[s]` at midnight, missing for what never
happens. `demo.snapshot` shows what of it is known on a day, the vendors' modules write that down.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from contracts.codes import Channel, Status
from demo.marks import marked

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
_MARKS = ("return_channel", "result_electronic", "digitised", "reused")
NAT = np.datetime64("NaT", "s")


def finished(world: pd.DataFrame, *, code_heads: dict[str, str], seed: int) -> pd.DataFrame:
    """The world in the order of filing, with `number` (key in its system), `code` (mã hồ sơ), `person`, and what
    `demo.marks` adds.

    code_heads: the first part of the code of each agency's dossiers.
    """
    world = _frozen_when_deleted(_typed(world.reset_index(drop=True)))
    world = marked(world, seed=seed)
    world["person"] = np.random.default_rng([seed, 7]).integers(0, 2**31, len(world))
    world = world.sort_values(["registered", "received_at"], kind="stable")
    world["number"] = world.groupby("source", observed=True).cumcount() + 1
    world["code"] = _codes(world, code_heads)
    twins = world.index[world["twin"] >= 0]
    for same in ("code", "person", *_MARKS):
        world.loc[twins, same] = world.loc[world.loc[twins, "twin"], same].to_numpy()
    mistyped = world.index[world["defect"] == "bad_code_pattern"]
    world.loc[mistyped, "code"] = "HS/2024/" + world.loc[mistyped, "number"].astype("str")
    return world.reset_index(drop=True)


def _typed(world: pd.DataFrame) -> pd.DataFrame:
    days = {column: world[column].to_numpy(dtype="datetime64[s]") for column in (*DAYS, *PAUSE_DAYS)}
    codes = {column: world[column].astype("category") for column in ("source", "agency_code", "defect")}
    channel = pd.Categorical(world["channel"], categories=list(Channel))
    return world.assign(**days, **codes, channel=channel, fate=pd.Categorical(world["fate"], categories=list(Status)))


def _frozen_when_deleted(world: pd.DataFrame) -> pd.DataFrame:
    """Nothing happens to a dossier after the day on which it was deleted."""
    deleted = world["deleted"].notna()
    later = {
        column: world[column].mask(deleted & (world[column] > world["deleted"]))
        for column in ("end", "returned", *PAUSE_DAYS)
    }
    never_ended = later["end"].isna() & deleted & (world["fate"] != Status.NOT_RECEIVED)
    return world.assign(**later, fate=world["fate"].mask(never_ended, Status.OPEN))


def _codes(world: pd.DataFrame, heads: dict[str, str]) -> list[str]:
    """H32.33.05-241016-0007, or whatever head the agency's system writes; numbered anew each day."""
    day, days = pd.factorize(world["registered"])
    texts = np.array([f"{registered:%y%m%d}" for registered in days], dtype=object)[day]
    agency = world["agency_code"].cat
    head = np.array([heads[code] for code in agency.categories], dtype=object)[agency.codes]
    numbers = world.groupby(["agency_code", "registered"], observed=True).cumcount() + 1
    return [f"{h}-{d}-{n:04d}" for h, d, n in zip(head, texts, numbers.tolist(), strict=True)]
