"""A host that stays up, with its real processes: what prefect.yaml says is planned at the hours of Vietnam, a run that
is due is done and says what it lacks, also where the host was down at its hour; an operator looks at the schedule,
stops it, goes on with it; a host that is killed, loses one of its programs or is stopped leaves nothing running, and
tells at its next start what was cut off."""

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

    def schedule(self, *words: str) -> str:
        """What `cchc schedule` answers an operator."""
        return self.office.cchc("schedule", *words, "--prefect-port", str(self.prefect)).stdout

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
        stopped_by_an_operator(host, "feedback")
        due_run_says_what_it_lacks(host)
        what_is_paused_runs_when_somebody_asks(host)
        system.with_suffix(".away").rename(system)
        cut = killed_while_it_runs(host)
    with up(office, portal, prefect) as host:
        told = host.says("Lịch chạy đang tạm dừng: «feedback»")
        assert "Làm gì tiếp: cchc run 2024Q4" in told, "what was cut off, and how it goes on"
        assert host.ask("/flow_runs/filter", {"flow_runs": {"id": {"any_": [cut]}}})[0]["state_type"] != "RUNNING"
        assert not host.runs("feedback", "SCHEDULED")
        goes_on_by_an_operator(host, "feedback")
        due = ends_where_its_worker_is_killed(host)
    known = not_ended(office)
    with up(office, portal, prefect) as host:
        makes_up_for_what_was_due_and_is_stopped(host, due, known)
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


def line_of(host: Host, name: str) -> str:
    [line] = [line for line in host.schedule("list").splitlines() if re.search(rf"\b{name}\b", line)]
    return line


def stopped_by_an_operator(host: Host, name: str) -> None:
    assert re.search(r"\d\d:\d\d \d\d/\d\d/\d{4}", line_of(host, name))
    assert f"ĐÃ TẠM DỪNG {name}: " in (said := host.schedule("pause", name))
    assert f"Mở lại: cchc schedule resume {name}" in said
    assert "đang tạm dừng" in line_of(host, name)


def goes_on_by_an_operator(host: Host, name: str) -> None:
    """Planned again by Prefect's scheduler."""
    assert f"ĐÃ MỞ LẠI {name}: " in host.schedule("resume", name)
    waited(lambda: next(iter(host.runs(name, "SCHEDULED")), None))
    assert re.search(r"\d\d:\d\d \d\d/\d\d/\d{4}", line_of(host, name))


def comes_to_its_hour(host: Host, name: str) -> str:
    """What is planned of it next. Returns the run's id."""
    run = host.runs(name, "SCHEDULED")[0]
    now = {"type": "SCHEDULED", "state_details": {"scheduled_time": datetime.now(VIETNAM).isoformat()}}
    host.ask(f"/flow_runs/{run['id']}/set_state", {"state": now, "force": True})
    return str(run["id"])


def due_run_says_what_it_lacks(host: Host) -> None:
    """The quarter never ran, and one of its two systems does not answer."""
    due = comes_to_its_hour(host, "retry")
    ended = waited(lambda: next(iter(host.runs("retry", "COMPLETED", "FAILED", "CRASHED")), None))
    assert (ended["id"], ended["state_type"], ended["state"]["message"]) == (
        due,
        "FAILED",
        "thiếu nguồn: khanh-son",
    )
    assert [version.version for version in register.versions(warehouse_of(host.office), "2024Q4")] == [1]


def what_is_paused_runs_when_somebody_asks(host: Host) -> None:
    """The returns of that quarter, by the worker."""
    assert "ĐÃ GIAO feedback: " in host.schedule("run", "feedback")
    ended = waited(lambda: next(iter(host.runs("feedback", "COMPLETED", "FAILED", "CRASHED")), None))
    assert re.fullmatch(r"Quý IV năm 2024: \d phiếu phản hồi trong .+", ended["state"]["message"])
    folder = Path(ended["state"]["message"].partition(" trong ")[2])
    assert {file.suffix for file in folder.iterdir()} == {".pdf", ".xlsx"}


def not_ended(office: Office) -> set[int]:
    return {one.id for one in runs.without_end(warehouse_of(office))}


def retried(host: Host) -> tuple[str, list[int]]:
    known = not_ended(host.office)
    assert "ĐÃ GIAO retry: " in host.schedule("run", "retry")
    return under_way(host, "retry", known)


def under_way(host: Host, name: str, known: set[int]) -> tuple[str, list[int]]:
    """A run of the period that the worker has begun, and that was not known: its id in Prefect, and every process of
    the host."""
    waited(lambda: not_ended(host.office) - known or None)
    [run] = host.runs(name, "RUNNING")
    everything = descendants(host.process.pid)
    assert int(run["infrastructure_pid"]) in everything
    return str(run["id"]), everything


def killed_while_it_runs(host: Host) -> str:
    """SIGKILL of `cchc up` while the worker runs the period; nothing of it is left. Returns the run's id."""
    run, everything = retried(host)
    os.kill(host.process.pid, signal.SIGKILL)
    waited(lambda: gone(everything))
    return run


def ends_where_its_worker_is_killed(host: Host) -> str:
    """The worker alone, under its run: the host ends as a whole, and says by which program. Returns the id of the
    planned quarter, to whose hour the worker had no room, and then there was nobody."""
    _, everything = retried(host)
    due = comes_to_its_hour(host, "quarter")
    [worker] = [pid for pid in host.below if "worker" in Path(f"/proc/{pid}/cmdline").read_text().split("\0")]
    os.kill(worker, signal.SIGKILL)
    said = host.process.communicate(timeout=LIMIT)[0]
    assert re.search(r"LỖI: tiến trình .+ đã dừng \(mã -9\); các phần còn lại cũng dừng theo\nLàm gì tiếp: xem ", said)
    assert host.process.returncode == 2
    waited(lambda: gone(everything))
    return due


def makes_up_for_what_was_due_and_is_stopped(host: Host, due: str, known: set[int]) -> None:
    """By one Ctrl-C, in the middle of that quarter, which nobody had asked for again."""
    run, everything = under_way(host, "quarter", known)
    assert run == due
    host.process.send_signal(signal.SIGINT)
    assert "Đã dừng tất cả." in host.process.communicate(timeout=LIMIT)[0]
    assert host.process.returncode == 0
    waited(lambda: gone(everything))
