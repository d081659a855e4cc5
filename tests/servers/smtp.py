"""A mail server: a process of its own that takes letters, or refuses them as its folder says.

`behave` in its folder holds one word, read anew for each letter; see `_Taking`. Letters lie in `taken`, one a file, as
they came."""

from __future__ import annotations

import json
import os
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from tests.servers.process import free_port

USER, PASSWORD = "baocao", "mật khẩu: @/"
START_SECONDS = 180


@dataclass(frozen=True)
class MailServer:
    port: int
    folder: Path

    def letters(self) -> list[EmailMessage]:
        """All that were taken, in order."""
        found = []
        for file in sorted((self.folder / "taken").iterdir()):
            letter = message_from_bytes(file.read_bytes(), policy=default)
            assert isinstance(letter, EmailMessage)
            found.append(letter)
        return found

    def raw(self) -> list[bytes]:
        return [file.read_bytes() for file in sorted((self.folder / "taken").iterdir())]

    def behave(self, word: str) -> None:
        (self.folder / "behave").write_text(word)


@contextmanager
def mail_server(folder: Path, *, tls: str = "none", certificate: Path | None = None) -> Iterator[MailServer]:
    """tls: none, starttls or tls; with a certificate passwords are wanted, too."""
    (folder / "taken").mkdir(parents=True)
    port = free_port()
    settings = {"port": port, "folder": str(folder), "tls": tls, "certificate": str(certificate or "")}
    process = subprocess.Popen(
        [*_bound(), sys.executable, "-m", "tests.servers.smtp", json.dumps(settings)],
        cwd=Path(__file__).parents[2],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        _wait(folder / "ready", process)
        yield MailServer(port, folder)
    finally:
        process.terminate()
        process.communicate()


def _bound() -> list[str]:
    """Ends with the tests even where they are killed."""
    return ["setpriv", "--pdeathsig=TERM"]


def _wait(file: Path, process: subprocess.Popen[str]) -> None:
    until = time.monotonic() + START_SECONDS
    while not file.exists():
        assert process.poll() is None, process.stderr.read() if process.stderr else ""
        assert time.monotonic() < until, "the mail server did not start"
        time.sleep(0.01)


def _serve(port: int, folder: Path, tls: str, certificate: str) -> None:
    from aiosmtpd.controller import Controller

    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    more: dict[str, Any] = {"authenticator": _is_let_in, "auth_required": True} if context else {}
    if tls == "starttls":
        more |= {"tls_context": context, "require_starttls": True}
    if tls == "tls":
        more |= {"ssl_context": context, "auth_require_tls": False}  # it does not see the TLS around it
    controller = Controller(_Taking(folder), hostname="127.0.0.1", port=port, **more)
    controller.start()
    (folder / "ready").touch()
    signal.sigwait([signal.SIGTERM, signal.SIGINT])
    controller.stop()


def _is_let_in(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> Any:
    from aiosmtpd.smtp import AuthResult

    known = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=known, handled=known)


class _Taking:
    """refuse: nobody of that name (550); later: not now (451); drop: the line is dead once the letter came; kill <pid>:
    so is whoever sent it, and the letter was taken."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if self._word() == "refuse" or address.startswith("nobody@"):
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        word = self._word()
        if word == "later":
            return "451 4.3.0 try again"
        if word == "drop":
            server.transport.abort()
            return "250 never heard"
        self._keep(envelope.content)
        if word.startswith("kill"):
            os.kill(int(word.split()[1]), signal.SIGKILL)
        return "250 2.0.0 taken"

    def _word(self) -> str:
        file = self._folder / "behave"
        return file.read_text() if file.exists() else ""

    def _keep(self, content: bytes) -> None:
        taken = self._folder / "taken"
        number = len(list(taken.iterdir())) + 1
        (taken / f"{number:03}.eml").write_bytes(content)


if __name__ == "__main__":
    _given = json.loads(sys.argv[1])
    _serve(_given["port"], Path(_given["folder"]), _given["tls"], _given["certificate"])
