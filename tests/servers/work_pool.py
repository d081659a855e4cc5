"""Prefect's server with the work pool and the deployments of prefect.yaml, on a PostgreSQL of tests."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from contracts.settings import REPOSITORY
from flows.lasting import LastingPrefect, Program
from tests.servers.process import free_port

STARTS_WITHIN = 120
_QUICK = {
    "PREFECT_SERVER_SERVICES_REPOSSESSOR_LOOP_SECONDS": "1",
    "PREFECT_SERVER_DEPLOYMENTS_CONCURRENCY_SLOT_WAIT_SECONDS": "1",
}
"""Looks for leases that ran out, and for a free place, oftener than every quarter or half of a minute."""


@dataclass
class PrefectServer:
    """home: where it keeps what is not in its database; database: its own, with its driver; settings: of whoever talks
    to it, and of what it deploys."""

    home: Path
    database: str
    settings: dict[str, str]
    program: LastingPrefect = field(default_factory=lambda: LastingPrefect(free_port()))
    process: subprocess.Popen[bytes] | None = None

    @property
    def api(self) -> str:
        return self.program.settings["PREFECT_API_URL"]

    def start(self) -> None:
        """Returns as soon as it answers."""
        own = {"PREFECT_HOME": str(self.home), "PREFECT_SERVER_DATABASE_CONNECTION_URL": self.database}
        self.process = _begun(self.program.server, own | _QUICK, self.home / "server.log")
        deadline = time.monotonic() + STARTS_WITHIN
        while not _answers(self.program.health):
            if self.process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"Prefect did not start:\n{(self.home / 'server.log').read_text()[-2000:]}", pytrace=False)
            time.sleep(0.1)

    def deploy(self) -> None:
        """As `cchc up` does it."""
        for program in (self.program.make_pool, self.program.deploy):
            log = self.home / f"{program.log}.log"
            done = _begun(program, {"PREFECT_HOME": str(self.home), **self.settings}, log)
            assert done.wait(STARTS_WITHIN) == 0, log.read_text()[-2000:]

    def start_run(self, deployment: str) -> str:
        """A flow run of it, as its schedule would make one, for now; returns its id."""
        found = self._asked(f"deployments/name/{deployment}")
        return str(self._asked(f"deployments/{found['id']}/create_flow_run", state={"type": "SCHEDULED"})["id"])

    def state_of(self, run: str) -> tuple[str, str]:
        """Type and name of its state."""
        state = self._asked(f"flow_runs/{run}")["state"]
        return state["type"], state["name"]

    def let_leases_run_out(self) -> None:
        """As they do five minutes after their holders died."""
        folder, past = self.home / "concurrency_leases", (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
        leases = [file for file in folder.glob("*.json") if file.name != "expirations.json"]
        assert leases, "no lease outlived the server"
        for file in leases:
            file.write_text(json.dumps({**json.loads(file.read_text()), "expiration": past}))
        (folder / "expirations.json").write_text(json.dumps({file.stem: past for file in leases}))

    def _asked(self, path: str, **said: Any) -> dict[str, Any]:
        data = json.dumps(said).encode() if said else None
        asked = urllib.request.Request(f"{self.api}/{path}", data=data, headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(asked, timeout=30) as answer:
            return json.loads(answer.read())  # type: ignore[no-any-return]

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()


@contextmanager
def running_prefect(home: Path, database: str, settings: dict[str, str]) -> Iterator[PrefectServer]:
    """database: a PostgreSQL URL, of any driver."""
    home.mkdir(parents=True)
    server = PrefectServer(home, database.replace("+psycopg", "+asyncpg"), settings)
    try:
        server.start()
        server.deploy()
        yield server
    finally:
        if server.process is not None and server.process.poll() is None:
            server.process.send_signal(signal.SIGTERM)
            server.process.wait(60)


def _begun(program: Program, settings: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("CCHC_", "PREFECT_"))}
    environment = {k: v for k, v in {**kept, **program.settings, **settings}.items() if v}
    with log.open("wb") as said:
        return subprocess.Popen(
            ["setpriv", "--pdeathsig=TERM", *program.command],
            cwd=REPOSITORY,
            env=environment,
            stdout=said,
            stderr=said,
        )


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
