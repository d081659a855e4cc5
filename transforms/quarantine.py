"""What became of quarantined rows when their source was read, or counted, again."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Fates:
    """Numbers of rows: were in quarantine; of these count now, are there still, or are no longer in the system; came
    newly into quarantine. before = taken + still + gone; after = still + new."""

    before: int
    taken: int
    still: int
    gone: int
    new: int


def is_forgotten(before: pd.DataFrame) -> bool:
    """Whether these rows tell no more which dossiers they were: their codes and addresses went by age."""
    return bool(len(before)) and bool(before[["dossier_code", "address"]].isna().all(axis=None))


def fates(before: pd.DataFrame, after: pd.DataFrame, accepted: pd.DataFrame) -> Fates:
    """before, after: address and dossier_code of the rows in quarantine; accepted: of those that count now.

    A row is known again by its dossier's code; by its address where it has no code. Rows that share a code (copies that
    contradict each other) are in quarantine as long as one of them is."""
    was, now = _keys(before), _keys(after)
    counts = set(accepted["dossier_code"].dropna()) | set(accepted["address"].dropna())
    is_still = was.isin(set(now))
    is_taken = ~is_still & was.isin(counts)
    still = int(is_still.sum())
    return Fates(
        before=len(was),
        taken=int(is_taken.sum()),
        still=still,
        gone=len(was) - still - int(is_taken.sum()),
        new=int((~now.isin(set(was))).sum()),
    )


def _keys(rows: pd.DataFrame) -> pd.Series:
    """Rows that have neither are told by their number alone: as many as before are the same ones."""
    keys = rows["dossier_code"].where(rows["dossier_code"].notna(), rows["address"]).astype("str")
    nameless = keys.isna()
    return keys.where(~nameless, "?" + nameless.cumsum().astype("str"))
