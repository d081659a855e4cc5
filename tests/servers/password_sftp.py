"""An SFTP server that wants a password, for tests: asyncssh's, since OpenSSH's asks the machine's own accounts.

As a program: port, folder with host_key and drop, user, password; each refused login becomes a line of folder/refused.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncssh
import pytest

from tests.servers.process import free_port
from tests.servers.sftp import running

USER = "xa-phuong"


@dataclass(frozen=True)
class PasswordServer:
    port: int
    host_key: str
    folder: Path

    def known_hosts(self) -> str:
        return f"[127.0.0.1]:{self.port} {self.host_key}\n"

    def address(self, name: str) -> str:
        return f"sftp://127.0.0.1:{self.port}/{name}"

    @property
    def refused(self) -> int:
        """How many passwords were wrong so far."""
        path = self.folder / "refused"
        return len(path.read_text().splitlines()) if path.exists() else 0


@contextmanager
def password_sftp(password: str) -> Iterator[PasswordServer]:
    """A running server of one account with that password; its root is the folder `drop`."""
    with tempfile.TemporaryDirectory(prefix="cchc-sftp-password-") as name:
        folder, port = Path(name), free_port()
        (folder / "drop").mkdir()
        key = asyncssh.generate_private_key("ssh-ed25519")
        key.write_private_key(folder / "host_key")
        program = [sys.executable, "-m", "tests.servers.password_sftp", port, folder, USER, password]
        with running(["setpriv", "--pdeathsig=TERM", *map(str, program)], port=port, log=folder / "log"):
            yield PasswordServer(port, key.export_public_key().decode().strip(), folder)


@pytest.fixture
def by_password() -> Iterator[PasswordServer]:
    with password_sftp("đúng mật khẩu") as server:
        yield server


class _Login(asyncssh.SSHServer):
    def __init__(self, folder: Path, user: str, password: str) -> None:
        self._folder, self._account = folder, (user, password)

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        if (username, password) == self._account:
            return True
        with (self._folder / "refused").open("a") as refused:
            refused.write("1\n")
        return False


async def _serve(port: int, folder: Path, user: str, password: str) -> None:
    server = await asyncssh.listen(
        "127.0.0.1",
        port,
        server_host_keys=[str(folder / "host_key")],
        server_factory=lambda: _Login(folder, user, password),
        sftp_factory=lambda connection: asyncssh.SFTPServer(connection, chroot=str(folder / "drop")),
    )
    await server.wait_closed()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4]))
