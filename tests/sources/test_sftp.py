"""Only an SFTP server that is known is read, with the secret's own key or password, and no longer than said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import asyncssh
import pytest

from contracts.errors import CchcError, SourceUnreachable
from sources.files import sent_files as files
from sources.reader import probe
from tests.servers.password_sftp import USER, PasswordServer, by_password
from tests.servers.process import free_port
from tests.servers.relay import relay, silent
from tests.servers.sftp import SftpServer, sftp, sftp_server
from tests.sources.places import (
    CANARY,
    CSV,
    ROW,
    Place,
    addresses,
    csv_source,
    excel_source,
    give,
    on,
    on_sftp,
    read,
    refused,
    workbook,
)

__all__ = ["by_password", "on_sftp", "sftp", "sftp_server"]


def test_a_server_that_nobody_wrote_down_is_refused(on_sftp: Place, tmp_path: Path) -> None:
    (tmp_path / "known_hosts").unlink()
    assert "ssh-keyscan -p" in refused(on(on_sftp))


@pytest.mark.parametrize("text", ["", "# trống\n", "khac.vn ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ"])
def test_a_list_of_hosts_without_this_one_is_refused(on_sftp: Place, tmp_path: Path, text: str) -> None:
    (tmp_path / "known_hosts").write_text(text)
    assert "không có khóa của máy chủ này" in refused(on(on_sftp)) or text.startswith("khac")


@pytest.mark.parametrize("kind", ["ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256"])
def test_a_server_with_another_key_is_refused(on_sftp: Place, sftp: SftpServer, tmp_path: Path, kind: str) -> None:
    other = asyncssh.generate_private_key(kind).export_public_key().decode()
    (tmp_path / "known_hosts").write_text(f"[127.0.0.1]:{sftp.port} {other}\n")
    told = refused(on(on_sftp))
    assert "KHÁC khóa đã ghi" in told
    assert "giả mạo" in told


def test_the_account_s_own_list_of_hosts_does_not_count(
    on_sftp: Place, sftp: SftpServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    (home / ".ssh").mkdir(parents=True)
    (home / ".ssh/known_hosts").write_text(sftp.known_hosts())
    (home / ".ssh/config").write_text("Host *\n  StrictHostKeyChecking no\n  UserKnownHostsFile /dev/null\n")
    monkeypatch.setenv("HOME", str(home))
    (tmp_path / "known_hosts").write_text("")
    assert "không có khóa của máy chủ này" in refused(on(on_sftp))


def test_another_key_is_refused_by_the_server(on_sftp: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_private_key().decode()
    config = on(on_sftp)
    give(monkeypatch, private_key=other)
    told = refused(config)
    assert "từ chối đăng nhập" in told
    assert other.splitlines()[2] not in told


def test_a_key_with_a_passphrase_opens(on_sftp: Place, sftp: SftpServer, monkeypatch: pytest.MonkeyPatch) -> None:
    locked = asyncssh.import_private_key(sftp.private_key).export_private_key("pkcs8-pem", passphrase=CANARY).decode()
    config = on(on_sftp)
    give(monkeypatch, private_key=locked, passphrase=CANARY)
    assert addresses(config) == ["2024Q4.csv!2"]
    for wrong in (f"{CANARY}!", ""):
        give(monkeypatch, passphrase=wrong)
        assert CANARY not in (told := refused(config))
        assert "passphrase" in told


def test_a_secret_without_what_a_login_needs_is_told(on_sftp: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    config = on(on_sftp)
    monkeypatch.delenv("CCHC_SECRET_THU_PRIVATE_KEY")
    assert "không có khóa riêng, cũng không có mật khẩu" in refused(config)
    give(monkeypatch, private_key="không phải khóa")
    assert "không mở được" in refused(config)
    monkeypatch.delenv("CCHC_SECRET_THU_USER")
    assert "user" in refused(config)


def test_a_password_opens_and_a_wrong_one_is_tried_once(
    by_password: PasswordServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (by_password.folder / "drop/2024Q4.csv").write_bytes(CSV)
    (tmp_path / "known_hosts").write_text(by_password.known_hosts())
    secret = give(monkeypatch, user=USER, password="đúng mật khẩu")
    config = replace(csv_source(by_password.address("2024Q4.csv")), folder=tmp_path, secret=secret)
    assert addresses(config) == ["2024Q4.csv!2"]
    give(monkeypatch, password=CANARY)
    with pytest.raises(CchcError) as caught:
        probe(config)
    assert by_password.refused == 1
    assert "từ chối đăng nhập" in caught.value.cause
    assert CANARY not in f"{caught.value}{caught.value.__cause__}{caught.value.__context__}"


def test_a_password_is_no_key(on_sftp: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    config = on(on_sftp)
    monkeypatch.delenv("CCHC_SECRET_THU_PRIVATE_KEY")
    give(monkeypatch, password=CANARY)
    assert CANARY not in refused(config)


def test_a_file_that_may_not_be_read_is_told(on_sftp: Place, sftp: SftpServer) -> None:
    config = on(on_sftp)
    (sftp.drop / "2024Q4.csv").chmod(0)
    with pytest.raises(SourceUnreachable, match=r"không có quyền đọc «2024Q4\.csv»"):
        read(config)


def test_a_server_that_is_off_is_told(on_sftp: Place, sftp: SftpServer, tmp_path: Path) -> None:
    port = free_port()
    (tmp_path / "known_hosts").write_text(sftp.known_hosts(port=port))
    with pytest.raises(SourceUnreachable, match="không nối được"):
        probe(replace(on(on_sftp), address=sftp.address("2024Q4.csv", port=port)))


def test_a_connection_cut_while_reading_is_told(on_sftp: Place, sftp: SftpServer, tmp_path: Path) -> None:
    on_sftp.put("2024Q4.csv", CSV + (ROW + "\n").encode() * 60_000)
    with relay(sftp.port, cut_after=2 * files.BLOCK) as wire:
        (tmp_path / "known_hosts").write_text(sftp.known_hosts(port=wire.port))
        address = sftp.address("2024Q4.csv", port=wire.port)
        with pytest.raises(SourceUnreachable, match="bị ngắt giữa chừng"):
            read(on_sftp.at(csv_source(address)))
        assert wire.passed >= 2 * files.BLOCK


def test_a_server_that_falls_silent_is_waited_for_no_longer_than_said(
    on_sftp: Place, sftp: SftpServer, tmp_path: Path
) -> None:
    with silent() as port:
        (tmp_path / "known_hosts").write_text(sftp.known_hosts(port=port))
        config = replace(on(on_sftp), address=sftp.address("2024Q4.csv", port=port), timeout_seconds=0.3)
        with pytest.raises(SourceUnreachable, match=r"không trả lời trong 0\.3 giây"):
            probe(config)


def test_nothing_of_the_file_stays_on_this_machine(
    on_sftp: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = tmp_path / "spool"
    spool.mkdir()
    for name in ("TMPDIR", "TEMP", "TMP", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(spool))
    monkeypatch.setattr("tempfile.tempdir", None)
    on_sftp.put("2024Q4.xlsx", workbook(tmp_path))
    assert len(read(on_sftp.at(excel_source(on_sftp.address("2024Q4.xlsx"))))) == 1
    assert list(spool.iterdir()) == []
