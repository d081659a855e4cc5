"""PostgreSQL: the mapped columns as text, of one moment, with the least rights; and every way in which it can fail."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from contracts.errors import SourceDrift, SourceUnreachable
from contracts.source_config import SourceConfig
from contracts.table_spec import SqlConnection, SqlTable
from sources.databases.postgresql import PostgresqlReader
from sources.databases.postgresql_errors import explained
from sources.reader import open_reader, probe
from tests.servers import DATABASE, PostgresServer, free_port, postgres, postgres_database  # noqa: F401
from tests.servers.relay import relay, silent
from tests.servers.tls import authority
from tests.sources.postgres_systems import (
    ACCOUNT,
    DOSSIER,
    LANDED,
    MAPPED,
    PASSWORD,
    add_account,
    allow,
    build,
    build_large,
    postgres_source,
    run,
)
from tests.sources.systems import PERIOD, PERSON, SQL_COLUMNS, landed, rows_of, table_map, with_spec, with_where

Server = PostgresServer


@pytest.fixture(scope="module")
def account(postgres: Server) -> Server:  # noqa: F811
    add_account(postgres)
    return postgres


@pytest.fixture
def server(account: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """A server whose database is empty, and the secret of the account that may read what it is allowed to."""
    account.empty(DATABASE)
    run(account, "DROP SCHEMA IF EXISTS mot_cua, khac CASCADE")
    monkeypatch.setenv("CCHC_SECRET_HUYEN_THU_USER", ACCOUNT)
    monkeypatch.setenv("CCHC_SECRET_HUYEN_THU_PASSWORD", PASSWORD)
    return account


@pytest.fixture
def system(server: Server) -> SourceConfig:
    build(server)
    return postgres_source(server)


def read(config: SourceConfig) -> list[tuple[str | None, ...]]:
    with open_reader(config) as reader:
        return [row for batch in reader.read(config.tables["dossiers"], PERIOD.window) for row in rows_of(batch)]


def many(rows: int) -> list[tuple[Any, ...]]:
    return [(f"H32.30-241015-{n:06d}", *DOSSIER[1:]) for n in range(rows)]


@contextmanager
def owner(monkeypatch: pytest.MonkeyPatch, server: Server) -> Iterator[None]:
    """As an account that may do everything."""
    with monkeypatch.context() as changed:
        changed.setenv("CCHC_SECRET_HUYEN_THU_USER", server.user)
        yield


def test_the_right_to_read_the_mapped_columns_is_enough(system: SourceConfig, tmp_path: Path) -> None:
    schema = probe(system).tables["dossiers"]
    assert list(schema.items())[:2] == [("HoSo.MaHoSo", "character varying(40)"), ("HoSo.MaTTHC", "text")]
    landing = landed(with_where(system, '"NgayTiepNhan" <= :last'), tmp_path)
    assert rows_of(landing.table("dossiers")) == [LANDED]
    assert not any(person.encode() in file.read_bytes() for file in landing.folder.iterdir() for person in PERSON)


@pytest.mark.parametrize("rows", [0, 1, 7_000, 30_000])
def test_every_row_is_read_in_batches_that_stay_small(server: Server, rows: int) -> None:
    build_large(server, rows)
    config = postgres_source(server)
    with open_reader(config) as reader:
        batches = list(reader.read(config.tables["dossiers"], PERIOD.window))
    assert sorted(row[0] for batch in batches for row in rows_of(batch)) == [
        f"H32.30-241015-{n:06d}" for n in range(1, rows + 1)
    ]
    assert all(0 < batch.num_rows <= 20_000 for batch in batches)


PLACES = [
    # from                                           what stands in the address
    ('mot_cua."HoSo"', ""),
    ('"HoSo"', "?search_path=mot_cua"),
    ('"HoSo" h', "?search_path=mot_cua,public"),
    ('(SELECT "MaHoSo", "MaTTHC", "MaCoQuan", "TrangThai", "KenhThucHien", "NgayTiepNhan", "NgayHenTra",'
     ' "NgayKetThuc", "LienThong" FROM mot_cua."HoSo") h', ""),
]  # fmt: skip


@pytest.mark.parametrize(("from_", "option"), PLACES)
def test_a_table_of_any_schema_is_found(server: Server, from_: str, option: str) -> None:
    build(server, schema="mot_cua")
    config = postgres_source(server, from_=from_)
    config = replace(config, address=config.address + option)
    assert any(name.endswith("HoSo.TrangThai") for name in probe(config).tables["dossiers"])
    assert read(config) == [LANDED]


def test_the_columns_of_a_query_are_what_it_gives(system: SourceConfig, caplog: pytest.LogCaptureFixture) -> None:
    columns = ", ".join(f'"{name}"' for name in MAPPED if name != "MaTTHC")
    query = f"""SELECT {columns}, '1.' || lpad("TrangThai"::text, 6, '0') AS "MaTTHC" FROM "HoSo" -- hồ sơ"""
    config = with_spec(system, from_="", query=query)
    found = probe(config).tables["dossiers"]
    assert (found["MaTTHC"], found["NgayHenTra"], len(found)) == ("text", "timestamp with time zone", len(MAPPED))
    assert read(config)[0][1] == "1.000009"
    assert caplog.messages == [], "the driver's words are no operator's"


def test_a_view_is_read_by_who_may_read_nothing_below_it(server: Server, system: SourceConfig) -> None:
    names = ", ".join(f'"{name}"' for name in MAPPED)
    run(server, f'CREATE VIEW khung_nhin AS SELECT {names} FROM "HoSo"', f'REVOKE ALL ON "HoSo" FROM {ACCOUNT}')
    allow(server, "khung_nhin", MAPPED)
    assert read(with_spec(system, from_="khung_nhin")) == [LANDED]


WRITING = [
    "ghi() = 1",
    "set_config('transaction_read_only', 'off', true) = 'off' AND ghi() = 1",
    "nextval('day_so') > 0",
]


@pytest.mark.parametrize("where", WRITING)
def test_nothing_is_written_even_by_who_may_write(
    server: Server, system: SourceConfig, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    run(
        server,
        "CREATE TABLE nhat_ky (luc timestamp)",
        "CREATE SEQUENCE day_so",
        "CREATE FUNCTION ghi() RETURNS int VOLATILE LANGUAGE sql AS 'INSERT INTO nhat_ky VALUES (now()) RETURNING 1'",
    )
    with owner(monkeypatch, server), pytest.raises(SourceDrift, match="đòi ghi vào hệ thống"):
        read(with_where(system, where))
    with server.connect(DATABASE) as connection:
        assert connection.execute("SELECT count(*) FROM nhat_ky").fetchone() == (0,)
        assert connection.execute("SELECT is_called FROM day_so").fetchone() == (False,)


@pytest.mark.parametrize("looking", [True, False])
def test_one_statement_stays_one(
    server: Server, system: SourceConfig, monkeypatch: pytest.MonkeyPatch, looking: bool
) -> None:
    """What a checked configuration never has; the protocol refuses it, too."""
    two = with_where(system, 'true); COMMIT; DELETE FROM "HoSo"; SELECT 1 WHERE (true')
    with owner(monkeypatch, server), pytest.raises(SourceDrift):
        probe(two) if looking else read(two)
    assert len(read(system)) == 1


def test_all_tables_are_of_one_moment_and_one_connection(server: Server) -> None:
    build(server, many(10))
    config = postgres_source(server)
    pauses = replace(config.tables["dossiers"], name="pauses")
    config = replace(config, tables={**config.tables, "pauses": pauses})
    with open_reader(config) as reader:
        reader.probe()
        first = sum(batch.num_rows for batch in reader.read(config.tables["dossiers"], PERIOD.window))
        run(server, 'DELETE FROM "HoSo" WHERE ctid IN (SELECT ctid FROM "HoSo" LIMIT 4)')
        second = sum(batch.num_rows for batch in reader.read(pauses, PERIOD.window))
        assert sessions(server) == [("cchc", "idle in transaction")]
    assert (first, second, len(read(config))) == (10, 10, 6)


def sessions(server: Server) -> list[tuple[Any, ...]]:
    with server.connect() as connection:
        query = "SELECT application_name, state FROM pg_stat_activity WHERE usename = %s"
        return connection.execute(query, [ACCOUNT]).fetchall()


def test_rows_that_nobody_wants_any_more_end_the_session(server: Server) -> None:
    build_large(server, 100_000)
    config = postgres_source(server)
    with open_reader(config) as reader:
        batches = reader.read(config.tables["dossiers"], PERIOD.window)
        assert next(batches).num_rows > 0
    with server.connect() as connection:
        query = "SELECT count(*) FROM pg_stat_activity WHERE usename = %s AND state <> 'idle'"
        wait_until(lambda: connection.execute(query, [ACCOUNT]).fetchone() == (0,))


def wait_until(holds: Any) -> None:
    import time

    deadline = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_nothing_of_the_server_s_settings_changes_what_is_read(server: Server, system: SourceConfig) -> None:
    strange = [
        "datestyle = 'SQL, DMY'",
        "timezone = 'America/Los_Angeles'",
        "default_transaction_isolation = serializable",
    ]
    try:
        run(server, *(f"ALTER ROLE {ACCOUNT} SET {setting}" for setting in strange))
        assert read(system) == [LANDED]
    finally:
        run(server, f"ALTER ROLE {ACCOUNT} RESET ALL")


def test_a_session_is_set_as_it_was_meant(server: Server, system: SourceConfig) -> None:
    """Names of settings that a server does not know are left out: then none of these may be misspelt."""
    config = replace(system, timeout_seconds=7)
    asked = ["statement_timeout", "lock_timeout", "client_connection_check_interval", "TimeZone", "DateStyle"]
    with PostgresqlReader(config) as reader, reader.transaction() as connection:
        found = [connection.exec_driver_sql(f"SHOW {name}").scalar() for name in asked]
    assert found == ["7s", "3500ms", "10s", "<+07>-07", "ISO, MDY"]


# ---------------------------------------------------------------- drift

LOST = [
    # what the vendor did                                                            what the operator is told
    ('ALTER TABLE "HoSo" RENAME COLUMN "NgayHenTra" TO "NgayHenTraKQ"', "«NgayHenTra» (có thể nay là «NgayHenTraKQ»)"),
    ('ALTER TABLE "HoSo" DROP COLUMN "LienThong", DROP COLUMN "MaTTHC"', "«MaTTHC», «LienThong»"),
    ('ALTER TABLE "HoSo" RENAME TO "HoSoMoi"', 'không còn bảng «"HoSo"»'),
    ('CREATE SCHEMA khac; ALTER TABLE "HoSo" SET SCHEMA khac', 'không còn bảng «"HoSo"»'),
]


@pytest.mark.parametrize(("statement", "told"), LOST)
def test_drift_is_named(server: Server, system: SourceConfig, statement: str, told: str) -> None:
    probe(system)
    run(server, statement)
    with pytest.raises(SourceDrift) as caught:
        probe(system)
    assert told in str(caught.value)
    with pytest.raises(SourceDrift):
        read(system)


WHOLE_ROWS = [
    # from                              what is mapped as the dossier's code
    ({"from_": '"HoSo"'}, "HoSo"),
    ({"from_": '"HoSo" h'}, "h"),
    ({"from_": 'public."HoSo"'}, "HoSo"),
    ({"from_": '(SELECT "MaTTHC", "HoTenChuHoSo" FROM "HoSo") AS x'}, "x"),
    ({"from_": "", "query": 'SELECT "MaHoSo", "MaTTHC" FROM "HoSo"'}, "q"),
    ({"from_": '"HoSo" h'}, "h.to_jsonb"),
    ({"from_": '"HoSo" h'}, "h.concat"),
    ({"from_": '"HoSo"'}, "HoSo.row_to_json"),
    ({"from_": '"CaDong"'}, "ho_so"),
    ({"from_": '"CaDong"'}, "cac_ho_so"),
    ({"from_": '"CaDong"'}, "mien"),
]


def calling(server: Server, system: SourceConfig, spec: dict[str, str], mapped: str) -> SourceConfig:
    """The source with that name mapped as the dossier's code, over its table, and a view that holds whole rows."""
    run(
        server,
        'CREATE DOMAIN mien AS "HoSo"',
        'CREATE VIEW "CaDong" AS SELECT h."MaTTHC", h AS ho_so, ARRAY[h] AS cac_ho_so, h::mien AS mien FROM "HoSo" h',
    )
    columns = {"dossier_code": (mapped, ""), "procedure_code": ("MaTTHC", "")}
    return replace(system, tables={"dossiers": table_map("dossiers", columns, SqlTable(**spec))})


