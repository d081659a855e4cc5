"""A host that stays up, with its real processes: what prefect.yaml says is planned at the hours of Vietnam, a run that
is due is done and says what it lacks; a host that is killed, loses one of its programs or is stopped leaves nothing
running, and tells at its next start what was cut off."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import yaml
from prefect._vendor.croniter import croniter
from sqlalchemy import Engine

from contracts.clock import VIETNAM
from contracts.settings import REPOSITORY
from flows.schedule import Schedule
from tests.cli.test_serve import cookie_given, is_open
from tests.quarter.command import CCHC, Office
from tests.quarter.conftest import two_sources
from tests.servers.process import free_port
from warehouse import register, runs
from warehouse.database import open_warehouse

__all__ = ["two_sources"]
LIMIT = 120.0
T = TypeVar("T")


def waited(found: Callable[[], T | None]) -> T:
    """As soon as there is something."""
    until = time.monotonic() + LIMIT
    while time.monotonic() < until:
        if (one := found()) is not None:
            return one
        time.sleep(0.1)
    raise AssertionError("waited in vain")


@dataclass(frozen=True)
class Host:
    """`cchc up` of an office."""

    office: Office
    process: subprocess.Popen[str]
    prefect: int
    below: list[int]

    def ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """Of Prefect's server."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.prefect}/api{path}",
            data=json.dumps(body or {}).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.loads(answer.read())

    def runs(self, deployment: str, *states: str) -> list[dict[str, Any]]:
        wanted = {"state": {"type": {"any_": list(states)}}}
        of = {"name": {"any_": [deployment]}}
        body = {"flow_runs": wanted, "deployments": of, "sort": "EXPECTED_START_TIME_ASC"}
        return list(self.ask("/flow_runs/filter", body))

    @property
    def schedule(self) -> Schedule:
        return Schedule(f"http://127.0.0.1:{self.prefect}")

    def says(self, last: str) -> str:
        """Everything up to the line that holds this."""
        read: list[str] = []
        assert self.process.stdout is not None
        for line in self.process.stdout:
            read.append(line)
            if last in line:
                return "".join(read)
        raise AssertionError("".join(read))


@contextmanager
def up(office: Office, portal: int, prefect: int) -> Iterator[Host]:
    """Ready; killed at the end where it still runs."""
    ports = ("--port", str(portal), "--prefect-port", str(prefect))
    with subprocess.Popen(
        [CCHC, "up", *ports],
        cwd=REPOSITORY, env=office.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    ) as process:  # fmt: skip
        try:
            host = Host(office, process, prefect, [])
            host.says("Lịch chạy theo prefect.yaml đã nhận")
            host.below.extend(children(process.pid))
            yield host
        finally:
            process.kill()


