"""The dossiers behind the facts: each with the columns of the form in which it counts."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from contracts.codes import Series
from contracts.counted import COUNTED_COLUMNS
from contracts.periods import Span
from contracts.province import Policy
from transforms import counts
from transforms.state import classify

_OF_CANONICAL = COUNTED_COLUMNS[: COUNTED_COLUMNS.index("came")]
COLUMNS = tuple(dict.fromkeys((*counts.COLUMNS, *_OF_CANONICAL)))
"""The canonical columns that this needs."""


def counted_dossiers(
    dossiers: pd.DataFrame,
    pauses: pd.DataFrame,
    *,
    spans: Mapping[Series, Span],
    policy: Policy,
    warnings: pd.Series,
    elsewhere: pd.Series,
) -> pd.DataFrame:
    """COUNTED_COLUMNS, in the order of the landing.

    dossiers: COLUMNS of the canonical record, the rows that the rules accept, those counted elsewhere included.
    warnings, elsewhere: on the index of dossiers, "" for none."""
    forms = classify(dossiers, pauses, span=spans[Series.FORMS], policy=policy)
    listed = dossiers[list(_OF_CANONICAL)].assign(
        came=forms["received"], went=forms["outcome"], warnings=warnings, elsewhere=elsewhere
    )
    return listed.reset_index(drop=True)
