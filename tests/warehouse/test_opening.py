"""Opening a warehouse: created, migrated once, quick afterwards, and every fault told in words."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Engine, Text, inspect, text

from contracts.errors import UsageError, WarehouseError
from tests.servers import PostgresServer, free_port
from tests.warehouse.examples import CAM_LAM, load
from tests.warehouse.processes import go_on, python, said
from warehouse import read, upgrade
from warehouse.column_types import Words
from warehouse.database import open_warehouse, reading, writing
from warehouse.owner import claim
from warehouse.tables import metadata


def test_migrations_give_the_declared_tables(engine: Engine) -> None:
    with engine.connect() as connection:
        options = {"compare_type": compare_type, "compare_server_default": True}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []


def compare_type(*given: Any) -> bool | None:
    """Whether the types differ; None leaves it to Alembic, which takes a collation for another type."""
    inspected, declared = given[3:]
    return False if isinstance(inspected, Text) and isinstance(declared, Words) else None


def test_text_is_in_byte_order_on_a_server_of_another_order(postgres_database: str) -> None:
    with open_warehouse(postgres_database).connect() as connection:
        query = "SELECT daticulocale FROM pg_database WHERE datname = current_database()"
        assert connection.scalar(text(query)) == "vi-VN"
        query = "SELECT DISTINCT collation_name FROM information_schema.columns WHERE table_schema = 'public'"
        assert connection.scalars(text(f"{query} AND data_type = 'text'")).all() == ["C"]


def test_migrations_give_the_declared_checks_and_names(engine: Engine) -> None:
    """Alembic compares neither checks nor names of keys."""
    found = inspect(engine)
    for name, table in metadata.tables.items():
        checks = {str(c.name) for c in table.constraints if isinstance(c, CheckConstraint)}
        assert {c["name"] for c in found.get_check_constraints(name)} == checks, name
        assert found.get_pk_constraint(name)["name"] == f"pk_{name}"
        assert {f["name"] for f in found.get_foreign_keys(name)} == {str(f.name) for f in table.foreign_key_constraints}


def test_head_is_the_newest_script() -> None:
    config = Config()
    config.set_main_option("script_location", str(upgrade.SCRIPTS))
    assert ScriptDirectory.from_config(config).get_current_head() == upgrade.HEAD


OPEN_AT_ONCE = """
import sys
from warehouse.database import open_warehouse
print("ready", flush=True)
sys.stdin.readline()
open_warehouse(sys.argv[1])
print("open", flush=True)
"""


def test_processes_that_start_at_once_all_succeed(url: str) -> None:
    with ExitStack() as stack:
        processes = [stack.enter_context(python(OPEN_AT_ONCE, url)) for _ in range(3)]
        assert [said(p) for p in processes] == ["ready"] * 3
        for process in processes:
            go_on(process)
        assert [said(p) for p in processes] == ["open"] * 3
    with open_warehouse(url).connect() as connection:
        assert connection.scalars(text("SELECT version_num FROM alembic_version")).all() == [upgrade.HEAD]


OPEN_AND_LIST_MODULES = """
import sys
from warehouse.database import open_warehouse
open_warehouse(sys.argv[1])
print(sorted({"alembic", "mako"} & set(sys.modules)))
"""


def test_opening_again_needs_no_alembic(url: str, engine: Engine) -> None:
    """Half a second of imports, at each command."""
    with python(OPEN_AND_LIST_MODULES, url) as process:
        assert said(process) == "[]"


def test_a_migration_that_fails_leaves_nothing_behind(url: str) -> None:
    """A table of that name stands in the way of the last step: the first steps are undone."""
    upgrade_later = upgrade.HEAD
    engine = open_warehouse(url)
    with writing(engine) as connection:
        metadata.drop_all(connection)
        connection.execute(text("DROP TABLE alembic_version"))
        connection.execute(text("CREATE TABLE report_version (is_in_the_way integer)"))
    with pytest.raises(WarehouseError):
        open_warehouse(url)
    assert inspect(engine).get_table_names() == ["report_version"]
    with writing(engine) as connection:
        connection.execute(text("DROP TABLE report_version"))
    with reading(open_warehouse(url)) as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == upgrade_later


def test_a_warehouse_of_a_newer_version_is_refused(url: str, engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(WarehouseError, match="phiên bản 9999, do một bản cchc mới hơn"):
        open_warehouse(url)


def test_sqlite_keeps_foreign_keys_and_a_log_of_writes(tmp_path: Path) -> None:
    with open_warehouse(f"sqlite:///{tmp_path}/w.sqlite").connect() as connection:
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert connection.scalar(text("PRAGMA busy_timeout")) == 60_000


def test_a_restored_copy_gets_its_log_of_writes_back(tmp_path: Path) -> None:
    engine = open_warehouse(f"sqlite:///{tmp_path}/w.sqlite")
    load(engine, "cam-lam", CAM_LAM)
    copy = tmp_path / "copy.sqlite"
    with sqlite3.connect(tmp_path / "w.sqlite") as original:
        original.execute("VACUUM INTO ?", [str(copy)])
    original.close()
    restored = open_warehouse(f"sqlite:///{copy}")
    with restored.connect() as connection:
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
    assert len(read.facts(restored, "2024Q4", ["cam-lam"], series=None)) == 3


@pytest.mark.parametrize(
    "address",
    [
        "",
        "kho:mat-khau@may",
        "mysql+pymysql://cchc:mat-khau@may/kho",
        "postgresql+psycopg2://cchc:mat-khau@may/kho",
        "sqlite://",
        "sqlite:///:memory:",
    ],
)
def test_an_address_that_cannot_be_a_warehouse(address: str) -> None:
    with pytest.raises(WarehouseError, match="CCHC_WAREHOUSE_URL") as refused:
        open_warehouse(address)
    assert "mat-khau" not in str(refused.value)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    file = tmp_path / "w.sqlite"
    file.write_text("Đây là một bảng tính cũ. " * 50, encoding="utf-8")
    with pytest.raises(WarehouseError, match="không phải là tệp SQLite"):
        open_warehouse(f"sqlite:///{file}")


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("", encoding="utf-8")
    with pytest.raises(WarehouseError, match="CCHC_HOME"):
        open_warehouse(f"sqlite:///{tmp_path}/var/khanh-hoa/w.sqlite")


def test_a_server_that_does_not_answer() -> None:
    with pytest.raises(WarehouseError, match=r"không kết nối được .*CCHC_WAREHOUSE_URL") as refused:
        open_warehouse(f"postgresql+psycopg://cchc:mat-khau@127.0.0.1:{free_port()}/kho")
    assert "mat-khau" not in str(refused.value)


def test_a_server_without_the_database(postgres: PostgresServer) -> None:
    with pytest.raises(WarehouseError, match=r'không kết nối được .*database "chua_tao" does not exist'):
        open_warehouse(postgres.url("chua_tao"))


def test_a_plain_postgresql_address_finds_its_driver(postgres_database: str) -> None:
    engine = open_warehouse(postgres_database.replace("postgresql+psycopg://", "postgresql://"))
    assert engine.dialect.driver == "psycopg"


def test_a_warehouse_that_was_removed_is_made_again(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/khanh-hoa/w.sqlite"
    load(open_warehouse(url), "cam-lam", CAM_LAM)
    shutil.rmtree(tmp_path / "khanh-hoa")
    assert read.period_ids(open_warehouse(url)) == []


def test_a_warehouse_belongs_to_one_province(engine: Engine) -> None:
    claim(engine, "khanh-hoa")
    claim(engine, "khanh-hoa")
    with pytest.raises(UsageError, match="là của tỉnh «khanh-hoa», không phải «phu-tho»"):
        claim(engine, "phu-tho")


def test_a_dead_wire_to_a_server_is_noticed_within_a_minute(postgres_database: str) -> None:
    """What the system was told of the connection; without it a run would wait twelve minutes for who is not there."""
    with open_warehouse(postgres_database).connect() as connection:
        found = connection.connection.dbapi_connection
        assert found is not None
        with socket.socket(fileno=os.dup(found.fileno())) as wire:
            asked = [
                wire.getsockopt(socket.IPPROTO_TCP, option)
                for option in (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT, socket.TCP_USER_TIMEOUT)
            ]
    idle, interval, count, unanswered = asked
    assert idle + interval * count <= 60
    assert 0 < unanswered <= 60_000
