"""The temporary Prefect server of one command: it hears nothing of the terminal's Ctrl-C, by which the command itself
comes to an orderly end, and it ends with the command even where that is killed outright."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from prefect.server.api.server import SubprocessASGIServer
from prefect.settings import PREFECT_API_URL, PREFECT_HOME

from contracts.errors import UsageError

STARTS = 3
"""Prefect starts a server that gave up on another port, for ever; a full disk would be waited on without end."""

_APPLICATION = ["--factory", "prefect.server.api.server:create_app", "--lifespan", "on", "--log-level", "error"]
_MARKS = {"PREFECT_UI_ENABLED": "0", "PREFECT__SERVER_EPHEMERAL": "1", "PREFECT__SERVER_FINAL": "1"}


class _OwnServer(SubprocessASGIServer):
    """Prefect's, started in a session of its own and bound to the life of the thread that starts it."""

    starts = 0

    def _run_uvicorn_command(self) -> subprocess.Popen[Any]:
        log = PREFECT_HOME.value() / "server.log"
        self.starts += 1
        if self.starts > STARTS:
            raise UsageError(
                "không khởi động được máy chủ Prefect tạm thời",
                advice=f"kiểm tra đĩa và quyền ghi bằng: cchc doctor; chi tiết trong {log}",
            )
        address = ["--host", "127.0.0.1", "--port", str(self.port)]
        with log.open("wb") as said:
            return subprocess.Popen(  # noqa: S603  our own interpreter, and words of ours
                [*_bound_to_parent(), sys.executable, "-m", "uvicorn", *_APPLICATION, *address],
                env={**os.environ, **_MARKS},
                stdout=said,
                stderr=said,
                start_new_session=True,
            )


def _bound_to_parent() -> list[str]:
    """Debian always has setpriv; without it a killed command would leave its server behind, nothing worse."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM"] if setpriv else []


def data_of(work: Callable[[], Any]) -> Any:
    """The data of a flow run beside a server of its own; raises what it raised where it could not finish. work: calls
    the flow with return_state."""
    with temporary_server():
        result = work().result(raise_on_failure=False)
    if isinstance(result, BaseException):
        raise result
    return result


@contextmanager
def temporary_server() -> Iterator[None]:
    """Prefect's server while the block runs, where no lasting one is configured. Call it in the main thread."""
    if PREFECT_API_URL.value():
        yield
        return
    server = _OwnServer()  # known to Prefect as the one temporary server of this process
    server.start()
    try:
        yield
    finally:
        server.stop()
