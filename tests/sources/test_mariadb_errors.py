"""Every way in which a MariaDB can refuse, hang or have changed is told in our words, and in nobody else's."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pymysql
import pytest

from contracts.errors import ConfigError, SourceDrift, SourceError, SourceUnreachable
from contracts.source_config import SourceConfig
from contracts.table_spec import SqlConnection
from sources.mariadb import MariadbReader
from sources.mariadb_errors import explained
from sources.reader import open_reader, probe
from tests.servers.mariadb import MariadbServer, mariadb, mariadb_server  # noqa: F401  a fixture
from tests.servers.mysql_greeting import greeter
from tests.servers.process import free_port, give_to_unprivileged
from tests.servers.relay import silent
from tests.servers.tls import Authority, authority
from tests.sources.mariadb_systems import DATABASE, LEAST, PASSWORD, READER, System, mariadb_source, read, system_of
from tests.sources.systems import DOSSIER, PERIOD, landed, with_spec, with_where


@pytest.fixture
def system(mariadb: MariadbServer, monkeypatch: pytest.MonkeyPatch) -> System:  # noqa: F811
    made = system_of(mariadb, monkeypatch)
    made.add(DOSSIER)
    return made


def at(config: SourceConfig, port: int, *, host: str = "127.0.0.1", database: str = DATABASE) -> SourceConfig:
    return replace(config, address=f"mariadb://{host}:{port}/{database}")


CANARY = "Bí-mật-9f3a"
NUMBERS = """
number | class       | told
1040   | unreachable | hết số kết nối
1044   | unreachable | GRANT SELECT (MaHoSo,
1045   | unreachable | không nhận tài khoản hoặc mật khẩu của bí mật «thu»
1049   | unreachable | không có cơ sở dữ liệu «mot_cua»
1052   | drift       | có trong nhiều bảng
1053   | unreachable | mất kết nối
1054   | drift       | cột trong câu truy vấn không còn
1064   | drift       | sai cú pháp
1130   | unreachable | không cho máy này kết nối
1142   | unreachable | ON mot_cua.HoSo TO «tài khoản của bí mật thu»; GRANT SELECT (MaHoSo, NgayYeuCau
1143   | unreachable | GRANT SELECT
1146   | drift       | bảng trong câu truy vấn không còn
1203   | unreachable | hết số kết nối
1205   | unreachable | đang bị khóa, đã chờ 5 giây
1213   | unreachable | đang bị khóa
1317   | unreachable | mất kết nối
1356   | unreachable | khung nhìn không chạy được
1370   | unreachable | GRANT SELECT
1412   | unreachable | cấu trúc bảng vừa bị đổi
1698   | unreachable | không nhận tài khoản
1792   | drift       | đòi ghi vào hệ thống
1862   | unreachable | phải đổi mật khẩu
1969   | unreachable | hết thời gian chờ 5 giây
2003   | unreachable | không kết nối được tới máy chủ
2005   | unreachable | không tìm thấy máy chủ
2006   | unreachable | mất kết nối với máy chủ 127.0.0.1 giữa chừng
2013   | unreachable | mất kết nối với máy chủ 127.0.0.1 giữa chừng
2026   | unreachable | bằng TLS, mà cấu hình ghi tls = «off»
2027   | unreachable | trả lời sai giao thức
3024   | unreachable | hết thời gian chờ
3118   | unreachable | bị khóa
4151   | unreachable | bị khóa
3159   | unreachable | bằng TLS
1034   | unreachable | hỏng
1114   | unreachable | hết chỗ
9999   | unreachable | trả lỗi số 9999
"""
CLASSES = {"unreachable": SourceUnreachable, "drift": SourceDrift}
LINES = [tuple(cell.strip() for cell in line.split("|")) for line in NUMBERS.strip().splitlines()[1:]]


@pytest.mark.parametrize(("number", "kind", "told"), LINES)
def test_a_number_is_told_in_our_words(number: str, kind: str, told: str) -> None:
    said = explained(
        mariadb_source("mariadb://127.0.0.1:3306/mot_cua"),
        pymysql.err.OperationalError(int(number), f"near '{CANARY}' at line 1"),
    )
    assert type(said) is CLASSES[kind]
    assert told in said.cause
    assert CANARY not in f"{said}{said.args}{said.__dict__}"
    assert said.source_id == "huyen-thu"


@pytest.mark.parametrize("error", [None, pymysql.err.InternalError("Packet sequence number wrong"), ValueError()])
def test_what_has_no_number_is_no_answer_of_a_mariadb(error: Exception | None) -> None:
    assert "sai giao thức" in explained(mariadb_source("mariadb://127.0.0.1:3306/mot_cua"), error).cause


def told(config: SourceConfig, kind: type[SourceError] = SourceUnreachable) -> str:
    """What the operator is told when the source is read."""
    with pytest.raises(SourceError) as caught:
        read(config)
    assert type(caught.value) is kind
    return str(caught.value)


ACCOUNTS: dict[str, tuple[Callable[[System], object], str]] = {
    "wrong password": (lambda s: s.read_as(READER, CANARY), "không nhận tài khoản hoặc mật khẩu của bí mật «thu»"),
    "no such account": (lambda s: s.read_as(CANARY, "x"), "không nhận tài khoản hoặc mật khẩu"),
    "locked": (lambda s: s.run(f"ALTER USER {READER} ACCOUNT LOCK"), "tài khoản của bí mật «thu» bị khóa"),
    "expired": (lambda s: s.run(f"ALTER USER {READER} PASSWORD EXPIRE"), "phải đổi mật khẩu"),
    "only by TLS": (lambda s: s.run(f"ALTER USER {READER} REQUIRE SSL"), "không nhận tài khoản"),
    "no right at all": (lambda s: s.run(f"REVOKE ALL, GRANT OPTION FROM {READER}"), "GRANT SELECT (MaHoSo, "),
    "as many connections as it may have": (
        lambda s: s.run(f"ALTER USER {READER} WITH MAX_QUERIES_PER_HOUR 3"),
        "hết số kết nối cho phép",
    ),
}


@pytest.mark.parametrize(("make", "expected"), ACCOUNTS.values(), ids=ACCOUNTS)
def test_an_account_that_may_not(
    system: System, make: Callable[[System], object], expected: str, caplog: pytest.LogCaptureFixture
) -> None:
    make(system)
    with caplog.at_level(logging.DEBUG):
        said = told(system.config)
    assert expected in said
    assert not any(secret in said + caplog.text for secret in (CANARY, PASSWORD))


def test_a_right_that_is_missing_is_named_with_all_that_is_needed(system: System) -> None:
    """Those of where, too."""
    system.run(f"REVOKE ALL, GRANT OPTION FROM {READER}", "ALTER TABLE HoSo ADD COLUMN DaXoa INT")
    for grant in (LEAST[0].replace(", LienThong", ""), LEAST[1]):
        system.server.run(f"GRANT {grant} TO {READER}")
    asked = with_where(system.config, "DaXoa IS NULL")
    with pytest.raises(SourceUnreachable) as caught:
        probe(asked)
    for grant in str(caught.value).partition("chạy: ")[2].partition(" → ")[0].split("; "):
        system.server.run(grant.replace("«tài khoản của bí mật thu»", READER))
    probe(asked)
    assert len(read(asked)) == 1


LOST = [
    # what the vendor did                                             what the operator is told
    ("ALTER TABLE HoSo CHANGE NgayHenTra NgayHenTraKQ DATE", "«NgayHenTra»"),
    ("ALTER TABLE HoSo DROP COLUMN LienThong", "không còn cột «LienThong»"),
    ("ALTER TABLE HoSo RENAME TO HoSoMoi", "không còn bảng «HoSo»"),
    ("DROP TABLE HoSo", "không còn bảng «HoSo»"),
]


@pytest.mark.parametrize(("statement", "expected"), LOST)
def test_drift_is_named(system: System, statement: str, expected: str) -> None:
    probe(system.config)
    system.run(statement)
    with pytest.raises(SourceDrift) as caught:
        probe(system.config)
    assert expected in str(caught.value)
    told(system.config, SourceDrift)


def test_a_column_that_may_be_the_lost_one_is_proposed_where_it_may_be_seen(system: System) -> None:
    system.read_as_admin()
    system.run(
        "ALTER TABLE HoSo CHANGE NgayHenTra NgayHenTraKQ DATE", "ALTER TABLE HoSo CHANGE MaHoSo MaHoSoSDT VARCHAR(40)"
    )
    with pytest.raises(SourceDrift, match=r"«NgayHenTra» \(có thể nay là «NgayHenTraKQ»\)") as caught:
        probe(system.config)
    assert "SDT" not in str(caught.value)


def test_a_condition_on_a_lost_column_is_drift(system: System) -> None:
    system.read_as_admin()
    with pytest.raises(SourceDrift, match="điều kiện where"):
        probe(with_where(system.config, f"DaXoa = '{CANARY}'"))
    assert CANARY not in told(with_where(system.config, f"DaXoa = '{CANARY}'"), SourceDrift)


@pytest.mark.parametrize(
    "broken", ["DROP TABLE Goc", "ALTER TABLE Goc DROP COLUMN MaHoSo", "REVOKE ALL, GRANT OPTION FROM nguoi_tao"]
)
def test_a_view_without_what_is_below_it_is_told(system: System, broken: str) -> None:
    system.server.account("nguoi_tao", "x", f"ALL ON {DATABASE}.*")
    system.run(
        "CREATE TABLE Goc AS SELECT * FROM HoSo",
        "CREATE DEFINER = nguoi_tao SQL SECURITY DEFINER VIEW KhungNhin AS SELECT * FROM Goc",
        f"GRANT SELECT ON {DATABASE}.KhungNhin TO {READER}",
    )
    view = with_spec(system.config, from_="KhungNhin")
    probe(view)
    assert len(read(view)) == 1
    system.run(broken)
    with pytest.raises(SourceUnreachable, match="khung nhìn không chạy được"):
        probe(view)
    assert "khung nhìn không chạy được" in told(view)


PLACES: dict[str, tuple[Callable[[SourceConfig], SourceConfig], str]] = {
    "nobody listens": (lambda c: at(c, free_port()), "không kết nối được tới máy chủ 127.0.0.1"),
    "no such name": (lambda c: at(c, 3306, host="khong-co.invalid"), "không tìm thấy máy chủ khong-co.invalid"),
    "no such database": (lambda c: replace(c, address=c.address + "_cu"), "không có cơ sở dữ liệu «mot_cua_cu»"),
}


@pytest.mark.parametrize(("change", "expected"), PLACES.values(), ids=PLACES)
def test_a_place_where_nothing_is(
    system: System, change: Callable[[SourceConfig], SourceConfig], expected: str
) -> None:
    system.read_as_admin()
    assert expected in told(change(system.config))


def test_an_address_without_database_is_a_mistake_of_the_file(system: System) -> None:
    with pytest.raises(ConfigError, match=r"source\.toml.*phải có dạng mariadb://"):
        read(replace(system.config, address="mariadb://127.0.0.1"))


@contextmanager
def saying(answer: bytes) -> Iterator[int]:
    """Port of a server of another kind."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            client, _ = listener.accept()
            with client:
                client.sendall(answer)
                client.recv(4_096)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(10)


OTHERS = {
    "SSH": b"SSH-2.0-OpenSSH_9.2\r\n",
    "HTTP": b"HTTP/1.1 400 Bad Request\r\n\r\n",
    "half a greeting": b"\x05\x00\x00\x00\x0a5.5.",
    "an empty greeting": b"\x00\x00\x00\x00",
    "a greeting that ends": b"\x4a\x00\x00\x00\x0a8.0.1",
    "numbers": bytes(range(256)),
}


@pytest.mark.parametrize("answer", OTHERS.values(), ids=OTHERS)
def test_a_server_of_another_kind_is_told(system: System, answer: bytes) -> None:
    with saying(answer) as port:
        said = told(replace(at(system.config, port), timeout_seconds=0.3))
    assert any(words in said for words in ("giao thức", "không trả lời như", "mất kết nối", "hết thời gian chờ"))


@pytest.mark.parametrize("version", ["5.5.5-10.0.38-MariaDB-1", "5.6.51", "5.1.73-log"])
def test_a_server_that_is_too_old_is_told(system: System, version: str) -> None:
    with greeter(version=version) as server:
        assert "phiên bản quá cũ" in told(at(system.config, server.port))


@pytest.mark.parametrize("plugin", ["mysql_clear_password", "dialog"])
def test_a_password_is_never_sent_as_it_is(system: System, plugin: str) -> None:
    with greeter(then_asks_for=plugin) as server:
        assert "đòi gửi mật khẩu không che" in told(at(system.config, server.port))
    assert PASSWORD.encode() not in b"".join(server.heard)


def test_a_mysql_is_given_its_own_settings(system: System) -> None:
    """As far as can be seen without one: what it would be asked to set."""
    with greeter(version="8.0.36") as server:
        MariadbReader(at(system.config, server.port))._connect().close()
    heard = b"".join(server.heard)
    assert b"SET SESSION max_execution_time = 5000" in heard
    assert b"max_statement_time" not in heard


def test_a_full_server_is_told(system: System) -> None:
    [[before]] = system.run("SELECT @@GLOBAL.max_connections")
    system.run("SET GLOBAL max_connections = 10", "SET GLOBAL extra_max_connections = 1")
    others = [system.server.connect(user=READER, password=PASSWORD) for _ in range(10)]
    try:
        assert "hết số kết nối" in told(system.config)
    finally:
        for one in others:
            one.close()
        system.server.wait_for(f"SELECT count(*) FROM information_schema.processlist WHERE user = '{READER}'", 0)
        system.run(f"SET GLOBAL max_connections = {before}")


def test_a_server_that_says_nothing_is_left_in_time(system: System) -> None:
    with silent() as port:
        assert "hết thời gian chờ 0.2 giây" in told(replace(at(system.config, port), timeout_seconds=0.2))


def test_a_server_that_hangs_is_left_in_time(system: System) -> None:
    """Stopped in the middle of everything, it keeps its connections and answers nothing."""
    config = replace(system.config, timeout_seconds=0.2)
    server = system.server.process.pid
    os.kill(server, signal.SIGSTOP)
    try:
        assert "hết thời gian chờ 0.2 giây" in told(config)
    finally:
        os.kill(server, signal.SIGCONT)
    assert len(read(system.config)) == 1


SLOW = "(SELECT SUM(LENGTH(MD5(seq))) FROM seq_1_to_1000000000) > 0"


def test_a_query_without_end_is_stopped_at_the_server(system: System) -> None:
    system.read_as_admin()
    asked = with_where(replace(system.config, timeout_seconds=0.3), SLOW)
    probe(asked)  # reads no row, so does not run the query
    assert "hết thời gian chờ 0.3 giây" in told(asked)
    [[left]] = system.run("SELECT count(*) FROM information_schema.processlist WHERE info LIKE '%MD5(seq)%'")
    assert left == 1, "this one"


def test_a_locked_table_is_told(system: System) -> None:
    with system.server.connect(DATABASE) as holder, holder.cursor() as cursor:
        cursor.execute("LOCK TABLES HoSo WRITE")
        said = told(replace(system.config, timeout_seconds=0.3))
    assert "0.3 giây" in said


def test_a_table_that_is_altered_while_it_is_read_is_told(system: System) -> None:
    """The rows would be those of another structure than the one that was checked."""
    with pytest.raises(SourceUnreachable, match="cấu trúc bảng vừa bị đổi"), open_reader(system.config) as reader:
        system.run("ALTER TABLE HoSo ADD COLUMN Moi INT NOT NULL DEFAULT 1, FORCE")
        list(reader.read(system.config.tables["dossiers"], PERIOD.window))


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def tls_server(trusted: Authority) -> Iterator[MariadbServer]:
    folder = Path("/tmp") / f"cchc-mariadb-tls-{os.getpid()}"
    folder.mkdir()
    trusted.server(folder)
    give_to_unprivileged(folder)
    file = folder / "127.0.0.1.pem"
    try:
        with mariadb_server(ssl_cert=file, ssl_key=file) as server:
            yield server
    finally:
        shutil.rmtree(folder)


TLS = [
    # tls      file of the authority   told, where it is refused
    ("off", "", ""),
    ("on", "", ""),
    ("verify", "authority.pem", ""),
    ("verify", "other.pem", "không được «ca_file» xác nhận"),
    ("verify", "", "không được «ca_file» xác nhận"),
]


@pytest.mark.parametrize(("tls", "ca_file", "refused"), TLS)
@pytest.mark.parametrize("legacy", [False, True])
def test_the_line_is_encrypted_as_configured(
    tls_server: MariadbServer,
    trusted: Authority,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    tls: Any,
    ca_file: str,
    refused: str,
    legacy: bool,
) -> None:
    system = system_of(tls_server, monkeypatch)
    if tls != "off":
        system.run(f"ALTER USER {READER} REQUIRE SSL")
    shutil.copy(trusted.file, tmp_path)
    (tmp_path / "other").mkdir()
    authority(tmp_path / "other").file.rename(tmp_path / "other.pem")
    connection = SqlConnection(tls=tls, ca_file=ca_file, legacy=legacy)
    config = replace(system.config, folder=tmp_path, connection=connection)
    if refused:
        assert refused in told(config)
    else:
        assert read(config) == []


def test_a_certificate_of_another_name_is_refused(
    tls_server: MariadbServer, trusted: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = system_of(tls_server, monkeypatch)
    connection = SqlConnection(tls="verify", ca_file="authority.pem")
    config = replace(system.config, folder=trusted.file.parent, connection=connection)
    assert "hoặc không mang tên localhost" in told(at(config, tls_server.port, host="localhost"))


def test_a_server_without_tls_is_not_told_the_password(system: System) -> None:
    assert "tls = «on»" in told(replace(system.config, connection=SqlConnection()))


@pytest.mark.parametrize(("content", "said"), [(None, "không có tệp ca_file"), (b"x", "không phải là chứng chỉ")])
def test_a_file_of_the_authority_that_is_none(system: System, tmp_path: Path, content: bytes | None, said: str) -> None:
    if content:
        (tmp_path / "ca.pem").write_bytes(content)
    connection = SqlConnection(tls="verify", ca_file="ca.pem")
    with pytest.raises(ConfigError, match=said):
        read(replace(system.config, folder=tmp_path, connection=connection))


def test_what_could_not_be_read_is_not_landed(system: System, tmp_path: Path) -> None:
    system.run("DROP TABLE YeuCau")
    with pytest.raises(SourceDrift):
        landed(system.config, tmp_path)
    assert not list(tmp_path.rglob("manifest.json"))
