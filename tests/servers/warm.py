"""Commands that start at once: each is a process of its own, forked from one that has imported everything already.

What a command does from its first word to its exit code is the command's own; only the interpreter's start and the
imports, which take most of a short one's seconds, are shared. `python -m tests.servers.warm SOCKET` is the process
that forks; it has no threads and has done nothing yet."""

from __future__ import annotations

import atexit
import faulthandler
import json
import os
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import IO, Any

from tests.servers.prefect import lasting_prefect

REPOSITORY = Path(__file__).resolve().parents[2]
_REQUEST = 1 << 20
_AT_IMPORT = ("PREFECT_", "DO_NOT_TRACK", "GX_ANALYTICS_ENABLED", "OPENBLAS_NUM_THREADS")
"""Settings that were read by the imports: those of the forking process hold."""
_OF_ITS_SERVER = ("PREFECT_API_URL", "PREFECT_HOME")
"""Prefect's own, which the product sets after its imports, too."""


class WarmCommand:
    """A running command, in a session of its own."""

    def __init__(self, connection: socket.socket, pid: int) -> None:
        self._connection, self.pid = connection, pid
        self.returncode: int | None = None

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, minus the signal where one ended it. Raises TimeoutExpired."""
        if self.returncode is None:
            self._connection.settimeout(timeout)
            try:
                said = self._connection.recv(64)
            except (TimeoutError, BlockingIOError):
                raise subprocess.TimeoutExpired(["cchc"], timeout or 0.0) from None
            self.returncode = int(said)
            self._connection.close()
        return self.returncode

    def poll(self) -> int | None:
        try:
            return self.wait(0)
        except subprocess.TimeoutExpired:
            return None

    def send_group(self, sent: signal.Signals) -> None:
        """To the command and to all that it started in its session."""
        if self.poll() is None:
            os.killpg(self.pid, sent)


def start_warm(
    words: list[str],
    environment: Mapping[str, str],
    *,
    out: IO[Any],
    err: IO[Any],
    prefect: Mapping[str, str] | None = None,
) -> WarmCommand:
    """`cchc` with these words. prefect: settings that say of which Prefect server, none: it starts one of its own;
    without them it uses that of the tests."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    connection.connect(_forking())
    own = None if prefect is None else dict(prefect)
    request = json.dumps({"words": words, "environment": dict(environment), "prefect": own}).encode()
    socket.send_fds(connection, [request], [out.fileno(), err.fileno()])
    return WarmCommand(connection, int(connection.recv(64)))


def can_start_warm(settings: Mapping[str, str]) -> bool:
    """Whether nothing of these settings is read by an import, or by the interpreter itself."""
    return all(name.startswith("CCHC_") for name in settings)


@cache
def _forking() -> str:
    folder = tempfile.mkdtemp(prefix="cchc-warm-")
    address = f"{folder}/socket"
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("CCHC_", "PREFECT_"))}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.servers.warm", address],
        cwd=REPOSITORY,
        env=kept | lasting_prefect() | {"COLUMNS": "200", "CCHC_HOME": folder, "OPENBLAS_NUM_THREADS": "1"},
        stdin=subprocess.PIPE,  # its end is that of the tests
        stdout=subprocess.PIPE,
    )
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(process.kill)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n", "the commands' process did not start"
    return address


class _Forking:
    """Takes requests, forks, tells each asker the exit code."""

    def __init__(self, address: str) -> None:
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._listener.bind(address)
        self._listener.listen()
        self._events = selectors.DefaultSelector()
        self._events.register(sys.stdin, selectors.EVENT_READ)
        self._events.register(self._listener, selectors.EVENT_READ)

    def serve(self) -> list[str]:
        """Goes on until the tests end; returns in each child, with the words of its command."""
        while True:
            for key, _ in self._events.select():
                if key.fileobj is sys.stdin:
                    os._exit(0)
                if key.fileobj is not self._listener:
                    self._tell(key)
                elif (words := self._fork()) is not None:
                    return words

    def _fork(self) -> list[str] | None:
        connection, _ = self._listener.accept()
        request, files, _, _ = socket.recv_fds(connection, _REQUEST, 2)
        pid = os.fork()
        if pid == 0:
            connection.close()
            self._listener.close()
            self._events.close()
            return _become(json.loads(request), files)
        for file in files:
            os.close(file)
        connection.send(str(pid).encode())
        self._events.register(os.pidfd_open(pid), selectors.EVENT_READ, (pid, connection))
        return None

    def _tell(self, key: selectors.SelectorKey) -> None:
        pid, connection = key.data
        self._events.unregister(key.fileobj)
        os.close(key.fd)
        _, status = os.waitpid(pid, 0)
        try:
            connection.send(str(os.waitstatus_to_exitcode(status)).encode())
        except OSError:  # nobody waits for it any more
            pass
        finally:
            connection.close()


def _become(request: dict[str, Any], files: list[int]) -> list[str]:
    os.setsid()
    for target, file in enumerate([os.open(os.devnull, os.O_RDONLY), *files]):
        os.dup2(file, target)
        os.close(file)
    kept = {k: v for k, v in os.environ.items() if k.startswith(_AT_IMPORT)}
    faulthandler.register(signal.SIGUSR1)  # where it stands, to its standard error: for a test that waits in vain
    os.environ.clear()
    os.environ.update(request["environment"] | kept)
    if request["prefect"] is not None:
        _take(request["prefect"])
    words: list[str] = request["words"]
    return words


def _take(prefect: dict[str, str]) -> None:
    """As when it is imported in that home, with these settings of Prefect's."""
    from flows.prefect_settings import take_environment

    for name in _OF_ITS_SERVER:
        os.environ.pop(name, None)
    os.environ["PREFECT_HOME"] = f"{os.environ['CCHC_HOME']}/prefect"
    Path(os.environ["PREFECT_HOME"]).mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ.update(prefect)
    take_environment()


def main() -> None:
    import importlib

    from cli.main import main as cchc

    for name in _NEEDED:
        importlib.import_module(name)
    forking = _Forking(sys.argv[1])
    print("ready", flush=True)
    sys.argv = ["cchc", *forking.serve()]
    cchc()


_NEEDED = (
    "flows.quarter",
    "flows.remarks",
    "flows.restated",
    "flows.server",
    "expectations.dossiers",
    "expectations.evaluated",
    "expectations.facts",
    "sources.databases.sqlite",
    "sources.files.excel",
    "warehouse.upgrade",
    "alembic.command",
    "great_expectations.expectations",
    "prefect.flow_engine",
    "pyarrow.dataset",
    "sqlglot",
)
"""What a run imports when it comes to need it."""

if __name__ == "__main__":
    main()
