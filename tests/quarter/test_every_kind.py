"""The same dossiers through every kind of system give the same facts, cell by cell."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from contracts.codes import Series
from flows.place import find_place
from tests.quarter.command import Office
from tests.quarter.moved import (
    PERSON,
    Table,
    as_csv,
    as_json,
    as_workbook,
    configure,
    declared,
    province,
    sorted_facts,
    taken,
)
from tests.quarter.test_planning import load
from tests.servers import PostgresServer, free_port, postgres
from tests.servers.http import Asked, JsonServer, Reply
from tests.servers.mariadb import MariadbServer, mariadb
from tests.servers.s3 import BUCKET, S3Server, s3, s3_server
from tests.servers.sftp import SftpServer, sftp, sftp_server
from warehouse import read

__all__ = ["mariadb", "postgres", "s3", "s3_server", "sftp", "sftp_server"]
SOURCE = "cam-lam"
SECRET = f'secret = "{SOURCE}"\n'
Tables = dict[str, Table]
Move = Callable[[Tables, Path], str]
"""Puts the tables into a system of its kind, says where in TOML."""

FROM = """
[tables.dossiers]
from = "HoSo"
key = "Id"

[tables.pauses]
from = "HoSoYeuCau"
key = "Id"
"""


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine of its own with a copy of the province; returns the copy."""
    folder = province(tmp_path, unit_reports=False)
    monkeypatch.setenv("CCHC_PROVINCE", str(folder))
    monkeypatch.setenv("CCHC_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CCHC_NOW", "2024-12-16T08:00:00+07:00")
    return folder


@pytest.fixture(scope="session")
def tables(khanh_hoa_unread: Office) -> Tables:
    return taken(khanh_hoa_unread.systems / "khanh-hoa" / f"{SOURCE}.sqlite")


