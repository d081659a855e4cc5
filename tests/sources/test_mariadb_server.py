"""A MariaDB that is elsewhere, another, full, slow, silent or not to be trusted is told so, and in time."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contracts.errors import ConfigError, SourceUnreachable
from contracts.source_config import SourceConfig
from contracts.table_spec import SqlConnection
from sources.databases.mariadb import MariadbReader
from sources.reader import open_reader, probe
from tests.servers.mariadb import MariadbServer, mariadb, mariadb_server  # noqa: F401  a fixture
from tests.servers.mysql_greeting import greeter
from tests.servers.process import free_port, give_to_unprivileged
from tests.servers.relay import silent
from tests.servers.tls import Authority, authority
from tests.sources.mariadb_systems import (
    DATABASE,
    PASSWORD,
    READER,
    System,
    at,
    read,
    system_of,
    told,
)
from tests.sources.systems import DOSSIER, PERIOD, with_where


@pytest.fixture
def system(mariadb: MariadbServer, monkeypatch: pytest.MonkeyPatch) -> System:  # noqa: F811
    made = system_of(mariadb, monkeypatch)
    made.add(DOSSIER)
    return made


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
    folder = Path(tempfile.mkdtemp(prefix="cchc-mariadb-tls-"))  # the server's user cannot enter pytest's folders
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
