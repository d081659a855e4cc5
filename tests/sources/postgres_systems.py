"""A district's PostgreSQL in miniature: tables with names and types of its own, and an account with least rights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from psycopg import sql

from contracts.source_config import SourceConfig
from contracts.table_spec import SqlConnection, SqlTable
from tests.servers import DATABASE, PostgresServer
from tests.sources.systems import PERSON, SQL_COLUMNS, source, table_map

ACCOUNT = "cchc_doc"
PASSWORD = "chim hoàng yến #1/@"
"""A canary: must be in no error and no log."""

DOSSIER = ("H32.30-241015-0001", "1.000635", "H32.30.01", 9, 2, "2024-10-15 08:30", "2024-10-20", "2024-10-18", True)
LANDED = (*DOSSIER[:3], "9", "2", "2024-10-15 08:30:00", "2024-10-20 00:00:00+07", "2024-10-18", "true", DOSSIER[0])
_COLUMNS = """
"MaHoSo" varchar(40), "MaTTHC" text, "MaCoQuan" varchar(20), "TrangThai" smallint, "KenhThucHien" integer,
"NgayTiepNhan" timestamp, "NgayHenTra" timestamptz, "NgayKetThuc" date, "LienThong" boolean,
"HoTenChuHoSo" text, "SoDienThoai" text, "DiaChi" text
"""
MAPPED = [name for name, _ in SQL_COLUMNS.values()]


def build(server: PostgresServer, dossiers: Sequence[Sequence[Any]] = (DOSSIER,), *, schema: str = "public") -> None:
    """The district's table HoSo, of which the account may read the mapped columns."""
    marks = ", ".join(["%s"] * (len(MAPPED) + len(PERSON)))
    with server.connect(DATABASE) as connection:
        connection.execute("SET TIME ZONE 'Asia/Ho_Chi_Minh'")
        connection.execute(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
        connection.execute(f'CREATE TABLE "{schema}"."HoSo" ({_COLUMNS})')
        with connection.cursor() as cursor:
            cursor.executemany(f'INSERT INTO "{schema}"."HoSo" VALUES ({marks})', [(*row, *PERSON) for row in dossiers])
    allow(server, f'"{schema}"."HoSo"', MAPPED, schema=schema)


def build_large(server: PostgresServer, rows: int) -> None:
    """The same dossier so many times, its code ending in a number from 1."""
    build(server)
    others = ", ".join(f'"{name}"' for name in MAPPED[1:])
    code = "'H32.30-241015-' || lpad(n::text, 6, '0')"
    run(
        server,
        f'INSERT INTO "HoSo" ("MaHoSo", {others}) SELECT {code}, {others} FROM "HoSo", generate_series(1, {rows}) n',
        """DELETE FROM "HoSo" WHERE "HoTenChuHoSo" IS NOT NULL""",
    )


def allow(server: PostgresServer, table: str, columns: Sequence[str], *, schema: str = "public") -> None:
    """The least that the account needs."""
    named = ", ".join(f'"{column}"' for column in columns)
    run(server, f'GRANT USAGE ON SCHEMA "{schema}" TO {ACCOUNT}', f"GRANT SELECT ({named}) ON {table} TO {ACCOUNT}")


def run(server: PostgresServer, *statements: str) -> None:
    """What the vendor does to the database behind our back."""
    with server.connect(DATABASE) as connection:
        for statement in statements:
            connection.execute(statement)


def add_account(server: PostgresServer) -> None:
    """The account, which has to give its password; every other one is trusted as before."""
    rules = server.folder / "data" / "pg_hba.conf"
    rules.write_text(f"host all {ACCOUNT} 127.0.0.1/32 scram-sha-256\n" + rules.read_text())
    create = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(ACCOUNT), sql.Literal(PASSWORD))
    with server.connect() as connection:
        connection.execute(create)
        connection.execute("SELECT pg_reload_conf()")


def postgres_source(server: PostgresServer, **spec: Any) -> SourceConfig:
    tables = {"dossiers": table_map("dossiers", SQL_COLUMNS, SqlTable(**{"from_": '"HoSo"', **spec}))}
    made = source(Path(), tables, kind="postgresql")
    return replace(
        made,
        address=f"postgresql://127.0.0.1:{server.port}/{DATABASE}",
        secret="huyen-thu",
        connection=SqlConnection(tls="off"),
        folder=Path("provinces/thu/sources/huyen-thu"),
    )
