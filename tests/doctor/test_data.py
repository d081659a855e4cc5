"""Each check of the data sees its defect: the warehouse on SQLite and on PostgreSQL, Prefect's database, what was
broken off. Looking changes nothing."""

from __future__ import annotations

import fcntl
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import date
from pathlib import Path

import pytest
from psycopg import sql
from sqlalchemy import Engine

from cli.doctor import kept, left_behind, prefect_server
from cli.doctor.database import UNKNOWN, Warehouse
from contracts.errors import WarehouseError
from contracts.fitness import Fit, Fitness
from flows.backups.making import back_up
from tests.servers import DATABASE, PostgresServer
from tests.servers.http import JsonServer, answer
from tests.servers.process import free_port
from tests.servers.relay import silent
from warehouse import runs
from warehouse.database import open_warehouse
from warehouse.examined_sqlite import network_disk, of_file
from warehouse.locks import run_lock
from warehouse.upgrade import HEAD


def looked() -> tuple[Fitness, Fitness]:
    warehouse = Warehouse()
    return warehouse.version(), warehouse.soundness()


def test_a_warehouse_that_is_not_there_is_not_made(home: Path) -> None:
    version, soundness = looked()
    assert (version.state, version.said) == (Fit.GOOD, "chưa có; lượt chạy đầu tiên sẽ lập")
    assert soundness.state is Fit.GOOD
    assert not list(home.iterdir())


def test_a_warehouse_as_it_should_be(file: Path) -> None:
    version, soundness = looked()
    assert version.said == f"{file}, phiên bản {HEAD}"
    assert soundness.said.startswith("nguyên vẹn")
    assert soundness.said.endswith("WAL")


@pytest.mark.parametrize(("found", "state"), [("9999", Fit.ERROR), ("0012", Fit.WARNING)])
def test_another_version_is_told_and_left_as_it_is(found: str, state: Fit, file: Path) -> None:
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("UPDATE alembic_version SET version_num = ?", [found])
    warehouse = Warehouse()
    assert warehouse.version().state is state
    assert warehouse.current() is None, "no check reads tables that may be others"
    with closing(sqlite3.connect(file)) as db:
        assert db.execute("SELECT version_num FROM alembic_version").fetchone() == (found,)


