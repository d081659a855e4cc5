"""The schedule as Prefect's server has it: looked at, stopped, gone on with, one of it run at once."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import Any

from contracts.clock import VIETNAM
from contracts.errors import UsageError
from flows.lasting import POOL
from flows.prefect_interface import PrefectInterface


@dataclass(frozen=True)
class Planned:
    """One deployment that runs by a schedule. next_at: None where no run is planned."""

    name: str
    about: str
    is_paused: bool
    next_at: datetime | None
    id: str
    schedule_ids: tuple[str, ...]


class Schedule:
    """Of the server at that address: http://127.0.0.1:4200. Raises MachineError where it does not answer."""

    def __init__(self, address: str) -> None:
        self._address = address

    def planned(self) -> list[Planned]:
        """In the order of their next runs; those without one last."""
        with PrefectInterface(self._address) as client:
            found = client.find("/deployments/filter")
            ours = [one for one in found if one["work_pool_name"] == POOL and one["schedules"]]
            waiting = _waiting(client, [one["id"] for one in ours])
        made = [_planned(one, waiting.get(one["id"])) for one in ours]
        return sorted(made, key=lambda one: (one.next_at.timestamp() if one.next_at else inf, one.name))

    def set_active(self, name: str, *, active: bool) -> Planned:
        """Raises UsageError where there is no such deployment."""
        one = self._named(name)
        with PrefectInterface(self._address) as client:
            for schedule_id in one.schedule_ids:
                path = f"/deployments/{one.id}/schedules/{schedule_id}"
                client.patch(path, json={"active": active})
            if active:
                client.post(f"/deployments/{one.id}/resume_deployment")
        return one

    def run_now(self, name: str) -> Planned:
        """The worker takes it within seconds, where it does nothing else. Raises UsageError."""
        one = self._named(name)
        with PrefectInterface(self._address) as client:
            client.post(f"/deployments/{one.id}/create_flow_run", json={"idempotency_key": uuid.uuid4().hex})
        return one

    def _named(self, name: str) -> Planned:
        known = {one.name: one for one in self.planned()}
        if name not in known:
            raise UsageError(f"lịch không có việc «{name}»", advice=f"dùng một trong: {', '.join(sorted(known))}")
        return known[name]


def _waiting(client: PrefectInterface, ids: list[str]) -> dict[str, datetime]:
    """Deployment → when its next run is to begin."""
    wanted = {"deployment_id": {"any_": ids}, "state": {"type": {"any_": ["SCHEDULED"]}}}
    runs = client.find("/flow_runs/filter", flow_runs=wanted, sort="EXPECTED_START_TIME_ASC")
    found: dict[str, datetime] = {}
    for run in runs:
        found.setdefault(run["deployment_id"], datetime.fromisoformat(run["expected_start_time"]).astimezone(VIETNAM))
    return found


def _planned(one: dict[str, Any], next_at: datetime | None) -> Planned:
    schedules = one["schedules"]
    is_paused = bool(one["paused"]) or not any(schedule["active"] for schedule in schedules)
    ids = tuple(schedule["id"] for schedule in schedules)
    return Planned(one["name"], one["description"] or "", is_paused, next_at, one["id"], ids)
