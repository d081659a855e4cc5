"""A source that was read by a clock that ran ahead: its system had not lived through what it seems to tell."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from contracts import clock
from flows import read_ahead
from flows.overdue import Kind, Overdue, overdue
from flows.place import Place
from flows.plan import plan
from flows.remarks import remarks
from tests.quarter.test_planning import OPEN, load, place
from warehouse import ledger

AHEAD, RIGHT, PASSED = "2024-12-16T06:00:00", "2024-12-15T06:00:00", "2024-12-17T06:00:00"


def at(monkeypatch: pytest.MonkeyPatch, moment: str) -> Place:
    monkeypatch.setenv("CCHC_NOW", f"{moment}+07:00")
    return place()


def reasons(at: Place) -> list[str]:
    return [step.why for step in plan(at, only=["cam-lam"])]


def told(engine: Engine, at: Place) -> list[Overdue]:
    return [one for one in overdue(engine, at.province, clock.now()) if one.kind is Kind.READ_AHEAD]


def test_what_was_read_by_a_clock_that_ran_ahead_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen at once until the true time has passed that moment; and ever after where the watchdog looked meanwhile."""
    engine, _ = load(at(monkeypatch, AHEAD), "cam-lam", rows=OPEN)
    assert reasons(place()) == ["same"]
    assert read_ahead.warning(engine, clock.now()) == ""
    right = at(monkeypatch, RIGHT)
    assert reasons(right) == ["ahead"]
    assert "06:00 ngày 16/12/2024" in read_ahead.warning(engine, clock.now())
    for _ in range(2):
        read_ahead.note(engine, clock.now())
    assert len(remarks(engine, "2024Q4")["cam-lam"]) == 1
    [one] = told(engine, right)
    assert one.command == "cchc run 2024Q4"
    passed = at(monkeypatch, PASSED)
    assert reasons(passed) == ["ahead"]
    assert told(engine, passed) == [one]
    load(passed, "cam-lam")
    assert (reasons(passed), told(engine, passed)) == (["same"], [])


def test_a_clock_that_is_behind_now_spoils_nothing_that_was_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """As of a machine whose battery is flat: everything seems to come from the future, of every period."""
    engine, job = load(at(monkeypatch, PASSED), "cam-lam", rows=OPEN)
    known = ledger.partition(engine, **job.key)
    said = {"landing_id": "x", "landing_path": "x", "rows": 1, "extract_fingerprint": "x"}
    for period in ("2024Q2", "2024Q3"):
        ledger.expect(engine, period, ["cam-lam"])
        ledger.mark_landed(engine, period, "cam-lam", extracted_at=known.extracted_at, **said)  # type: ignore[arg-type]
    behind = at(monkeypatch, "2024-10-01T00:00:00")
    read_ahead.note(engine, clock.now())
    [one] = told(engine, behind)
    assert one.command == "cchc doctor"
    assert told(engine, at(monkeypatch, PASSED)) == []
    assert reasons(place()) == ["same"]
