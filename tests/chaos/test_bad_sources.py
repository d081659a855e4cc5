"""Sources that hang, send half or lie: named as missing, exit code 3; the others are untouched, and once the fault is
gone the next run gives what an undisturbed one gives."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.invariants import Undisturbed, assert_as_undisturbed, assert_sound, landed_in, states
from tests.chaos.province import BOOK, DATABASE, INTERFACE, PERIOD, SOURCES, Systems
from tests.chaos.running import run, running
from tests.chaos.steps import in_state
from tests.chaos.table import assert_seen
from tests.quarter.command import Office
from tests.servers.http import Act, Asked, JsonServer, Reply, answer, as_json

pytestmark = pytest.mark.xdist_group("chaos")
OFTEN = 60
"""More than anybody asks in a run."""


def untrue(change: Callable[[dict[str, Any]], None]) -> Act:
    """The usual answer, in which something does not fit."""

    def act(server: JsonServer, asked: Asked) -> Reply:
        said = json.loads(server._usual(asked).content)
        change(said["data"])
        return as_json(said)

    return act


@contextmanager
def answering(province: Systems, act: Act) -> Iterator[None]:
    province.interface.then(*[act] * OFTEN)
    try:
        yield
    finally:
        province.interface.script.clear()


@contextmanager
def half(file: Path) -> Iterator[None]:
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    try:
        yield
    finally:
        file.write_bytes(whole)


@contextmanager
def silent(province: Systems) -> Iterator[None]:
    province.wire.hold()
    try:
        yield
    finally:
        province.wire.mend()


def missing(office: Office) -> set[str]:
    found = states(office)
    assert set(found) == set(SOURCES)
    return {source for source, state in found.items() if state != "loaded"}


def fewer(data: dict[str, Any]) -> None:
    data["total"] += 1


def test_what_hangs_sends_half_or_lies_is_missing(done: Office, province: Systems, undisturbed: Undisturbed) -> None:
    with silent(province), answering(province, untrue(fewer)):
        ended = run(done, "run", PERIOD, "--fresh")
    assert_seen("source-hangs", ended)
    assert_seen("source-fewer-rows", ended)
    assert missing(done) == {DATABASE, INTERFACE}
    assert_sound(done, undisturbed)
    no_data = answer(b"<html>Dang nhap</html>", 200, Content_Type="application/json")
    with half(province.book), answering(province, no_data):
        ended = run(done)
    assert_seen("source-half-a-book", ended)
    assert_seen("source-no-data", ended)
    assert missing(done) == {BOOK, INTERFACE}
    assert_sound(done, undisturbed)
    last = run(done)
    assert last.exit_code == 0, last.said
    assert_as_undisturbed(done, undisturbed)


def test_a_landing_that_somebody_altered_is_not_counted(done: Office, undisturbed: Undisturbed) -> None:
    reached = in_state(done, "landed")
    with running(done, "run", PERIOD, "--fresh") as killed:
        killed.until(reached)
        killed.kill()
    [source, *_] = [source for source, state in states(done).items() if state == "landed"]
    for part in (landed_in(done) / source).rglob("dossiers*.parquet"):
        content = bytearray(part.read_bytes())
        content[len(content) // 2] ^= 1
        part.write_bytes(content)
    assert_seen("source-landing-altered", run(done))
    assert missing(done) == {source}
    last = run(done)
    assert last.exit_code == 0, last.said
    assert_as_undisturbed(done, undisturbed)
