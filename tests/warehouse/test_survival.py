"""A full disk, a lost connection, a killed writer, a forked worker: told in words, and nothing half written."""

from __future__ import annotations

import os
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from contracts.errors import WarehouseError
from tests.servers import PostgresServer
from tests.warehouse.examples import CAM_LAM, Q4, facts, load, replace
from tests.warehouse.processes import python, said
from tests.warehouse.test_store import many_facts, stored
from warehouse import ledger
from warehouse.database import open_warehouse, reading, writing


def test_a_full_disk_is_told_and_leaves_the_old_facts(tmp_path: Any) -> None:
    engine = open_warehouse(f"sqlite:///{tmp_path}/w.sqlite")
    load(engine, "cam-lam", CAM_LAM)
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA max_page_count = 60"))
    with pytest.raises(WarehouseError, match="ổ đĩa chứa kho dữ liệu đã đầy → giải phóng"):
        replace(engine, "cam-lam", many_facts(20_000))
    assert len(stored(engine)) == 3


def test_a_lost_connection_is_told_and_the_next_step_goes_on(postgres: PostgresServer, postgres_database: str) -> None:
    engine = open_warehouse(postgres_database)
    load(engine, "cam-lam", CAM_LAM)
    with pytest.raises(WarehouseError, match="không kết nối được với kho dữ liệu"), writing(engine) as connection:
        connection.execute(text("DELETE FROM fact"))
        postgres.cut_sessions(str(engine.url.database))
        connection.execute(text("DELETE FROM finding"))
    assert len(stored(engine)) == 3
    postgres.cut_sessions(str(engine.url.database))
    replace(engine, "cam-lam", facts(CAM_LAM).head(1))
    assert len(stored(engine)) == 1


WRITE_AND_WAIT = """
import sys
from sqlalchemy import text
from warehouse.database import open_warehouse, writing
with writing(open_warehouse(sys.argv[1])) as connection:
    connection.execute(text("DELETE FROM fact"))
    print("deleted", flush=True)
    sys.stdin.readline()
"""


def test_a_writer_killed_half_way_leaves_the_old_facts(url: str, engine: Engine) -> None:
    load(engine, "cam-lam", CAM_LAM)
    with python(WRITE_AND_WAIT, url) as writer:
        assert said(writer) == "deleted"
        assert len(stored(engine)) == 3, "readers go on, and see what stood before"
        writer.kill()
        writer.wait()
    assert len(stored(engine)) == 3
    replace(engine, "cam-lam", facts(CAM_LAM).head(1))
    assert len(stored(engine)) == 1


def test_a_forked_worker_has_connections_of_its_own(postgres_database: str) -> None:
    engine = open_warehouse(postgres_database)
    ledger.expect(engine, Q4, ["cam-lam"])
    before = {session(engine) for _ in range(5)}
    receive, send = os.pipe()
    worker = os.fork()
    if not worker:
        os.write(send, str(session(engine)).encode())
        os._exit(0)
    os.waitpid(worker, 0)
    assert int(os.read(receive, 20)) not in before
    assert {session(engine) for _ in range(5)} == before
    os.close(receive)
    os.close(send)


def session(engine: Engine) -> int:
    with reading(engine) as connection:
        return int(connection.scalar(text("SELECT pg_backend_pid()")) or 0)


def test_all_reads_of_one_connection_see_the_same_moment(engine: Engine) -> None:
    load(engine, "cam-lam", CAM_LAM)
    counted = text("SELECT count(*) FROM fact")
    with reading(engine) as connection:
        assert connection.scalar(counted) == 3
        replace(engine, "cam-lam", facts(CAM_LAM).head(1))
        assert connection.scalar(counted) == 3
    assert len(stored(engine)) == 1
