"""What the systems show at the end of a day: later events are not there yet."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import numpy as np
import pandas as pd

from contracts.codes import Status
from demo.world import PAUSE_DAYS


class Stage(StrEnum):
    """Status of a dossier as a system shows it; each vendor has its own code or word for it."""

    REGISTERED = "registered"
    REFUSED = "refused"
    ACCEPTED = "accepted"
    PROCESSING = "processing"
    SUPPLEMENT = "supplement"
    PAYMENT = "payment"
    WITHDRAWN = "withdrawn"
    STOPPED = "stopped"
    FINISHED = "finished"
    RETURNED = "returned"


def known_on(world: pd.DataFrame, day: date) -> pd.DataFrame:
    """The world's dossiers filed by that day, with `stage` and `due` as they were at its end."""
    at = pd.Timestamp(day)
    seen = world[world["registered"] <= at].copy()
    seen["due"] = _due(seen, at)
    for column in ("received", "end", "returned", "deleted", *PAUSE_DAYS):
        seen[column] = seen[column].mask(seen[column] > at)
    seen["due"] = seen["due"].mask(seen["received"].isna())
    seen["stage"] = pd.Categorical(_stage(seen, at), categories=list(Stage))
    return seen


def _due(seen: pd.DataFrame, at: pd.Timestamp) -> pd.Series:
    """A pause pushes the promised day when the dossier resumes, not before."""
    resumed = seen["supplement_to"] <= at
    paid = seen["payment_to"] <= at
    return seen["due_first"].mask(resumed, seen["due_second"]).mask(paid, seen["due"])


def _stage(seen: pd.DataFrame, at: pd.Timestamp) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    """The first that holds, from the end of a life to its beginning."""
    ended = seen["end"].notna()
    refused = seen["fate"] == Status.NOT_RECEIVED
    cases = {
        Stage.REFUSED: refused,
        Stage.WITHDRAWN: ended & (seen["fate"] == Status.WITHDRAWN),
        Stage.STOPPED: ended & (seen["fate"] == Status.STOPPED),
        Stage.RETURNED: ended & seen["returned"].notna(),
        Stage.FINISHED: ended,
        Stage.REGISTERED: seen["received"].isna(),
        Stage.PAYMENT: seen["payment_from"].notna() & seen["payment_to"].isna(),
        Stage.SUPPLEMENT: seen["supplement_from"].notna() & seen["supplement_to"].isna(),
        Stage.ACCEPTED: seen["received"] == at,
    }
    stages: np.ndarray[tuple[int], np.dtype[np.object_]] = np.select(
        [case.to_numpy() for case in cases.values()], list(cases), default=Stage.PROCESSING
    )
    return stages


def asked_of(known: pd.DataFrame) -> pd.DataFrame:
    """One row a request: number, code and person of the dossier, kind (supplement or payment), from, to."""
    parts = []
    for kind in ("supplement", "payment"):
        of_kind = known[known[f"{kind}_from"].notna()]
        days = {"from": of_kind[f"{kind}_from"], "to": of_kind[f"{kind}_to"]}
        parts.append(of_kind[["number", "code", "person"]].assign(kind=kind, **days))
    return pd.concat(parts)
