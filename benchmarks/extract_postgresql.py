"""Extraction of 3 million dossiers, and of 300,000, from a PostgreSQL table of 35 columns to Parquet files on the disk.

Ours reads the 15 columns that are mapped, as text, counts them and lands them with checksums. The obvious way and the
peers read the table as it is; the limit drains a binary COPY of the whole table and keeps nothing. DuckDB's scanner is
measured where its extension is installed (duckdb-extension-postgres-scanner). The table has the columns, in the order
and of the types, that a one-stop system gives a dossier: what is read lies among names, numbers, addresses, abstracts,
forms and attachments, of which nobody may read any.
"""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import psycopg
import pyarrow.parquet as pq

from benchmarks.measure import Measured, Result, side_by_side
from contracts.columns import DOSSIER_COLUMNS
from contracts.periods import parse_period
from contracts.source_config import ColumnMap, SourceConfig, TableMap
from contracts.table_spec import SqlConnection, SqlTable
from sources.landing import land

if TYPE_CHECKING:
    from tests.servers.postgres import PostgresServer

ROWS = 3_000_000
FEWER_ROWS = 300_000
PERIOD = parse_period("2024Q4")
DATABASE = "mot_cua"
SETTINGS = {"shared_buffers": "512MB", "max_wal_size": "8GB"}
_SCANNER = "duckdb_extension_postgres_scanner"
_SECOND = "n * {step} % 7776000 * interval '1 second'"
COLUMNS = {
    "dossier_code": ("varchar(40)", "'H32.30.05-241015-' || lpad(n::text, 7, '0')"),
    "procedure_code": ("varchar(20)", "'1.' || lpad((n * 7919 % 400)::text, 6, '0')"),
    "ten_thu_tuc": (
        "text",
        "'Thủ tục đăng ký biến động quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất, loại ' || n * 7919 % 400",
    ),
    "field": ("varchar(200)", "'Lĩnh vực số ' || n * 31 % 60"),
    "ten_linh_vuc": ("text", "'Đất đai, môi trường và tài nguyên nước, nhóm ' || n * 31 % 60"),
    "channel": ("smallint", "1 + n * 5 % 3"),
    "chu_ho_so": ("text", "'Nguyễn Thị Thu Hà ' || n"),
    "loai_doi_tuong": ("smallint", "1 + n % 4"),
    "ma_doi_tuong": ("uuid", "lpad(to_hex(n * 7919), 32, '0')::uuid"),
    "so_giay_to": ("varchar(20)", "lpad((n * 104729 % 1000000000000)::text, 12, '0')"),
    "ngay_sinh": ("date", "date '1950-01-01' + (n * 31 % 20000)::int"),
    "dia_chi": ("text", "'Số ' || n % 900 || ', thôn ' || n % 30 || ', xã Sơn Trung, huyện Khánh Sơn, tỉnh Khánh Hòa'"),
    "email": ("text", "'nguoidan' || n || '@example.vn'"),
    "so_dien_thoai": ("varchar(20)", "'09' || lpad((n * 7919 % 100000000)::text, 8, '0')"),
    "nguoi_uy_quyen": ("text", "CASE WHEN n % 10 = 0 THEN 'Trần Văn Bình ' || n END"),
    "trich_yeu": ("text", "'Đề nghị giải quyết thủ tục số ' || n % 400 || ' của công dân thường trú tại xã Sơn Trung'"),
    "received_date": ("timestamp", "timestamp '2024-09-15' + " + _SECOND.format(step=7919)),
    "due_date": ("timestamp", "timestamp '2024-09-30' + n * 31 % 90 * interval '1 day'"),
    "status": ("smallint", "1 + n * 13 % 10"),
    "returned_date": (
        "timestamp",
        f"CASE WHEN n % 10 < 6 THEN timestamp '2024-09-22' + {_SECOND.format(step=7907)} END",
    ),
    "thong_tin_tra": ("text", "CASE WHEN n % 10 < 6 THEN 'Trả trực tiếp tại Bộ phận Một cửa' END"),
    "service_level": ("smallint", "3 + n % 2"),
    "end_date": (
        "timestamp",
        f"CASE WHEN n % 10 < 7 THEN timestamp '2024-09-20' + {_SECOND.format(step=104729)} END",
    ),
    "agency": ("varchar(20)", "'H32.30.' || n * 17 % 30"),
    "ten_don_vi": ("text", "'Bộ phận Tiếp nhận và Trả kết quả xã số ' || n * 17 % 30 || ', huyện Khánh Sơn'"),
    "can_bo": ("text", "'Cán bộ ' || n % 200"),
    "ghi_chu": ("text", "CASE WHEN n % 3 = 0 THEN 'Đã kiểm tra thành phần hồ sơ, còn thiếu bản sao' END"),
    "dinh_kem": ("text", "'Don_de_nghi_' || n || '.pdf; Ban_sao_giay_to_' || n || '.pdf'"),
    "duong_dan_tep_tin": ("text", "'/tep/2024/10/' || n % 31 || '/H32.30.05/' || md5(n::text) || '.pdf'"),
    "bieu_mau_dien_tu": (
        "text",
        """'{"hoTen": "Nguyễn Thị Thu Hà", "noiCuTru": "xã Sơn Trung", "thuaDat": ' || n % 900 || ', "to": ' || n % 90
        || ', "dienTich": ' || n % 5000 || ', "camKet": true}'""",
    ),
    "le_phi": ("numeric(12,2)", "n % 50 * 10000"),
    "fee_due": ("boolean", "n % 3 = 0"),
    "paid_online": ("smallint", "CASE WHEN n % 3 = 0 THEN 1 + n % 2 END"),
    "linked": ("boolean", "n % 20 = 0"),
    "deleted_date": ("timestamp", "CASE WHEN n % 100 = 0 THEN timestamp '2024-10-22' END"),
}
QUICK = ("ours", "limit", "connectorx")
SLOW = ("obvious", "dlt")
NAMES = {"connectorx": "ConnectorX", "dlt": "dlt", "duckdb": "DuckDB"}


