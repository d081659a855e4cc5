"""A MariaDB server for tests and benchmarks."""

from __future__ import annotations

import atexit
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pymysql
import pytest

from tests.servers.process import START_SECONDS, command, free_port, give_to_unprivileged, run

ADMIN = "quan_tri"
ADMIN_PASSWORD = "chi-de-thu"


@dataclass(frozen=True)
class MariadbServer:
    """A server in a temporary folder; loopback alone reaches it. ADMIN may do everything."""

    port: int
    process: subprocess.Popen[bytes]

    def address(self, database: str) -> str:
        """As a source.toml has it."""
        return f"mariadb://127.0.0.1:{self.port}/{database}"

    def connect(
        self, database: str | None = None, *, user: str = ADMIN, password: str = ADMIN_PASSWORD
    ) -> pymysql.Connection[Any]:
        return pymysql.connect(
            host="127.0.0.1",
            port=self.port,
            user=user,
            password=password.encode(),  # PyMySQL would take the text for Latin-1
            database=database,
            charset="utf8mb4",
            autocommit=True,
            connect_timeout=START_SECONDS,
            ssl_disabled=True,  # else the machine's authorities are read at every connection
        )

    def run(self, *statements: str, database: str | None = None) -> list[tuple[Any, ...]]:
        """These statements as ADMIN; the rows of the last one."""
        with self.connect(database) as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            return list(cursor.fetchall())

    def insert(self, database: str, table: str, rows: Sequence[Sequence[Any]]) -> None:
        marks = ", ".join(["%s"] * len(rows[0]))
        with self.connect(database) as connection, connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)

    def empty(self, database: str) -> None:
        """The database, with nothing in it; made if it was not there."""
        self.run(f"DROP DATABASE IF EXISTS `{database}`", f"CREATE DATABASE `{database}` CHARACTER SET utf8mb4")

    def account(self, name: str, password: str, *grants: str) -> None:
        """An account with these rights («SELECT ON db.*») and no other."""
        made = [f"DROP USER IF EXISTS `{name}`", f"CREATE USER `{name}` IDENTIFIED BY '{password}'"]
        self.run(*made, *(f"GRANT {grant} TO `{name}`" for grant in grants))

    def wait_for(self, query: str, answer: object) -> None:
        """Until the query gives that one value; fails where it never does."""
        deadline = time.monotonic() + START_SECONDS
        while (found := self.run(query)[0][0]) != answer:
            assert time.monotonic() < deadline, f"{query}: {found}"
            time.sleep(0.02)

    def cut_sessions(self, user: str) -> None:
        """End every session of that account, as a restart of the server or a cut cable would."""
        self.run(f"KILL HARD USER `{user}`")


@contextmanager
def mariadb_server(**settings: object) -> Iterator[MariadbServer]:
    """A running server, with these settings over the usual ones («max_connections=3»)."""
    with _folder() as folder:
        install = [_program("mariadb-install-db"), "--no-defaults", f"--datadir={folder / 'data'}"]
        run([*install, "--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve"])
        port = free_port()
        server = MariadbServer(port, _start(folder, port, settings))
        try:
            _wait_until_ready(server, folder / "log")
            yield server
        finally:
            server.process.send_signal(signal.SIGTERM)
            server.process.wait(START_SECONDS)


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="cchc-mariadb-"))
    give_to_unprivileged(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def mariadb() -> MariadbServer:
    """A running MariaDB, started when first asked for."""
    return _shared()


@cache
def _shared() -> MariadbServer:
    """One for all: a fixture that several modules import is set up in each."""
    open_ = ExitStack()
    atexit.register(open_.close)
    return open_.enter_context(mariadb_server())


def _program(name: str) -> str:
    """Debian puts servers where a user's PATH does not look. No server, no test: it fails."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin:/usr/libexec")
    if found is None:
        pytest.fail("MariaDB is missing: apt-get install mariadb-server-core", pytrace=False)
    return found


def _start(folder: Path, port: int, settings: dict[str, object]) -> subprocess.Popen[bytes]:
    admin = folder / "admin.sql"
    admin.write_text(f"GRANT ALL ON *.* TO {ADMIN} IDENTIFIED BY '{ADMIN_PASSWORD}' WITH GRANT OPTION;\n")
    admin.chmod(0o644)
    usual: dict[str, object] = {
        "datadir": folder / "data",
        "port": port,
        "bind_address": "127.0.0.1",
        "socket": folder / "socket",
        "pid_file": folder / "pid",
        "init_file": admin,
        "innodb_flush_log_at_trx_commit": 0,  # nothing of this has to survive a power cut
        "innodb_flush_method": "nosync",
        "innodb_doublewrite": 0,
        "innodb_buffer_pool_size": "128M",
        "innodb_log_file_size": "64M",
        "performance_schema": 0,
        "skip_name_resolve": 1,
    }
    options = [f"--{name}={value}" for name, value in {**usual, **settings}.items()]
    with (folder / "log").open("wb") as log:
        started = command([_program("mariadbd"), "--no-defaults", *options])
        return subprocess.Popen(started, cwd="/", stdout=log, stderr=log)


def _wait_until_ready(server: MariadbServer, log: Path) -> None:
    """Reachable is not enough: the init file has to be through, or ADMIN is not there yet."""
    deadline = time.monotonic() + START_SECONDS
    while server.process.poll() is None and time.monotonic() < deadline:
        try:
            server.connect().close()
        except pymysql.err.OperationalError:
            time.sleep(0.05)
        else:
            return
    server.process.kill()
    pytest.fail(f"MariaDB did not start:\n{log.read_text(encoding='utf-8')[-2000:]}", pytrace=False)
