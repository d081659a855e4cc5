"""Our figures beside those that the national portal published, with both bases; neither is changed for the other.

Compared are the indicators that stand under one id on both sides, and so have one formula and one calendar (that of
the index). The portal counts at an agency what it and all below it handled (its province is the sum of its agencies),
so ours is taken with all below, too; where nothing is below, that is the agency's own.

Null is never 0: what one side does not know is missing, and so is the difference.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pandas as pd

from contracts.published import PUBLISHED_DIFFERS

ONLINE = frozenset({"ONLINE_SUBMISSION"})
"""Indicators whose numerator is online dossiers and whose denominator is all received."""
COLUMNS = {
    **dict.fromkeys(("agency_code", "indicator"), "str"),
    **dict.fromkeys(("our_numerator", "our_denominator"), "Int64"),
    "our_value": "float64",
    "complete": "boolean",
    **dict.fromkeys(("published_numerator", "published_denominator"), "Int64"),
    "published_value": "float64",
    "fetched_at": "object",
    "difference": "float64",
    "differs": "bool",
    "refused": "str",
}
_FIGURES = [name for name in COLUMNS if name.startswith(("our_", "published_"))]
REFUSED = "số trực tuyến lớn hơn tổng số tiếp nhận: hai số không cùng phạm vi, không đặt cạnh nhau"


def reconcile(ours: pd.DataFrame, published: pd.DataFrame, *, points: float) -> pd.DataFrame:
    """Columns of COLUMNS, a row an agency and indicator that either side has, in their order.

    ours: as transforms.indicators gives them; published: as the newest fetch brought them. points: how many percentage
    points the ratios may differ. our_value, published_value: ratios, from the counts where both are known. complete:
    whether no source of ours is missing below; missing where we have no such figure. difference: ours less theirs, in
    percentage points. differs: by more than `points`, and ours is complete. refused: Vietnamese, why the two may not
    stand side by side, "" where they may; the figures of such a row are left out here."""
    keys = ["agency_code", "indicator"]
    both = with_all_below(ours, set(published["indicator"])).merge(
        _published(published, set(ours["indicator"])), on=keys, how="outer", sort=True
    )
    shares = [_shares(both, side) for side in ("our", "published")]
    exact = [100 * (a - b) if a is not None and b is not None else None for a, b in zip(*shares, strict=True)]
    both["our_value"], both["published_value"] = (_floats(found) for found in shares)
    both["difference"] = _floats(exact)
    over = pd.Series([d is not None and abs(d) > Fraction(str(points)) for d in exact], index=both.index, dtype="bool")
    both["differs"] = over & both["complete"].fillna(False).astype("bool")
    return _without_refused(both).astype(COLUMNS)[list(COLUMNS)]


def deviations_of(reconciled: pd.DataFrame) -> pd.DataFrame:
    """Rows that differ, as `warehouse.comparisons` stores them; was: published, now: ours. Ratios, not counts, are what
    differs."""
    found = reconciled[reconciled["differs"]]
    return pd.DataFrame(
        {
            "rule_id": PUBLISHED_DIFFERS,
            "agency_code": found["agency_code"],
            "measure": found["indicator"],
            "compared_with": [f"{moment.isoformat()}" for moment in found["fetched_at"]],
            "was": pd.Series(pd.NA, index=found.index, dtype="Int64"),
            "now": pd.Series(pd.NA, index=found.index, dtype="Int64"),
            "was_value": found["published_value"],
            "now_value": found["our_value"],
        }
    ).reset_index(drop=True)


def with_all_below(ours: pd.DataFrame, wanted: set[str]) -> pd.DataFrame:
    """One row an agency and indicator: with all below where there is such a row, the agency alone where not."""
    of_all = ours[ours["indicator"].isin(wanted) & (ours["field"] == "")]
    chosen = of_all.sort_values("scope", kind="stable")  # tree before unit
    alone = chosen.drop_duplicates(["agency_code", "indicator"])
    named = {"numerator": "our_numerator", "denominator": "our_denominator"}
    return alone[["agency_code", "indicator", *named, "complete"]].rename(columns=named).astype({"complete": "boolean"})


def _published(published: pd.DataFrame, wanted: set[str]) -> pd.DataFrame:
    named = {"numerator": "published_numerator", "denominator": "published_denominator", "ratio": "published_value"}
    chosen = published[published["indicator"].isin(wanted)]
    return chosen[["agency_code", "indicator", *named, "fetched_at"]].rename(columns=named)


def _shares(both: pd.DataFrame, side: str) -> list[Fraction | None]:
    """Exact ratios of the counts; where the portal gives none, the ratio that it wrote."""
    counts = zip(both[f"{side}_numerator"], both[f"{side}_denominator"], strict=True)
    written = both["published_value"] if side == "published" else [None] * len(both)
    return [_share(*pair, ratio) for pair, ratio in zip(counts, written, strict=True)]


def _share(numerator: Any, denominator: Any, written: float | None) -> Fraction | None:
    if not pd.isna(numerator) and not pd.isna(denominator):
        return Fraction(int(numerator), int(denominator)) if denominator else None
    return None if pd.isna(written) else Fraction(str(written))


def _floats(exact: list[Fraction | None]) -> pd.Series:
    return pd.Series([None if value is None else float(value) for value in exact], dtype="float64")


def is_refused(both: pd.DataFrame) -> pd.Series:
    """Online dossiers cannot be more than all received: such figures are of different scope, or wrong."""
    online = both[["our_numerator", "published_numerator"]].max(axis=1)
    received = both[["our_denominator", "published_denominator"]].min(axis=1)
    return both["indicator"].isin(ONLINE) & (online > received).fillna(False).astype("bool")


def _without_refused(both: pd.DataFrame) -> pd.DataFrame:
    wrong = is_refused(both)
    both["refused"] = wrong.map({True: REFUSED, False: ""})
    both.loc[wrong, [*_FIGURES, "difference"]] = None
    both.loc[wrong, "differs"] = False
    return both