def run() -> list[Result]:
    from tests.servers.postgres import running_postgres  # not in the processes that are measured

    with running_postgres(settings=SETTINGS) as server:
        server.create(DATABASE)
        scanner = ("duckdb",) if find_spec(_SCANNER) else ()
        return [
            _measured(server, FEWER_ROWS, quick=("ours", "limit")),
            _measured(server, ROWS, quick=(*QUICK, *scanner), slow=SLOW),
        ]


def _measured(server: PostgresServer, rows: int, *, quick: tuple[str, ...], slow: tuple[str, ...] = ()) -> Result:
    """quick: in three rounds; slow: in one."""
    write(server, rows)
    found: dict[str, Measured] = {}
    for ways, rounds in ((quick, 3), (slow, 1)):
        calls = {way: f"{__name__}:{way}" for way in ways}
        with TemporaryDirectory() as folder:
            found |= side_by_side(calls, folder, server.port, server.user, rounds=rounds)
    if {one.answer for one in found.values()} != {rows}:
        raise AssertionError(f"the ways differ: {found}")
    return Result(
        stage="extract",
        case=f"PostgreSQL, {rows:,} rows",
        ours_s=found["ours"].seconds,
        ours_peak_mb=found["ours"].peak_mb,
        obvious_s=found["obvious"].seconds if "obvious" in found else None,
        peers={name: found[way].seconds for way, name in NAMES.items() if way in found},
        limit_s=found["limit"].seconds,
    )


def ours(folder: str, port: int, user: str) -> int:
    os.environ.update(CCHC_HOME=folder, CCHC_SECRET_BENCH_USER=user)
    with TemporaryDirectory(dir=folder) as root:
        return land(_source(port), PERIOD, root=Path(root)).rows["dossiers"]


def obvious(folder: str, port: int, user: str) -> int:
    """pandas.read_sql of the table, then to_parquet."""
    import pandas as pd
    from sqlalchemy import create_engine

    with create_engine(_url("postgresql+psycopg", port, user)).connect() as connection:
        frame = pd.read_sql("SELECT * FROM ho_so", connection)
    frame.to_parquet(Path(folder, "obvious.parquet"))
    return len(frame)


