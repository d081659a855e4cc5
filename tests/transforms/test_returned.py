"""Sums of answers: counts add up, shares are summed before they are divided, and what is not known is in no sum."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.answers import Answer, Return
from contracts.returned import Asked, Kind, State, read_questions
from transforms.returned import changes, comparable, derive, lost, ratio, total

QUESTIONS = read_questions(Path("không có"))
LINES = {line.id: line for line in QUESTIONS.asked}
DERIVED = {line.id: line for line in QUESTIONS.derived}


def answer(line: Asked, said: str) -> Answer | None:
    """12 · 42/42 · 12.5a · 0 · >300 · chưa · ngoài · trống · không (no return)."""
    states = {"chưa": State.NOT_YET, "ngoài": State.OUT_OF_SCOPE, "trống": State.UNANSWERED}
    if said == "không":
        return None
    if said in states:
        return Answer(line.id, line.kind, states[said])
    if said.startswith(">"):
        return Answer(line.id, line.kind, State.APPROXIMATE, text=said)
    if line.kind is Kind.NUMBER:
        return Answer(line.id, line.kind, State.GIVEN, amount=Decimal(said))
    numerator, _, denominator = said.partition("/")
    return Answer(line.id, line.kind, State.GIVEN, int(numerator), int(denominator) if denominator else None)


def answers(name: str, said: str) -> dict[str, Answer | None]:
    return {f"u{n}": answer(LINES[name], one) for n, one in enumerate(said.split())}


# chỉ tiêu            các đơn vị trả lời            tổng          có số   phải có
TOTALS = """
petitions_received  | 3 4 0                       | 7           | 3 | 3
petitions_received  | 0 0                         | 0           | 2 | 2
petitions_received  | 3 chưa trống không          | 3           | 1 | 4
petitions_received  | chưa trống không            | –           | 0 | 3
petitions_received  | 3 ngoài                     | 3           | 1 | 1
petitions_received  | ngoài ngoài                 | –           | 0 | 0
petitions_received  | 3 >300                      | 3           | 1 | 2
satisfaction        | 42/42 6355/6612             | 6397/6654   | 2 | 2
satisfaction        | 0/0 5/10 chưa               | 5/10        | 2 | 3
reform_budget       | 12.5 0.25                   | 12.75       | 2 | 2
time_cut            | 10 20                       | –           | 2 | 2
iso_applied         | 1 0 1 chưa                  | 2           | 3 | 4
"""


@pytest.mark.parametrize("line", TOTALS.strip().splitlines())
def test_totals(line: str) -> None:
    name, said, wanted, given_, concerned = (part.strip() for part in line.split("|"))
    found = total(LINES[name], answers(name, said))
    numerator = found.numerator if found.amount is None else found.amount
    text = "–" if numerator is None else f"{numerator}" + (f"/{found.denominator}" if "/" in wanted else "")
    assert (text, str(len(found.exact)), str(found.concerned)) == (wanted, given_, concerned)


def test_a_share_is_summed_before_it_is_divided() -> None:
    found = total(LINES["satisfaction"], answers("satisfaction", "42/42 6355/6612"))
    assert ratio(found) == Fraction(100 * 6397, 6654), "96,14 %, not the mean of the two"
    assert ratio(total(LINES["satisfaction"], answers("satisfaction", "0/0"))) is None


# suy ra                    số thứ nhất    số thứ hai     hiệu   tử/mẫu      có số  phải có
DERIVATIONS = """
staff_quota_cut         | 1110 715 283 | 1100 700 276 | 32 | 2108/2076 | 3 | 3
staff_quota_cut         | 1110 715     | 1100 chưa    | 10 | 1110/1100 | 1 | 2
staff_quota_cut         | 10           | 15           | -5 | 10/15     | 1 | 1
staff_quota_cut         | chưa 5       | 7 không      | –  | –         | 0 | 2
staff_quota_cut         | 5 ngoài      | 4 ngoài      | 1  | 5/4       | 1 | 1
service_staff_cut_share | 1000         | 600          | 400| 400/1000  | 1 | 1
petitions_in_time_share | 7 0          | 9 0          | -2 | 7/9       | 2 | 2
"""


@pytest.mark.parametrize("line", DERIVATIONS.strip().splitlines())
def test_derived_lines_are_of_the_units_that_gave_both(line: str) -> None:
    name, first, second, difference, fraction, given_, concerned = (part.strip() for part in line.split("|"))
    terms = DERIVED[name].terms
    totals = {term: total(LINES[term], answers(term, said)) for term, said in zip(terms, (first, second), strict=True)}
    found = derive(DERIVED[name], totals)
    assert found is not None
    above, below = found.fraction
    assert ("–" if found.difference is None else str(found.difference)) == difference
    assert ("–" if above is None else f"{above}/{below}") == fraction
    assert (str(found.given), str(found.concerned)) == (given_, concerned)


def test_a_derived_line_without_its_terms_is_none() -> None:
    assert derive(DERIVED["staff_quota_cut"], {}) is None


SAID = st.sampled_from(["0", "1", "7", "250", ">300", "chưa", "ngoài", "trống", "không"])


@given(st.lists(SAID, max_size=8), st.lists(SAID, max_size=8))
def test_parts_add_up_to_the_whole(one: list[str], other: list[str]) -> None:
    line = LINES["petitions_received"]
    left = {f"l{n}": answer(line, said) for n, said in enumerate(one)}
    right = {f"r{n}": answer(line, said) for n, said in enumerate(other)}
    parts, whole = [total(line, left), total(line, right)], total(line, right | left)
    known = [p.numerator for p in parts if p.numerator is not None]
    assert whole.numerator == (sum(known) if known else None)
    assert whole.concerned == sum(p.concerned for p in parts)
    assert whole.concerned + len(whole.outside) == len(one) + len(other), "every unit is somewhere"


# kỳ này      cùng kỳ     so được
COMPARED = """
3 4        | 1 2       | có
3 4 chưa   | 1 2 trống | có
3 4        | 1 chưa    | không
chưa       | 5         | không
chưa       | chưa      | không
>300       | >200      | không
"""


@pytest.mark.parametrize("line", COMPARED.strip().splitlines())
def test_periods_are_compared_where_the_same_units_gave_figures(line: str) -> None:
    now, before, wanted = (part.strip() for part in line.split("|"))
    found = (total(LINES["petitions_received"], answers("petitions_received", said)) for said in (now, before))
    assert comparable(*found) == (wanted == "có")


def returned(**said: str) -> Return:
    given_ = tuple(a for name, one in said.items() if (a := answer(LINES[name], one)))
    return Return("2024Q4", "H99", "v", "A", date(2024, 12, 15), "B", "", given_)


def test_changes_between_two_returns() -> None:
    before = returned(petitions_received="0", inspections="4", satisfaction="5/10", delegations=">3")
    after = returned(petitions_received="chưa", inspections="4", satisfaction="50/100", staff_quota="9")
    found = {c.indicator: (c.was and c.was.state, c.now and c.now.state) for c in changes(before, after)}
    assert found == {
        "petitions_received": (State.GIVEN, State.NOT_YET),
        "satisfaction": (State.GIVEN, State.GIVEN),
        "staff_quota": (None, State.GIVEN),
        "delegations": (State.APPROXIMATE, None),
    }
    assert [c.indicator for c in lost(changes(before, after))] == ["petitions_received", "delegations"]
    assert list(changes(after, after)) == []
