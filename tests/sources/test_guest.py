"""A host has so many connections, whoever asks, and its hours."""

from __future__ import annotations

import subprocess
import sys
import threading
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from contracts.errors import SourceNotNow
from contracts.hosts import Host
from contracts.source_config import SourceConfig
from sources.guest import guest
from tests.sources.systems import sqlite_source

SERVER = "postgresql://db.thu.vn:5432/motcua"


@pytest.fixture
def config(tmp_path: Path) -> SourceConfig:
    return replace(sqlite_source(tmp_path), address=SERVER, host_rules=Host(connections=2))


def taken(config: SourceConfig) -> bool:
    """Whether a connection could be had at once."""
    try:
        with guest(config, patience=0):
            return True
    except SourceNotNow:
        return False


def test_no_more_than_the_host_bears(config: SourceConfig) -> None:
    with guest(config), guest(config):
        assert not taken(config)
    assert taken(config)


def test_the_same_host_serves_two_sources(config: SourceConfig) -> None:
    other = replace(config, id="khac", address="mariadb://DB.thu.vn:3306/khac")
    with guest(config), guest(other):
        assert not taken(config)
        assert not taken(other)


def test_another_host_is_not_concerned(config: SourceConfig) -> None:
    other = replace(config, address="postgresql://10.0.0.7/motcua")
    with guest(config), guest(config):
        assert taken(other)


def test_a_file_of_this_machine_has_no_host(config: SourceConfig) -> None:
    local = replace(config, address="x.sqlite", host_rules=Host(connections=1))
    with guest(local), guest(local):
        assert taken(local)


def test_whoever_waits_gets_the_connection_that_is_given_back(config: SourceConfig) -> None:
    got = threading.Event()

    def wait() -> None:
        with guest(config):
            got.set()

    with ExitStack() as both:
        both.enter_context(guest(config))
        with guest(config):
            waiting = threading.Thread(target=wait)
            waiting.start()
            assert not got.is_set()
        assert got.wait(10)
    waiting.join()


HOLDER = """
import sys
from dataclasses import replace
from pathlib import Path
from contracts.hosts import Host
from sources.guest import guest
from tests.sources.systems import sqlite_source
config = replace(sqlite_source(Path(sys.argv[1])), address=sys.argv[2], host_rules=Host(connections=1))
with guest(config):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_another_process_counts_and_its_death_frees(config: SourceConfig, tmp_path: Path) -> None:
    alone = replace(config, host_rules=Host(connections=1))
    command = [sys.executable, "-c", HOLDER, str(tmp_path), SERVER]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert not taken(alone)
        holder.kill()
        holder.wait()
        assert taken(alone)


def test_outside_its_hours_it_is_left_alone(config: SourceConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    night = replace(config, host_rules=Host(hours=("18:00-06:00",)))
    monkeypatch.setenv("CCHC_NOW", "2024-12-16T08:30:00+07:00")
    with pytest.raises(SourceNotNow, match="chỉ được đọc trong giờ 18:00-06:00, bây giờ là 08:30"), guest(night):
        pass
    monkeypatch.setenv("CCHC_NOW", "2024-12-16T18:00:00+07:00")
    assert taken(night)
