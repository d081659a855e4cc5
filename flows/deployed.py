"""`python -m flows.deployed`: enters prefect.yaml at Prefect's server, once before the worker starts.

A schedule that an operator paused stays paused, though the file says it anew. Days after a cut-off are fitted to the
period rule of the province. Deployments that the file no longer has are removed. Runs of which nothing is left are
shown as crashed, so that they hold no place of a deployment that runs once at a time."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.responses import DeploymentResponse
from prefect.settings import PREFECT_HOME
from prefect.states import Crashed
from sqlalchemy import Engine

from contracts.province import read_province
from contracts.settings import REPOSITORY, Settings
from flows.lasting import POOL, WORKER, prefect_command
from flows.timetable import fitted
from warehouse.database import open_warehouse
from warehouse.locks import going_on

FILE = REPOSITORY / "prefect.yaml"
DAYS_AFTER_CUT_OFF = {"quarter": 1, "feedback": 2}
GONE = "tiến trình xử lý đã dừng giữa chừng; chạy tiếp theo lịch hoặc bằng lệnh cchc run"
_A_DAY = timedelta(days=1)
_UNDER_WAY = [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING]


def main() -> None:
    wanted = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    rule = read_province(Settings().province_folder).file.period_rule
    with get_client(sync_client=True) as client:
        known = _deployments(client)
        told = fitting(wanted, rule=rule, paused=paused(known))
        if code := _entered(told):
            sys.exit(code)
        names = {one["name"] for one in wanted["deployments"]}
        for one in known:
            if one.name not in names:
                client.delete_deployment(one.id)
        for run in _left_behind(client):
            client.set_flow_run_state(run.id, Crashed(message=GONE), force=True)


def fitting(document: dict[str, Any], *, rule: str, paused: Collection[str]) -> dict[str, Any]:
    """The file's deployments with days by that rule, and the schedules of those that are paused not active."""
    return {**document, "deployments": [_fitting(one, rule, one["name"] in paused) for one in document["deployments"]]}


def _fitting(deployment: dict[str, Any], rule: str, is_paused: bool) -> dict[str, Any]:
    days = DAYS_AFTER_CUT_OFF.get(deployment["name"])
    schedules = []
    for schedule in deployment.get("schedules", ()):
        cron = (fitted(schedule["cron"], rule, days=days) if days else None) or schedule["cron"]
        schedules.append({**schedule, "cron": cron, "active": schedule["active"] and not is_paused})
    return {**deployment, "schedules": schedules}


def paused(known: Iterable[DeploymentResponse]) -> set[str]:
    """Names of those that are paused, or have a schedule that is."""
    return {one.name for one in known if one.paused or any(not schedule.active for schedule in one.schedules)}


def _deployments(client: SyncPrefectClient) -> list[DeploymentResponse]:
    return [one for one in client.read_deployments() if one.work_pool_name == POOL]


def _entered(document: dict[str, Any]) -> int:
    """By Prefect's own command; returns its exit code."""
    file = PREFECT_HOME.value() / "deployments.yaml"
    file.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")  # JSON is YAML
    command = prefect_command("deploy", "--all", "--prefect-file", str(file))
    return subprocess.run(command, cwd=REPOSITORY, check=False).returncode  # noqa: S603  words of ours


def _left_behind(client: SyncPrefectClient) -> list[FlowRun]:
    """Runs that Prefect takes to be under way and of which nothing is left on this machine. Where another machine has a
    worker of the pool, a process that is not found here may be there, for a day at the most."""
    state = FlowRunFilterState(type=FlowRunFilterStateType(any_=_UNDER_WAY))
    before = datetime.now(UTC) - _A_DAY if _other_workers(client) else None
    runs = client.read_flow_runs(flow_run_filter=FlowRunFilter(state=state))
    return [run for run in runs if _is_left(run) and (before is None or (run.start_time or before) < before)]


def _is_left(run: FlowRun) -> bool:
    """One within another process, a command's or the retry's, has no number of its own: whoever runs a period holds its
    lock."""
    if run.deployment_id is not None:
        return not _is_alive(run.infrastructure_pid)
    return going_on(_warehouse(), run.name) is None


def _other_workers(client: SyncPrefectClient) -> bool:
    since = datetime.now(UTC) - _A_DAY
    workers = client.read_workers_for_work_pool(POOL)
    return any(one.name != WORKER and one.last_heartbeat_time and one.last_heartbeat_time > since for one in workers)


@cache
def _warehouse() -> Engine:
    settings = Settings()
    return open_warehouse(settings.database_url(read_province(settings.province_folder).id))


def _is_alive(pid: str | None) -> bool:
    """Numbers are given again: it is a flow run's only where the process says so."""
    try:
        return pid is not None and b"prefect" in Path(f"/proc/{int(pid)}/cmdline").read_bytes()
    except (OSError, ValueError):
        return False


if __name__ == "__main__":
    main()
