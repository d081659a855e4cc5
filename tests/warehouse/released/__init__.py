"""Warehouses as released versions left them: `<version>.sql.gz` of SQLite, `<version>.postgresql.sql.gz`. They hold
statements of the databases themselves, which no code of ours reads or writes.

Each release adds its own, made before it is tagged and never touched again: python -m tests.warehouse.released VERSION
Until a version is released its pair is made anew whenever a migration of it changes, and once more before the release,
which must be at the newest one: setup/release refuses a pair that is not, or is not whole."""

from __future__ import annotations

import gzip
import sqlite3
import subprocess
from pathlib import Path

from tests.servers import PostgresServer
from tests.servers.postgres import _postgres_programs

FOLDER = Path(__file__).parent


def versions() -> list[str]:
    names = (path.name.removesuffix(".sql.gz") for path in FOLDER.glob("*.sql.gz"))
    return sorted(name for name in names if not name.endswith(".postgresql"))


def load_sqlite(version: str, file: Path) -> None:
    script = gzip.decompress((FOLDER / f"{version}.sql.gz").read_bytes()).decode()
    with sqlite3.connect(file) as database:
        database.executescript(script)
    database.close()


def load_postgresql(version: str, server: PostgresServer, database: str) -> None:
    script = gzip.decompress((FOLDER / f"{version}.postgresql.sql.gz").read_bytes())
    quiet = ("-q", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null")
    run("psql", server, database, *quiet, given=script)


def run(program: str, server: PostgresServer, database: str, *words: str, given: bytes | None = None) -> bytes:
    """One of PostgreSQL's own programs."""
    where = ("-h", "127.0.0.1", "-p", str(server.port), "-U", server.user, "-d", database)
    command = [str(_postgres_programs() / program), *where, *words]
    return subprocess.run(command, input=given, stdout=subprocess.PIPE, check=True).stdout
