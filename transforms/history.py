"""A unit's counts against its own of the same period last year."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from contracts.codes import Series
from contracts.comparisons import COUNTS, DEVIATION_COLUMNS
from contracts.province import Policy


def unusual(now: pd.DataFrame, then: pd.DataFrame, *, agencies: Collection[str], policy: Policy) -> pd.DataFrame:
    """DEVIATION_COLUMNS, a row a unit and count of COUNTS that changed by no fewer dossiers than `unusual_at_least` and
    by more than `unusual_share` of what it was; by unit, in the order of COUNTS.

    now, then: FACT_KEYS + MEASURES of the two periods. agencies: the units that can be compared; without facts one had
    no dossiers. Counts are of a unit's own dossiers, without those of units below it."""
    both = [_own_counts(facts, agencies).rename(name) for name, facts in (("was", then), ("now", now))]
    found = pd.concat(both, axis="columns")
    change = (found["now"] - found["was"]).abs()
    told = found[(change >= policy.unusual_at_least) & (change > policy.unusual_share * found["was"])]
    return told.reset_index()[list(DEVIATION_COLUMNS)].astype({"agency_code": "str", "measure": "str"})


def _own_counts(facts: pd.DataFrame, agencies: Collection[str]) -> pd.Series:
    """(agency_code, measure) → number of dossiers."""
    forms = facts[facts["series"] == Series.FORMS.value]
    sums = {name: forms[list(count.measures)].sum(axis=1) for name, count in COUNTS.items()}
    by_agency = pd.DataFrame(sums).groupby(forms["agency_code"].astype("str")).sum()
    whole = by_agency.reindex(sorted(agencies), fill_value=0).rename_axis(index="agency_code", columns="measure")
    return pd.Series(whole.astype("int64").stack())
