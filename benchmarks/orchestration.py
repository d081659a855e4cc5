"""What Prefect adds to a run of thirty sources, with a server that stays up: the flow beside the same functions called
without it, in one process, in turns.

The obvious way is a task for every step of a source; another one, a server that is started for the run."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import _orchestration_province as province
from benchmarks.measure import Result, measure
from benchmarks.quarter import command
from flows.lasting import LastingPrefect
from tests.servers.process import free_port

WAYS = "benchmarks._orchestration_ways"
ROUNDS = 7
LIMIT_S = 1.5
NOW = "2024-12-16T08:00:00+07:00"


def run() -> list[Result]:
    """ours_s: of the flow. limit_s: the direct calls and what was promised."""
    with tempfile.TemporaryDirectory(prefix="cchc-bench-") as folder:
        home = Path(folder) / "home"
        os.environ |= {"CCHC_HOME": str(home), "CCHC_NOW": NOW, "CCHC_PROVINCE": str(province.TEMPLATE)}
        command(("demo", "build"), dict(os.environ))
        configured, dossiers = province.make(Path(folder), home / "systems" / "khanh-hoa")
        os.environ |= {"CCHC_PROVINCE": str(configured), "CCHC_SYSTEMS": str(home / "systems")}
        print(f"{province.SOURCES} sources, {dossiers:,} dossiers", flush=True)
        own = measure(f"{WAYS}:temporary", rounds=3, summary=f"{WAYS}:nothing")
        with _lasting(home / "prefect") as address:
            os.environ["PREFECT_API_URL"] = address
            found = measure(f"{WAYS}:side_by_side", ROUNDS, rounds=1, summary=f"{WAYS}:middle")
            del os.environ["PREFECT_API_URL"]
    took = found.answer
    for way in ("flow", "task a step"):
        added, cpu = took[f"{way} over"], took[f"{way} CPU over"]
        print(f"{way}: {added:.2f} s more than without Prefect, {cpu:.2f} s of them this process's CPU", flush=True)
    peers = {"without Prefect": took["direct"], "temporary server": own.seconds}
    case = f"{province.SOURCES} sources, a task each"
    limit = took["direct"] + LIMIT_S
    return [Result("Prefect", case, took["flow"], found.peak_mb, took["task a step"], peers, limit)]


@contextmanager
def _lasting(home: Path) -> Iterator[str]:
    """The server as `cchc up` starts it; its address while the block runs."""
    lasting = LastingPrefect(free_port())
    home.mkdir(parents=True, exist_ok=True)
    environment = {**lasting.server.environment, "PREFECT_HOME": str(home), "DO_NOT_TRACK": "1"}
    environment["PREFECT_SERVER_ANALYTICS_ENABLED"] = "false"
    with (home / "server.log").open("wb") as log:
        server = subprocess.Popen(lasting.server.command, env=environment, stdout=log, stderr=log)
    try:
        _until_it_answers(lasting.health, server)
        yield f"{lasting.address}/api"
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
