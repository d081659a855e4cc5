"""The check of published figures: whether they fit together within themselves. Nothing of them is changed."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pandas as pd

from expectations.engine import evaluate
from expectations.rules import Rule
from expectations.suites import published as suite

BROKEN_COLUMNS = ["rule_id", "row", "sentence"]
FIGURE_COLUMNS = ["numerator", "denominator", "ratio", "score", "max_score"]
TABLE_COLUMNS = ["received", "resolved", "on_time", "overdue", "open"]
"""Counts of a published table: received with those carried over; on time with those early. Missing where not given."""
_COARSEST, _FINEST = 2, 4
"""Decimals of a share that is published: noughts at the end are not written, and more are a machine's."""


def check_published(figures: pd.DataFrame) -> pd.DataFrame:
    """BROKEN_COLUMNS, a row a figure and rule that it breaks; row: its place in `figures`, from 0.

    figures: FIGURE_COLUMNS; what was published as null is missing, and breaks nothing."""
    return _broken(suite.FIGURE_RULES, figure_evidence(figures))


def check_published_table(rows: pd.DataFrame) -> pd.DataFrame:
    """The same of a published table of counts. rows: those of TABLE_COLUMNS that it has."""
    return _broken(suite.TABLE_RULES, table_evidence(rows))


def figure_evidence(figures: pd.DataFrame) -> pd.DataFrame:
    """The figures as numbers, and whether the written ratio is the counts' within its own rounding."""
    numbers = figures[FIGURE_COLUMNS].astype("float64").reset_index(drop=True)
    counts = zip(numbers["numerator"], numbers["denominator"], numbers["ratio"], strict=True)
    return numbers.assign(ratio_agrees=[_agrees(*row) for row in counts])


def table_evidence(rows: pd.DataFrame) -> pd.DataFrame:
    """Each total, and the sum of its parts; a sum is missing where a part of it is."""
    counts = rows.reindex(columns=TABLE_COLUMNS).astype("float64").reset_index(drop=True)
    return counts.assign(
        on_time_and_overdue=counts["on_time"] + counts["overdue"], resolved_and_open=counts["resolved"] + counts["open"]
    )


def _agrees(numerator: float, denominator: float, ratio: float) -> bool:
    """Whether the counts' ratio, rounded as finely as it is written, is the written one, a share or, beyond 1, a
    percentage; of nothing, any is."""
    if np.isnan([numerator, denominator, ratio]).any() or denominator == 0:
        return True
    exact, written, decimals = Fraction(int(numerator), int(denominator)), Fraction(str(ratio)), _decimals(ratio)
    return _rounds_to(exact, written, decimals) or (written > 1 and _rounds_to(exact, written / 100, decimals + 2))


def _decimals(ratio: float) -> int:
    return len(str(ratio).partition(".")[2])


def _rounds_to(exact: Fraction, written: Fraction, decimals: int) -> bool:
    return abs(exact - written) <= Fraction(1, 2 * 10 ** min(max(decimals, _COARSEST), _FINEST))


def _broken(rules: Sequence[Rule], evidence: pd.DataFrame) -> pd.DataFrame:
    failing = evaluate(rules, evidence)
    found = [(rule.id, int(row), rule.sentence) for rule in rules for row in failing[rule.id]]
    return pd.DataFrame(found, columns=BROKEN_COLUMNS)
