"""The units and timers of docs/deploy as systemd reads them; what they say of our command is so."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import pytest

from cli.serve import GRACE_SECONDS
from contracts.settings import REPOSITORY
from flows.lasting import LastingPrefect, Program
from tests.deploy.test_documents import COMMANDS
from tests.servers.proxy import DEPLOY

UNITS = DEPLOY / "systemd"
SERVICES = sorted(path.name for path in UNITS.glob("*.service"))
TIMERS = sorted(path.name for path in UNITS.glob("*.timer"))
INSTALLED = "/opt/cchc"
WORST = 2.5
"""Of 10, which is a service that may do everything."""


def analyze(*words: object) -> subprocess.CompletedProcess[str]:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.fail("systemd-analyze is missing: apt-get install systemd", pytrace=False)
    return subprocess.run([program, *map(str, words)], capture_output=True, text=True, check=False)


def said(unit: str) -> dict[str, list[str]]:
    """Setting → its values, one a line."""
    found = defaultdict(list)
    for line in (UNITS / unit).read_text(encoding="utf-8").splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found[name].append(value)
    return found


@pytest.fixture
def placed(tmp_path: Path) -> Path:
    """The units for a program that lies where this one does: systemd looks whether it is there."""
    for path in UNITS.iterdir():
        text = path.read_text(encoding="utf-8").replace(INSTALLED, str(REPOSITORY))
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    return tmp_path


def test_systemd_finds_nothing_wrong_and_finds_what_is(placed: Path) -> None:
    done = analyze("verify", *(placed / name for name in (*SERVICES, *TIMERS)))
    assert (done.returncode, done.stderr) == (0, "")
    service = placed / "cchc.service"
    service.write_text(service.read_text(encoding="utf-8").replace("KillMode=mixed", "KillMod=mixed"))
    assert "KillMod" in analyze("verify", service).stderr


@pytest.mark.parametrize("unit", SERVICES)
def test_a_unit_is_allowed_little(unit: str) -> None:
    done = analyze("security", "--offline=true", UNITS / unit)
    found = re.search(r"exposure level for \S+: (\d+\.\d)", done.stdout)
    assert found, done.stderr
    assert float(found[1]) <= WORST


def test_what_they_may_not_do_is_the_same_in_all() -> None:
    hardening = {
        unit: (UNITS / unit).read_text().partition("NoNewPrivileges=")[2].partition("\n\n")[0] for unit in SERVICES
    }
    assert len({text.strip() for text in hardening.values()}) == 1, hardening
    assert "capset" in said("cchc.service")["SystemCallFilter"][-1], "setpriv calls it, for every program that is begun"


def test_a_stop_waits_for_all_that_it_stops() -> None:
    """Longer than the programs of `cchc up` may take, one after the other."""
    prefect = LastingPrefect(1)
    takes: list[Program] = [prefect.server, prefect.worker, Program("", "", ())]
    assert GRACE_SECONDS + 5 + sum(one.ends_within for one in takes) < float(said("cchc.service")["TimeoutStopSec"][0])
    assert said("cchc.service")["KillMode"] == ["mixed"]


def test_what_a_timer_begins_keeps_who_was_told_past_its_own_end() -> None:
    for unit in ("cchc.service", "cchc@.service"):  # a watchdog each, of which one is to tell
        assert said(unit)["RuntimeDirectory"] == ["cchc-watchdog"]
        assert said(unit)["RuntimeDirectoryPreserve"] == ["yes"], "its temporary files are gone with it"


def test_each_timer_begins_a_command_that_there_is() -> None:
    for timer in TIMERS:
        assert timer.removeprefix("cchc@").removesuffix(".timer") in COMMANDS
        assert analyze("calendar", said(timer)["OnCalendar"][0]).returncode == 0
    assert [said(unit)["ExecStart"][0].split()[1] for unit in SERVICES] == ["worker", "up", "%i"]


def test_the_wrapper_is_read_by_a_plain_shell() -> None:
    assert subprocess.run(["/bin/sh", "-n", DEPLOY / "cchc"], check=False).returncode == 0
    assert os.access(DEPLOY / "cchc", os.X_OK)


def lines(unit: str, names: Sequence[str]) -> list[str]:
    return [value for name in names for value in said(unit)[name]]


def test_they_read_the_same_settings_and_may_write_where_these_lead() -> None:
    settings = dict(
        line.split("=", 1)
        for line in (DEPLOY / "cchc.env").read_text().splitlines()
        if line and not line.startswith("#")
    )
    for unit in SERVICES:
        assert said(unit)["EnvironmentFile"] == ["/etc/cchc/cchc.env"]
        writable = lines(unit, ["ReadWritePaths"]) + [f"-/var/lib/{name}" for name in said(unit)["StateDirectory"]]
        assert {f"-{settings['CCHC_HOME']}", f"-{settings['CCHC_BACKUPS']}"} <= set(writable)
