"""The year so far: of which periods it is made, and that its parts make the whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.codes import Level, Series
from contracts.columns import MEASURES, MEMOS
from contracts.periods import Span, parse_period
from contracts.province import Policy
from contracts.units import Unit, UnitTree
from tests.transforms.batches import POLICIES, Batch, batches
from tests.transforms.tables import read_table
from tests.tried import tried
from transforms.counts import facts_of
from transforms.over_time import Counts, PeriodFigures
from transforms.year_so_far import CHANGED_ON_THE_WAY, KNOWN, covers, gap, merged, missing_days, put_together, year_of

_ROOT = Unit("H32", "56", "Tỉnh Khánh Hòa", Level.PROVINCE, "", None, None, verified=False)
_OLD = Unit("H32.37", "575", "Huyện Khánh Sơn", Level.DISTRICT, "H32", None, date(2025, 6, 30), verified=False)
TREE = UnitTree((_ROOT, _OLD))

COVERS = """
| kỳ      | đang lưu                                | lũy kế từ                  | thiếu                 |
| 2024Q1  | 2024Q1                                  | 2024Q1                     |                       |
| 2024Q2  | 2024Q1 2024Q2                           | 2024Q1 2024Q2              |                       |
| 2024Q2  | 2024Q1 2024Q2 2024H1                    | 2024H1                     |                       |
| 2024Q3  | 2024H1 2024Q1 2024Q2 2024Q3             | 2024H1 2024Q3              |                       |
| 2024Q3  | 2024T9 2024Q3                           | 2024T9                     |                       |
| 2024Q4  | 2024Q1 2024Q2 2024Q3 2024Q4 2023Q4      | 2024Q1 2024Q2 2024Q3 2024Q4 |                      |
| 2024Q4  | 2024Y 2024Q4                            | 2024Y                      |                       |
| 2024M02 | 2024M01 2024M02                         | 2024M01 2024M02            |                       |
| 2024M03 | 2024M01 2024M02 2024M03 2024Q1          | 2024Q1                     |                       |
| 2024Q4  | 2024Q1 2024Q3 2024Q4                    |                            | 2024-03-15..2024-06-14 |
| 2024Q2  | 2024Q2                                  |                            | 2023-12-15..2024-03-14 |
| 2024Q3  | 2024Q1 2024Q2                           |                            | 2024-06-15..2024-09-14 |
| 2024H1  | 2024H1                                  | 2024H1                     |                       |
"""


def span_of(text: str) -> Span | None:
    return Span(*(date.fromisoformat(day) for day in text.split(".."))) if text else None


@pytest.mark.parametrize("row", read_table(COVERS), ids=lambda row: f"{row['kỳ']} {row['đang lưu']}")
def test_the_long_period_itself_is_taken_before_its_parts(row: dict[str, str]) -> None:
    period, stored = parse_period(row["kỳ"]), [parse_period(name) for name in row["đang lưu"].split()]
    ways = covers(period, stored)
    assert " ".join(p.id for p in ways[0]) == row["lũy kế từ"] if ways else row["lũy kế từ"] == ""
    assert missing_days(period, stored) == span_of(row["thiếu"])


def test_periods_of_another_rule_are_not_put_together() -> None:
    stored = [parse_period("2024Q1", rule="calendar"), parse_period("2024Q2")]
    assert covers(parse_period("2024Q2"), stored) == ()


def test_a_free_range_belongs_to_no_year() -> None:
    free = parse_period("2018-01-01..2018-07-31")
    assert year_of(free) is None and covers(free, [free]) == () and missing_days(free, [free]) is None


@st.composite
def cuts(draw: st.DrawFn) -> list[Span]:
    """Two to four adjacent spans."""
    first = date(2026, 5, 20)
    lengths = draw(st.lists(st.integers(10, 60), min_size=2, max_size=4))
    spans = []
    for length in lengths:
        spans.append(Span(first, first + timedelta(length - 1)))
        first += timedelta(length)
    return spans


def counts_of(batch: Batch, span: Span, policy: Policy) -> Counts:
    facts = facts_of(*batch.frames(), spans={Series.FORMS: span}, policy=policy)
    return {name: int(facts[name].sum()) for name in (*MEASURES, *MEMOS)}


def known(counts: Counts) -> Counts:
    return {name: counts[name] for name in KNOWN}


def uncorrected(batch: Batch) -> Batch:
    return replace(batch, records=tuple(record | {"deleted_date": None} for record in batch.records))


@settings(max_examples=tried(25), deadline=None)
@given(batches(), cuts(), POLICIES)
def test_the_parts_make_the_long_period_where_nothing_was_corrected(
    batch: Batch, spans: list[Span], policy: Policy
) -> None:
    sound = uncorrected(batch)
    parts = [counts_of(sound, span, policy) for span in spans]
    whole = counts_of(sound, Span(spans[0].first_day, spans[-1].last_day), policy)
    together = merged(parts)
    assert together == known(whole)
    assert gap(together) == 0


@settings(max_examples=tried(25), deadline=None)
@given(batches(), cuts(), POLICIES)
def test_parts_may_be_put_together_in_any_grouping(batch: Batch, spans: list[Span], policy: Policy) -> None:
    parts = [known(counts_of(batch, span, policy)) for span in spans]
    assert merged([merged(parts[:-1]), parts[-1]]) == merged([parts[0], merged(parts[1:])]) == merged(parts)


@settings(max_examples=tried(25), deadline=None)
@given(batches(), cuts(), POLICIES)
def test_the_difference_is_what_was_not_carried_over(batch: Batch, spans: list[Span], policy: Policy) -> None:
    parts = [counts_of(batch, span, policy) for span in spans]
    left = sum(p["open_in_time"] + p["open_overdue"] for p in parts[:-1])
    assert gap(merged(parts)) == left - sum(p["carried_over"] for p in parts[1:])


def test_what_counts_a_dossier_in_each_period_is_not_known_of_the_whole() -> None:
    unknown = {*MEASURES, *MEMOS} - {*KNOWN}
    assert "no_due_date" in unknown and not unknown & {*MEASURES}
    assert len(KNOWN) == len({*KNOWN})


def figures(period_id: str, lacking: dict[str, str] | None = None, **counts: int) -> PeriodFigures:
    period = parse_period(period_id)
    own = dict.fromkeys((*MEASURES, *MEMOS), 0) | counts
    return PeriodFigures(period, period.forms, {"H32.37": own}, lacking or {}, {})


def test_one_part_is_the_period_itself() -> None:
    alone = figures("2024Q1", received_online=5, no_due_date=2)
    assert put_together([alone], TREE) is alone


def test_who_lacks_something_in_a_part_lacks_it_in_the_whole() -> None:
    parts = [figures("2024Q1", {"H32.37": "chưa có số liệu"}), figures("2024Q2"), figures("2024Q3")]
    whole = put_together(parts, TREE)
    assert whole.span == Span(date(2023, 12, 15), date(2024, 9, 14))
    assert whole.lacking == {"H32.37": "quý I năm 2024, chưa có số liệu"}


def test_a_unit_without_dossiers_in_a_part_had_none() -> None:
    empty = replace(figures("2024Q2"), counts={})
    whole = put_together([figures("2024Q1", received_online=5, open_in_time=5), empty], TREE)
    assert whole.counts["H32.37"]["received_online"] == 5
    assert gap(whole.counts["H32.37"]) == 5  # five were open, and none was carried over


def test_a_unit_that_ended_on_the_way_has_no_year() -> None:
    parts = [figures("2025Q1", received_online=5), figures("2025Q2"), figures("2025Q3")]
    assert put_together(parts[:2], TREE).lacking == {}
    assert put_together(parts, TREE).lacking == {"H32.37": CHANGED_ON_THE_WAY}


def test_a_part_of_which_no_time_is_known_gives_the_year_no_time() -> None:
    """A period counted before times were: its dossiers are resolved, and none of them took a known time. The mean of
    the other parts is not the year's."""
    before = figures("2024Q1", early=4, received_online=4)
    after = figures("2024Q2", early=2, received_online=2, processed=2, processing_days=6)
    times = {"processed", "processing_days", "timed", "timed_days", "timed_limit_days"}
    assert not times & {*put_together([before, after], TREE).known}
    assert times < {*put_together([after, replace(after, period=parse_period("2024Q3"))], TREE).known}
    unresolved = figures("2024Q1", received_online=4, open_in_time=4)
    assert times < {*put_together([unresolved, after], TREE).known}, "nothing was resolved: nothing is lacking"
