"""Comparisons come back as they were stored; a rule's deviations are replaced, others' stay."""

from __future__ import annotations

import pandas as pd
import pytest
from sqlalchemy import Engine

from tests.warehouse.examples import Q4, land, table
from warehouse import comparisons

DOSSIERS = """
source_id | kind        | dossier_code | agency_code | reason
cam-lam   | not_carried | A            | H32.20      | deleted
cam-lam   | not_carried | B            | H32.20      | to_agency
cam-lam   | not_open    | B            | H32.25      | from_agency
van-ninh  | not_open    | A            | H32.30      | was_absent
"""
DEVIATIONS = """
rule_id                 | agency_code | measure      | compared_with | was | now
continuity.carried_over | H32.20      | carried_over | 2024Q3        | 9   | 7
history.unusual_change  | H32.20      | resolved     | 2023Q4        | 300 | 0
"""


def test_dossiers_come_back_as_they_were_stored(engine: Engine) -> None:
    for source_id in ("cam-lam", "van-ninh"):
        land(engine, source_id)
    drawn = table(DOSSIERS).astype("str")
    comparisons.replace_continuity(engine, Q4, drawn.iloc[::-1])
    pd.testing.assert_frame_equal(comparisons.continuity(engine, Q4), drawn)
    assert comparisons.continuity(engine, Q4, "van-ninh")["dossier_code"].tolist() == ["A"]
    assert comparisons.continuity(engine, "2024Q3").empty

    comparisons.replace_continuity(engine, Q4, drawn.iloc[:1])
    assert len(comparisons.continuity(engine, Q4)) == 1


def test_deviations_of_one_rule_leave_those_of_others(engine: Engine) -> None:
    drawn = table(DEVIATIONS)
    rules = ["continuity.carried_over", "history.unusual_change"]
    comparisons.replace_deviations(engine, Q4, rules, drawn)
    comparisons.replace_deviations(engine, "2025Q1", rules, drawn)
    found = comparisons.deviations(engine, Q4)
    assert found[list(drawn)].astype("object").to_numpy().tolist() == drawn.astype("object").to_numpy().tolist()
    assert found[["was_value", "now_value"]].isna().all(axis=None)

    comparisons.replace_deviations(engine, Q4, rules[1:], drawn.iloc[:0])
    assert comparisons.deviations(engine, Q4)["rule_id"].tolist() == rules[:1]
    assert len(comparisons.deviations(engine, "2025Q1")) == 2


def test_ratios_and_what_is_not_known_have_their_place(engine: Engine) -> None:
    rule = "published.differs"
    given = pd.DataFrame(
        [(rule, "H32", "ON_TIME", "portal", 97.28, None)],
        columns=["rule_id", "agency_code", "measure", "compared_with", "was_value", "now_value"],
    )
    comparisons.replace_deviations(engine, Q4, [rule], given)
    (found,) = comparisons.deviations(engine, Q4).itertuples(index=False)
    assert found.was_value == 97.28
    assert pd.isna(found.now_value) and pd.isna(found.was) and pd.isna(found.now)


def test_a_rule_that_was_not_announced_is_refused(engine: Engine) -> None:
    with pytest.raises(ValueError, match=r"history\.unusual_change"):
        comparisons.replace_deviations(engine, Q4, ["continuity.carried_over"], table(DEVIATIONS))
