"""What was put together of sources that came further since is not entered, in no part."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine

from contracts.codes import PartitionState
from tests.warehouse.examples import CAM_LAM, Q4, load
from tests.warehouse.test_store import indicators
from warehouse import ledger, read, register, store
from warehouse.stand import StandMoved, stand_of


def enter_indicators(engine: Engine, stand: str) -> None:
    store.replace_indicators(engine, period_id=Q4, indicators=indicators(), stand=stand)


def enter_report(engine: Engine, stand: str) -> None:
    def put(_version: int) -> str:
        raise AssertionError("no file is to be put in its place")

    register.add(
        engine,
        period_id=Q4,
        scope="province",
        unit_code="56",
        path=put,
        sha256="e3b0c442",
        pages=38,
        input_digest="0f343b09",
        reason="",
        stand=stand,
    )


MOVES: dict[str, Callable[[Engine], Any]] = {
    "begun anew": lambda engine: ledger.begin_attempt(engine, Q4, "cam-lam"),
    "came in late": lambda engine: load(engine, "khanh-son", CAM_LAM),
    "failed": lambda engine: ledger.mark_failed(engine, Q4, "cam-lam", kind="bug", error="", advice=""),
}


@pytest.mark.parametrize("moved", MOVES)
@pytest.mark.parametrize("enter", [enter_indicators, enter_report])
def test_nothing_of_another_moment_is_entered(engine: Engine, enter: Callable[[Engine, str], None], moved: str) -> None:
    load(engine, "cam-lam", CAM_LAM)
    ledger.expect(engine, Q4, ["khanh-son"])
    stand = stand_of(ledger.partitions(engine, Q4))
    MOVES[moved](engine)
    with pytest.raises(StandMoved, match="chạy lại: cchc run 2024Q4"):
        enter(engine, stand)
    assert read.indicators(engine, Q4).empty
    assert register.versions(engine, Q4) == []


def test_what_stands_as_it_stood_is_entered(engine: Engine) -> None:
    load(engine, "cam-lam", CAM_LAM)
    known = ledger.partitions(engine, Q4)
    assert [p.state for p in known] == [PartitionState.LOADED]
    enter_indicators(engine, stand_of(known))
    assert not read.indicators(engine, Q4).empty
