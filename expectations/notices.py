"""Findings of what is counted elsewhere: the history of a partition's landings, and corrections."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from expectations.suites import corrections, history
from expectations.verdict import findings_of

HISTORY = {notice.id.partition(".")[2]: notice.id for notice in history.RULES}
"""Kind of a change → the finding that tells of it; one that is no matter has none."""


def history_findings(dossiers: Mapping[str, int], *, on: date) -> pd.DataFrame:
    """FINDING_COLUMNS, a row a kind of change. dossiers: kind → how many changed so. on: the day whose law is cited."""
    rows = {HISTORY[kind]: number for kind, number in dossiers.items() if kind in HISTORY}
    return findings_of(history.RULES, rows, on)


def correction_findings(*, applied: int, unused: int, on: date) -> pd.DataFrame:
    """FINDING_COLUMNS; `rows` counts corrections."""
    return findings_of(corrections.RULES, {"corrections.applied": applied, "corrections.unused": unused}, on)
