"""What was open at the end of one period is what the next one carries over; where it is not, someone explains."""

from __future__ import annotations

import pandas as pd

from contracts.columns import FACT_KEYS, MEASURES
from expectations.facts import CONTINUITY_COLUMNS, check_continuity
from tests.expectations.tables import read_table

BEFORE = """
| series | unit_code | procedure_code | open_in_time | open_overdue |
| forms  | 570       | 1.001193       | 4            | 1            |
| forms  | 570       | 2.000635       | 2            | 0            |
| index  | 570       | 1.001193       | 9            | 9            |
| forms  | 571       | 1.001193       | 3            | 0            |
| forms  | 572       | 1.001193       | 0            | 2            |
"""
NOW = """
| series | unit_code | procedure_code | carried_over |
| forms  | 570       | 1.001193       | 7            |
| index  | 570       | 1.001193       | 1            |
| forms  | 571       | 1.001193       | 5            |
| forms  | 573       | 1.001193       | 1            |
"""


def facts(table: str) -> pd.DataFrame:
    rows = pd.DataFrame(read_table(table)).astype({"unit_code": "str"})
    rows = rows.reindex(columns=[*FACT_KEYS, *MEASURES]).fillna(dict.fromkeys(MEASURES, 0))
    return rows.astype(dict.fromkeys(MEASURES, "int64"))


def test_units_whose_sums_differ_are_listed_and_no_others() -> None:
    """570: 4+1+2 = 7, carried 7, whatever the index's series says. 571: 3 against 5. 572 lost 2; 573 gained 1."""
    found = check_continuity(facts(NOW), facts(BEFORE))
    assert list(found) == CONTINUITY_COLUMNS
    assert found.to_numpy().tolist() == [["571", 3, 5, 2], ["572", 2, 0, -2], ["573", 0, 1, 1]]


def test_without_the_period_before_there_is_nothing_to_compare() -> None:
    for previous in (facts(BEFORE).iloc[:0], facts(BEFORE)[lambda f: f["series"] == "index"]):
        found = check_continuity(facts(NOW), previous)
        assert found.empty
        assert list(found) == CONTINUITY_COLUMNS


def test_units_that_agree_give_no_warning() -> None:
    same = facts(BEFORE).assign(carried_over=lambda f: f["open_in_time"] + f["open_overdue"])
    assert check_continuity(same, facts(BEFORE)).empty