@pytest.mark.parametrize(("spec", "mapped"), WHOLE_ROWS)
def test_a_name_that_stands_for_a_whole_row_is_no_column(
    server: Server, system: SourceConfig, spec: dict[str, str], mapped: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL gives every column of a table, those of persons too, for the table's own name."""
    config = calling(server, system, spec, mapped)
    with owner(monkeypatch, server):
        with pytest.raises(SourceDrift, match=rf"không còn cột «{mapped}»") as told:
            probe(config)
        table = config.tables["dossiers"]
        by_key = replace(config, tables={"dossiers": replace(table, columns=table.columns[1:])})
        with pytest.raises(SourceDrift, match=rf"không còn cột «{mapped}»"):
            probe(with_spec(by_key, key=mapped))
    assert not any(str(value) in str(told.value) for value in PERSON)


@pytest.mark.parametrize(("spec", "mapped"), [one for one in WHOLE_ROWS if "." not in one[1]])
def test_a_column_that_becomes_a_whole_row_after_the_look_is_not_read(
    server: Server, system: SourceConfig, spec: dict[str, str], mapped: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = calling(server, system, spec, mapped)
    with owner(monkeypatch, server), pytest.raises(SourceDrift, match=rf"không còn cột «{mapped}»"):
        read(config)


def test_a_column_may_be_called_as_its_table(
    server: Server, system: SourceConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(server, 'ALTER TABLE "HoSo" RENAME COLUMN "MaHoSo" TO "HoSo"')
    table = table_map("dossiers", {**SQL_COLUMNS, "dossier_code": ("HoSo", "")}, SqlTable(from_='"HoSo"'))
    named = replace(system, tables={"dossiers": table})
    probe(named)
    assert read(named) == [LANDED]
    run(server, 'ALTER TABLE "HoSo" RENAME COLUMN "HoSo" TO "MaHoSo"')
    with owner(monkeypatch, server), pytest.raises(SourceDrift, match="không còn cột «HoSo»"):
        probe(named)


def test_a_column_that_changed_its_type_shows(server: Server, system: SourceConfig) -> None:
    before = probe(system)
    run(server, 'ALTER TABLE "HoSo" ALTER COLUMN "TrangThai" TYPE text')
    after = probe(system)
    assert (before.tables["dossiers"]["HoSo.TrangThai"], after.tables["dossiers"]["HoSo.TrangThai"]) == (
        "smallint",
        "text",
    )
    assert before.fingerprint != after.fingerprint


CONDITIONS = ['"DaXoa" IS NULL', '"TrangThai" = ', '"TrangThai" LIKE 5', "khong_co(1) = 1"]


@pytest.mark.parametrize("where", CONDITIONS)
def test_a_condition_that_does_not_run_is_drift(system: SourceConfig, where: str) -> None:
    with pytest.raises(SourceDrift, match="where"):
        probe(with_where(system, where))


def test_a_query_may_name_the_days_of_the_period(system: SourceConfig) -> None:
    columns = ", ".join(f'"{name}"' for name in MAPPED)
    query = f"""SELECT {columns} FROM "HoSo" WHERE "NgayTiepNhan" < CAST(:today AS date)"""
    named = with_spec(system, from_="", query=query)
    probe(named)
    assert read(named) == [LANDED]


def test_a_query_that_does_not_run_is_drift(system: SourceConfig) -> None:
    with pytest.raises(SourceDrift, match=r"query\.sql không chạy được"):
        probe(with_spec(system, from_="", query='SELECT "MaHoSo" FROM "HoSoCu"'))


# ---------------------------------------------------------------- no answer, or refused


def told_by(config: SourceConfig) -> SourceUnreachable:
    """What looking and reading say; they must say the same, and nothing of the driver or of the password."""
    told = []
    for reads in (False, True):
        with pytest.raises(SourceUnreachable) as caught:
            read(config) if reads else probe(config)
        told.append(caught.value)
        assert PASSWORD not in f"{caught.value!s}{caught.value.__cause__!s}"
        assert not any(word in str(caught.value) for word in ("FATAL", "ERROR", "SQLSTATE", "libpq", "psycopg"))
    assert str(told[0]) == str(told[1])
    return told[0]


def test_a_wrong_password_is_told(system: SourceConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCHC_SECRET_HUYEN_THU_PASSWORD", "khac")
    assert "tài khoản hoặc mật khẩu của bí mật «huyen-thu»" in told_by(system).cause


def test_another_database_is_told(system: SourceConfig) -> None:
    config = replace(system, address=system.address.replace(DATABASE, "khong_co"))
    assert "không có cơ sở dữ liệu «khong_co»" in told_by(config).cause


def test_a_port_where_nobody_listens_is_told(system: SourceConfig, server: Server) -> None:
    config = replace(system, address=system.address.replace(str(server.port), str(free_port())))
    assert "không kết nối được tới máy chủ 127.0.0.1" in told_by(config).cause


def test_a_host_that_nobody_knows_is_told(system: SourceConfig) -> None:
    config = replace(system, address=system.address.replace("127.0.0.1", "khong.co.invalid"))
    assert "không tìm thấy máy chủ khong.co.invalid" in told_by(config).cause


def test_an_account_without_a_connection_left_is_told(system: SourceConfig, server: Server) -> None:
    run(server, f"ALTER ROLE {ACCOUNT} CONNECTION LIMIT 0")
    try:
        assert "hết số kết nối" in told_by(system).cause
    finally:
        run(server, f"ALTER ROLE {ACCOUNT} CONNECTION LIMIT -1")


def test_a_server_without_tls_is_not_spoken_to_in_clear(system: SourceConfig) -> None:
    config = replace(system, connection=SqlConnection(tls="on"))
    assert "không kết nối được bằng TLS" in told_by(config).cause


@pytest.fixture
def with_tls(server: Server, tmp_path: Path) -> Iterator[Path]:
    """The server has a certificate for 127.0.0.1; the folder of the source has its authority's."""
    made = authority(tmp_path)
    made.server(tmp_path)
    there = server.folder / "data" / "server.pem"
    there.write_bytes((tmp_path / "127.0.0.1.pem").read_bytes())
    owned = (server.folder / "data" / "pg_hba.conf").stat()
    os.chown(there, owned.st_uid, owned.st_gid)
    there.chmod(0o600)
    files = [f"ALTER SYSTEM SET {name} = 'server.pem'" for name in ("ssl_cert_file", "ssl_key_file")]
    run(server, *files, "ALTER SYSTEM SET ssl = on", "SELECT pg_reload_conf()")
    with server.connect() as connection:
        wait_until(lambda: connection.execute("SHOW ssl").fetchone() == ("on",))
    yield tmp_path
    run(server, "ALTER SYSTEM RESET ssl", "SELECT pg_reload_conf()")
    with server.connect() as connection:
        wait_until(lambda: connection.execute("SHOW ssl").fetchone() == ("off",))


def test_a_certificate_is_checked_where_that_is_wanted(system: SourceConfig, with_tls: Path) -> None:
    verified = SqlConnection(tls="verify", ca_file="authority.pem")
    assert read(replace(system, connection=SqlConnection(tls="on"))) == [LANDED]
    assert read(replace(system, connection=verified, folder=with_tls)) == [LANDED]
    unknown = replace(system, connection=SqlConnection(tls="verify"), folder=with_tls)
    assert "chứng chỉ TLS" in told_by(unknown).cause
    other_name = replace(unknown, connection=verified, address=system.address.replace("127.0.0.1", "localhost"))
    assert "chứng chỉ TLS" in told_by(other_name).cause


def test_a_right_that_is_missing_is_named(system: SourceConfig, server: Server) -> None:
    run(server, f'REVOKE SELECT ("LienThong") ON "HoSo" FROM {ACCOUNT}')
    said = told_by(system).cause
    assert 'GRANT SELECT ("MaHoSo", "MaTTHC"' in said
    assert '"LienThong") ON "HoSo"' in said


def test_a_condition_that_takes_too_long_ends(system: SourceConfig) -> None:
    config = with_where(replace(system, timeout_seconds=0.3), "pg_sleep(30) IS NOT NULL")
    with pytest.raises(SourceUnreachable, match=r"hết thời gian chờ 0\.3 giây"):
        read(config)


def test_a_locked_table_is_not_waited_for_for_ever(system: SourceConfig, server: Server) -> None:
    with server.connect(DATABASE) as other, other.transaction():
        other.execute('LOCK TABLE "HoSo"')
        assert "bảng đang bị khóa, đã chờ 0.4 giây" in told_by(replace(system, timeout_seconds=0.4)).cause


def test_a_server_that_never_says_a_word_is_left(system: SourceConfig, server: Server) -> None:
    with silent() as port:
        config = replace(system, address=system.address.replace(str(server.port), str(port)), timeout_seconds=2)
        assert "hết thời gian chờ 2 giây" in told_by(config).cause


BROKEN = [1, 300, 3_000, 50_000, 400_000]  # bytes of the server's after which the line is cut


@pytest.mark.parametrize("bytes_passed", BROKEN)
def test_a_line_that_breaks_is_told(server: Server, bytes_passed: int) -> None:
    build_large(server, 20_000)
    config = postgres_source(server)
    with relay(server.port, cut_after=bytes_passed) as wire:
        broken = replace(config, address=config.address.replace(str(server.port), str(wire.port)))
        with pytest.raises(SourceUnreachable) as caught:
            read(broken)
    assert "máy chủ 127.0.0.1" in caught.value.cause


@pytest.fixture
def frozen() -> Iterator[list[int]]:
    """Processes that a test has stopped; they go on when it ends."""
    stopped: list[int] = []
    yield stopped
    for process in stopped:
        os.kill(process, signal.SIGCONT)


def test_a_server_that_falls_silent_in_the_middle_is_left(server: Server, frozen: list[int]) -> None:
    build_large(server, 200_000)
    config = replace(postgres_source(server), timeout_seconds=2)
    with pytest.raises(SourceUnreachable, match="hết thời gian chờ 2 giây"), open_reader(config) as reader:
        for _ in reader.read(config.tables["dossiers"], PERIOD.window):
            freeze(server, frozen)


def test_a_server_that_falls_silent_while_it_is_looked_at_is_left(server: Server, frozen: list[int]) -> None:
    build(server)
    config = replace(postgres_source(server), timeout_seconds=0.2)
    with pytest.raises(SourceUnreachable, match=r"hết thời gian chờ 0\.2 giây"), open_reader(config) as reader:
        freeze(server, frozen)
        reader.probe()


def freeze(server: Server, frozen: list[int]) -> None:
    if frozen:
        return
    with server.connect() as connection:
        query = "SELECT pid FROM pg_stat_activity WHERE application_name = 'cchc'"
        frozen += [pid for (pid,) in connection.execute(query)]
    assert len(frozen) == 1
    os.kill(frozen[0], signal.SIGSTOP)


def test_a_server_that_is_stopped_in_the_middle_is_told(server: Server) -> None:
    build_large(server, 200_000)
    config = postgres_source(server)
    with pytest.raises(SourceUnreachable, match="mất kết nối với máy chủ"), open_reader(config) as reader:
        for _ in reader.read(config.tables["dossiers"], PERIOD.window):
            server.cut_sessions(DATABASE)


def test_a_value_that_breaks_a_condition_in_the_middle_is_told_without_it(server: Server) -> None:
    build_large(server, 50_000)
    run(server, """INSERT INTO "HoSo" ("MaHoSo") VALUES ('không là số')""")
    config = with_where(postgres_source(server), """right("MaHoSo", 1)::int < 10""")
    with pytest.raises(SourceDrift) as caught:
        read(config)
    assert "không là số" not in str(caught.value)


SAID = [
    # what libpq says while connecting                                                    cause
    ('FATAL:  the database system is starting up', "đang khởi động"),
    ('FATAL:  sorry, too many clients already', "hết số kết nối"),
    ('FATAL:  remaining connection slots are reserved for roles', "hết số kết nối"),
    ('FATAL:  no pg_hba.conf entry for host "10.0.0.1", user "x", no encryption', "pg_hba.conf"),
    ('FATAL:  role "x" is not permitted to log in', "tài khoản hoặc mật khẩu"),
    ('FATAL:  permission denied for database "mot_cua"', "CONNECT"),
    ('FATAL:  Passwort-Authentifizierung fehlgeschlagen', "từ chối kết nối"),
    ('received invalid response to SSL negotiation: H', "TLS"),
    ('expected authentication request from server, but received H', "không trả lời như một máy chủ PostgreSQL"),
    ('No route to host', "không kết nối được"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "cause"), SAID)
def test_what_is_said_while_connecting(server: Server, said: str, cause: str) -> None:
    assert cause in explained(postgres_source(server), psycopg.OperationalError(said)).cause