def connectorx(folder: str, port: int, user: str) -> int:
    """The table to Arrow, then to Parquet."""
    import connectorx as cx

    table = cx.read_sql(_url("postgresql", port, user), "SELECT * FROM ho_so", return_type="arrow")
    pq.write_table(table, Path(folder, "connectorx.parquet"))
    return int(table.num_rows)


def duckdb(folder: str, port: int, user: str) -> int:
    """The table through DuckDB's scanner into Parquet."""
    import duckdb as peer

    spec = find_spec(_SCANNER)
    assert spec is not None
    [extension] = Path(str(spec.origin)).parent.glob("extensions/*/postgres_scanner.duckdb_extension")
    file = Path(folder, "duckdb.parquet")
    with peer.connect() as connection:
        connection.execute(f"LOAD '{extension}'")
        connection.execute(f"ATTACH '{_url('postgresql', port, user)}' AS district (TYPE postgres, READ_ONLY)")
        connection.execute(f"COPY (SELECT * FROM district.public.ho_so) TO '{file}' (FORMAT parquet)")
    return int(pq.read_metadata(file).num_rows)


def dlt(folder: str, port: int, user: str) -> int:
    """The table through dlt's SQL source with its Arrow rows, and its loader of Parquet files."""
    import dlt as peer
    from dlt.sources.sql_database import sql_table

    os.environ.update(DLT_DATA_DIR=folder, RUNTIME__DLTHUB_TELEMETRY="false", RUNTIME__LOG_LEVEL="CRITICAL")
    with TemporaryDirectory(dir=folder) as home:
        destination = peer.destinations.filesystem(bucket_url=Path(home, "out").as_uri())
        pipeline = peer.pipeline("bench", pipelines_dir=home, destination=destination, dataset_name="bench")
        table = sql_table(_url("postgresql+psycopg", port, user), table="ho_so", backend="pyarrow", chunk_size=50_000)
        pipeline.run(table, loader_file_format="parquet")
        files = [pq.read_metadata(path).num_rows for path in Path(home, "out", "bench", "ho_so").glob("*.parquet")]
    return sum(files)


def limit(folder: str, port: int, user: str) -> int:
    """A binary COPY of the whole table, received and forgotten."""
    with psycopg.connect(_url("postgresql", port, user)) as connection, connection.cursor() as cursor:
        with cursor.copy("COPY ho_so TO STDOUT (FORMAT binary)") as rows:
            for _ in rows:
                pass
        return cursor.rowcount


def write(server: PostgresServer, rows: int) -> None:
    declared = ", ".join(f"{name} {kind}" for name, (kind, _) in COLUMNS.items())
    values = ", ".join(value for _, value in COLUMNS.values())
    with server.connect(DATABASE) as connection:
        connection.execute("DROP TABLE IF EXISTS ho_so")
        connection.execute(f"CREATE TABLE ho_so ({declared})")
        connection.execute(f"INSERT INTO ho_so SELECT {values} FROM generate_series(1::bigint, {rows}) n")
        connection.execute("ALTER TABLE ho_so ADD PRIMARY KEY (dossier_code)")
        connection.execute("VACUUM ANALYZE ho_so")
        connection.execute("CHECKPOINT")


def _url(driver: str, port: int, user: str) -> str:
    return f"{driver}://{user}@127.0.0.1:{port}/{DATABASE}"


def _source(port: int) -> SourceConfig:
    columns = tuple(ColumnMap(c, c.name, "iso") for c in DOSSIER_COLUMNS)
    return SourceConfig(
        id="bench",
        name="bench",
        kind="postgresql",
        address=f"postgresql://127.0.0.1:{port}/{DATABASE}",
        units=(),
        contact="",
        timeout_seconds=60,
        folder=Path(),
        tables={"dossiers": TableMap("dossiers", SqlTable(from_="ho_so"), columns)},
        status_map={},
        channel_map={},
        unit_map={},
        secret="bench",
        connection=SqlConnection(tls="off"),
    )
