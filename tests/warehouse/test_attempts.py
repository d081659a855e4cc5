"""Two processes at one source: the second waits; and where a lock was lost, the first can write no more."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from contracts.codes import PartitionState
from contracts.errors import UsageError
from tests.warehouse import examples
from tests.warehouse.examples import CAM_LAM, Q4
from tests.warehouse.processes import go_on, python, said
from warehouse import ledger, read, store
from warehouse.database import open_warehouse
from warehouse.locks import partition_going_on, partition_lock, run_lock, session_of, worked_on
from warehouse.states import AttemptOver

HOLD = """
import sys
from warehouse.database import open_warehouse
from warehouse.locks import partition_lock
with partition_lock(open_warehouse(sys.argv[1]), "2024Q4", "cam-lam"):
    print("held", flush=True)
    sys.stdin.readline()
"""
Write = Callable[[Engine, int], None]


def landed(engine: Engine, attempt: int) -> None:
    said: dict[str, object] = {"landing_id": "old", "landing_path": "old", "rows": 1, "extract_fingerprint": "old"}
    ledger.mark_landed(engine, Q4, "cam-lam", extracted_at=examples.READ_AT, attempt=attempt, **said)  # type: ignore[arg-type]


def validated(engine: Engine, attempt: int) -> None:
    ledger.mark_validated(engine, Q4, "cam-lam", accepted=1, quarantined=0, attempt=attempt)


def loaded(engine: Engine, attempt: int) -> None:
    examples.replace(engine, "cam-lam", examples.facts(CAM_LAM).iloc[:0], attempt=attempt)


def checked(engine: Engine, attempt: int) -> None:
    found = {"findings": examples.findings().iloc[:0], "rejected": examples.rejected().iloc[:0]}
    store.replace_checks(engine, period_id=Q4, source_id="cam-lam", attempt=attempt, **found)


def failed(engine: Engine, attempt: int) -> None:
    ledger.mark_failed(engine, Q4, "cam-lam", kind="bug", error="cũ", advice="", attempt=attempt)


@pytest.mark.parametrize("write", [landed, validated, loaded, checked, failed])
def test_an_attempt_that_is_over_writes_no_more(engine: Engine, write: Write) -> None:
    examples.load(engine, "cam-lam", CAM_LAM)
    old = ledger.begin_attempt(engine, Q4, "cam-lam", from_landing=True)
    ledger.begin_attempt(engine, Q4, "cam-lam", from_landing=True)
    ledger.mark_validated(engine, Q4, "cam-lam", accepted=40, quarantined=2, attempt=old + 1)
    stood = ledger.partition(engine, Q4, "cam-lam"), ledger.history(engine, Q4, "cam-lam")
    with pytest.raises(AttemptOver, match="một tiến trình khác đã bắt đầu xử lý lại"):
        write(engine, old)
    assert stood == (ledger.partition(engine, Q4, "cam-lam"), ledger.history(engine, Q4, "cam-lam"))
    assert not read.rejected(engine, Q4, "cam-lam").empty
    examples.replace(engine, "cam-lam", examples.facts(CAM_LAM), attempt=old + 1)
    assert ledger.partition(engine, Q4, "cam-lam").state is PartitionState.LOADED


def test_one_process_works_on_a_source(postgres_database: str) -> None:
    engine = open_warehouse(postgres_database)
    with python(HOLD, postgres_database) as holder:
        assert said(holder) == "held"
        assert worked_on(engine, Q4, ["cam-lam", "cam-ranh"]) == {"cam-lam": holder.pid}
        held = partition_going_on(engine, Q4, "cam-lam")
        assert held is not None
        assert f"nguồn cam-lam đang được một tiến trình khác xử lý: tiến trình {holder.pid} trên máy" in held.cause
        with (
            pytest.raises(UsageError, match=f"tiến trình {holder.pid} trên máy"),
            partition_lock(engine, Q4, "cam-lam", patience=0.1),
        ):
            pass
        with partition_lock(engine, Q4, "cam-ranh", patience=0):
            assert set(worked_on(engine, Q4, ["cam-lam", "cam-ranh"])) == {"cam-lam", "cam-ranh"}
        holder.kill()
        with partition_lock(engine, Q4, "cam-lam", patience=20):
            assert partition_going_on(engine, Q4, "cam-lam") is not None
    assert worked_on(engine, Q4, ["cam-lam"]) == {}


def test_the_second_waits_for_the_first(postgres_database: str) -> None:
    engine = open_warehouse(postgres_database)
    with python(HOLD, postgres_database) as holder:
        assert said(holder) == "held"
        go_on(holder)
        with partition_lock(engine, Q4, "cam-lam", patience=20):
            pass


def test_a_run_is_told_from_the_next_one_of_the_same_period(postgres_database: str) -> None:
    engine = open_warehouse(postgres_database)
    assert session_of(engine, Q4) == ""
    with run_lock(engine, Q4):
        first = session_of(engine, Q4)
        assert first == session_of(engine, Q4) != ""
    with run_lock(engine, Q4):
        assert session_of(engine, Q4) not in {"", first}
