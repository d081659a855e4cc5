"""One run of a quarter at a time; the lock ends with its process, however that ends."""

from __future__ import annotations

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine

from contracts.errors import UsageError
from tests.servers import DATABASE, PostgresServer
from tests.servers.wire import wire
from tests.warehouse.examples import Q4
from tests.warehouse.processes import go_on, python, said
from warehouse.database import open_warehouse
from warehouse.locks import run_lock, session_behind, session_of

HOLD = """
import sys
from warehouse.database import open_warehouse
from warehouse.locks import run_lock
with run_lock(open_warehouse(sys.argv[1]), sys.argv[2]):
    print("held", flush=True)
    sys.stdin.readline()
print("let go", flush=True)
sys.stdin.readline()
"""

HOLD_WITH_A_WORKER = """
import os, sys
from warehouse.database import open_warehouse
from warehouse.locks import run_lock
with run_lock(open_warehouse(sys.argv[1]), sys.argv[2]):
    worker = os.fork()
    if worker:
        print(worker, flush=True)
    sys.stdin.readline()
"""


def test_a_second_run_is_told_who_is_running(url: str, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCHC_NOW", "2024-12-16T08:05:00+07:00")
    with python(HOLD, url, Q4) as other:
        assert said(other) == "held"
        with pytest.raises(UsageError) as refused, run_lock(engine, Q4):
            pytest.fail("the lock was given twice")
        assert f"kỳ {Q4} đang được một lượt chạy khác xử lý" in refused.value.cause
        assert f"tiến trình {other.pid} trên máy {socket.gethostname()}, từ " in refused.value.cause
        assert "chờ lượt đó xong rồi chạy lại" in refused.value.advice
        go_on(other)
        assert said(other) == "let go"
        with run_lock(engine, Q4):
            pass


def test_who_is_patient_waits_for_the_other_one(url: str, engine: Engine) -> None:
    """The schedule: somebody made a quality page at six in the morning."""
    with python(HOLD, url, Q4) as other, ThreadPoolExecutor(1) as threads:
        assert said(other) == "held"
        with pytest.raises(UsageError), run_lock(engine, Q4, patience=0.6):
            pytest.fail("the lock was given twice")
        going = threads.submit(go_on, other)
        with run_lock(engine, Q4, patience=60):
            assert said(other) == "let go"
        going.result()


def test_since_when_the_other_one_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCHC_NOW", "2024-12-16T01:05:00+00:00")
    url = f"sqlite:///{tmp_path}/w.sqlite"
    engine = open_warehouse(url)
    with python(HOLD, url, Q4) as other:
        said(other)
        with pytest.raises(UsageError, match="từ 08:05 ngày 16/12/2024"), run_lock(engine, Q4):
            pass


def test_another_quarter_may_run_meanwhile(url: str, engine: Engine) -> None:
    with python(HOLD, url, Q4) as other:
        assert said(other) == "held"
        with run_lock(engine, "2024Q3"), run_lock(engine, "2018-01-01..2018-07-31"), run_lock(engine, "../Q4"):
            pass


def test_a_killed_run_leaves_no_lock(url: str, engine: Engine) -> None:
    with python(HOLD, url, Q4) as other:
        assert said(other) == "held"
        other.kill()
        other.wait()
    take(engine, within_seconds=20)


def take(engine: Engine, *, within_seconds: float) -> None:
    """A server learns of a client's death when it reads from the socket again: at once, but not in this instant."""
    deadline = time.monotonic() + within_seconds
    while True:
        try:
            with run_lock(engine, Q4):
                return
        except UsageError:
            if time.monotonic() > deadline:
                raise


def test_a_worker_that_outlives_its_killed_run_holds_no_lock(tmp_path: Path) -> None:
    """Workers forked by a run inherit its open files, but not this lock."""
    url = f"sqlite:///{tmp_path}/w.sqlite"
    engine = open_warehouse(url)
    with python(HOLD_WITH_A_WORKER, url, Q4) as run:
        worker = int(said(run))
        run.kill()
        run.wait()
        assert Path(f"/proc/{worker}").exists(), "the worker still waits for its next line"
        with run_lock(engine, Q4):
            pass


def test_threads_of_one_process_are_told_apart(engine: Engine) -> None:
    def take_too() -> None:
        with run_lock(engine, Q4):
            pytest.fail("the lock was given twice")

    with run_lock(engine, Q4), ThreadPoolExecutor(1) as threads:
        with pytest.raises(UsageError, match="đang được một lượt chạy khác xử lý: tiến trình"):
            threads.submit(take_too).result()
        with pytest.raises(UsageError):
            take_too()
    with run_lock(engine, Q4):
        pass


def test_an_error_within_lets_go(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), run_lock(engine, Q4):
        raise ZeroDivisionError
    with run_lock(engine, Q4):
        pass


def test_a_holder_without_a_note(tmp_path: Path) -> None:
    """A run that was killed before it wrote who it is, and another one that holds the file."""
    from warehouse.filelock import file_lock

    engine = open_warehouse(f"sqlite:///{tmp_path}/w.sqlite")
    with (
        file_lock(tmp_path / f"w.{Q4}.run.lock", note="", wait=False),
        pytest.raises(UsageError, match="một lượt chạy khác xử lý → chờ"),
        run_lock(engine, Q4),
    ):
        pass


def test_a_run_whose_session_is_cut_ends_well(postgres: PostgresServer, postgres_database: str) -> None:
    engine = open_warehouse(postgres_database)
    with run_lock(engine, Q4):
        postgres.cut_sessions(str(engine.url.database))
    with run_lock(engine, Q4):
        pass


def test_a_run_whose_session_is_cut_takes_its_lock_again(postgres: PostgresServer, postgres_database: str) -> None:
    engine = open_warehouse(postgres_database)
    with run_lock(engine, Q4) as alone:
        postgres.cut_sessions(DATABASE)
        alone()
        with python(HOLD, postgres_database, Q4) as other:
            assert "đang được một lượt chạy khác xử lý" in said(other), "it is held again"


def test_a_run_goes_no_further_where_another_one_took_its_lost_lock(
    postgres: PostgresServer, postgres_database: str
) -> None:
    engine = open_warehouse(postgres_database)
    with run_lock(engine, Q4) as alone:
        postgres.cut_sessions(DATABASE)
        with python(HOLD, postgres_database, Q4) as other:
            assert said(other) == "held"
            with pytest.raises(UsageError) as refused:
                alone()
            assert f"tiến trình {other.pid}" in refused.value.cause


def test_a_run_knows_its_own_session_from_that_of_another_one_that_took_its_lost_lock(
    postgres: PostgresServer, postgres_database: str
) -> None:
    """It would take what that one gives out for its own."""
    engine = open_warehouse(postgres_database)
    with run_lock(engine, Q4) as alone:
        first = session_behind(alone)
        assert first == session_of(engine, Q4) != ""
        postgres.cut_sessions(DATABASE)
        with python(HOLD, postgres_database, Q4) as other:
            assert said(other) == "held"
            assert session_behind(alone) == first != session_of(engine, Q4) != ""
            other.kill()
            other.wait()
            take(engine, within_seconds=20)
        alone()
        assert session_behind(alone) == session_of(engine, Q4) not in {"", first}


def test_a_warehouse_in_a_file_has_no_sessions(tmp_path: Path) -> None:
    with run_lock(open_warehouse(f"sqlite:///{tmp_path}/w.sqlite"), Q4) as alone:
        assert session_behind(alone) == ""


def test_a_session_that_the_server_still_believes_in_is_ended(postgres: PostgresServer, postgres_database: str) -> None:
    """A cut wire that the server has not noticed: the lock would be our own, and nobody's."""
    user, port = postgres.user, postgres.port
    with wire(port) as line:
        engine = open_warehouse(f"postgresql+psycopg://{user}@127.0.0.1:{line.port}/{DATABASE}")
        with run_lock(engine, Q4) as alone:
            line.cut_for_clients()
            alone()
    with run_lock(open_warehouse(postgres_database), Q4):
        pass
