"""The finding of a partition whose carried-over dossiers are not what the period before left open."""

from __future__ import annotations

from datetime import date

import pandas as pd

from expectations.facts import check_continuity
from expectations.suites import continuity
from expectations.verdict import findings_of


def continuity_finding(facts: pd.DataFrame, previous_facts: pd.DataFrame, *, on: date) -> pd.DataFrame:
    """At most one row of FINDING_COLUMNS; `rows` counts the units that differ. on: the day whose law is cited."""
    differing = check_continuity(facts, previous_facts)
    (rule,) = continuity.RULES
    return findings_of(continuity.RULES, {rule.id: len(differing)}, on)
