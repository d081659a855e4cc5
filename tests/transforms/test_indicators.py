"""Indicators: sums before ratios, every unit a row, and missing never zero."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.codes import Level
from contracts.columns import MEASURES
from contracts.errors import CriticalCheckError
from contracts.index_766 import item_on
from contracts.units import Unit, UnitTree
from tests.transforms.tables import fact_frame, read_table
from tests.tried import tried
from transforms import indicators
from transforms.indicators import ALL_FIELDS, COLUMNS, compute, declared, valid_on
from transforms.rounding import percent

DAY = date(2024, 12, 14)


def unit(code: str, parent: str, level: Level, *, first: date | None = None, last: date | None = None) -> Unit:
    return Unit(code, f"u{code}", code, level, parent, first, last, verified=True)


TREE = UnitTree(
    (
        unit("H", "", Level.PROVINCE),
        unit("H.S", "H", Level.DEPARTMENT),
        unit("H.A", "H", Level.DISTRICT, last=date(2025, 6, 30)),
        unit("H.A.1", "H.A", Level.COMMUNE, last=date(2025, 6, 30)),
        unit("H.A.2", "H.A", Level.COMMUNE, last=date(2025, 6, 30)),
        unit("H.B", "H", Level.DISTRICT, last=date(2025, 6, 30)),
        unit("H.X", "H", Level.COMMUNE, first=date(2025, 7, 1)),
    )
)
FACTS = fact_frame(
    *(
        {"series": series, "agency_code": code, "unit_code": f"u{code}", **counts}
        for series in ("forms", "index")
        for code, counts in {
            "H.A": {
                "received_online": 6,
                "received_in_person": 2,
                "early": 4,
                "on_time": 1,
                "overdue": 1,
                "open_in_time": 2,
            },
            "H.A.1": {"received_online": 1, "received_postal": 2, "carried_over": 1, "overdue": 2, "open_overdue": 2},
            "H.S": {"received_in_person": 4, "on_time": 4},
        }.items()
    )
)


def look(found: pd.DataFrame, indicator: str) -> dict[str, str]:
    """«5/6» of each agency and scope, «–» where nothing is known, «*» where something is missing."""
    rows = found[found["indicator"] == indicator].to_dict("records")
    return {
        f"{row['agency_code']} {row['scope']}": (
            "–" if pd.isna(row["numerator"]) else f"{row['numerator']}/{row['denominator']}"
        )
        + ("" if row["complete"] else " *")
        for row in rows
    }


SUMS = """
| đơn vị, phạm vi | đúng hạn/đã xong | quá hạn/đã xong | (8+9+12)/(3) | đúng hạn/nhận | trực tuyến/nhận |
| H tree          | 9/12             | 3/12            | 11/16        | 9/15          | 7/15            |
| H.S unit        | 4/4              | 0/4             | 4/4          | 4/4           | 0/4             |
| H.A tree        | 5/8              | 3/8             | 7/12         | 5/11          | 7/11            |
| H.A unit        | 5/6              | 1/6             | 7/8          | 5/8           | 6/8             |
| H.A.1 unit      | 0/2              | 2/2             | 0/4          | 0/3           | 1/3             |
| H.A.2 unit      | 0/0              | 0/0             | 0/0          | 0/0           | 0/0             |
| H.B unit        | 0/0              | 0/0             | 0/0          | 0/0           | 0/0             |
"""
BY_HEAD = {
    "đúng hạn/đã xong": "ON_TIME_RESOLVED",
    "quá hạn/đã xong": "OVERDUE_RESOLVED",
    "(8+9+12)/(3)": "HANDLED_ON_TIME",
    "đúng hạn/nhận": "ON_TIME_PER_RECEIVED",
    "trực tuyến/nhận": "ONLINE_RECEIVED",
}


@pytest.mark.parametrize("head", BY_HEAD)
def test_counts_are_summed_over_the_tree_before_they_are_divided(head: str) -> None:
    found = compute(FACTS, units=TREE, on=DAY, missing=frozenset())
    assert look(found, BY_HEAD[head]) == {row["đơn vị, phạm vi"]: row[head] for row in read_table(SUMS)}


MISSING = """
| đơn vị, phạm vi | không thiếu | thiếu H.B | thiếu H.A.2 | thiếu H.A và H.S | thiếu H   |
| H tree          | 9/12        | 9/12 *    | 9/12 *      | 9/12 *           | 9/12 *    |
| H.S unit        | 4/4         | 4/4       | 4/4         | 4/4 *            | 4/4       |
| H.A tree        | 5/8         | 5/8       | 5/8 *       | 5/8 *            | 5/8       |
| H.A unit        | 5/6         | 5/6       | 5/6         | 5/6 *            | 5/6       |
| H.A.1 unit      | 0/2         | 0/2       | 0/2         | 0/2              | 0/2       |
| H.A.2 unit      | 0/0         | 0/0       | – *         | – *              | 0/0       |
| H.B unit        | 0/0         | – *       | 0/0         | 0/0              | – *       |
"""


@pytest.mark.parametrize("head", [h for h in read_table(MISSING)[0] if h != "đơn vị, phạm vi"])
def test_what_is_missing_is_never_zero(head: str) -> None:
    """What is below a missing unit is missing, too, down to a unit that came from elsewhere."""
    missing = frozenset(re.findall(r"H[.\w]*", head))
    found = look(compute(FACTS, units=TREE, on=DAY, missing=missing), "ON_TIME_RESOLVED")
    found.pop("H unit", None)
    assert found == {row["đơn vị, phạm vi"]: row[head] for row in read_table(MISSING)}


def test_a_district_whose_source_failed_is_missing_with_its_communes() -> None:
    only_department = FACTS[FACTS["agency_code"] == "H.S"]
    found = compute(only_department, units=TREE, on=DAY, missing=frozenset({"H.A"}))
    seen = look(found, "PROGRESS_ON_TIME")
    assert [seen[key] for key in ("H.A tree", "H.A unit", "H.A.1 unit", "H.A.2 unit")] == ["– *"] * 4
    assert (seen["H tree"], seen["H.B unit"]) == ("4/4 *", "0/0")
    gone = found[found["agency_code"].str.startswith("H.A")]
    assert gone[["numerator", "denominator", "value", "score"]].isna().all(axis=None)


def test_a_province_of_which_nothing_came_is_missing_and_not_zero() -> None:
    found = compute(FACTS[:0], units=TREE, on=DAY, missing=frozenset({"H.A", "H.B", "H.S"}))
    assert set(look(found, "ON_TIME_RESOLVED").values()) == {"– *"}


def test_a_leaf_has_one_scope_and_the_province_its_own_only_with_dossiers() -> None:
    of_province = fact_frame({"agency_code": "H", "unit_code": "uH", "received_online": 1, "early": 1})
    without, with_own = (
        look(compute(facts, units=TREE, on=DAY, missing=frozenset()), "ON_TIME_RESOLVED")
        for facts in (FACTS, pd.concat([FACTS, of_province]))
    )
    assert "H unit" not in without and with_own["H unit"] == "1/1" and with_own["H tree"] == "10/13"
    assert not [key for key in without if key in {"H.S tree", "H.A.1 tree", "H.B tree"}]


def test_units_of_another_time_have_rows_only_with_facts() -> None:
    after = look(compute(FACTS, units=TREE, on=date(2025, 9, 14), missing=frozenset()), "ON_TIME_RESOLVED")
    assert after["H.X unit"] == "0/0" and after["H.A tree"] == "5/8" and after["H.A.1 unit"] == "0/2"
    assert "H.B unit" not in after and "H.A.2 unit" not in after


def test_columns_values_and_scores() -> None:
    found = compute(FACTS, units=TREE, on=DAY, missing=frozenset())
    assert list(found.columns) == list(COLUMNS)
    assert found["numerator"].dtype == found["denominator"].dtype == "Int64"
    by_key = found[found["field"] == ALL_FIELDS].set_index(["agency_code", "scope", "indicator"])
    ratio = by_key.loc[("H.A", "unit", "ON_TIME_RESOLVED")]
    assert (ratio["value"], ratio["unit_code"]) == (5 / 6, "uH.A") and pd.isna(ratio["score"])
    assert by_key.loc[("H.A", "unit", "PROGRESS_ON_TIME"), "score"] == 17.5


def test_a_denominator_of_zero_has_no_ratio_and_scores_zero() -> None:
    found = compute(FACTS, units=TREE, on=DAY, missing=frozenset()).set_index(["agency_code", "indicator"])
    nothing = found.loc[("H.B", "PROGRESS_ON_TIME")]
    assert (nothing["numerator"], nothing["denominator"], nothing["score"]) == (0, 0, 0.0) and pd.isna(nothing["value"])


def test_the_index_is_left_out_where_the_period_has_none() -> None:
    forms_only = FACTS[FACTS["series"] == "forms"]
    found = compute(forms_only, units=TREE, on=DAY, missing=frozenset())
    assert "PROGRESS_ON_TIME" not in set(found["indicator"])


def test_the_index_is_left_out_before_the_decision_was_in_force() -> None:
    found = compute(FACTS, units=TREE, on=date(2022, 6, 22), missing=frozenset())
    assert "PROGRESS_ON_TIME" not in set(found["indicator"])
    assert "PROGRESS_ON_TIME" in {i.id for i in valid_on(date(2022, 6, 23))}


@pytest.mark.parametrize("facts", [FACTS.assign(agency_code="H99"), FACTS])
def test_an_agency_that_is_not_in_the_tree_stops_the_report(facts: pd.DataFrame) -> None:
    with pytest.raises(CriticalCheckError, match="H99"):
        compute(facts, units=TREE, on=DAY, missing=frozenset({"H99"} if facts is FACTS else ()))


def test_each_series_is_counted_on_its_own() -> None:
    apart = pd.concat(
        [FACTS[FACTS["series"] == "forms"], fact_frame({"series": "index", "agency_code": "H.S", "on_time": 1})]
    )
    found = compute(apart, units=TREE, on=DAY, missing=frozenset())
    assert look(found, "PROGRESS_ON_TIME")["H tree"] == "1/1"
    assert look(found, "HANDLED_ON_TIME")["H tree"] == "11/16"


@settings(max_examples=tried(30), deadline=None)
@given(
    st.dictionaries(st.sampled_from([u.agency_code for u in TREE]), st.lists(st.integers(0, 9), min_size=9, max_size=9))
)
def test_the_tree_is_the_sum_of_its_units(counts: dict[str, list[int]]) -> None:
    facts = fact_frame(*({"agency_code": code, **dict(zip(MEASURES, n, strict=True))} for code, n in counts.items()))
    found = compute(facts, units=TREE, on=DAY, missing=frozenset())
    for _, rows in found.groupby("indicator"):
        own = rows[rows["scope"] == "unit"][["numerator", "denominator"]].sum()
        whole = rows[(rows["scope"] == "tree") & (rows["agency_code"] == "H")][["numerator", "denominator"]].sum()
        assert own.tolist() == whole.tolist()


PHUC_THO = UnitTree(
    (
        unit("T", "", Level.PROVINCE),
        unit("T.1", "T", Level.DISTRICT),
        unit("T.1.1", "T.1", Level.COMMUNE),
    )
)


def test_the_rate_of_a_district_is_no_mean_of_rates() -> None:
    """Huyện Phúc Thọ 2018: 42/42 at the district, 6.355/6.612 at the communes: 96,14 %, not the mean 98,06 %."""
    facts = fact_frame(
        {"agency_code": "T.1", "received_online": 42, "open_in_time": 42},
        {"agency_code": "T.1.1", "received_online": 6355, "received_in_person": 257, "open_in_time": 6612},
    )
    found = compute(facts, units=PHUC_THO, on=date(2018, 9, 14), missing=frozenset())
    rates = found[(found["indicator"] == "ONLINE_RECEIVED") & (found["agency_code"] == "T.1")]
    rates = rates[rates["field"] == ALL_FIELDS].set_index("scope")
    tree = rates.loc["tree"]
    assert str(percent(tree["numerator"], tree["denominator"])) == "96.14"
    assert str(percent(rates.loc["unit", "numerator"], rates.loc["unit", "denominator"])) == "100.00"


def test_the_rate_of_the_press_is_on_time_per_received() -> None:
    """Huyện Phúc Thọ 2018: 2.350 resolved in time of 2.365 received, 99,37 %; the 15 left are not overdue."""
    facts = fact_frame(
        {"agency_code": "T.1", "received_in_person": 2365, "early": 2000, "on_time": 350, "open_in_time": 15}
    )
    found = compute(facts, units=PHUC_THO, on=date(2018, 9, 14), missing=frozenset())
    own = found[(found["agency_code"] == "T.1") & (found["scope"] == "unit")].set_index("indicator")
    pressed = own.loc["ON_TIME_PER_RECEIVED"]
    assert str(percent(pressed["numerator"], pressed["denominator"])) == "99.37"
    assert own.loc["OVERDUE_RESOLVED", "numerator"] == 0


def test_one_file_an_indicator_named_after_it() -> None:
    folder = Path(indicators.__file__).parent
    files = {path.stem.upper() for path in folder.glob("[!_]*.py")}
    assert files == {i.id for i in declared()} > {*BY_HEAD.values(), "PROGRESS_ON_TIME", "ONLINE_SUBMISSION"}


def test_every_indicator_says_what_it_is() -> None:
    for one in declared():
        assert one.label and one.regulation and one.formula_version and one.formula and one.area in {2, 6}
        assert (item_on(one.id, on=date(2026, 9, 30)) is not None) == (one.series == "index")
