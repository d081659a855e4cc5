"""Published figures that do not fit together, each with exactly the rules that it breaks."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from contracts.codes import Severity
from contracts.published import PUBLISHED_DIFFERS
from expectations.published import check_published, check_published_table
from expectations.rules import Notice
from expectations.suites import published as suite
from tests.expectations.tables import read_table

FOLDER = Path(__file__).parent / "published"
FIXTURES = {path.stem: read_table(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.txt"))}
by_name = pytest.mark.parametrize("name", FIXTURES)


def broken(name: str) -> list[set[str]]:
    """The rules that each row of the fixture breaks."""
    rows = FIXTURES[name]
    cells = [{k: None if v == "-" else float(v) for k, v in row.items() if k != "lỗi"} for row in rows]
    frame = pd.DataFrame(cells, index=range(10, 10 + len(cells)))  # whatever the index, `row` is the place
    check = check_published_table if "received" in frame else check_published
    found = check(frame)
    return [set(found["rule_id"][found["row"] == place]) for place in range(len(rows))]


def told(row: dict[str, str]) -> set[str]:
    return set() if row["lỗi"] == "-" else set(row["lỗi"].split(", "))


@by_name
def test_what_was_published_breaks_exactly_what_its_table_says(name: str) -> None:
    assert broken(name) == [told(row) for row in FIXTURES[name]]


def test_every_rule_has_a_row_that_breaks_it_alone() -> None:
    alone = {row["lỗi"] for rows in FIXTURES.values() for row in rows if "," not in row["lỗi"]} - {"-"}
    assert alone == {rule.id for rule in (*suite.FIGURE_RULES, *suite.TABLE_RULES)}


@pytest.mark.parametrize("kind", ["FIGURE_RULES", "TABLE_RULES"])
def test_taking_any_rule_out_changes_what_its_fixture_gives(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = getattr(suite, kind)
    for rule in rules:
        name = next(n for n, rows in FIXTURES.items() if any(rule.id in told(row) for row in rows))
        monkeypatch.setattr(suite, kind, tuple(r for r in rules if r is not rule))
        assert broken(name) != [told(row) for row in FIXTURES[name]]


def test_nothing_of_what_was_published_is_more_than_a_warning() -> None:
    assert {rule.severity for rule in suite.RULES} == {Severity.WARNING}
    assert [rule.id for rule in suite.RULES if isinstance(rule, Notice)] == [PUBLISHED_DIFFERS]


def test_nothing_published_breaks_nothing() -> None:
    nothing = pd.DataFrame(columns=["numerator", "denominator", "ratio", "score", "max_score"])
    assert check_published(nothing).empty