@pytest.fixture(scope="session")
def expected(khanh_hoa: Office, tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """The facts of the demonstration's run, read from SQLite."""
    monkeypatch = pytest.MonkeyPatch()
    with monkeypatch.context() as patch:
        patch.setenv("CCHC_HOME", str(khanh_hoa.home))
        patch.setenv("CCHC_PROVINCE", khanh_hoa.province)
        patch.setenv("CCHC_NOW", khanh_hoa.now)
        return facts("2024Q4")


def facts(period: str) -> pd.DataFrame:
    engine = find_place(period).open_warehouse()
    found = [read.facts(engine, period, [SOURCE], series=series) for series in Series]
    return sorted_facts(pd.concat(found, ignore_index=True))


def check(office: Path, expected: pd.DataFrame, toml: str, *, formats: dict[str, str] | None = None) -> None:
    configure(office, SOURCE, toml, formats=formats)
    _, job = load(find_place("2024Q4"), SOURCE)
    pd.testing.assert_frame_equal(facts("2024Q4"), expected)
    landed = {name for path in job.landing_root.rglob("*.parquet") for name in pq.read_schema(path).names}
    assert PERSON not in landed
    assert {"MaHoSo", "NgayYeuCau"} <= landed


def secret(monkeypatch: pytest.MonkeyPatch, **parts: str) -> None:
    for part, value in parts.items():
        monkeypatch.setenv(f"CCHC_SECRET_CAM_LAM_{part.upper()}", value)


def test_the_facts_are_many(expected: pd.DataFrame) -> None:
    assert len(expected) > 500


def test_postgresql(
    office: Path, tables: Tables, expected: pd.DataFrame, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    types = {"number": "integer", "date": "timestamp", "text": "text", "quote": '"'}
    database = "every_kind"
    with postgres.connect() as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {database}")
        connection.execute(f"CREATE DATABASE {database}")
    with postgres.connect(database) as connection, connection.cursor() as cursor:
        for table in tables.values():
            cursor.execute(f'CREATE TABLE "{table.name}" ({declared(table, types)})')
            with cursor.copy(f'COPY "{table.name}" FROM STDIN') as copy:
                for row in table.rows:
                    copy.write_row(row)
    secret(monkeypatch, user=postgres.user)
    address = f"postgresql://127.0.0.1:{postgres.port}/{database}"
    quoted = FROM.replace('"HoSo"', "'\"HoSo\"'").replace('"HoSoYeuCau"', "'\"HoSoYeuCau\"'")
    check(office, expected, f'kind = "postgresql"\naddress = "{address}"\n{SECRET}[connection]\ntls = "off"\n{quoted}')


def test_mariadb(
    office: Path, tables: Tables, expected: pd.DataFrame, mariadb: MariadbServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    types = {"number": "int", "date": "datetime", "text": "varchar(200)", "quote": "`"}
    mariadb.empty("every_kind")
    for table in tables.values():
        mariadb.run(f"CREATE TABLE {table.name} ({declared(table, types)})", database="every_kind")
        mariadb.insert("every_kind", table.name, table.typed())
    mariadb.account("doc", "mk", "SELECT ON every_kind.*")
    secret(monkeypatch, user="doc", password="mk")
    address = mariadb.address("every_kind")
    check(office, expected, f'kind = "mariadb"\naddress = "{address}"\n{SECRET}[connection]\ntls = "off"\n{FROM}')


class Interface(JsonServer):
    """Two lists of rows, each at its own path."""

    def __init__(self, tables: Tables) -> None:
        super().__init__()
        self.lists = {f"/{table.name.lower()}": as_json(table) for table in tables.values()}

    def _usual(self, asked: Asked) -> Reply:
        self.rows = self.lists[asked.path]
        return super()._usual(replace(asked, path="/hoso"))


@pytest.fixture
def interface(tables: Tables) -> Iterator[Interface]:
    server = Interface(tables)
    yield server
    server.stop()


def rest_toml(address: str, auth: str) -> str:
    style = 'style = "page", param = "page", size_param = "size", size = 1000, total = "data.total"'
    paging = f'rows = "data.items"\npaging = {{ {style} }}'
    return f"""kind = "rest"
address = "{address}"
{SECRET}
[connection]
{auth}
pause_seconds = 0

[tables.dossiers]
path = "/hoso"
key = "Id"
{paging}

[tables.pauses]
path = "/hosoyeucau"
key = "Id"
{paging}
"""


def test_rest(office: Path, expected: pd.DataFrame, interface: Interface, monkeypatch: pytest.MonkeyPatch) -> None:
    named = base64.b64encode(b"doc:mk").decode()
    interface.auth = {"Authorization": f"Basic {named}"}
    secret(monkeypatch, user="doc", password="mk")
    check(office, expected, rest_toml(interface.url, 'auth = "basic"'))
    assert len(interface.asked) > 5


def files_toml(kind: str, address: str, connection: str, *, own_files: bool, header_row: int = 1) -> str:
    dossiers, pauses = ('file = "HoSo.csv"', 'file = "YeuCau.csv"') if own_files else ('sheet = "HoSo"', "")
    pauses = pauses or 'sheet = "HoSoYeuCau"'
    return f"""kind = "{kind}"
address = "{address}"
{connection}

[tables.dossiers]
{dossiers}
header_row = {header_row}

[tables.pauses]
{pauses}
header_row = {header_row}
"""


ENCODINGS = {
    "utf-8": ("utf-8", ","),
    "utf-8-sig": ("utf-8", ";"),
    "utf-16": ("utf-16", "\t"),
    "cp1258": ("windows-1258", ","),
    "cchc-tcvn3": ("tcvn3", "|"),
    "cchc-vni": ("vni", ","),
}


@pytest.mark.parametrize("written", ENCODINGS)
def test_csv(office: Path, tables: Tables, expected: pd.DataFrame, tmp_path: Path, written: str) -> None:
    import sources.files.encodings  # noqa: F401  # the old Vietnamese ones

    encoding, delimiter = ENCODINGS[written]
    for name, table in zip(("HoSo.csv", "YeuCau.csv"), tables.values(), strict=True):
        as_csv(table, tmp_path / name, encoding=written, delimiter=delimiter)
    connection = f'[connection]\nencoding = "{encoding}"\n'
    check(office, expected, files_toml("csv", str(tmp_path), connection, own_files=True))


def test_excel(office: Path, tables: Tables, expected: pd.DataFrame, tmp_path: Path) -> None:
    as_workbook(tables, tmp_path / "2024Q4.xlsx")
    address = f"{tmp_path}/{{period}}.xlsx"
    check(office, expected, files_toml("excel", address, "", own_files=False, header_row=3))


def test_sftp(
    office: Path, tables: Tables, expected: pd.DataFrame, sftp: SftpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, table in zip(("HoSo.csv", "YeuCau.csv"), tables.values(), strict=True):
        as_csv(table, sftp.drop / name)
        (sftp.drop / name).chmod(0o644)
    (office / "sources" / SOURCE / "known_hosts").write_text(sftp.known_hosts(), encoding="utf-8")
    secret(monkeypatch, user=sftp.user, private_key=sftp.private_key)
    check(office, expected, files_toml("csv", sftp.address(""), SECRET, own_files=True))


def test_s3(
    office: Path, tables: Tables, expected: pd.DataFrame, s3: S3Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_workbook(tables, tmp_path / "book.xlsx")
    s3.put("nop/2024Q4.xlsx", (tmp_path / "book.xlsx").read_bytes())
    secret(monkeypatch, access_key=s3.access_key, secret_key=s3.secret_key)
    connection = f'{SECRET}[connection]\nendpoint = "{s3.endpoint}"\nregion = "us-east-1"\n'
    address = f"s3://{BUCKET}/nop/{{period}}.xlsx"
    check(office, expected, files_toml("excel", address, connection, own_files=False, header_row=3))


def test_a_port_that_nobody_listens_on_is_no_figure(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison above could not pass on nothing: a system that is not there gives an error, not facts."""
    from contracts.errors import SourceUnreachable

    secret(monkeypatch, user="doc", password="mk")
    address = f"mariadb://127.0.0.1:{free_port()}/x"
    configure(office, SOURCE, f'kind = "mariadb"\naddress = "{address}"\n{SECRET}[connection]\ntls = "off"\n{FROM}')
    with pytest.raises(SourceUnreachable):
        load(find_place("2024Q4"), SOURCE)
    assert facts("2024Q4").empty
