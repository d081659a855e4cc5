"""The bar counts what this run has brought to an end, never what was so before; who waits is told what befalls it."""

from __future__ import annotations

import io
from dataclasses import fields
from datetime import datetime
from typing import Any

import pytest
from rich.console import Console

from cli import watch as watching
from contracts.clock import VIETNAM
from contracts.codes import PartitionState
from contracts.errors import WarehouseError
from contracts.settings import HERE, POOL
from flows.given_out import AGAIN, NOT_BEGUN
from flows.progress import doing, progress
from tests.notices.conftest import empty, world
from tests.notices.world import SOURCES, World
from tests.warehouse.examples import Q4
from warehouse import ledger, register
from warehouse.ledger import Partition

__all__ = ["empty", "world"]
BEGUN = {"cam-lam": 0, "nha-trang": 2}
CASES = """
ledger says                             | ended | working
cam-lam 0 expected, nha-trang 2 loaded  | 0     |
cam-lam 0 expected, nha-trang 2 failed  | 0     |
cam-lam 1 expected, nha-trang 2 loaded  | 0     | cam-lam
cam-lam 1 landed, nha-trang 3 validated | 0     | cam-lam nha-trang
cam-lam 1 loaded, nha-trang 3 expected  | 1     | nha-trang
cam-lam 1 failed, nha-trang 3 loaded    | 2     |
cam-lam 1 loaded, van-ninh 1 loaded     | 1     |
"""


def _partition(said: str) -> Partition:
    source, attempt, state = said.split()
    rest = dict.fromkeys(
        {f.name for f in fields(Partition)} - {"period_id", "source_id", "state", "attempt", "updated_at"}
    )
    moment = datetime(2024, 12, 16, tzinfo=VIETNAM)
    return Partition("2024Q4", source, PartitionState(state), int(attempt), **rest, updated_at=moment)  # type: ignore[arg-type]


@pytest.mark.parametrize("line", CASES.strip().splitlines()[1:])
def test_progress(line: str) -> None:
    said, ended, working = (cell.strip() for cell in line.split("|"))
    known = [_partition(one) for one in said.split(",")]
    assert progress(known, BEGUN) == (int(ended), working.split())


DOING = """
working              | left | partitions | said
                     | 3    | here       | khởi động
                     | 3    | pool       | chờ tiến trình chạy kỳ nhận nguồn
cam-lam nha-trang vn | 3    | pool       | cam-lam nha-trang
                     | 0    | pool       |
"""


@pytest.mark.parametrize("line", DOING.strip().splitlines()[1:])
def test_what_a_run_is_at(line: str) -> None:
    working, left, partitions, said = (cell.strip() for cell in line.split("|"))
    assert partitions in {HERE, POOL}
    assert doing(working.split(), left=int(left), partitions=partitions) == said


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    seen = io.StringIO()
    monkeypatch.setattr(watching, "err", Console(file=seen, force_terminal=True, color_system=None, width=120))
    return seen


def test_who_waits_is_told_what_befell_an_attempt_that_the_next_one_followed_at_once(
    world: World, terminal: io.StringIO
) -> None:
    """A process could not begin, and the run does the source itself: between two looks, or as the last thing of all."""
    source, engine = SOURCES[0], world.engine
    ledger.expect(engine, Q4, SOURCES)
    ledger.remark(engine, Q4, source, detail=AGAIN)

    def work() -> str:
        ledger.remark(engine, Q4, source, detail=NOT_BEGUN)
        ledger.begin_attempt(engine, Q4, source)
        return "done"

    assert watching.watch(world.place, work, begun={source: 0}) == "done"
    assert terminal.getvalue().count(f"LƯU Ý {source}: {NOT_BEGUN}") == 1
    assert AGAIN not in terminal.getvalue(), "that was of a run before"


@pytest.mark.filterwarnings("error")
def test_a_warehouse_that_is_away_when_the_watch_begins_is_the_works_to_tell(
    world: World, terminal: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, engine, versions = SOURCES[0], world.engine, register.versions
    ledger.expect(engine, Q4, SOURCES)
    away = iter([True])

    def some_answer(*of: Any) -> Any:
        if next(away, False):
            raise WarehouseError("không kết nối được với kho dữ liệu")
        return versions(*of)

    monkeypatch.setattr(register, "versions", some_answer)
    watching.watch(world.place, lambda: ledger.begin_attempt(engine, Q4, source), begun={source: 0})
    assert "Traceback" not in terminal.getvalue()
    assert next(away, None) is None, "it was asked"
