"""What the schedule runs beside the quarter, where it shall not run."""

from __future__ import annotations

import os
from datetime import date

import pytest
from prefect.client.schemas.objects import State
from prefect.states import Completed

from contracts.errors import UsageError
from flows import scheduled
from flows.closed_quarter import closed_quarter
from flows.overdue import at_work
from flows.scheduled import feedback, preview
from tests.notices.conftest import empty, world
from tests.notices.world import World
from warehouse import runs
from warehouse.locks import run_lock

__all__ = ["empty", "world"]


def test_a_preview_of_a_quarter_that_somebody_works_on_is_no_failure(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    runs.begin(world.engine, "2025Q1", as_of=date(2024, 12, 15), asked_by="command")
    with run_lock(world.engine, "2025Q1"):
        state = preview.fn()
    assert state.is_completed() and "Quý I năm 2025: đang có lượt chạy khác" in str(state.message)
    assert "đang có lượt chạy khác" in capsys.readouterr().out


def test_a_preview_of_a_quarter_that_somebody_has_for_a_moment_waits_for_him(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A quality page at five in the morning: the run itself waits, as long as the schedule is patient."""
    asked: list[str] = []

    def quarter(period: str, *_: object, **__: object) -> State[None]:
        asked.append(period)
        return Completed()

    monkeypatch.setattr(scheduled, "quarter", quarter)
    with run_lock(world.engine, "2025Q1"):
        assert scheduled.preview.fn().is_completed()
    assert asked == ["2025Q1"]


def test_no_returns_of_a_quarter_that_never_ran(world: World) -> None:
    """Its failure is told, with the command that makes them once the quarter has run."""
    with pytest.raises(UsageError, match=r"Quý IV năm 2024 chưa chạy sau ngày chốt 14/12/2024, nên chưa lập phiếu"):
        feedback.fn()


def test_who_works_on_the_quarter_is_known_while_he_does(world: World) -> None:
    engine, province = world.engine, world.place.province
    runs.begin(engine, "2024Q4", as_of=date(2024, 12, 14), asked_by="schedule")
    with run_lock(engine, "2024Q4"):
        closed = closed_quarter(engine, province, date(2024, 12, 16))
        assert closed.holder is not None and closed.holder.pid == os.getpid()
        assert at_work(engine) == "2024Q4"
    closed = closed_quarter(engine, province, date(2024, 12, 16))
    assert (closed.holder, closed.busy, at_work(engine)) == (None, False, "")
