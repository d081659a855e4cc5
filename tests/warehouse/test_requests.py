"""A rerun that was asked for: one at a time a period, taken by one process, and known again when that process dies."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from contracts.errors import UsageError
from tests.warehouse.examples import Q4
from tests.warehouse.processes import go_on, python, said
from warehouse import requests
from warehouse.audit import Deed
from warehouse.database import open_warehouse
from warehouse.locks import going_on, run_lock
from warehouse.requests import DIED, Request

EIGHT, ONE_MINUTE_LATER = "2024-12-16T08:00:00+07:00", "2024-12-16T08:01:01+07:00"
TRUC = Deed("rerun", who="truc", role="operator", period_id=Q4, about={"sources": ["cam-lam"]})


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCHC_NOW", EIGHT)


def ask(engine: Engine, *sources: str, period: str = Q4) -> Request:
    return requests.ask(engine, period, sources=sources or ("cam-lam",), fresh=True, deed=TRUC)


def deeds(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(text("SELECT count(*) FROM audit_entry WHERE action = 'rerun'")) or 0)


def test_who_asked_for_what_stands_beside_the_deed(engine: Engine) -> None:
    asked = ask(engine, "cam-lam", "nha-trang")
    assert (asked.sources, asked.asked_by, asked.state, asked.fresh) == (
        ("cam-lam", "nha-trang"),
        "truc",
        "waiting",
        True,
    )
    assert requests.request(engine, asked.id) == asked == requests.unfinished(engine, Q4)
    assert deeds(engine) == 1


def test_a_second_one_of_the_period_is_refused_and_leaves_no_deed(engine: Engine) -> None:
    first = ask(engine)
    with pytest.raises(UsageError) as refused:
        ask(engine, "nha-trang")
    assert f"số {first.id} của truc" in refused.value.cause
    assert deeds(engine) == 1
    assert ask(engine, period="2024Q3").id != first.id, "another period is none of its business"


def test_of_many_at_once_one_is_entered(engine: Engine) -> None:
    def attempt(_: int) -> bool:
        try:
            ask(engine)
        except UsageError:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(attempt, range(6))) == 1
    assert (len(requests.recent(engine, at_most=9)), deeds(engine)) == (1, 1)


def test_one_process_takes_it(engine: Engine) -> None:
    asked = ask(engine)
    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(lambda n: requests.begin(engine, asked.id, before=json.dumps(n)), range(4)))
    assert sum(taken) == 1
    running = requests.request(engine, asked.id)
    assert running is not None
    assert (running.state, running.before) == ("running", json.dumps(taken.index(True)))


def test_what_came_of_it(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = ask(engine)
    requests.begin(engine, asked.id, before="{}")
    monkeypatch.setenv("CCHC_NOW", ONE_MINUTE_LATER)
    requests.end(engine, asked.id, exit_code=3, said="Còn thiếu nguồn: cam-lam.", after="{}")
    done = requests.request(engine, asked.id)
    assert done is not None and done.lasted is not None
    assert (done.state, done.exit_code, done.said, done.lasted.seconds) == ("done", 3, "Còn thiếu nguồn: cam-lam.", 61)
    assert requests.unfinished(engine, Q4) is None
    assert not requests.begin(engine, asked.id, before="{}"), "what is done is not done again"
    assert ask(engine).id > asked.id


def test_one_that_is_silent_makes_room_for_the_next(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    dead = ask(engine)
    requests.begin(engine, dead.id, before="{}")
    monkeypatch.setenv("CCHC_NOW", ONE_MINUTE_LATER)
    next_one = ask(engine)
    ended = requests.request(engine, dead.id)
    assert ended is not None
    assert (ended.state, ended.said) == ("stopped", DIED)
    assert requests.unfinished(engine, Q4) == next_one


def test_one_that_beat_before_the_clock_was_set_back_is_silent_too(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dead one would else be in the way until the clock has come there again."""
    monkeypatch.setenv("CCHC_NOW", "2024-12-18T08:00:00+07:00")
    dead = ask(engine)
    requests.begin(engine, dead.id, before="{}")
    monkeypatch.setenv("CCHC_NOW", "2024-12-16T08:00:00+07:00")
    assert ask(engine).id > dead.id


def test_one_that_beats_is_not_silent(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = ask(engine)
    requests.begin(engine, asked.id, before="{}")
    monkeypatch.setenv("CCHC_NOW", "2024-12-16T08:00:40+07:00")
    requests.beat(engine, asked.id)
    monkeypatch.setenv("CCHC_NOW", "2024-12-16T08:01:30+07:00")
    with pytest.raises(UsageError):
        ask(engine)
    monkeypatch.setenv("CCHC_NOW", "2024-12-16T08:01:41+07:00")
    assert ask(engine).id > asked.id


def test_one_that_was_never_begun_cannot_be_begun_after_it_was_given_up(engine: Engine) -> None:
    asked = ask(engine)
    requests.give_up(engine, asked.id)
    assert not requests.begin(engine, asked.id, before="{}")


def test_one_taken_for_dead_that_ends_after_all_says_how(engine: Engine) -> None:
    asked = ask(engine)
    requests.begin(engine, asked.id, before="{}")
    requests.give_up(engine, asked.id)
    requests.end(engine, asked.id, exit_code=0, said="Xong.", after="{}")
    found = requests.request(engine, asked.id)
    assert found is not None
    assert (found.state, found.said) == ("done", "Xong.")


HOLD = """
import sys
from warehouse.database import open_warehouse
from warehouse.locks import run_lock
with run_lock(open_warehouse(sys.argv[1]), sys.argv[2]):
    print("held", flush=True)
    sys.stdin.readline()
print("let go", flush=True)
sys.stdin.readline()
"""


def test_whether_a_run_goes_on_is_seen_without_being_in_its_way(engine: Engine, url: str) -> None:
    assert going_on(engine, Q4) is None
    with python(HOLD, url, Q4) as other:
        assert said(other) == "held"
        told = going_on(engine, Q4)
        assert told is not None and f"tiến trình {other.pid}" in told.cause
        assert going_on(engine, "2024Q3") is None
        go_on(other)
        assert said(other) == "let go"
        assert going_on(engine, Q4) is None


def test_a_run_of_this_very_process_is_seen_and_keeps_its_lock(engine: Engine, url: str) -> None:
    with run_lock(engine, Q4):
        assert going_on(engine, Q4) is not None
        with python(HOLD, url, Q4) as other:
            assert "UsageError" in said(other) or other.wait() != 0
    assert going_on(engine, Q4) is None


def test_a_killed_run_does_not_go_on(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/w.sqlite"
    with python(HOLD, url, Q4) as other:
        assert said(other) == "held"
        other.kill()
        other.wait()
        assert going_on(open_warehouse(url), Q4) is None, "its note lies there still, its lock does not"
