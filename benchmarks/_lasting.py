"""Prefect's server as a host keeps it: what is measured beside it does not pay for its start."""

from __future__ import annotations

import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.lasting import LastingPrefect
from tests.servers.process import free_port


@contextmanager
def lasting(home: Path) -> Iterator[dict[str, str]]:
    """The server as `cchc up` starts it; the settings of whom it serves, while the block runs."""
    prefect = LastingPrefect(free_port())
    home.mkdir(parents=True, exist_ok=True)
    environment = {**prefect.server.environment, "PREFECT_HOME": str(home), "DO_NOT_TRACK": "1"}
    environment["PREFECT_SERVER_ANALYTICS_ENABLED"] = "false"
    with (home / "server.log").open("wb") as log:
        server = subprocess.Popen(prefect.server.command, env=environment, stdout=log, stderr=log)
    try:
        _until_it_answers(prefect.health, server)
        yield prefect.settings
    finally:
        server.terminate()
        server.wait()


def _until_it_answers(address: str, server: subprocess.Popen[bytes]) -> None:
    answered = False
    while not answered:
        try:
            answered = urllib.request.urlopen(address).status == 200
        except urllib.error.URLError:
            if server.poll() is not None:
                raise
            time.sleep(0.1)
