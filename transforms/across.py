"""The same dossier in two systems: counted once, at the agency that received it.

Two rows are one dossier where the code has a known form, code and procedure are the same, and the days of receipt lie
near. Vendors also give one code to different dossiers: those count both, and are told of, so that no figure falls by a
chance likeness of numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np
import pandas as pd

from contracts.codes import Status
from contracts.columns import OPEN

CLAIM_COLUMNS = ("dossier_code", "agency_code", "procedure_code", "received_date", "end_date", "deleted_date", "status")
"""Of contracts.counted.COUNTED_COLUMNS, what is compared. Codes are the same whatever their case."""
ENDED_COLUMNS = ("dossier_code", "end_date", "went")
"""Of the same, what tells of a period that is over whether a dossier had ended in it."""

_CATALOGUE = 8  # characters of a procedure's code that are the same in every copy of the national catalogue
_ONE = ["code", "procedure", "cluster"]


def codes_in_several(codes: Iterable[pd.Series]) -> frozenset[str]:
    """The codes, in capitals, that stand in several of the sources. codes: those of each source."""
    of_each = [_upper(of_source).drop_duplicates() for of_source in codes]
    together = pd.concat([pd.Series([], dtype="str"), *of_each], ignore_index=True)
    return frozenset(together[together.duplicated()])


def claims_of(given: pd.DataFrame, *, last_day: date) -> pd.DataFrame:
    """The dossiers that a source may claim by that day. What it did not receive, or deleted, it counts nowhere, and so
    takes from nobody. given: CLAIM_COLUMNS."""
    deleted = given["deleted_date"] <= np.datetime64(last_day, "s")
    return given[~deleted & (given["status"] != Status.NOT_RECEIVED)]


def handed_over(claims: pd.DataFrame, ended: Mapping[str, date], *, last_day: date) -> pd.Series:
    """Whether the claim is of a dossier that its agency left open when it ended: whoever took its place finishes it,
    with the same days of receipt and of promise. ended: agency code → its last day. last_day: of what is counted."""
    last = claims["agency_code"].astype("str").map({code: day for code, day in ended.items() if day < last_day})
    last_days = pd.to_datetime(last).to_numpy(dtype="datetime64[s]")
    return pd.Series(~np.isnat(last_days) & ~(claims["end_date"].to_numpy() <= last_days), index=claims.index)


def ended_elsewhere(
    given: pd.DataFrame, left_before: pd.DataFrame, not_ended: Iterable[tuple[str, str]]
) -> pd.DataFrame:
    """What a source left to another in the period before, and that one no longer gives, since it ended there: as
    `counted_elsewhere` gives it. The receiver's system is not asked for what ended before a period; a copy that nobody
    closed in the other one would come back as carried over.

    given: source_id and dossier_code of now. left_before: as `counted_elsewhere` gave it then. not_ended: (source, code
    in capitals) of the receivers' dossiers that were open then, or are in quarantine now."""
    now = given[["source_id", "dossier_code"]].astype("str").assign(code=_upper(given["dossier_code"]))
    was = left_before[["source_id", "elsewhere"]].astype("str").assign(code=_upper(left_before["dossier_code"]))
    known = {*not_ended, *now[["source_id", "code"]].itertuples(index=False, name=None)}
    has_ended = [pair not in known for pair in zip(was["elsewhere"], was["code"], strict=True)]
    ended = was[has_ended].drop_duplicates(["source_id", "code"]) if len(was) else was
    listed = now.merge(ended, on=["source_id", "code"])[["source_id", "dossier_code", "elsewhere"]]
    return listed.sort_values(["source_id", "dossier_code"]).reset_index(drop=True)


def open_then(dossiers: pd.DataFrame, *, cut_off: date) -> frozenset[str]:
    """Codes, in capitals, of dossiers that had not ended by the cut-off of their period. dossiers: ENDED_COLUMNS."""
    has_ended = (dossiers["end_date"] <= np.datetime64(cut_off, "s")) & ~dossiers["went"].isin(OPEN)
    return frozenset(_upper(dossiers["dossier_code"][~has_ended]))


