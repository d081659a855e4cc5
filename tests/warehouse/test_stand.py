"""What was put together of sources that came further since is not entered, in no part."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from contracts.codes import PartitionState
from tests.warehouse.examples import CAM_LAM, Q4, load
from tests.warehouse.test_store import indicators
from tests.warehouse.versions import version
from warehouse import ledger, read, register, store
from warehouse.stand import StandMoved, stand_of


def enter_indicators(engine: Engine, _folder: Path, stand: str) -> None:
    store.replace_indicators(engine, period_id=Q4, indicators=indicators(), stand=stand)


def enter_report(engine: Engine, folder: Path, stand: str) -> None:
    version(engine, folder, stand=stand)


MOVES: dict[str, Callable[[Engine], Any]] = {
    "begun anew": lambda engine: ledger.begin_attempt(engine, Q4, "cam-lam"),
    "came in late": lambda engine: load(engine, "khanh-son", CAM_LAM),
    "failed": lambda engine: ledger.mark_failed(engine, Q4, "cam-lam", kind="bug", error="", advice=""),
}


@pytest.mark.parametrize("moved", MOVES)
@pytest.mark.parametrize("enter", [enter_indicators, enter_report])
def test_nothing_of_another_moment_is_entered(
    engine: Engine, folder: Path, enter: Callable[[Engine, Path, str], None], moved: str
) -> None:
    load(engine, "cam-lam", CAM_LAM)
    ledger.expect(engine, Q4, ["khanh-son"])
    stand = stand_of(ledger.partitions(engine, Q4))
    MOVES[moved](engine)
    with pytest.raises(StandMoved, match="chạy lại: cchc run 2024Q4"):
        enter(engine, folder, stand)
    assert list(folder.rglob("*.pdf")) == [], "no file is put in its place"
    assert read.indicators(engine, Q4).empty
    assert register.versions(engine, Q4) == []


def test_what_stands_as_it_stood_is_entered(engine: Engine, folder: Path) -> None:
    load(engine, "cam-lam", CAM_LAM)
    known = ledger.partitions(engine, Q4)
    assert [p.state for p in known] == [PartitionState.LOADED]
    enter_indicators(engine, folder, stand_of(known))
    enter_report(engine, folder, stand_of(known))
    assert not read.indicators(engine, Q4).empty
    assert [v.version for v in register.versions(engine, Q4)] == [1]
