"""An account that may do more than it needs is told of, with the statement that would be enough."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from contracts.source_config import SourceConfig
from contracts.table_spec import SqlTable
from sources.databases.grants import grants
from sources.databases.rights import more_than_reading
from sources.reader import open_reader
from tests.servers.mariadb import ADMIN, ADMIN_PASSWORD, MariadbServer, mariadb
from tests.servers.postgres import DATABASE, PostgresServer, postgres
from tests.sources.strange import PERSONAL, provisional, sqlite_system, statements
from tests.sources.systems import table_map

__all__ = ["mariadb", "postgres"]
MAPPED = {"dossier_code": ("so_ho_so", ""), "status": ("tinh_trang", "")}


def described(source: SourceConfig) -> SourceConfig:
    return replace(source, tables={"dossiers": table_map("dossiers", MAPPED, SqlTable(from_="quan_ly_hs"))})


@pytest.fixture
def secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CCHC_SECRETS", str(tmp_path))
    return tmp_path


def account(folder: Path, user: str, password: str = "x") -> None:
    path = folder / "la.toml"
    path.touch(mode=0o600)
    path.write_text(f'user = "{user}"\npassword = "{password}"\n')


def told(source: SourceConfig) -> str:
    with open_reader(source) as reader:
        return "\n".join(more_than_reading(reader))


def test_in_mariadb(mariadb: MariadbServer, secrets: Path) -> None:
    mariadb.empty("la")
    mariadb.run(*statements("`"), database="la")
    source = described(provisional(mariadb.address("la"), kind="mariadb", secret="la"))
    account(secrets, ADMIN, ADMIN_PASSWORD)
    said = told(source)
    assert "ghi được" in said
    assert PERSONAL[0] in said
    assert "GRANT SELECT (so_ho_so, tinh_trang) ON" in said

    mariadb.account("it", "x", "SELECT, INSERT ON la.tam_dung", "SELECT (so_ho_so, tinh_trang) ON la.quan_ly_hs")
    account(secrets, "it")
    assert "ghi được" in told(source), "be it in another table"

    mariadb.account("it", "x", "SELECT (so_ho_so, tinh_trang) ON la.quan_ly_hs")
    assert told(source) == ""


def test_in_postgresql(postgres: PostgresServer, secrets: Path) -> None:
    postgres.empty(DATABASE)
    address = f"postgresql://127.0.0.1:{postgres.port}/{DATABASE}"
    source = described(provisional(address, kind="postgresql", secret="la"))
    with postgres.connect(DATABASE) as system:
        for statement in statements():
            system.execute(statement)
        account(secrets, postgres.user)
        said = told(source)
        assert "ghi được" in said
        assert PERSONAL[0] in said
        system.execute("CREATE ROLE it LOGIN")
        account(secrets, "it")
        try:
            system.execute("GRANT USAGE ON SCHEMA public TO it")
            system.execute("GRANT SELECT (so_ho_so, tinh_trang) ON quan_ly_hs TO it")
            assert told(source) == ""
            system.execute(f"GRANT SELECT ({PERSONAL[0]}) ON quan_ly_hs TO it")
            assert (PERSONAL[0] in told(source), "ghi được" in told(source)) == (True, False)
            system.execute("GRANT DELETE ON tam_dung TO it")
            assert "ghi được" in told(source)
        finally:
            system.execute("DROP OWNED BY it")
            system.execute("DROP ROLE it")


def test_a_file_has_no_accounts(tmp_path: Path) -> None:
    assert told(sqlite_system(tmp_path / "la.sqlite")) == ""


JOIN = "quan_ly_hs JOIN tam_dung ON tam_dung.so_ho_so = quan_ly_hs.so_ho_so"


@pytest.fixture
def of_a_join() -> SourceConfig:
    """tu_ngay is a column of the second table, which nothing here says."""
    mapped = {"dossier_code": ("quan_ly_hs.so_ho_so", ""), "received_date": ("tu_ngay", "iso")}
    source = provisional("postgresql://127.0.0.1/la", kind="postgresql", secret="la")
    return replace(source, tables={"dossiers": table_map("dossiers", mapped, SqlTable(from_=JOIN))})


def test_a_column_that_may_be_of_two_tables_is_not_given_to_one(of_a_join: SourceConfig) -> None:
    assert [one.partition(" TO ")[0] for one in grants(of_a_join)] == [
        "GRANT SELECT (so_ho_so) ON quan_ly_hs",
        "GRANT SELECT (tu_ngay) ON «bảng có cột này: quan_ly_hs hoặc tam_dung»",
        "GRANT SELECT (so_ho_so) ON tam_dung",
    ]


def test_the_catalogue_says_which_table_has_the_column(of_a_join: SourceConfig) -> None:
    there = ["quan_ly_hs.so_ho_so", "quan_ly_hs.tinh_trang", "public.tam_dung.so_ho_so", "public.tam_dung.tu_ngay"]
    assert [one.partition(" TO ")[0] for one in grants(of_a_join, there={"dossiers": there})] == [
        "GRANT SELECT (so_ho_so) ON quan_ly_hs",
        "GRANT SELECT (tu_ngay, so_ho_so) ON tam_dung",
    ]