def test_another_provinces_warehouse_is_told(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCHC_WAREHOUSE_URL", f"sqlite:///{file}")
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("UPDATE owner SET province_id = 'phu-tho'")
    assert "của tỉnh «phu-tho», không phải «khanh-hoa»" in looked()[0].said


def overwritten(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[4096 * 3 : 4096 * 8] = b"\xff" * 4096 * 5
    file.write_bytes(content)


def cut_off(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-4096])


@pytest.mark.parametrize("damage", [overwritten, cut_off, lambda file: file.write_text("<html>404</html>" * 100)])
def test_a_file_that_is_not_whole_is_told(damage: object, file: Path) -> None:
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert callable(damage)
    damage(file)
    found = Warehouse().soundness()
    assert found.state is Fit.ERROR
    assert "khôi phục kho từ bản sao lưu" in found.advice


def test_another_journal_and_a_check_without_end_are_told(file: Path) -> None:
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA journal_mode = DELETE")
    assert "không ở chế độ WAL" in Warehouse().soundness().said
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("CREATE TABLE large AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 50000) "
                   "SELECT i FROM n")  # fmt: skip
    found = of_file(file, restore="", seconds=0.0)
    assert found.state is Fit.WARNING
    assert "chưa kiểm tra hết" in found.said


def test_a_disk_of_this_machine_is_no_network_disk(tmp_path: Path) -> None:
    assert network_disk(tmp_path) == ""


@pytest.fixture
def server(home: Path, postgres_database: str, monkeypatch: pytest.MonkeyPatch) -> str:
    open_warehouse(postgres_database)
    monkeypatch.setenv("CCHC_WAREHOUSE_URL", postgres_database)
    return postgres_database


def test_a_server_as_it_should_be(server: str) -> None:
    version, soundness = looked()
    assert (version.state, soundness.state) == (Fit.GOOD, Fit.GOOD), (version, soundness)
    assert version.said == f"PostgreSQL «{DATABASE}» trên 127.0.0.1, phiên bản {HEAD}"
    assert "UTF8" in soundness.said


@contextmanager
def account(postgres: PostgresServer, name: str, *grants: str) -> Iterator[str]:
    """URL of the warehouse for an account that may do that and no more."""
    role = sql.Identifier(name)
    with postgres.connect(DATABASE) as db:
        db.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        db.execute(sql.SQL("CREATE ROLE {} LOGIN").format(role))
        for grant in grants:
            db.execute(sql.SQL(grant + " TO {}").format(role))  # type: ignore[arg-type]
    try:
        yield f"postgresql+psycopg://{name}@127.0.0.1:{postgres.port}/{DATABASE}"
    finally:
        postgres.cut_sessions(DATABASE)
        with postgres.connect(DATABASE) as db:
            db.execute(sql.SQL("DROP OWNED BY {}").format(role))
            db.execute(sql.SQL("DROP ROLE {}").format(role))


@pytest.mark.parametrize(
    ("grants", "said"),
    [
        (("GRANT SELECT ON ALL TABLES IN SCHEMA public",), "không được tạo bảng trong lược đồ public"),
        (
            ("GRANT SELECT ON ALL TABLES IN SCHEMA public", "GRANT CREATE, USAGE ON SCHEMA public"),
            "không được đọc, ghi bảng account",
        ),
    ],
)
def test_an_account_without_rights_is_told_with_the_grant(
    grants: tuple[str, ...], said: str, server: str, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with account(postgres, "it_quyen", *grants) as url:
        monkeypatch.setenv("CCHC_WAREHOUSE_URL", url)
        found = Warehouse().soundness()
    assert found.state is Fit.ERROR
    assert said in found.said
    assert found.command.startswith(f"sudo -u postgres psql -d {DATABASE} -c '")


def test_a_server_that_may_not_be_written_or_keeps_no_vietnamese_is_told(
    server: str, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with postgres.connect() as db:
        db.execute("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
        db.execute("CREATE DATABASE standby")
        db.execute("ALTER DATABASE standby SET default_transaction_read_only = on")
    try:
        for name, said in (("latin", "ở mã LATIN1"), ("standby", "chỉ cho đọc")):
            monkeypatch.setenv("CCHC_WAREHOUSE_URL", postgres.url(name))
            found = Warehouse().soundness()
            assert found.state is Fit.ERROR
            assert said in found.said
    finally:
        for name in ("latin", "standby"):
            postgres.cut_sessions(name)
            with postgres.connect() as db:
                db.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))


def test_connections_that_run_out_are_told(server: str, postgres: PostgresServer) -> None:
    with ExitStack() as taken:
        for _ in range(90):
            taken.enter_context(postgres.connect())
        found = Warehouse().soundness()
    assert found.state is Fit.WARNING
    assert "kết nối" in found.said


def test_a_server_that_is_away_is_told_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCHC_WAREHOUSE_URL", "postgresql+psycopg://cchc:kenari@127.0.0.1:9/cchc")
    warehouse = Warehouse()
    with pytest.raises(WarehouseError, match="không kết nối được") as told:
        warehouse.version()
    assert "kenari" not in f"{told.value}"
    assert warehouse.newest_report() == left_behind.runs(warehouse) == UNKNOWN


def test_a_server_that_says_nothing_is_waited_for_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with silent() as port:
        url = f"postgresql+psycopg://cchc@127.0.0.1:{port}/cchc?connect_timeout=2"
        monkeypatch.setenv("CCHC_WAREHOUSE_URL", url)
        warehouse = Warehouse()
        with pytest.raises(WarehouseError):
            warehouse.version()
    assert left_behind.runs(warehouse) == UNKNOWN


def test_prefects_own_database(home: Path, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREFECT_HOME", raising=False)
    assert "chưa có cơ sở dữ liệu riêng" in prefect_server.prefect().said
    (home / "prefect").mkdir()
    (home / "prefect" / "prefect.db").write_text("<html>404</html>" * 100)
    found = prefect_server.prefect()
    assert found.state is Fit.ERROR
    assert "không mất số liệu" in found.advice
    address = f"postgresql+asyncpg://{postgres.user}@127.0.0.1:{postgres.port}/{DATABASE}"
    monkeypatch.setenv("PREFECT_API_DATABASE_CONNECTION_URL", address)
    assert "cơ sở dữ liệu riêng: PostgreSQL" in prefect_server.prefect().said
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    assert "không có máy chủ Prefect nào trả lời" in prefect_server.prefect().said


@pytest.fixture
def near(home: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """A port at which `cchc up` is said to have its server, and nobody is; an office's proxy is not asked for it."""
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.setenv("PREFECT_HOME", str(home / "prefect"))
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    port = free_port()
    monkeypatch.setenv("CCHC_PREFECT_PORT", str(port))
    return port


def test_a_server_that_is_expected_and_is_not_there_is_told(near: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """No error: before the first start and in the midst of an upgrade it is as it should be."""
    found = prefect_server.prefect()
    assert (found.state, found.command) == (Fit.WARNING, "systemctl status cchc")
    assert found.said == f"không có máy chủ Prefect nào ở cổng {near} (CCHC_PREFECT_PORT): lịch chưa chạy"
    monkeypatch.delenv("CCHC_PREFECT_PORT")
    assert prefect_server.prefect().state is Fit.GOOD, "without the setting none is expected"


def test_a_port_that_another_program_holds_is_told(near: int, monkeypatch: pytest.MonkeyPatch) -> None:
    server = JsonServer()
    monkeypatch.setenv("CCHC_PREFECT_PORT", str(server.port))
    try:
        server.then(answer(b"busy", 503))
        found = prefect_server.prefect()
        assert (found.state, found.command) == (Fit.ERROR, f"ss -ltnp 'sport = :{server.port}'")
        assert f"cổng {server.port} (CCHC_PREFECT_PORT) có chương trình giữ" in found.said
        server.then(answer(b"true"))
        assert prefect_server.prefect().state is Fit.GOOD
        assert [asked.path for asked in server.asked] == ["/api/health"] * 2
    finally:
        server.stop()


def test_a_run_that_was_killed_is_told_and_one_that_goes_on_is_not_in_the_way(engine: Engine) -> None:
    warehouse = Warehouse()
    assert left_behind.runs(warehouse).said == "không có lượt chạy nào dở dang"
    runs.begin(engine, "2024Q4", as_of=date(2024, 12, 14), asked_by="command")
    with run_lock(engine, "2024Q4"):
        assert left_behind.runs(warehouse).said == "đang chạy kỳ 2024Q4 từ 08:00 16/12/2024"
    found = left_behind.runs(warehouse)
    assert (found.state, found.command) == (Fit.WARNING, "cchc run 2024Q4")
    again = runs.begin(engine, "2024Q4", as_of=date(2024, 12, 14), asked_by="command")
    runs.end(engine, again, exit_code=0, said="")
    assert left_behind.runs(warehouse).state is Fit.GOOD, "a later one came to its end"


def test_a_run_without_end_is_told(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    runs.begin(engine, "2024Q4", as_of=date(2024, 12, 14), asked_by="schedule")
    monkeypatch.setenv("CCHC_NOW", "2024-12-16T21:00:00+07:00")
    with run_lock(engine, "2024Q4"):
        found = left_behind.runs(Warehouse())
    assert (found.state, found.command) == (Fit.WARNING, "cchc status 2024Q4")


def test_pieces_of_an_extract_are_told_unless_somebody_is_at_it(home: Path) -> None:
    folder = home / "khanh-hoa" / "landing" / "cam-lam" / "2024Q4"
    (folder / ".part-xyz").mkdir(parents=True)
    (folder / ".part-xyz" / "dossiers-00000.parquet").write_bytes(bytes(3_000_000))
    with (folder / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert left_behind.extracts().state is Fit.GOOD
    found = left_behind.extracts()
    assert (found.state, found.command) == (Fit.WARNING, "cchc run 2024Q4")
    assert "cam-lam kỳ 2024Q4 (3 MB)" in found.said
    shutil.rmtree(folder / ".part-xyz")
    assert left_behind.extracts().state is Fit.GOOD


def test_marks_that_cannot_be_set_are_told(home: Path) -> None:
    logs = home / "khanh-hoa" / "logs"
    logs.mkdir(parents=True)
    (logs / "audit-2024-11.marks").touch()
    assert left_behind.marks().state is Fit.GOOD
    (logs / "audit-2024-12.marks").symlink_to("/none/such/disk/audit-2024-12.marks")
    found = left_behind.marks()
    assert found.state is Fit.ERROR
    assert "audit-2024-12.marks" in found.said


def test_a_backup_that_is_old_or_gone_is_told(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    warehouse = Warehouse()
    found = kept.backup(warehouse)
    assert (found.state, found.command) == (Fit.WARNING, "cchc backup")
    made = back_up(file.parents[1] / "backups", who="x").folder
    told = kept.backup(warehouse).said
    assert told.startswith("bản gần nhất 08:00 16/12/2024, 0 ngày trước, cùng ổ đĩa với dữ liệu")
    for day, state in (("2024-12-23", Fit.WARNING), ("2024-12-25", Fit.WARNING), ("2025-02-01", Fit.ERROR)):
        monkeypatch.setenv("CCHC_NOW", f"{day}T09:00:00+07:00")
        assert kept.backup(warehouse).state is state
    made.rename(made.with_name("elsewhere"))
    assert f"không còn thư mục {made}" in kept.backup(warehouse).said


def test_a_store_that_refuses_is_told(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    warehouse = Warehouse()
    assert kept.store(warehouse).state is Fit.GOOD
    (tmp_path / "store").mkdir()
    monkeypatch.setenv("CCHC_STORE", f"file://{tmp_path}/store")
    assert "ghi, đọc, xóa thử được" in kept.store(warehouse).said
    (tmp_path / "store" / "khanh-hoa").mkdir()
    (tmp_path / "store" / "khanh-hoa" / ".owner").write_text("3f2a91c0" * 4)
    assert "là của kho dữ liệu 3f2a91c0, không phải kho dữ liệu đang dùng" in kept.store(warehouse).said
    monkeypatch.setenv("CCHC_STORE", "file:///proc/none")
    assert kept.store(warehouse).state is Fit.ERROR


def test_a_report_whose_file_is_gone_is_told(file: Path, tmp_path: Path) -> None:
    assert Warehouse().newest_report().said == "chưa có báo cáo nào"
