"""Extraction of 300,000 dossiers, and of a million, from a MariaDB table of 26 columns to a Parquet file on the disk.

Ours reads the 15 columns that are mapped, as text, counts them and lands them with checksums. The obvious way and
the peers read the table as it is; the limit drains, with the bare driver's socket, what the server sends of the same
15 columns, and looks at nothing. DuckDB's scanner of MySQL is not on PyPI.
"""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pymysql
from pymysql.cursors import SSCursor

from benchmarks.measure import Measured, Result, side_by_side
from contracts.columns import DOSSIER_COLUMNS
from contracts.periods import parse_period
from contracts.source_config import ColumnMap, SourceConfig, TableMap
from contracts.table_spec import SqlConnection, SqlTable
from sources.landing import land

if TYPE_CHECKING:
    from tests.servers.mariadb import MariadbServer

ROWS = 300_000
MORE_ROWS = 1_000_000
PERIOD = parse_period("2024Q4")
DATABASE = READER = "mot_cua"
MAPPED = tuple(c.name for c in DOSSIER_COLUMNS)
UNMAPPED = tuple(f"personal_{n}" for n in range(26 - len(MAPPED)))
_DAY = "TIMESTAMP('2024-09-15') + INTERVAL (seq * 7919 + {n}) % 7776000 SECOND"
TYPES = {
    "status": ("TINYINT", "1 + seq * 31 % 10"),
    "channel": ("TINYINT", "1 + seq * 17 % 3"),
    "service_level": ("INT", "2 + seq % 3"),
    "linked": ("BOOLEAN", "seq % 11 = 0"),
    "fee_due": ("BOOLEAN", "seq % 3 = 0"),
    "paid_online": ("BOOLEAN", "seq % 5 = 0"),
    "dossier_code": ("VARCHAR(40)", "CONCAT('H32.30.05-241015-', LPAD(seq, 7, '0'))"),
    "received_date": ("DATETIME", _DAY.format(n=0)),
    "due_date": ("DATETIME", _DAY.format(n=1)),
    "end_date": ("DATETIME", f"IF(seq % 9 = 0, NULL, {_DAY.format(n=2)})"),
    "returned_date": ("DATETIME", f"IF(seq % 7 = 0, NULL, {_DAY.format(n=3)})"),
    "deleted_date": ("DATETIME", "NULL"),
}


def run() -> list[Result]:
    from tests.servers.mariadb import mariadb_server  # not in what is measured

    with mariadb_server() as server:
        server.account(READER, READER, f"SELECT ON {DATABASE}.*")
        return [_measured(server, ROWS), _measured(server, MORE_ROWS, ways=("ours", "limit"))]


WAYS = ("ours", "obvious", "pymysql_rows", "connectorx", "dlt", "limit")


def _measured(server: MariadbServer, rows: int, *, ways: tuple[str, ...] = WAYS) -> Result:
    write(server, rows)
    calls = {way: f"{__name__}:{way}" for way in ways}
    with TemporaryDirectory() as folder:
        found: dict[str, Measured] = side_by_side(calls, folder, server.port)
    if {one.answer for one in found.values()} != {rows}:
        raise AssertionError(f"the ways differ: {found}")
    names = {"pymysql_rows": "PyMySQL", "connectorx": "ConnectorX", "dlt": "dlt"}
    return Result(
        stage="extract",
        case=f"MariaDB, {rows:,} rows",
        ours_s=found["ours"].seconds,
        ours_peak_mb=found["ours"].peak_mb,
        obvious_s=found["obvious"].seconds if "obvious" in found else None,
        peers={name: found[way].seconds for way, name in names.items() if way in found},
        limit_s=found["limit"].seconds,
    )


def ours(folder: str, port: int) -> int:
    os.environ.update(CCHC_HOME=folder, CCHC_SECRET_BENCH_USER=READER, CCHC_SECRET_BENCH_PASSWORD=READER)
    with TemporaryDirectory(dir=folder) as root:
        return land(_source(port), PERIOD, root=Path(root)).rows["dossiers"]


def obvious(folder: str, port: int) -> int:
    """pandas.read_sql of the table, then to_parquet."""
    import pandas as pd
    from sqlalchemy import create_engine

    with create_engine(_url("mysql+pymysql", port)).connect() as connection:
        frame = pd.read_sql("SELECT * FROM HoSo", connection)
    frame.to_parquet(Path(folder, "obvious.parquet"))
    return len(frame)


