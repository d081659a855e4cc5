"""Each kind of check finds the very rows that a plain loop over them finds, whatever is missing and whichever rows it
looks at."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.codes import Severity
from expectations.engine import evaluate
from expectations.rules import (
    Check,
    Given,
    Rule,
    empty,
    equal,
    equal_where_known,
    filled,
    matches,
    matches_any,
    not_before,
    one_of,
    pair_in,
    true,
    unique,
)
from tests.tried import tried

Row = dict[str, Any]
GIVEN = {Given.AGENCIES: ["a", "Đ"], Given.DOSSIER_CODE_PATTERNS: ["^a", "b$"]}
DAYS = [None, *pd.to_datetime(["2024-09-14", "2024-09-15", "2024-12-14"])]
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "text": st.sampled_from([None, "a", "b", "ab", "Đ", "", " a", "a\nb"]),
            "other": st.sampled_from([None, "a", "b"]),
            "from": st.sampled_from(DAYS),
            "to": st.sampled_from(DAYS),
            "left": st.sampled_from([None, 0.0, 1.0]),
            "right": st.sampled_from([None, 0.0, 1.0]),
            "flag": st.booleans(),
            "where": st.booleans(),
        }
    ),
    max_size=12,
)


def lacks(row: Row, *names: str) -> bool:
    return any(row[name] is None for name in names)


PLAIN: dict[str, tuple[Callable[[str], Check], Callable[[Row], bool]]] = {
    "filled": (lambda where: filled("text", where=where), lambda row: row["text"] is None),
    "empty": (lambda where: empty("text", where=where), lambda row: row["text"] is not None),
    "true": (lambda where: true("flag", where=where), lambda row: not row["flag"]),
    "one_of": (
        lambda where: one_of("text", Given.AGENCIES, where=where),
        lambda row: row["text"] is not None and row["text"] not in GIVEN[Given.AGENCIES],
    ),
    "matches": (
        lambda where: matches("text", "^a.?$", where=where),
        lambda row: row["text"] is not None and not re.match("^a.?$", row["text"]),
    ),
    "matches_any": (
        lambda where: matches_any("text", Given.DOSSIER_CODE_PATTERNS, where=where),
        lambda row: row["text"] is not None and not any(re.search(p, row["text"]) for p in ("^a", "b$")),
    ),
    "not_before": (
        lambda where: not_before("to", "from", where=where),
        lambda row: not lacks(row, "to", "from") and row["to"] < row["from"],
    ),
    "equal": (
        lambda _: equal("left", "right"),
        lambda row: lacks(row, "left", "right") or row["left"] != row["right"],
    ),
    "equal_where_known": (
        lambda _: equal_where_known("left", "right"),
        lambda row: not lacks(row, "left", "right") and row["left"] != row["right"],
    ),
    "pair_in": (
        lambda _: pair_in("text", "other", [("a", "b"), ("b", "b")]),
        lambda row: not lacks(row, "text", "other") and (row["text"], row["other"]) not in {("a", "b"), ("b", "b")},
    ),
}


def frame_of(rows: list[Row], *, categories: bool) -> pd.DataFrame:
    kinds = {
        **dict.fromkeys(("text", "other"), "category" if categories else "str"),
        **dict.fromkeys(("from", "to"), "datetime64[s]"),
        **dict.fromkeys(("left", "right"), "float64"),
        **dict.fromkeys(("flag", "where"), "bool"),
    }
    return pd.DataFrame(rows, columns=list(kinds), index=[7] * len(rows)).astype(kinds)


@pytest.mark.parametrize("where", ["", "where"])
@given(rows=ROWS, categories=st.booleans())
@settings(max_examples=tried(25), deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_kind_finds_what_a_plain_loop_finds(where: str, rows: list[Row], categories: bool) -> None:
    checks = {name: make(where) for name, (make, _) in PLAIN.items()}
    rules = [Rule(name, Severity.ERROR, check, "Câu tiếng Việt.") for name, check in checks.items()]
    found = evaluate(rules, frame_of(rows, categories=categories), given=GIVEN)
    for name, (_, breaks) in PLAIN.items():
        looked_at = [row["where"] or not checks[name].where for row in rows]
        wanted = [number for number, row in enumerate(rows) if looked_at[number] and breaks(row)]
        assert sorted(found[name].tolist()) == wanted, name


@given(rows=ROWS)
@settings(max_examples=tried(15), deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_keys_that_stand_twice_are_found_every_time_they_stand(rows: list[Row]) -> None:
    rule = Rule("unique", Severity.ERROR, unique(["flag", "where"]), "Câu tiếng Việt.")
    keys = [(row["flag"], row["where"]) for row in rows]
    wanted = [number for number, key in enumerate(keys) if keys.count(key) > 1]
    assert evaluate([rule], frame_of(rows, categories=False))["unique"].tolist() == wanted
