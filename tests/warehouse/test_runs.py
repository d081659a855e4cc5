"""Runs of a period: entered when they begin, and how they ended."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Engine

from tests.warehouse.examples import Q4
from warehouse import runs

DAY = date(2024, 12, 14)


def test_a_run_that_was_killed_has_no_end(engine: Engine) -> None:
    killed = runs.begin(engine, Q4, as_of=DAY, asked_by="schedule")
    whole = runs.begin(engine, Q4, as_of=DAY, asked_by="command")
    runs.end(engine, whole, exit_code=3, said="thiếu nguồn: cam-lam")
    first, second = runs.runs(engine, Q4)
    assert (first.id, first.ended_at, first.exit_code, first.asked_by) == (killed, None, None, "schedule")
    assert second.ended_at is not None
    assert (second.exit_code, second.said, second.as_of) == (3, "thiếu nguồn: cam-lam", DAY)


def test_a_run_without_an_end_is_known_until_a_later_one_of_the_period_ended(engine: Engine) -> None:
    killed = runs.begin(engine, Q4, as_of=DAY, asked_by="schedule")
    other = runs.begin(engine, "2024Q3", as_of=DAY, asked_by="schedule")
    assert [run.id for run in runs.without_end(engine)] == [killed, other]
    runs.end(engine, runs.begin(engine, Q4, as_of=DAY, asked_by="command"), exit_code=0, said="")
    assert [run.id for run in runs.without_end(engine)] == [other]
