"""A process that holds a source and comes no further is named, and waited for no longer than was set."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import partial

import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings
from rich.console import Console

from cli import watch as watching
from cli.status import status
from contracts.codes import PartitionState
from contracts.errors import UsageError
from flows.carried_out import carry_out
from flows.distribution import Distribution, Sent
from flows.plan import Step, plan
from tests.notices.conftest import empty, world
from tests.notices.world import SOURCES, World
from tests.servers import postgres, postgres_database
from tests.servers.prefect import lasting_prefect
from tests.warehouse.examples import Q4
from tests.warehouse.processes import python, said
from tests.warehouse.test_attempts import HOLD
from warehouse import ledger
from warehouse.locks import Held, held, run_lock, session_behind

__all__ = ["empty", "postgres", "postgres_database", "world"]
SOURCE = SOURCES[0]


@pytest.fixture
def stuck(world: World, postgres_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A process that has the source, and does nothing; Prefect knows of no such work. Its number."""
    monkeypatch.setenv("CCHC_WAREHOUSE_URL", postgres_database)
    monkeypatch.setenv("CCHC_PARTITIONS", "pool")
    server = {PREFECT_API_URL: lasting_prefect()["PREFECT_API_URL"]}
    with python(HOLD.replace("cam-lam", SOURCE), postgres_database) as holder, temporary_settings(server):
        assert said(holder) == "held"
        yield holder.pid
        holder.kill()


def asked(world: World) -> list[Step]:
    return [step for step in plan(world.place) if step.job.source.id == SOURCE]


def test_it_is_told_once_to_whoever_waits_and_given_up(
    world: World, stuck: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = Console(file=io.StringIO(), force_terminal=True, color_system=None, width=120)
    monkeypatch.setattr(watching, "err", terminal)
    with run_lock(world.engine, Q4) as alone:
        steps = asked(world)
        already = held(world.engine, Q4, [SOURCE])[SOURCE].seconds
        by_others = Distribution(world.place, holds=session_behind(alone), patience=1000, limit=already + 3)
        done = watching.watch(world.place, partial(by_others.carry_out, steps), begun={SOURCE: 0})
    words = f"tiến trình xử lý nguồn không làm thêm được bước nào trong 0 phút: tiến trình {stuck} trên máy "
    assert done.given_up[SOURCE].startswith(words)
    (told,) = (e.detail for e in ledger.history(world.engine, Q4, SOURCE) if "không làm thêm" in e.detail)
    assert told.startswith(words)
    seen = terminal.file.getvalue()  # type: ignore[attr-defined]
    assert "chờ tiến trình chạy kỳ nhận nguồn" in seen
    assert seen.count(f"LƯU Ý {SOURCE}: {words}") == 1


def test_a_step_in_the_ledger_is_life(world: World) -> None:
    ledger.expect(world.engine, Q4, [SOURCE])
    sent = Sent(plan(world.place)[0], tried=0, run=None, times=1)
    for _ in range(2):
        sent.look(ledger.partition(world.engine, Q4, SOURCE), None, busy=True)
        assert sent.stands_still(Held(None, 9000)) == 9000, "it may have stood still since before this run"
    ledger.begin_attempt(world.engine, Q4, SOURCE)
    sent.look(ledger.partition(world.engine, Q4, SOURCE), None, busy=True)
    assert sent.stands_still(Held(None, 9000)) < 60


def test_the_run_goes_on_and_names_it(world: World, stuck: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCHC_POOL_LIMIT", "0.1")
    monkeypatch.setattr(world, "_places", {})
    with run_lock(world.engine, Q4) as alone:
        carry_out(world.place, asked(world), alone)
    known = ledger.partition(world.engine, Q4, SOURCE)
    assert known.state is PartitionState.FAILED
    assert f"tiến trình {stuck} trên máy" in (known.error or "")
    assert "nếu bị treo thì dừng nó (kill -9), rồi chạy lại: cchc rerun 2024Q4" in (known.advice or "")


def test_whoever_asks_is_told_of_it(world: World, stuck: int, capsys: pytest.CaptureFixture[str]) -> None:
    plan(world.place)
    with run_lock(world.engine, Q4):
        with pytest.raises(UsageError) as refused, run_lock(world.engine, Q4):
            pass
        assert f"lượt đó đang chờ nguồn {SOURCE} (tiến trình {stuck} trên máy" in refused.value.advice
        status(Q4)
    assert f"nguồn {SOURCE} do tiến trình {stuck} trên máy" in " ".join(capsys.readouterr().out.split())
