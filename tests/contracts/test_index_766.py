"""The formulas of the 766 index: those of docs/scoring-766.md, dated, exact, and null for what is not known."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.codes import Level
from contracts.index_766 import Item, classes_on, groups_on, item_on, items_on, level_of
from contracts.published import GROUP_LABELS
from contracts.settings import REPOSITORY

DAY = date(2026, 9, 26)
DOCUMENT = (REPOSITORY / "docs" / "scoring-766.md").read_text(encoding="utf-8")
ROW = re.compile(r"\|([^|]*)\| ([A-Z_]+)(?:: [^|]*)? \| (\d+) \| ([^|]+) \|")

SCORES = """
item                           | numerator | denominator | score
PROGRESS_ON_TIME               | 403016    | 464494      | 17.35
PROGRESS_ON_TIME               | 0         | 10          | 0.00
PROGRESS_ON_TIME               | 0         | 0           | 0.00
PROGRESS_ON_TIME               | –         | 10          | –
PROGRESS_ON_TIME               | 10        | –           | –
ONLINE_SUBMISSION              | 5         | 10          | 6.00
ONLINE_SUBMISSION              | 10        | 10          | 6.00
ONLINE_SUBMISSION              | 1         | 10          | 1.20
ONLINE_PROVISION               | 4         | 5           | 2.00
ONLINE_PROVISION               | 2         | 5           | 1.00
DOSSIER_RECEIVING_SATISFACTION | 9         | 10          | 6.00
PAYMENT_PROCEDURES_FEE         | 66        | 311         | 0.53
PETITION_PROCESSING_ON_TIME    | 0         | 0           | 6.00
PETITION_HANDLING_SATISFACTION | 0         | 0           | 6.00
PETITION_HANDLING_SATISFACTION | 0         | 5           | 0.00
PETITION_PROCESSING_ON_TIME    | –         | 0           | –
PUBLIC_CONTENT_FULL            | 1         | 800         | 0.00
PUBLIC_CONTENT_FULL            | 1         | 400         | 0.01
"""


def item(indicator: str) -> Item:
    found = item_on(indicator, on=DAY)
    assert found is not None
    return found


def rows(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()[1:]]


def count(cell: str) -> int | None:
    return None if cell == "–" else int(cell)


def test_the_data_are_the_document() -> None:
    """Group, id, maximum and formula of every line of the table in docs/scoring-766.md, in its order."""
    group, told = "", []
    for named, indicator, most, formula in ROW.findall(DOCUMENT):
        group = re.sub(r" \(\d+\)$", "", named.strip()) or group
        divided = re.search(r"ratio / (0\.\d+)", formula)
        target = Fraction(divided[1]) if divided else Fraction(1)
        full = "full" if "no petition" in formula else "zero"
        told.append((group, indicator, Fraction(most), target, full))
    held = [(GROUP_LABELS[i.group], i.id, i.max_points, i.target, i.denominator_0) for i in items_on(DAY)]
    assert told == held
    assert len(held) == 21


def test_the_items_of_a_group_make_its_maximum_and_all_make_100() -> None:
    made: Counter[str] = Counter()
    for one in items_on(DAY):
        made[one.group] += int(one.max_points)
    assert made == {group.id: group.max_points for group in groups_on(DAY)}
    assert sum(made.values()) == 100
    for label, most in re.findall(r"\| ([^|(]+) \((\d+)\) \|", DOCUMENT):
        assert next(g for g in groups_on(DAY) if g.label == label).max_points == int(most)


@pytest.mark.parametrize("row", rows(SCORES), ids=" ".join)
def test_scores(row: list[str]) -> None:
    indicator, numerator, denominator, score = row
    found = item(indicator).score(count(numerator), count(denominator))
    assert found == (None if score == "–" else Decimal(score))


def test_a_ratio_that_was_given_without_counts_is_scored() -> None:
    assert item("ELECTRONIC_CERTIFIED_COPY").score_of_ratio(Fraction(1, 2)) == Decimal("1.00")
    assert item("ELECTRONIC_CERTIFIED_COPY").score_of_ratio(None) is None


def test_what_does_not_apply_to_a_level_earns_its_maximum_there_alone() -> None:
    excused = replace(item("ELECTRONIC_CERTIFIED_COPY"), not_applied_at=frozenset({Level.COMMUNE}))
    assert excused.score(None, None, level=Level.COMMUNE) == Decimal("2.00")
    assert excused.score_of_ratio(Fraction(0), level=Level.COMMUNE) == Decimal("2.00")
    assert excused.score(0, 5, level=Level.DEPARTMENT) == Decimal("0.00")
    assert excused.score(None, None, level=Level.PROVINCE) is None


def test_no_item_is_excused_while_no_source_confirms_it() -> None:
    assert {one.not_applied_at for one in items_on(DAY)} == {frozenset()}


def test_formulas_have_a_first_day() -> None:
    assert items_on(date(2022, 6, 22)) == ()
    assert len(items_on(date(2022, 6, 23))) == 21


@pytest.mark.parametrize(
    ("score", "label"),
    [
        ("100", "Xuất sắc"),
        ("90.00", "Xuất sắc"),
        ("89.99", "Tốt"),
        ("70", "Khá"),
        ("69.99", "Trung bình"),
        ("0", "Yếu"),
    ],
)
def test_classes_are_there_and_not_confirmed(score: str, label: str) -> None:
    classes = classes_on(DAY)
    assert classes is not None
    assert not classes.verified
    assert classes.of(Decimal(score)) == label


@pytest.mark.parametrize(
    ("text", "code", "level"),
    [
        ("PROVINCE", "H44", Level.PROVINCE),
        ("province", "000.00.00.H32", Level.PROVINCE),
        ("PROVINCE", "H44.01", Level.DEPARTMENT),
        ("department", "H44.01", Level.DEPARTMENT),
        ("Commune", "H44.100", Level.COMMUNE),
    ],
)
def test_levels_of_the_portal_and_ours(text: str, code: str, level: Level) -> None:
    assert level_of(text, agency_code=code) is level


def test_another_level_is_refused() -> None:
    with pytest.raises(ValueError, match="«xã» không phải là cấp nào"):
        level_of("xã", agency_code="H44.100")


@given(st.sampled_from(items_on(DAY)), st.integers(1, 10**9), st.data())
def test_more_never_earns_less_and_nothing_beyond_the_maximum(one: Item, denominator: int, data: st.DataObject) -> None:
    less, more = sorted(data.draw(st.tuples(*[st.integers(0, 2 * denominator)] * 2)))
    low, high = one.score(less, denominator), one.score(more, denominator)
    assert low is not None
    assert high is not None
    assert 0 <= low <= high <= one.max_points
    assert one.score(denominator, denominator) == one.max_points


@given(st.sampled_from(items_on(DAY)), st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_score_is_the_exact_one_rounded_half_up(one: Item, numerator: int, denominator: int) -> None:
    exact = min(Fraction(1), Fraction(numerator, denominator) / one.target) * one.max_points
    found = one.score(numerator, denominator)
    assert found is not None
    assert Fraction(-1, 200) < Fraction(found) - exact <= Fraction(1, 200)
