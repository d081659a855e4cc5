"""Prefect on a host that stays up: its server, the deployments of prefect.yaml, and a worker that runs what is due.

They are programs of their own; here stands only how each is called. `cchc up` starts them and sees to them.
"""

from __future__ import annotations

import os
import socket
import sys
from dataclasses import dataclass, field

POOL = "cchc"
"""Of prefect.yaml's deployments."""
SOURCES = "nguon"
"""The queue of what a run gives out, there."""
WORKER = f"cchc-{socket.gethostname()}"
"""The worker of this machine, which by that name finds again what it left behind."""
_ASKS = {"PREFECT_WORKER_QUERY_SECONDS": "2"}
"""A source waits no longer than that for a worker that has room; Prefect's ten seconds add up, source after source."""
KEPT_DAYS = 400
"""Runs are shown for a year and a bit: the same quarter of the year before is among them."""


@dataclass(frozen=True)
class Program:
    """name: for the operator; log: of its file. settings: environment beside the command's own; an empty one is taken
    away. ends_within: seconds that it may take from SIGTERM on."""

    name: str
    log: str
    command: tuple[str, ...]
    settings: dict[str, str] = field(default_factory=dict)
    ends_within: float = 20.0

    @property
    def environment(self) -> dict[str, str]:
        return {name: value for name, value in {**os.environ, **self.settings}.items() if value}


@dataclass(frozen=True)
class LastingPrefect:
    """port: of its server, on loopback alone: Prefect asks nobody for a password."""

    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def settings(self) -> dict[str, str]:
        """Of every program that talks to the server, so that it starts none of its own."""
        return {"PREFECT_API_URL": f"{self.address}/api"}

    @property
    def health(self) -> str:
        return f"{self.address}/api/health"

    @property
    def pool(self) -> str:
        """Answers 404 until the work pool was made."""
        return f"{self.address}/api/work_pools/{POOL}"

    @property
    def server(self) -> Program:
        where = ("--host", "127.0.0.1", "--port", str(self.port), "--log-level", "error")
        settings = {
            "PREFECT_API_URL": "",
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "DO_NOT_TRACK": "1",
            # Kept in memory, the place of a run that runs once at a time is never free again where run and server end
            # together, as in a power cut.
            "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
            "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
            "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(KEPT_DAYS * 24 * 3600),
        }
        return Program("máy chủ Prefect", "prefect-server", prefect_command("server", "start", *where), settings)

    @property
    def make_pool(self) -> Program:
        return Program(
            "lập hàng chờ Prefect",
            "prefect-pool",
            prefect_command("work-pool", "create", POOL, "--type", "process"),
            self.settings,
        )

    @property
    def deploy(self) -> Program:
        """Enters what prefect.yaml says, schedules and all; said again it changes nothing (flows.deployed)."""
        return Program("lập lịch chạy", "prefect-deploy", (sys.executable, "-m", "flows.deployed"), self.settings)

    @property
    def worker(self) -> Program:
        return Program("tiến trình chạy kỳ", "prefect-worker", _worker(WORKER, limit=1), {**self.settings, **_ASKS})


def further_worker(limit: int, *, sources_only: bool) -> Program:
    """One that talks to the server of PREFECT_API_URL; several may run on a machine."""
    which = ("--work-queue", SOURCES) if sources_only else ()
    command = (*_worker(f"{WORKER}-{os.getpid()}", limit=limit), *which)
    return Program("tiến trình nhận việc", f"worker-{os.getpid()}", command, _ASKS)


def _worker(name: str, *, limit: int) -> tuple[str, ...]:
    which = ("--pool", POOL, "--type", "process", "--limit", str(limit), "--install-policy", "never", "--name", name)
    return prefect_command("worker", "start", *which)


def prefect_command(*words: str) -> tuple[str, ...]:
    """Prefect's own command, which asks nothing."""
    return (sys.executable, "-m", "prefect", "--no-prompt", *words)