def shared(claims: pd.DataFrame) -> pd.DataFrame:
    """The claims whose code stands in more than one source, on their index.

    claims: source_id and CLAIM_COLUMNS of every dossier that counts somewhere, a row a (source, dossier)."""
    code = _upper(claims["dossier_code"])
    several = claims[code.duplicated(keep=False)].assign(code=code)
    return several[several.groupby("code")["source_id"].transform("nunique") > 1]


def counted_elsewhere(
    claims: pd.DataFrame,
    *,
    near_days: int,
    forms: Sequence[re.Pattern[str]],
    handed_over: pd.Series | None = None,
) -> pd.DataFrame:
    """The dossiers that a source leaves to another: source_id, dossier_code, elsewhere, sorted; the order of the
    claims does not matter.

    claims: as above. near_days: between two receipts of one dossier. forms: of codes that are given but once.
    handed_over: as the function of that name gives it; None: no agency has ended.
    A dossier was received where its code names the agency; else where it came first; else, of two on one day, in the
    source whose id comes first. One that its agency left open when it ended is its successor's."""
    found = shared(claims.assign(handed_over=False if handed_over is None else handed_over))
    known = found["code"].map(lambda code: any(form.search(code) for form in forms)).astype(bool)
    found = _clustered(found[known], near_days=near_days).sort_values(
        ["handed_over", "foreign", "received_date", "source_id"]
    )
    receiver = found.groupby(_ONE)["source_id"].transform("first")
    left = found.assign(elsewhere=receiver)[found["source_id"] != receiver]
    listed = left[["source_id", "dossier_code", "elsewhere"]].astype("str")
    return listed.sort_values(["source_id", "dossier_code"]).reset_index(drop=True)


def told_apart(claims: pd.DataFrame, left: pd.DataFrame) -> pd.DataFrame:
    """Of codes that stand in several sources those that count in several: source_id, dossier_code, sorted. They are
    different dossiers, or too unlike to be taken for one. left: as `counted_elsewhere` gives it."""
    kept = shared(claims)
    gone = pd.MultiIndex.from_frame(left[["source_id", "dossier_code"]])
    kept = kept[~pd.MultiIndex.from_frame(kept[["source_id", "dossier_code"]].astype("str")).isin(gone)]
    kept = kept[kept.groupby("code")["source_id"].transform("nunique") > 1]
    listed = kept[["source_id", "dossier_code"]].astype("str").drop_duplicates()
    return listed.sort_values(["source_id", "dossier_code"]).reset_index(drop=True)


def _upper(codes: pd.Series) -> pd.Series:
    return codes.astype("str").str.upper()


def _clustered(found: pd.DataFrame, *, near_days: int) -> pd.DataFrame:
    """With procedure, cluster (receipts without a longer gap between them) and foreign (0: its code names the agency;
    1: one above or below it; 2: neither)."""
    rows = found.assign(
        procedure=found["procedure_code"].astype("str").str[:_CATALOGUE],
        foreign=[_foreign(*pair) for pair in zip(found["code"], found["agency_code"].astype("str"), strict=True)],
    ).sort_values(["code", "procedure", "received_date"])
    gap = rows.groupby(["code", "procedure"])["received_date"].diff() > pd.Timedelta(days=near_days)
    return rows.assign(cluster=np.cumsum(gap.to_numpy()))


def _foreign(code: str, agency: str) -> int:
    named = _agency_in(code)
    if named == agency:
        return 0
    return 1 if f"{named}.".startswith(f"{agency}.") or f"{agency}.".startswith(f"{named}.") else 2


def _agency_in(code: str) -> str:
    """The agency that a code begins with. The older form has its parts the other way about, with zeros for the levels
    that there are not: 000.00.32.H32 is H32.32 (QCVN 102:2016/BTTTT)."""
    named = code.rpartition("-")[0].rpartition("-")[0]
    parts = named.split(".")
    if parts[0].isdigit():
        parts = [part for part in reversed(parts) if part.strip("0")]
    return ".".join(parts)
