"""The temporary Prefect server of one command: it hears nothing of the terminal's Ctrl-C, by which the command itself
comes to an orderly end, and it ends with the command even where that is killed outright.

It is begun before the command imports what it works with: both take seconds, and go on side by side."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from traceback import walk_tb
from types import TracebackType
from typing import Any, Self

import httpx
from prefect.exceptions import TerminationSignal
from prefect.settings import PREFECT_API_URL, PREFECT_HOME, PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS

from contracts.errors import MachineError, UsageError
from contracts.settings import POOL, Settings
from flows.prefect_settings import take_environment

STARTS = 3
"""A server that gave up is started on another port; on a full disk that would go on without end."""

_START = "import gc; gc.set_threshold(100_000, 50, 100); from uvicorn.main import main; main()"
"""Uvicorn, whose imports make no garbage: looking for it is a sixth of the server's start."""
_APPLICATION = ["--factory", "prefect.server.api.server:create_app", "--lifespan", "on", "--log-level", "error"]
_MARKS = {"PREFECT_UI_ENABLED": "0", "PREFECT__SERVER_EPHEMERAL": "1", "PREFECT__SERVER_FINAL": "1"}
_ADDRESS = "PREFECT_API_URL"
_OURS: set[str] = set()
"""Addresses of this process's own servers."""
_TRIES = ("PREFECT_CLIENT_MAX_RETRIES", "3")
"""On this machine a server that does not answer is gone; it is waited for a quarter of a minute, and not for two."""
_CALLS_THE_FLOW = "call_flow_fn"
"""Prefect's function through which the flow's own errors come, and those of telling its end do not."""
_gone = threading.Event()
_LOOK_EVERY = 0.05
_ENDS_WITHIN = 5.0


def has_lasting_server() -> bool:
    """Whether a Prefect server is configured that was there before this command."""
    return PREFECT_API_URL.value() not in {None, "", *_OURS}


def is_gone() -> bool:
    """Whether a server stopped answering under a flow of this process, which still has things to tell it."""
    return _gone.is_set()


class TemporaryServer:
    """Prefect's server while the block runs, where no lasting one is configured, nor needed and there; begun at once,
    waited for by `ready`. Use it in the main thread: the server is bound to the life of the thread that starts it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self.api = ""
        self._starts = 0
        self._joined = False

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def __enter__(self) -> Self:
        if not PREFECT_API_URL.value() and not self._join():
            self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(_ENDS_WITHIN)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if self._process is not None or self._joined:
            self._forget()

    def ready(self) -> None:
        """Returns as soon as the server answers. Raises UsageError where it does not come to that."""
        until = time.monotonic() + PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS.value()
        while self._process is not None and not _answers(f"{self.api}/health"):
            if self._process.poll() is not None and self._starts < STARTS:
                self._forget()
                self._start()
            elif self._process.poll() is not None or time.monotonic() > until:
                raise UsageError(
                    "không khởi động được máy chủ Prefect tạm thời",
                    advice=f"kiểm tra đĩa và quyền ghi bằng: cchc doctor; chi tiết trong {_log()}",
                )
            time.sleep(_LOOK_EVERY)

    def data_of(self, work: Callable[[], Any]) -> Any:
        """The data of a flow run; raises what it raised where it could not finish. work: calls the flow with
        return_state. Raises MachineError where the server goes away meanwhile: the work itself goes on without it, and
        what was made stands; unless it ended by an error of its own, which is then raised."""
        self.ready()
        try:
            result = work().result(raise_on_failure=False)
        except httpx.HTTPError as error:
            _gone.set()
            result = _raised_by_the_work(error) or MachineError(
                "máy chủ Prefect không trả lời nữa trong khi chạy",
                advice="số liệu và báo cáo đã làm xong vẫn còn; chạy lại lệnh này để làm tiếp và xem kết quả",
            )
        if isinstance(result, BaseException):
            raise result
        return result

    def _join(self) -> bool:
        """Where the sources go to the work pool: to the server of `cchc up` on this machine, whose address nobody can
        leave among the settings, as `cchc up` itself would find it there. False where none answers."""
        settings = Settings()
        address = f"{settings.prefect_address}/api"
        self._joined = settings.partitions == POOL and _answers(f"{address}/health")
        if self._joined:
            os.environ[_ADDRESS] = address
            take_environment()
        return self._joined

    def _start(self) -> None:
        self._starts += 1
        port = _free_port()
        with _log().open("wb") as said:
            self._process = subprocess.Popen(  # noqa: S603  our own interpreter, and words of ours
                [
                    *_bound_to_parent(),
                    sys.executable,
                    "-c",
                    _START,
                    *_APPLICATION,
                    "--host",
                    "127.0.0.1",
                    "--port",
                    port,
                ],
                env={**os.environ, **_MARKS},
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        self.api = f"http://127.0.0.1:{port}/api"
        _OURS.add(self.api)
        os.environ.setdefault(*_TRIES)
        os.environ[_ADDRESS] = self.api  # threads of Prefect's have no other settings than the environment's
        take_environment()

    def _forget(self) -> None:
        self._process, self._joined = None, False
        _OURS.discard(self.api)
        del os.environ[_ADDRESS]
        take_environment()


@contextmanager
def temporary_server() -> Iterator[TemporaryServer]:
    """The same, when it answers."""
    with TemporaryServer() as server:
        server.ready()
        yield server


def _raised_by_the_work(error: httpx.HTTPError) -> BaseException | None:
    """What the flow ended by, if by an error: it is told to the server first, and kept by Prefect only then, so where
    that fails it is what was being handled. A stop of the process is one wherever it struck."""
    found = error.__context__
    while found is not None:
        if isinstance(found, KeyboardInterrupt | TerminationSignal):
            return KeyboardInterrupt()
        if not isinstance(found, httpx.HTTPError) and _is_of_the_flow(found):
            return found
        found = found.__context__
    return None


def _is_of_the_flow(error: BaseException) -> bool:
    """Not where it is Prefect's own within the flow: that is how a server that is gone shows, too."""
    frames = [frame for frame, _ in walk_tb(error.__traceback__)]
    came_through = any(frame.f_code.co_name == _CALLS_THE_FLOW for frame in frames)
    return came_through and not frames[-1].f_globals.get("__name__", "").startswith("prefect.")


def _log() -> Path:
    home: Path = PREFECT_HOME.value()
    return home / "server.log"


def _free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return str(free.getsockname()[1])


def _answers(address: str) -> bool:
    try:
        with _NEAR.open(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


_NEAR = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""Never by a proxy of the office."""


def _bound_to_parent() -> list[str]:
    """Debian always has setpriv; without it a killed command would leave its server behind, nothing worse."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM"] if setpriv else []
