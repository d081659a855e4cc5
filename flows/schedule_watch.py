"""Whether Prefect will run what prefect.yaml says: asked over its interface, without Prefect itself.

With some versions of its libraries Prefect answers, shows its deployments and never creates a run; a schedule that
somebody paused looks the same from outside. For a job of once a quarter either is found three months late."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import yaml  # type: ignore[import-untyped]

from contracts import clock
from contracts.errors import MachineError
from contracts.settings import REPOSITORY
from flows.overdue import Kind, Overdue, moment
from flows.prefect_interface import PrefectInterface, of_error

LATE_AFTER = timedelta(hours=1)
"""A worker that does one thing at a time may still be at another."""
CREATED_WITHIN = timedelta(minutes=15)
"""Prefect creates runs every minute; what was entered just now has none yet."""
RESTART = "systemctl restart cchc"
_LACKING = "thiếu nguồn"
"""How a run says that it came to its end with sources missing; the ledger tells of them."""
_SIDE_RUNS = {"preview": "bản xem trước", "feedback": "phiếu phản hồi chất lượng dữ liệu"}
"""Of which the warehouse knows nothing where they did not begin."""
_ENDED_BADLY = ["FAILED", "CRASHED"]


@dataclass(frozen=True)
class Deployments:
    """What the server knows. deployments: by name, those of prefect.yaml that have a schedule, as its interface has
    them. runs: those that wait for their time, and those that ended badly, newest first."""

    deployments: Mapping[str, Mapping[str, Any]]
    waiting: tuple[Mapping[str, Any], ...]
    ended: tuple[Mapping[str, Any], ...]


def scheduled_names() -> list[str]:
    """Deployments of prefect.yaml that run by a schedule."""
    document = yaml.safe_load((REPOSITORY / "prefect.yaml").read_text(encoding="utf-8"))
    return [one["name"] for one in document["deployments"] if one.get("schedules")]


def not_scheduled(address: str, *, at_work: str = "") -> list[Overdue]:
    """What keeps the schedule from running. address: http://127.0.0.1:4200. at_work: the period that is run now, ""
    where none is."""
    now = datetime.now(UTC)  # Prefect's own clock; clock.now() may be fixed
    try:
        known = _asked(address)
    except MachineError as error:
        said = f"{error.cause}, không việc nào tự chạy theo lịch{_first(at_work)}"
        return [Overdue(Kind.NO_SERVER, "", "", clock.now(), said, RESTART)]
    return list(findings(known, scheduled_names(), now, at_work=at_work))


def findings(known: Deployments, wanted: list[str], now: datetime, *, at_work: str = "") -> Iterator[Overdue]:
    """The rule. One finding a kind, of all deployments together: they stop for one reason. While a period is run, what
    waits for its turn is not late (one that is run for too long is told by flows.overdue)."""
    there = {name: known.deployments[name] for name in wanted if name in known.deployments}
    stopped = [name for name, one in there.items() if _is_paused(one)]
    if stopped:
        said = f"lịch chạy đang tạm dừng: {_names(stopped)}; không tự chạy cho đến khi mở lại"
        yield Overdue(Kind.PAUSED, "", "", clock.now(), said, f"cchc schedule resume {' '.join(stopped)}")
    lost = [name for name in wanted if name not in there]
    idle = [name for name, one in there.items() if name not in stopped and _has_no_run(one, known, now)]
    if lost or idle:
        said = f"máy chủ Prefect không có lượt chạy sắp tới của: {_names([*lost, *idle])}{_first(at_work)}"
        yield Overdue(Kind.NO_SCHEDULE, "", "", clock.now(), said, RESTART)
    if not at_work:
        yield from _late(there, known, now)
    yield from _ended_badly(there, known)


def _first(at_work: str) -> str:
    """What restarts the schedule ends the run that is at work."""
    return f" (đang chạy kỳ {at_work}: chờ xong rồi mới khởi động lại)" if at_work else ""


def _is_paused(deployment: Mapping[str, Any]) -> bool:
    return bool(deployment["paused"]) or not any(schedule["active"] for schedule in deployment["schedules"])


def _has_no_run(deployment: Mapping[str, Any], known: Deployments, now: datetime) -> bool:
    if now - _at(deployment["updated"]) < CREATED_WITHIN:
        return False
    return not any(run["deployment_id"] == deployment["id"] for run in known.waiting)


def _late(there: Mapping[str, Mapping[str, Any]], known: Deployments, now: datetime) -> Iterator[Overdue]:
    names = {one["id"]: name for name, one in there.items()}
    late = [run for run in known.waiting if now - _at(run["expected_start_time"]) > LATE_AFTER]
    late = [run for run in late if run["deployment_id"] in names]
    if late:
        since = min(_at(run["expected_start_time"]) for run in late)
        whose = _names(list(dict.fromkeys(names[run["deployment_id"]] for run in late)))
        said = f"đến giờ mà chưa tiến trình nào nhận: {whose}, từ {moment(since)}"
        yield Overdue(Kind.NO_SCHEDULE, "", "", since.astimezone(clock.VIETNAM), said, RESTART)


def _ended_badly(there: Mapping[str, Mapping[str, Any]], known: Deployments) -> Iterator[Overdue]:
    """Of each the newest run that has come to an end."""
    for name, what in _SIDE_RUNS.items():
        mine = [run for run in known.ended if name in there and run["deployment_id"] == there[name]["id"]]
        if not mine or mine[0]["state_type"] not in _ENDED_BADLY:
            continue
        said = of_error((mine[0].get("state") or {}).get("message") or "")
        if not said.startswith(_LACKING):
            since = _at(mine[0]["end_time"] or mine[0]["expected_start_time"]).astimezone(clock.VIETNAM)
            sentence = f"lượt lập {what} không xong lúc {moment(since)}" + (f": {said}" if said else "")
            yield Overdue(Kind.SIDE_RUN_FAILED, "", name, since, sentence, f"cchc schedule run {name}")


def _asked(address: str) -> Deployments:
    names = scheduled_names()
    with PrefectInterface(address) as client:
        deployments = {one["name"]: one for one in client.find("/deployments/filter")}
        ids = [one["id"] for name, one in deployments.items() if name in names]
        ours = {"deployment_id": {"any_": ids}}
        ended = {**ours, "state": {"type": {"any_": ["COMPLETED", *_ENDED_BADLY]}}}
        waiting = {**ours, "state": {"type": {"any_": ["SCHEDULED"]}}}
        return Deployments(
            {name: deployments[name] for name in names if name in deployments},
            tuple(client.find("/flow_runs/filter", flow_runs=waiting, sort="EXPECTED_START_TIME_ASC")),
            tuple(client.find("/flow_runs/filter", flow_runs=ended, sort="END_TIME_DESC")),
        )


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _names(names: list[str]) -> str:
    return ", ".join(f"«{name}»" for name in names)
