"""The demonstration with PostgreSQL, S3 and two workers of one pool, each on a machine of its own, gives what it gives
with SQLite, local files and one process: every fact, indicator, finding and rejected row, and the province's report to
the byte; whatever is killed on the way."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from contracts.codes import PartitionState
from contracts.settings import Settings
from flows.distribution import ENDED
from storage import finished
from tests.quarter.command import Office
from tests.quarter.moved import province
from tests.quarter.pool import began_by, kill_all, wait_for, worker
from tests.servers import PostgresServer, postgres  # noqa: F401  fixtures
from tests.servers.s3 import BUCKET, S3Server, s3, s3_server  # noqa: F401  fixtures
from tests.servers.work_pool import running_prefect
from warehouse import ledger, runs
from warehouse.database import open_warehouse, reading, writing
from warehouse.dumps import dump, rows_in
from warehouse.layouts import layout_of
from warehouse.locks import worked_on
from warehouse.refill import build, fill
from warehouse.upgrade import HEAD

PERIOD = "2024Q4"
DATABASES = "two_workers", "two_workers_prefect"


def test_two_workers_give_what_one_process_gives(
    khanh_hoa: Office,
    after_q3: Office,
    postgres: PostgresServer,  # noqa: F811
    s3: S3Server,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A run of the schedule is lost in a power cut, Prefect's server with it. The next one has its place in the pool,
    works with a worker that has room for nothing beside it, loses the other worker on the way, and then the server."""
    for database in DATABASES:
        postgres.create(database)
    warehouse, prefect = map(postgres.url, DATABASES)
    pooled = {
        "CCHC_WAREHOUSE_URL": warehouse,
        "CCHC_STORE": f"s3://{BUCKET}/kho",
        "CCHC_STORE_ENDPOINT": s3.endpoint,
        "CCHC_SECRET_STORE_ACCESS_KEY": s3.access_key,
        "CCHC_SECRET_STORE_SECRET_KEY": s3.secret_key,
        "CCHC_SYSTEMS": str(after_q3.systems),
        "CCHC_PARTITIONS": "pool",
        "CCHC_POOL_PATIENCE": "45",  # a busy machine needs half a minute to begin a worker and its process
    }
    alone = province(tmp_path / "configured", unit_reports=False)  # the other reports show the same figures
    office = replace(after_q3, home=tmp_path / "one", province=str(alone), settings=pooled)
    engine = in_postgresql(after_q3, warehouse)
    in_store(after_q3, office, monkeypatch)
    at_server = replace(office, home=tmp_path / "at-server").environment
    with running_prefect(tmp_path / "server", prefect, at_server) as server, watched(engine) as at_work:
        machine = replace(office, settings={**pooled, "PREFECT_API_URL": server.api})
        lost = server.start_run("quarter/quarter")
        with worker(machine, tmp_path / "before", "--limit", "2") as before:
            kill_all(before, when=lambda: at_work.is_busy("before"))
        at_work.forget()
        server.kill()
        server.start()
        assert server.state_of(lost)[0] == "RUNNING", "Prefect has not noticed"
        run = server.start_run("quarter/quarter")
        with worker(machine, tmp_path / "one", "--limit", "1"):
            wait_for(lambda: server.state_of(run)[1] == "AwaitingConcurrencySlot")
            with worker(machine, tmp_path / "other", "--limit", "2", "--sources-only") as other:
                server.let_leases_run_out()
                kill_all(other, when=lambda: bool(at_work.loaded("other")) and at_work.is_busy("other"))
            server.kill()
            wait_for(lambda: runs.runs(engine, PERIOD)[-1].ended_at is not None, seconds=600)
    assert [(one.ended_at is None, one.exit_code) for one in runs.runs(engine, PERIOD)] == [(True, None), (False, 0)]
    assert at_work.loaded("one")
    assert at_work.loaded("other")
    for what in ("facts", "indicators", "findings", "rejected"):
        assert office.export(PERIOD, what).read_bytes() == khanh_hoa.export(PERIOD, what).read_bytes(), what
    printed, once = (Path(one.report(PERIOD)["path"]).read_bytes() for one in (office, khanh_hoa))
    assert printed == once
    assert "tiến trình xử lý đã dừng giữa chừng; giao lại" in told(engine)


def in_store(before: Office, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """What lies on the machine before, for all the others."""
    for name, value in {**office.settings, "CCHC_HOME": str(before.home)}.items():
        monkeypatch.setenv(name, value)
    place = before.home / "khanh-hoa"
    for file in sorted(path for path in (place / "counted").rglob("*") if path.is_file()):
        finished.keep_sealed(file)
    for folder in ("landing", "reports"):
        finished.keep(*sorted(path for path in (place / folder).rglob("*") if path.is_file()))


def told(engine: Engine) -> set[str]:
    """Everything that the ledger's history says of the period."""
    sources = [p.source_id for p in ledger.partitions(engine, PERIOD)]
    return {event.detail for source_id in sources for event in ledger.history(engine, PERIOD, source_id)}


def in_postgresql(office: Office, url: str) -> Engine:
    """The office's warehouse in an empty database."""
    there, here = open_warehouse(Settings(home=office.home).database_url("khanh-hoa")), open_warehouse(url)
    with reading(there) as source, writing(here) as target:
        build(target, HEAD)
        for table in layout_of(HEAD):
            rows = io.BytesIO()
            dump(source, table, rows)
            rows.seek(0)
            fill(target, table, rows_in(rows, table))
    return here


class AtWork:
    """Which worker's processes have begun which sources, by names of the workers' homes."""

    def __init__(self, engine: Engine) -> None:
        self._so_far: dict[str, set[str]] = {}
        self._engine, self._attempts = engine, dict[str, int]()
        self._sources = [p.source_id for p in ledger.partitions(engine, "2024Q3")]

    def look(self) -> None:
        begun = {p.source_id for p in self._known() if p.attempt > self._attempts.get(p.source_id, 0)}
        for home, sources in self._now().items():
            self._so_far.setdefault(home, set()).update(sources & begun)

    def is_busy(self, home: str) -> bool:
        """Whether one of its processes has begun a source and is not done with it."""
        left = {p.source_id for p in self._known() if p.state not in ENDED}
        begun = {p.source_id for p in self._known() if p.attempt > self._attempts.get(p.source_id, 0)}
        return bool(self._now().get(home, set()) & left & begun)

    def loaded(self, home: str) -> set[str]:
        """The sources that it worked on and whose figures stand."""
        stand = {p.source_id for p in self._known() if p.state is PartitionState.LOADED}
        return stand & self._so_far.get(home, set())

    def forget(self) -> None:
        """What was begun until now counts as begun by nobody."""
        self._attempts = {p.source_id: p.attempt for p in self._known()}
        self._so_far.clear()

    def _now(self) -> dict[str, set[str]]:
        now: dict[str, set[str]] = {}
        for source_id, pid in worked_on(self._engine, PERIOD, self._sources).items():
            now.setdefault(began_by(pid), set()).add(source_id)
        return now

    def _known(self) -> list[ledger.Partition]:
        return ledger.partitions(self._engine, PERIOD)


@contextmanager
def watched(engine: Engine) -> Iterator[AtWork]:
    """Looks as often as it can while the block runs."""
    at_work, over = AtWork(engine), threading.Event()

    def look() -> None:
        while not over.wait(0.05):
            at_work.look()

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield at_work
    finally:
        over.set()
        thread.join()
