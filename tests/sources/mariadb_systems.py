"""A district's MariaDB in miniature, personal columns included, and an account that may read the mapped columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest

from contracts.errors import SourceError, SourceUnreachable
from contracts.source_config import SourceConfig
from contracts.table_spec import SqlConnection, SqlTable
from sources.reader import open_reader
from tests.servers.mariadb import ADMIN, ADMIN_PASSWORD, MariadbServer
from tests.sources.systems import DOSSIER, PAUSE_COLUMNS, PERIOD, PERSON, SQL_COLUMNS, rows_of, source, table_map

DATABASE = "mot_cua"
READER, PASSWORD = "chi_doc", "Mật khẩu @/:1"
MAPPED = tuple(name for name, _ in SQL_COLUMNS.values())
PAUSES = tuple(name for name, _ in PAUSE_COLUMNS.values())
LEAST = (
    f"SELECT ({', '.join(MAPPED)}) ON {DATABASE}.HoSo",
    f"SELECT ({', '.join(PAUSES)}) ON {DATABASE}.YeuCau",
)
TYPES = {
    "MaHoSo": "VARCHAR(40)",
    "TrangThai": "INT",
    "KenhThucHien": "TINYINT",
    "NgayTiepNhan": "DATETIME",
    "NgayHenTra": "DATE",
    "NgayKetThuc": "DATE",
    "LienThong": "BOOLEAN",
}


@dataclass(frozen=True)
class System:
    """The server, its database of dossiers (and pauses), and how it is read."""

    server: MariadbServer
    config: SourceConfig
    monkeypatch: pytest.MonkeyPatch

    def run(self, *statements: str) -> list[tuple[Any, ...]]:
        """What the vendor does to the database behind our back."""
        return self.server.run(*statements, database=DATABASE)

    def add(self, *dossiers: Sequence[Any]) -> None:
        self.server.insert(DATABASE, "HoSo", [(*row, *PERSON) for row in dossiers])

    def read_as(self, user: str, password: str) -> None:
        self.monkeypatch.setenv("CCHC_SECRET_THU_USER", user)
        self.monkeypatch.setenv("CCHC_SECRET_THU_PASSWORD", password)

    def read_as_admin(self) -> None:
        self.read_as(ADMIN, ADMIN_PASSWORD)


def system_of(server: MariadbServer, monkeypatch: pytest.MonkeyPatch, **types: str) -> System:
    """types: columns that this vendor declares otherwise."""
    server.empty(DATABASE)
    declared = [f"{name} {({**TYPES, **types}).get(name, 'VARCHAR(60)')}" for name in MAPPED]
    personal = ["HoTenChuHoSo VARCHAR(80)", "SoDienThoai VARCHAR(20)", "DiaChi VARCHAR(80)"]
    server.run(
        f"CREATE TABLE HoSo ({', '.join([*declared, *personal])})",
        f"CREATE TABLE YeuCau ({', '.join(f'{name} VARCHAR(40)' for name in PAUSES)}, NoiDung TEXT)",
        database=DATABASE,
    )
    server.account(READER, PASSWORD, *LEAST)
    made = System(server, mariadb_source(server.address(DATABASE)), monkeypatch)
    made.read_as(READER, PASSWORD)
    return made


def mariadb_source(address: str) -> SourceConfig:
    tables = {
        "dossiers": table_map("dossiers", SQL_COLUMNS, SqlTable(from_="HoSo")),
        "pauses": table_map("pauses", PAUSE_COLUMNS, SqlTable(from_="YeuCau")),
    }
    known = source(address, tables, kind="mariadb")  # type: ignore[arg-type]
    return replace(known, secret="thu", connection=SqlConnection(tls="off"))


def read(config: SourceConfig, name: str = "dossiers") -> list[tuple[str | None, ...]]:
    with open_reader(config) as reader:
        return [row for batch in reader.read(config.tables[name], PERIOD.window) for row in rows_of(batch)]


def with_value(column: str, value: object) -> tuple[object, ...]:
    place = MAPPED.index(column)
    return (*DOSSIER[:place], value, *DOSSIER[place + 1 :])


def at(config: SourceConfig, port: int, *, host: str = "127.0.0.1", database: str = DATABASE) -> SourceConfig:
    return replace(config, address=f"mariadb://{host}:{port}/{database}")


def told(config: SourceConfig, kind: type[SourceError] = SourceUnreachable) -> str:
    """What the operator is told when the source is read."""
    with pytest.raises(SourceError) as caught:
        read(config)
    assert type(caught.value) is kind
    return str(caught.value)
