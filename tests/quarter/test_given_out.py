"""What befalls a source that was given out to another process: a run that waits ends, says why in words, and prints no
figure of what nobody made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any
from uuid import UUID

import httpx
import pytest
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterDeploymentId
from prefect.client.schemas.objects import StateType
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.states import Cancelled, Crashed
from sqlalchemy import text

from contracts.codes import PartitionState
from contracts.errors import UsageError, WarehouseError
from flows import distribution, work_pool
from flows.carried_out import carry_out
from flows.given_out import AGAIN, NOT_BEGUN, OTHERWISE
from flows.plan import plan
from flows.pooled import partition
from tests.notices.conftest import empty, world
from tests.notices.world import SOURCES, World
from tests.servers import postgres, postgres_database
from tests.servers.prefect import lasting_prefect
from tests.warehouse.examples import KHANH_SON, Q4, facts, replace
from tests.warehouse.processes import python, said
from warehouse import ledger
from warehouse.database import writing
from warehouse.ledger import Partition
from warehouse.locks import run_lock, session_behind

__all__ = ["empty", "postgres", "postgres_database", "world"]
SOURCE = SOURCES[0]

BEGIN = """
import sys
from warehouse import ledger
from warehouse.database import open_warehouse
from warehouse.locks import partition_lock
engine = open_warehouse(sys.argv[1])
with partition_lock(engine, "2024Q4", sys.argv[2]):
    ledger.begin_attempt(engine, "2024Q4", sys.argv[2], after=int(sys.argv[3]))
    print("begun", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def pool(world: World, postgres_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[SyncPrefectClient]:
    """Prefect's server, which takes sources and has nobody to give them to."""
    for name, value in {"WAREHOUSE_URL": postgres_database, "PARTITIONS": "pool", "POOL_PATIENCE": "3"}.items():
        monkeypatch.setenv(f"CCHC_{name}", value)
    with (
        temporary_settings({PREFECT_API_URL: lasting_prefect()["PREFECT_API_URL"]}),
        get_client(sync_client=True) as client,
    ):
        deployed = client.create_deployment(client.create_flow(partition), "partition")
        yield client
        client.delete_deployment(deployed)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch, pool: SyncPrefectClient) -> Callable[[Callable[..., object]], list[UUID]]:
    """Have something happen to each run as soon as it was taken: it is told the run, and attempts tried before."""

    def sent_with(happens: Callable[..., object]) -> list[UUID]:
        runs: list[UUID] = []
        send = work_pool.send

        def sending(name: str, parameters: dict[str, Any]) -> UUID | None:
            run = send(name, parameters)
            if run is not None:
                runs.append(run)
                happens(run, parameters["tried"])
            return run

        monkeypatch.setattr(work_pool, "send", sending)
        return runs

    return sent_with


def carried_out(world: World) -> Partition:
    """What stands of the source when a run is done with it, which was to read it."""
    with run_lock(world.engine, Q4) as alone:
        (step,) = [s for s in plan(world.place, only=[SOURCE], fresh=True) if s.job.source.id == SOURCE]
        carry_out(world.place, [step], alone)
    return ledger.partition(world.engine, Q4, SOURCE)


def remarked(world: World) -> list[str]:
    return [e.detail for e in ledger.history(world.engine, Q4, SOURCE) if e.detail in {AGAIN, NOT_BEGUN}]


def test_a_source_at_which_two_processes_died_is_failed(
    world: World, pool: SyncPrefectClient, sent: Any, postgres_database: str
) -> None:
    def killed(_run: UUID, tried: int) -> None:
        with python(BEGIN, postgres_database, SOURCE, str(tried)) as process:
            assert said(process) == "begun"

    runs = sent(killed)
    known = carried_out(world)
    assert known.state is PartitionState.FAILED
    assert "tiến trình xử lý nguồn đã dừng giữa chừng, 2 lần liền" in str(known.error)
    assert "xem các máy chạy tiến trình còn sống" in str(known.advice)
    assert (remarked(world), known.attempt) == ([AGAIN], 3), "two of theirs, and one in which it failed"
    assert [state_of(pool, run) for run in runs] == [StateType.CRASHED, StateType.CRASHED]


def state_of(pool: SyncPrefectClient, run: UUID) -> StateType | None:
    return pool.read_flow_run(run).state_type


def test_a_source_that_somebody_cancelled_is_failed(world: World, pool: SyncPrefectClient, sent: Any) -> None:
    sent(lambda run, _: pool.set_flow_run_state(run, Cancelled()))
    known = carried_out(world)
    assert known.state is PartitionState.FAILED
    assert "việc xử lý nguồn đã bị hủy trong Prefect" in str(known.error)
    assert remarked(world) == []


@pytest.mark.parametrize("arrives", [False, True], ids=["the server was busy", "its answer was lost"])
def test_what_the_server_did_not_take_at_first_it_is_given_again_once(
    world: World, pool: SyncPrefectClient, sent: Any, monkeypatch: pytest.MonkeyPatch, arrives: bool
) -> None:
    asked, refused = SyncPrefectClient.create_flow_run_from_deployment, []

    def busy(*whom: Any, **words: Any) -> Any:
        if refused:
            return asked(*whom, **words)
        refused.append(asked(*whom, **words) if arrives else None)
        raise httpx.ReadTimeout("busy")

    monkeypatch.setattr(SyncPrefectClient, "create_flow_run_from_deployment", busy)
    runs = sent(lambda run, _: pool.set_flow_run_state(run, Cancelled()))
    assert "đã bị hủy trong Prefect" in str(carried_out(world).error)
    deployed = FlowRunFilterDeploymentId(any_=[pool.read_deployment_by_name(work_pool.DEPLOYMENT).id])
    assert [run.id for run in pool.read_flow_runs(flow_run_filter=FlowRunFilter(deployment_id=deployed))] == runs


def test_what_another_process_could_not_begin_the_run_does_itself(
    world: World, pool: SyncPrefectClient, sent: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Over(Future[None]):
        def result(self, timeout: float | None = None, *, raise_on_failure: bool = True) -> None:
            assert not raise_on_failure

    class Here:
        """The task without Prefect's thread for it."""

        @staticmethod
        def submit(*, source: str, tried: int, **_: object) -> Over:
            attempt = ledger.begin_attempt(world.engine, Q4, source, after=tried)
            ledger.mark_failed(world.engine, Q4, source, kind="", error="đã tự đọc", advice="", attempt=attempt)
            done = Over()
            done.set_result(None)
            return done

    monkeypatch.setattr(distribution, "process_partition", Here)
    sent(lambda run, _: pool.set_flow_run_state(run, Crashed(), force=True))
    assert carried_out(world).error == "đã tự đọc"
    assert remarked(world) == [NOT_BEGUN]


def test_a_run_that_lost_the_period_while_it_waits_ends(world: World, pool: SyncPrefectClient, sent: Any) -> None:
    """What it sent, and nobody has begun, is taken back."""
    with run_lock(world.engine, Q4) as alone:
        steps = plan(world.place, only=[SOURCE], fresh=True)

        def lost(_run: UUID, _tried: int) -> None:
            with writing(world.engine) as connection:
                number = session_behind(alone).split()[0]
                connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": int(number)})

        runs = sent(lost)
        with pytest.raises(WarehouseError, match=r"2024Q4: đã mất kết nối với kho dữ liệu trong khi chờ các nguồn"):
            carry_out(world.place, steps, alone)
    assert [state_of(pool, run) for run in runs] == [StateType.CANCELLED]
    assert ledger.partition(world.engine, Q4, SOURCE).attempt == 0


def test_what_another_counted_of_an_old_landing_is_not_what_was_to_be_read(world: World, sent: Any) -> None:
    """A run whose lock was lost was at the source before the process that was to read it."""
    world.outcome(SOURCE, "ok")

    def counted(_run: UUID, tried: int) -> None:
        attempt = ledger.begin_attempt(world.engine, Q4, SOURCE, from_landing=True, after=tried)
        ledger.mark_validated(world.engine, Q4, SOURCE, accepted=40, quarantined=2, attempt=attempt)
        replace(world.engine, SOURCE, facts(KHANH_SON), attempt=attempt)

    sent(counted)
    known = carried_out(world)
    assert known.state is PartitionState.FAILED
    assert OTHERWISE in str(known.error)


def test_nobody_begins_what_was_sent_by_a_run_that_is_over(world: World, pool: SyncPrefectClient) -> None:
    """Also where nobody holds the period, and it is not known who sent it."""
    words = {**world.place.words, "source": SOURCE, "action": "extract"}
    with run_lock(world.engine, Q4) as alone:
        before = session_behind(alone)
    for sender in (before, ""):
        with pytest.raises(UsageError, match="không còn nữa"):
            partition.fn(**words, tried=0, sent_by=sender)