def pymysql_rows(folder: str, port: int) -> int:
    """Every row of the table as a tuple of Python objects, with the driver that ours uses, and kept nowhere."""
    with _connect(port) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT * FROM HoSo")
        return len(cursor.fetchall())


def connectorx(folder: str, port: int) -> int:
    """The table to Arrow, then to Parquet."""
    import connectorx as cx

    table = cx.read_sql(_url("mysql", port), "SELECT * FROM HoSo", return_type="arrow")
    pq.write_table(table, Path(folder, "connectorx.parquet"))
    return int(table.num_rows)


def dlt(folder: str, port: int) -> int:
    """The table through dlt's SQL source with its Arrow rows, and its loader of Parquet files."""
    import dlt as peer
    from dlt.sources.sql_database import sql_table

    os.environ.update(DLT_DATA_DIR=folder, RUNTIME__DLTHUB_TELEMETRY="false", RUNTIME__LOG_LEVEL="CRITICAL")
    with TemporaryDirectory(dir=folder) as home:
        destination = peer.destinations.filesystem(bucket_url=Path(home, "out").as_uri())
        pipeline = peer.pipeline("bench", pipelines_dir=home, destination=destination, dataset_name="bench")
        table = sql_table(_url("mysql+pymysql", port), table="HoSo", backend="pyarrow", chunk_size=50_000)
        pipeline.run(table, loader_file_format="parquet")
        files = [pq.read_metadata(path).num_rows for path in Path(home, "out", "bench", "ho_so").glob("*.parquet")]
    return sum(files)


def limit(folder: str, port: int) -> int:
    """What the server sends of the mapped columns, received and forgotten; only its count is asked for."""
    connection: Any = _connect(port)
    with connection, connection.cursor() as counting:
        counting.execute("SELECT count(*) FROM HoSo")
        [[rows]] = counting.fetchall()
        cursor = SSCursor(connection)  # kept: PyMySQL reads a cursor out that is thrown away
        cursor.execute(f"SELECT {', '.join(MAPPED)} FROM HoSo")
        last = bytes(9)
        while last[-9:-6] != b"\x05\x00\x00" or last[-5] != 0xFE:  # the packet that says the end
            last = last[-9:] + connection._rfile.read1(1 << 18)
        connection._result.unbuffered_active = False
    return int(rows)


def write(server: MariadbServer, rows: int) -> None:
    """The table: codes, moments to the second, and eleven columns of which nobody may read any."""
    columns = {name: TYPES.get(name, ("VARCHAR(40)", f"CONCAT('{name} ', seq * 7 % 200)")) for name in MAPPED}
    columns |= {name: ("VARCHAR(80)", f"CONCAT('{name} của người số ', seq)") for name in UNMAPPED}
    declared = ", ".join(f"{name} {kind}" for name, (kind, _) in columns.items())
    values = ", ".join(value for _, value in columns.values())
    server.empty(DATABASE)
    server.run(
        f"CREATE TABLE HoSo (id INT AUTO_INCREMENT PRIMARY KEY, {declared})",
        f"INSERT INTO HoSo SELECT seq, {values} FROM seq_1_to_{rows}",
        "ALTER TABLE HoSo DROP COLUMN id",
        "ANALYZE TABLE HoSo",
        database=DATABASE,
    )


def _connect(port: int) -> pymysql.Connection[Any]:
    return pymysql.connect(
        host="127.0.0.1", port=port, user=READER, password=READER, database=DATABASE, charset="utf8mb4"
    )


def _url(driver: str, port: int) -> str:
    return f"{driver}://{READER}:{READER}@127.0.0.1:{port}/{DATABASE}"


def _source(port: int) -> SourceConfig:
    columns = tuple(ColumnMap(c, c.name, "iso") for c in DOSSIER_COLUMNS)
    return SourceConfig(
        id="bench",
        name="bench",
        kind="mariadb",
        address=f"mariadb://127.0.0.1:{port}/{DATABASE}",
        units=(),
        contact="",
        timeout_seconds=60,
        folder=Path(),
        tables={"dossiers": TableMap("dossiers", SqlTable(from_="HoSo"), columns)},
        status_map={},
        channel_map={},
        unit_map={},
        secret="bench",
        connection=SqlConnection(tls="off"),
    )
