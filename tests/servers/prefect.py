"""A Prefect server that stays up, as `cchc up` keeps one: a temporary one costs every command seven seconds."""

from __future__ import annotations

import atexit
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import closing
from functools import cache
from pathlib import Path

import pytest

from tests.servers.process import START_SECONDS, free_port

_APPLICATION = ("--factory", "prefect.server.api.server:create_app", "--lifespan", "on", "--log-level", "error")
_QUIET = {"PREFECT_UI_ENABLED": "0", "PREFECT_SERVER_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1"}

WITHOUT_SERVICES = {"PREFECT__SERVER_EPHEMERAL": "1"}
"""What looks after schedules and late runs asks its database many times a second; nothing is scheduled there."""
_DATABASE = "prefect.db"


@cache
def lasting_prefect() -> dict[str, str]:
    """Environment of a command that shall use it. One server for all tests of this process, which it ends with."""
    home = Path(tempfile.mkdtemp(prefix="cchc-prefect-"))
    port = free_port()
    process = start_prefect(home, port, **WITHOUT_SERVICES)
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    atexit.register(process.wait)
    atexit.register(process.kill)
    wait_for_prefect(process, port, home)
    return {"PREFECT_API_URL": f"http://127.0.0.1:{port}/api", "PREFECT_HOME": str(home / "client")}


def with_tables(home: Path) -> None:
    """A server there finds its database made: that of the tests' own, as it is. To make one takes half of a start."""
    made = Path(lasting_prefect()["PREFECT_HOME"]).parent / _DATABASE
    with closing(sqlite3.connect(made)) as source, closing(sqlite3.connect(home / _DATABASE)) as target:
        source.backup(target)


def start_prefect(home: Path, port: int, **settings: str) -> subprocess.Popen[bytes]:
    """Its database lies in that folder, so that it can be ended and started again."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("CCHC_", "PREFECT_"))}
    with (home / "server.log").open("ab") as log:
        return subprocess.Popen(
            ["setpriv", "--pdeathsig=KILL", sys.executable, "-m", "uvicorn", *_APPLICATION, "--port", str(port)],
            env=kept | _QUIET | {"PREFECT_HOME": str(home)} | settings,
            stdout=log,
            stderr=log,
        )


def wait_for_prefect(process: subprocess.Popen[bytes], port: int, home: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/health", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    process.kill()
    pytest.fail(f"Prefect did not start:\n{(home / 'server.log').read_text(encoding='utf-8')[-2000:]}", pytrace=False)
