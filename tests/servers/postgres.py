"""A PostgreSQL cluster for tests."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.servers.process import START_SECONDS, command, free_port, give_to_unprivileged, run

DATABASE = "cchc_test"
_SETTINGS: Mapping[str, object] = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",  # nothing of this has to survive a power cut
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
}


@dataclass(frozen=True)
class PostgresServer:
    """A cluster in a temporary folder; its superuser needs no password, and loopback alone reaches it."""

    port: int
    user: str
    folder: Path
    process: subprocess.Popen[bytes]

    def url(self, database: str) -> str:
        """SQLAlchemy URL of one of its databases."""
        return f"postgresql+psycopg://{self.user}@127.0.0.1:{self.port}/{database}"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(host="127.0.0.1", port=self.port, user=self.user, dbname=database, autocommit=True)

    def create(self, database: str) -> None:
        """A new database that sorts text the Vietnamese way, so that byte order is not given."""
        create = sql.SQL("CREATE DATABASE {} TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'vi-VN'")
        with self.connect() as connection:
            connection.execute(create.format(sql.Identifier(database)))

    def cut_sessions(self, database: str) -> None:
        """End every session in that database, as a restart of the server or a cut cable would."""
        query = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s"
        with self.connect() as connection:
            connection.execute(query, [database])

    def crash(self) -> None:
        """One of its processes dies, as where memory runs out: every session of every database ends, and the server
        recovers and is there again."""
        with self.connect() as connection:
            os.kill(connection.info.backend_pid, signal.SIGKILL)

    def empty(self, database: str) -> None:
        """Back to nothing: a tenth of the time of another database."""
        self.cut_sessions(database)
        with self.connect(database) as connection:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A running PostgreSQL, started when first asked for."""
    with running_postgres() as server:
        server.create(DATABASE)
        yield server


@contextmanager
def running_postgres(*, settings: Mapping[str, object] | None = None) -> Iterator[PostgresServer]:
    """A cluster of its own, with these settings over those below; for tests, and for benchmarks."""
    programs = _postgres_programs()
    folder = Path(tempfile.mkdtemp(prefix="cchc-postgres-"))
    user = give_to_unprivileged(folder)
    run([programs / "initdb", "-D", folder / "data", "-U", user, "-A", "trust", "-E", "UTF8", "--locale=C", "-N"])
    port = free_port()
    server = PostgresServer(
        port, user, folder, _start(programs, folder, {**_SETTINGS, **(settings or {}), "port": port})
    )
    try:
        _wait_until_ready(server, folder / "log")
        yield server
    finally:
        server.process.send_signal(signal.SIGINT)  # SIGTERM would wait for every client to leave
        server.process.wait(START_SECONDS)
        shutil.rmtree(folder)


@pytest.fixture
def postgres_database(postgres: PostgresServer) -> str:
    """URL of a database that is empty when the test begins."""
    postgres.empty(DATABASE)
    return postgres.url(DATABASE)


def _postgres_programs() -> Path:
    """Folder of initdb and postgres: Debian's newest, or where the PATH has them. No server, no test: it fails."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    on_path = shutil.which("initdb")
    if not debian and on_path is None:
        pytest.fail("PostgreSQL is missing: apt-get install postgresql", pytrace=False)
    return debian[-1].parent if debian else Path(str(on_path)).resolve().parent


def _start(programs: Path, folder: Path, settings: Mapping[str, object]) -> subprocess.Popen[bytes]:
    placed = {**settings, "unix_socket_directories": folder}
    options = [part for name, value in placed.items() for part in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        started = command([programs / "postgres", "-D", folder / "data", *options])
        return subprocess.Popen(started, cwd="/", stdout=log, stderr=log)


def _wait_until_ready(server: PostgresServer, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while server.process.poll() is None and time.monotonic() < deadline:
        try:
            server.connect().close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    server.process.kill()
    pytest.fail(f"PostgreSQL did not start:\n{log.read_text(encoding='utf-8')[-2000:]}", pytrace=False)
