"""What was open at the end of a period against what the next one carries over, and the dossiers that differ.

A dossier is known by its code, which stands once in what is counted of a source. Of each unit holds exactly:
previous_open − not_carried + not_open = carried_over.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from contracts.codes import Status
from contracts.columns import OPEN
from contracts.comparisons import CONTINUITY_COLUMNS, NOT_CARRIED, NOT_OPEN
from contracts.periods import Span

COLUMNS = (
    *("dossier_code", "agency_code", "received_date", "end_date", "deleted_date", "status"),
    *("came", "went", "elsewhere"),
)
"""Of contracts.counted.COUNTED_COLUMNS, what is compared."""
CARRIED_COLUMNS = ("agency_code", "previous_open", "carried_over")

Flags = np.ndarray[Any, np.dtype[np.bool_]]


def carried(before: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """CARRIED_COLUMNS, by unit: what it had open at the end of the period before, and what it carries over. Both:
    COLUMNS of one source in adjacent periods."""
    sides = {"previous_open": left_open(before), "carried_over": carried_over(now)}
    counts = {name: dossiers["agency_code"].value_counts() for name, dossiers in sides.items()}
    by_unit = pd.DataFrame(counts).fillna(0).astype("int64").rename_axis("agency_code").sort_index().reset_index()
    return by_unit.astype({"agency_code": "str"})[list(CARRIED_COLUMNS)]


def explained(
    before: pd.DataFrame,
    now: pd.DataFrame,
    *,
    rejected: Collection[str],
    before_rejected: Collection[str],
    span: Span,
) -> pd.DataFrame:
    """CONTINUITY_COLUMNS, sorted: every dossier that was left open and is not carried over by the same unit, and every
    one that is carried over and was not left open there, each with its reason.

    before, now: COLUMNS of one source in adjacent periods; their order does not matter. rejected, before_rejected:
    codes of dossiers in quarantine in the two. span: the days of the forms that `now` counts."""
    opened, continued = left_open(before), carried_over(now)
    lost, gained = _without(opened, continued), _without(continued, opened)
    found = [
        _listed(NOT_CARRIED, lost, _why_not_carried(_rows_of(now, lost), rejected, span)),
        _listed(NOT_OPEN, gained, _why_not_open(_rows_of(before, gained), before_rejected, span.first_day)),
    ]
    together = pd.concat(found, ignore_index=True)
    return together.sort_values(["kind", "dossier_code"], ignore_index=True)


def found_in_others(listed: pd.DataFrame, *, new_elsewhere: Collection[str]) -> pd.DataFrame:
    """The same, where a dossier that one source no longer gives came up in another, or the other way round: it moved
    from one system to the other. A code that the other one had before is that of another dossier.

    listed: as `explained` gives it, of all sources. new_elsewhere: codes carried over by sources that are new, and
    could not be compared."""
    code, kind, reason = listed["dossier_code"], listed["kind"], listed["reason"]
    came_up = {*code[kind == NOT_OPEN], *new_elsewhere}
    went = {*code[kind == NOT_CARRIED]}
    reason = reason.mask((reason == "gone") & code.isin(came_up), "elsewhere")
    return listed.assign(reason=reason.mask((reason == "was_absent") & code.isin(went), "was_elsewhere"))


def left_open(before: pd.DataFrame) -> pd.DataFrame:
    """dossier_code, agency_code of what was open at the end of the period."""
    return _counted(before, before["went"].isin(OPEN))


def carried_over(now: pd.DataFrame) -> pd.DataFrame:
    """dossier_code, agency_code of what the period carries over."""
    return _counted(now, now["came"] == "carried_over")


def _counted(dossiers: pd.DataFrame, chosen: pd.Series) -> pd.DataFrame:
    """Code and unit of the chosen dossiers that count here."""
    here = chosen & (dossiers["elsewhere"] == "")
    return dossiers.loc[here, ["dossier_code", "agency_code"]].astype("str").reset_index(drop=True)


def _without(ours: pd.DataFrame, theirs: pd.DataFrame) -> pd.DataFrame:
    """Our dossiers that they do not have at the same unit."""
    both = (f["dossier_code"].str.cat(f["agency_code"], sep="\n") for f in (ours, theirs))
    return ours[~next(both).isin(next(both))].reset_index(drop=True)


def _rows_of(dossiers: pd.DataFrame, wanted: pd.DataFrame) -> pd.DataFrame:
    """The row of each wanted dossier, by its code, in their order; `there` tells whether it has one."""
    rows = dossiers[dossiers["dossier_code"].isin(wanted["dossier_code"])]
    by_code = rows.assign(there=True).astype({"dossier_code": "str"}).set_index("dossier_code")
    found = by_code.reindex(wanted["dossier_code"])
    return found.assign(there=found["there"].notna())


def _why_not_carried(rows: pd.DataFrame, rejected: Collection[str], span: Span) -> np.ndarray[Any, Any]:
    """rows: what the dossiers are now."""
    reasons = _absent(rows, rejected, "quarantined", "gone") | {
        "elsewhere": rows["elsewhere"] != "",
        "to_agency": rows["came"] == "carried_over",
        "not_received": rows["status"] == Status.NOT_RECEIVED,
        "received_later": _on_or_after(rows["received_date"], span.first_day),
        "deleted": rows["deleted_date"].notna() & ~_after(rows["deleted_date"], span.last_day),
    }
    return _first(reasons, otherwise="ended_before")


def _why_not_open(rows: pd.DataFrame, rejected: Collection[str], first_day: date) -> np.ndarray[Any, Any]:
    """rows: what the dossiers were then. A dossier that was received by then, not deleted and not open had ended."""
    reasons = _absent(rows, rejected, "was_quarantined", "was_absent") | {
        "was_elsewhere": rows["elsewhere"] != "",
        "from_agency": rows["went"].isin(OPEN),
        "was_not_received": rows["status"] == Status.NOT_RECEIVED,
        "received_earlier": _on_or_after(rows["received_date"], first_day),
        "was_deleted": rows["deleted_date"].notna() & ~_on_or_after(rows["deleted_date"], first_day),
    }
    return _first(reasons, otherwise="was_ended")


def _absent(rows: pd.DataFrame, rejected: Collection[str], in_quarantine: str, absent: str) -> dict[str, Any]:
    return {in_quarantine: ~rows["there"] & rows.index.isin(list(rejected)), absent: ~rows["there"]}


def _first(reasons: dict[str, Any], *, otherwise: str) -> np.ndarray[Any, Any]:
    conditions = [np.asarray(condition, dtype=bool) for condition in reasons.values()]
    return np.select(conditions, list(reasons), otherwise)


def _on_or_after(days: pd.Series, day: date) -> pd.Series:
    return days >= np.datetime64(day, "s")


def _after(days: pd.Series, day: date) -> pd.Series:
    return days > np.datetime64(day, "s")


def _listed(kind: str, dossiers: pd.DataFrame, reasons: np.ndarray[Any, Any]) -> pd.DataFrame:
    return dossiers.assign(kind=kind, reason=reasons)[list(CONTINUITY_COLUMNS)].astype("str")
