"""Prefect on a host that stays up: its server, the deployments of prefect.yaml, and a worker that runs what is due.

They are programs of their own; here stands only how each is called. `cchc up` starts them and sees to them.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field

from contracts.settings import REPOSITORY

POOL = "cchc"
"""Of prefect.yaml's deployments."""


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
        return Program(
            "máy chủ Prefect", "prefect-server", _prefect("server", "start", *where), {"PREFECT_API_URL": ""}
        )

    @property
    def make_pool(self) -> Program:
        return Program(
            "lập hàng chờ Prefect",
            "prefect-pool",
            _prefect("work-pool", "create", POOL, "--type", "process"),
            self.settings,
        )

    @property
    def deploy(self) -> Program:
        """Enters what prefect.yaml says, schedules and all; said again it changes nothing."""
        file = str(REPOSITORY / "prefect.yaml")
        return Program(
            "lập lịch chạy", "prefect-deploy", _prefect("deploy", "--all", "--prefect-file", file), self.settings
        )

    @property
    def worker(self) -> Program:
        which = ("--pool", POOL, "--type", "process", "--limit", "1", "--install-policy", "never")
        return Program("tiến trình chạy kỳ", "prefect-worker", _prefect("worker", "start", *which), self.settings)


def _prefect(*words: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "prefect", "--no-prompt", *words)
