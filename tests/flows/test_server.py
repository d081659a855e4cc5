"""No Prefect server outlives the command that started it, and none is taken down by the terminal under it."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from flows.near import never_by_proxy
from tests.quarter.command import REPOSITORY
from tests.servers.prefect import with_tables

HOLDER = """
import flows
from flows.server import temporary_server
with temporary_server() as server:
    print(server.pid, flush=True)
    input()
"""

WORKS = """
import flows
from flows.server import temporary_server
from prefect import flow

@flow
def worked() -> int:
    return 5

with temporary_server() as server:
    print(server.data_of(lambda: worked(return_state=True)))
"""

LOST = """
import os, signal
import flows
from flows.server import temporary_server
from prefect import flow
from cli.leaving import leave
from contracts.errors import MachineError

@flow
def worked() -> int:
    os.kill(server.pid, signal.SIGKILL)
    print("the work goes on", flush=True)
    return 1

with temporary_server() as server:
    try:
        server.data_of(lambda: worked(return_state=True))
    except MachineError as error:
        print(error)
        leave(0)
"""

LOST_AND_FAILED = """
import os, signal, sys
import flows
from flows.server import temporary_server
from prefect import flow
from cli import main
from contracts.errors import CriticalCheckError

@flow
def worked() -> int:
    os.kill(server.pid, signal.SIGKILL)
    try:
        raise ValueError("the first fault")
    except ValueError:
        if sys.argv[1] == "check":
            raise CriticalCheckError("cột 3 không bằng cột 4 cộng cột 5", advice="xem nguồn")
        os.kill(os.getpid(), signal.SIGTERM if sys.argv[1] == "terminated" else signal.SIGINT)
        signal.pause()

def app(**options):
    global server
    with temporary_server() as server:
        return server.data_of(lambda: worked(return_state=True))

signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever begins tests in the background has it ignored
import cli.leaving
outright, cli.leaving.os._exit = os._exit, lambda code: (print("outright"), sys.stdout.flush(), outright(code))
main.app = app
main.main()
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Of a machine of its own. Its server finds the tables made: to make them takes half of a start."""
    home = tmp_path / "prefect"
    home.mkdir(mode=0o700)
    with_tables(home)
    return {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")} | {"CCHC_HOME": str(tmp_path)}


@pytest.fixture
def holder(environment: dict[str, str]) -> subprocess.Popen[str]:
    """A process that holds a temporary server until it reads a line; prints the server's process id."""
    return subprocess.Popen(
        [sys.executable, "-c", HOLDER],
        cwd=REPOSITORY,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_server_has_its_own_session_and_dies_with_a_killed_command(holder: subprocess.Popen[str]) -> None:
    assert holder.stdout is not None
    server = int(holder.stdout.readline())
    watched = os.pidfd_open(server)
    assert os.getsid(server) not in {os.getsid(0), os.getsid(holder.pid)}, "Ctrl-C would reach it"
    holder.send_signal(signal.SIGKILL)
    ended, _, _ = select.select([watched], [], [], 20)
    os.close(watched)
    assert ended, f"server {server} was left behind"


def test_a_server_stops_with_the_work(holder: subprocess.Popen[str]) -> None:
    assert holder.stdout is not None
    server = int(holder.stdout.readline())
    holder.communicate("\n", timeout=30)
    with pytest.raises(ProcessLookupError):
        os.kill(server, 0)


@pytest.mark.parametrize("not_by_it", ["", "intranet.gov.vn", "*"])
def test_a_proxy_of_the_office_is_not_asked_for_what_is_on_this_machine(
    not_by_it: str, environment: dict[str, str]
) -> None:
    environment |= dict.fromkeys(("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy"), "http://127.0.0.1:9")
    environment |= {"no_proxy": not_by_it, "PREFECT_CLIENT_MAX_RETRIES": "0"}
    done = subprocess.run(
        [sys.executable, "-c", WORKS], cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout == "5\n", done.stderr


@pytest.mark.parametrize("name", ["no_proxy", "NO_PROXY"])
@pytest.mark.parametrize(
    "given, kept",
    [("", "127.0.0.1,localhost"), (".khanhhoa.gov.vn", ".khanhhoa.gov.vn,127.0.0.1,localhost"), ("*", "*")],
)
def test_what_somebody_keeps_from_the_proxy_stays_so(
    name: str, given: str, kept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.setenv(name, given)
    for _ in range(2):
        never_by_proxy()
        assert (os.environ["no_proxy"], os.environ["NO_PROXY"]) == (kept, kept)


def test_a_server_that_goes_away_is_told_when_the_work_has_ended(environment: dict[str, str]) -> None:
    environment |= {"PREFECT_CLIENT_MAX_RETRIES": "0"}
    done = subprocess.run(
        [sys.executable, "-c", LOST], cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False
    )
    said = done.stdout.splitlines()
    assert said[0] == "the work goes on", done.stderr
    assert said[1].startswith("máy chủ Prefect không trả lời nữa trong khi chạy")


FAULTS = """
ended by   | code | said
check      | 4    | LỖI: cột 3 không bằng cột 4 cộng cột 5
stopped    | 130  | Đã dừng theo yêu cầu.
terminated | 130  | Đã dừng theo yêu cầu.
"""


@pytest.mark.parametrize("line", FAULTS.strip().splitlines()[1:])
def test_what_the_work_ended_by_is_told_where_the_server_went_away_before_it(
    environment: dict[str, str], line: str
) -> None:
    """Prefect keeps an error when its server has taken note of it; that all is done, and stands, is not said of it."""
    ended_by, code, told = (cell.strip() for cell in line.split("|"))
    environment |= {"PREFECT_CLIENT_MAX_RETRIES": "0", "PREFECT_LOGGING_LEVEL": "CRITICAL"}
    done = subprocess.run(
        [sys.executable, "-c", LOST_AND_FAILED, ended_by],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == int(code), done.stderr
    assert told in done.stderr
    assert "vẫn còn" not in done.stderr
    assert done.stdout == "outright\n", "the server is not waited for"
