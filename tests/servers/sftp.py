"""OpenSSH's SFTP server for tests: one account, which logs in with its key, and a folder to drop files into."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncssh
import pytest

from tests.servers.process import START_SECONDS, command, free_port, give_to_unprivileged

_SETTINGS = """
ListenAddress 127.0.0.1
Port {port}
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/authorized_keys
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
AllowUsers {user}
Subsystem sftp internal-sftp
ForceCommand internal-sftp {rights}
MaxStartups 100
LogLevel ERROR
"""


@dataclass(frozen=True)
class SftpServer:
    """private_key: of the one account, as OpenSSH writes it. host_key: what a known_hosts file says of the server.
    drop: the folder of files, on this machine; the server, which is not root, can read what is put there."""

    port: int
    user: str
    private_key: str
    host_key: str
    drop: Path

    def address(self, path: str, *, port: int = 0) -> str:
        """Address of a path below the drop folder; port: of something that stands between."""
        return f"sftp://127.0.0.1:{port or self.port}{self.drop}/{path}"

    def known_hosts(self, *, port: int = 0) -> str:
        return f"[127.0.0.1]:{port or self.port} {self.host_key}\n"


@pytest.fixture(scope="session")
def sftp_server() -> Iterator[SftpServer]:
    """A running server, started when first asked for; it lets nobody write."""
    with _served("-R") as server:
        yield server


@pytest.fixture(scope="session")
def writable_sftp() -> Iterator[SftpServer]:
    """One that its account may write to."""
    with _served("") as server:
        yield server


@contextmanager
def _served(rights: str) -> Iterator[SftpServer]:
    folder = Path(tempfile.mkdtemp(prefix="cchc-sftp-"))
    port, drop = free_port(), folder / "drop"
    host_key, own_key = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(2))
    drop.mkdir()
    host_key.write_private_key(folder / "host_key")
    (folder / "host_key").chmod(0o600)
    own_key.write_public_key(folder / "authorized_keys")
    user = give_to_unprivileged(folder)
    for path in (drop, folder / "host_key", folder / "authorized_keys"):
        give_to_unprivileged(path)
    (folder / "sshd_config").write_text(_SETTINGS.format(port=port, folder=folder, user=user, rights=rights))
    (folder / "sshd_config").chmod(0o644)
    known = host_key.export_public_key().decode().strip()
    program = command([_sshd(), "-D", "-e", "-f", folder / "sshd_config"], stop="TERM")
    try:
        with running(program, port=port, log=folder / "log"):
            yield SftpServer(port, user, own_key.export_private_key().decode(), known, drop)
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def sftp(sftp_server: SftpServer) -> Iterator[SftpServer]:
    """The server with nothing in its folder."""
    yield sftp_server
    for path in sftp_server.drop.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _sshd() -> str:
    program = shutil.which("sshd") or shutil.which("sshd", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        pytest.fail("OpenSSH's server is missing: apt-get install openssh-server", pytrace=False)
    return program


@contextmanager
def running(program: Sequence[str], *, port: int, log: Path) -> Iterator[None]:
    """A server of its own process, from when it takes connections on."""
    with log.open("wb") as output:
        process = subprocess.Popen(program, stdout=output, stderr=output)
    try:
        _wait_until_ready(process, port, log)
        yield
    finally:
        process.terminate()
        process.wait(START_SECONDS)


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"{log.name}: the server did not start:\n{log.read_text(encoding='utf-8')[-2000:]}", pytrace=False)