def children(number: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{number}/task/{number}/children").read_text().split()]


def descendants(number: int) -> list[int]:
    return [one for child in children(number) for one in (child, *descendants(child))]


def warehouse_of(office: Office) -> Engine:
    return open_warehouse(f"sqlite:///{office.home}/khanh-hoa/warehouse.sqlite")


def gone(numbers: list[int]) -> bool | None:
    return None if any(Path("/proc", str(number)).exists() for number in numbers) else True


def test_the_schedule_runs_and_survives_a_killed_host(two_sources: Office) -> None:
    office = two_sources
    portal, prefect = free_port(), free_port()
    system = Path(office.settings["CCHC_SYSTEMS"]) / "khanh-hoa" / "khanh-son.sqlite"
    system.rename(system.with_suffix(".away"))
    with up(office, portal, prefect) as host:
        assert cookie_given(portal)
        planned_at_the_hours_of_vietnam(host)
        host.schedule.set_active("feedback", active=False)
        due_run_says_what_it_lacks(host)
        what_is_paused_runs_when_somebody_asks(host)
        system.with_suffix(".away").rename(system)
        cut = killed_while_it_runs(host)
    with up(office, portal, prefect) as host:
        told = host.says("Lịch chạy đang tạm dừng: «feedback»")
        assert "Làm gì tiếp: cchc run 2024Q4" in told, "what was cut off, and how it goes on"
        assert host.ask("/flow_runs/filter", {"flow_runs": {"id": {"any_": [cut]}}})[0]["state_type"] != "RUNNING"
        assert not host.runs("feedback", "SCHEDULED")
        ends_where_its_worker_is_killed(host)
    with up(office, portal, prefect) as host:
        stops_in_the_middle_of_a_run(host)
    assert not is_open(portal)
    assert not is_open(prefect)


def planned_at_the_hours_of_vietnam(host: Host) -> None:
    """Prefect's scheduler made the next run of each."""
    document = yaml.safe_load((REPOSITORY / "prefect.yaml").read_text(encoding="utf-8"))
    crons = {one["name"]: one["schedules"][0]["cron"] for one in document["deployments"] if one.get("schedules")}
    assert set(crons) == {"quarter", "preview", "retry", "feedback"}
    for name, cron in crons.items():
        first = waited(lambda name=name: next(iter(host.runs(name, "SCHEDULED")), None))
        at = datetime.fromisoformat(first["expected_start_time"]).astimezone(VIETNAM).replace(tzinfo=None)
        begun = datetime.fromisoformat(first["created"]).astimezone(VIETNAM).replace(tzinfo=None)
        assert at == croniter(cron, begun).get_next(datetime), name


def due_run_says_what_it_lacks(host: Host) -> None:
    """The planned retry comes to its hour; the quarter never ran, and one of its two systems does not answer."""
    run = host.runs("retry", "SCHEDULED")[0]
    now = {"type": "SCHEDULED", "state_details": {"scheduled_time": datetime.now(VIETNAM).isoformat()}}
    host.ask(f"/flow_runs/{run['id']}/set_state", {"state": now, "force": True})
    ended = waited(lambda: next(iter(host.runs("retry", "COMPLETED", "FAILED", "CRASHED")), None))
    assert (ended["id"], ended["state_type"], ended["state"]["message"]) == (
        run["id"],
        "FAILED",
        "thiếu nguồn: khanh-son",
    )
    assert [version.version for version in register.versions(warehouse_of(host.office), "2024Q4")] == [1]


def what_is_paused_runs_when_somebody_asks(host: Host) -> None:
    """The returns of that quarter, by the worker."""
    host.schedule.run_now("feedback")
    ended = waited(lambda: next(iter(host.runs("feedback", "COMPLETED", "FAILED", "CRASHED")), None))
    assert re.fullmatch(r"Quý IV năm 2024: \d phiếu phản hồi trong .+", ended["state"]["message"])
    folder = Path(ended["state"]["message"].partition(" trong ")[2])
    assert {file.suffix for file in folder.iterdir()} == {".pdf", ".xlsx"}


def under_way(host: Host) -> tuple[str, list[int]]:
    """A run of the period that the worker has begun: its id, and every process of the host."""
    known = {one.id for one in runs.without_end(warehouse_of(host.office))}
    host.schedule.run_now("retry")
    waited(lambda: next((one for one in runs.without_end(warehouse_of(host.office)) if one.id not in known), None))
    [run] = host.runs("retry", "RUNNING")
    everything = descendants(host.process.pid)
    assert int(run["infrastructure_pid"]) in everything
    return str(run["id"]), everything


def killed_while_it_runs(host: Host) -> str:
    """SIGKILL of `cchc up` while the worker runs the period; nothing of it is left. Returns the run's id."""
    run, everything = under_way(host)
    os.kill(host.process.pid, signal.SIGKILL)
    waited(lambda: gone(everything))
    return run


def ends_where_its_worker_is_killed(host: Host) -> None:
    """The worker alone, under its run: the host ends as a whole, and says by which program."""
    _, everything = under_way(host)
    [worker] = [pid for pid in host.below if "worker" in Path(f"/proc/{pid}/cmdline").read_text().split("\0")]
    os.kill(worker, signal.SIGKILL)
    said = host.process.communicate(timeout=LIMIT)[0]
    assert re.search(r"LỖI: tiến trình .+ đã dừng \(mã -9\); các phần còn lại cũng dừng theo\nLàm gì tiếp: xem ", said)
    assert host.process.returncode == 2
    waited(lambda: gone(everything))


def stops_in_the_middle_of_a_run(host: Host) -> None:
    """One Ctrl-C."""
    _, everything = under_way(host)
    host.process.send_signal(signal.SIGINT)
    assert "Đã dừng tất cả." in host.process.communicate(timeout=LIMIT)[0]
    assert host.process.returncode == 0
    waited(lambda: gone(everything))
