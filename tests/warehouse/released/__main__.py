"""python -m tests.warehouse.released VERSION: keeps today's warehouse as that version's, with real figures of one
source and a few rows in every table."""

from __future__ import annotations

import gzip
import io
import os
import re
import sqlite3
import sys
import tempfile
from pathlib import Path

from sqlalchemy import Engine

from tests.quarter.command import Office
from tests.quarter.moved import province
from tests.servers.postgres import DATABASE, running_postgres
from tests.warehouse.every_table import put_a_row_into_every_table
from tests.warehouse.released import FOLDER, run
from warehouse import dumps, refill
from warehouse.database import open_unchanged, open_warehouse, reading, writing
from warehouse.layouts import layout_of
from warehouse.upgrade import HEAD

PERIOD, SOURCE = "2024Q4", "khanh-son"
LOCAL = re.compile(rb"(?m)^(-- Dumped .*|\\(un)?restrict .*)\n")
"""Lines of a dump that are of one machine, or of one time."""


def main(version: str) -> None:
    with tempfile.TemporaryDirectory(prefix="cchc-released-") as place:
        engine = _filled(Path(place))
        _keep(f"{version}.sql.gz", _sqlite_statements(Path(str(engine.url.database))))
        with running_postgres() as server:
            server.create(DATABASE)
            _copied(engine, open_unchanged(server.url(DATABASE)))
            said = run("pg_dump", server, DATABASE, "--no-owner", "--no-privileges")
            _keep(f"{version}.postgresql.sql.gz", LOCAL.sub(b"", said))


def _filled(place: Path) -> Engine:
    """A province of one small source, run as it is, and generic rows beside its own."""
    office = Office(place / "home", province=str(province(place / "configured", unit_reports=False)))
    for folder in (Path(office.province) / "sources").iterdir():
        if folder.name != SOURCE:
            _remove(folder)
    office.cchc("demo", "build")
    office.cchc("run", PERIOD)
    engine = open_warehouse(f"sqlite:///{place}/home/khanh-hoa/warehouse.sqlite")
    with writing(engine) as connection:
        for number in (1001, 1002, 1003):
            put_a_row_into_every_table(connection, number)
    return engine


def _remove(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()


def _sqlite_statements(file: Path) -> bytes:
    with sqlite3.connect(file) as database:
        lines = list(database.iterdump())
    database.close()
    return "\n".join(lines).encode() + b"\n"


def _copied(engine: Engine, to: Engine) -> None:
    with reading(engine) as connection, writing(to) as target:
        refill.build(target, HEAD)
        with refill.triggers_aside(target):
            for table in layout_of(HEAD):
                out = io.BytesIO()
                dumps.dump(connection, table, out)
                refill.fill(target, table, dumps.rows_in(io.BytesIO(out.getvalue()), table))


def _keep(name: str, statements: bytes) -> None:
    path = FOLDER / name
    path.write_bytes(gzip.compress(statements, mtime=0))
    print(f"{path.relative_to(Path.cwd())}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    os.environ |= {"CCHC_NOW": "2024-12-16T08:00:00+07:00"}
    main(sys.argv[1])
