"""What is told, and how often: a cause once while it stands, again when it comes back after it was gone."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts import clock
from contracts.notices import NoticeKind
from flows.notices import telling
from flows.notices.telling import tell_watched
from flows.overdue import Kind, Overdue
from tests.notices.conftest import keep_secret
from tests.notices.world import SOURCES, World
from tests.servers.http import Asked, JsonServer, Reply, answer, silent
from tests.tried import tried
from tests.warehouse.examples import Q4
from warehouse import approvals, notice_messages, notices, register, runs
from warehouse.approval_rule import Officer
from warehouse.locks import run_lock

HOOK = """[[webhook]]
name = "ioc"
url = "{url}/hoso"
secret = "ioc"
"""
BOTH_WORK = dict.fromkeys(SOURCES, "ok")
ONE_FAILS = {"khanh-son": "SourceUnreachable", "truong-sa": "ok"}


@pytest.fixture
def hook() -> Iterator[JsonServer]:
    server = JsonServer()
    yield server
    server.stop()


@pytest.fixture
def told(world: World, hook: JsonServer) -> World:
    """Its notices go to the program."""
    keep_secret("ioc", 'token = "khóa"')
    world.settings(HOOK.format(url=hook.url))
    return world


def heard(hook: JsonServer) -> list[tuple[str, str]]:
    """Kind and source of each call."""
    return [(said["kind"], said["source"]) for said in (json.loads(asked.body) for asked in hook.asked)]


def run_and_tell(world: World, outcomes: dict[str, str]) -> None:
    world.run(outcomes)
    world.tell()


def test_a_failure_is_told_once_beside_the_quarter(told: World, hook: JsonServer) -> None:
    run_and_tell(told, ONE_FAILS)
    assert heard(hook) == [("quarter_done", ""), ("source_failed", "khanh-son")]
    run_and_tell(told, ONE_FAILS)
    told.tell()
    assert len(hook.asked) == 2, "nothing new"


def test_another_kind_of_error_is_news_and_so_is_one_that_comes_back(told: World, hook: JsonServer) -> None:
    run_and_tell(told, ONE_FAILS)
    hook.asked.clear()
    run_and_tell(told, ONE_FAILS | {"khanh-son": "SourceDrift"})
    assert heard(hook) == [("source_failed", "khanh-son")]
    run_and_tell(told, BOTH_WORK)
    run_and_tell(told, ONE_FAILS | {"khanh-son": "SourceDrift"})
    assert heard(hook)[1:] == [("quarter_done", ""), ("source_failed", "khanh-son")]
    run_and_tell(told, BOTH_WORK)
    assert [kind for kind, _ in heard(hook)[3:]] == ["quarter_done"], "that it is whole again is news after a failure"


def test_a_source_that_came_back_is_named_in_the_next_notice_of_the_quarter(told: World, hook: JsonServer) -> None:
    run_and_tell(told, dict.fromkeys(SOURCES, "SourceUnreachable"))
    hook.asked.clear()
    run_and_tell(told, {"khanh-son": "ok"})
    assert hook.asked == [], "no notice of its own"
    run_and_tell(told, {"truong-sa": "ok"})
    (said,) = (json.loads(asked.body) for asked in hook.asked)
    assert "Đã có số liệu trở lại: " in said["text"]
    assert "(khanh-son)" in said["text"] and "(truong-sa)" in said["text"]
    run_and_tell(told, {"khanh-son": "SourceUnreachable"})
    assert "trở lại" not in json.loads(hook.asked[-1].body)["text"], "told before"


def test_one_that_failed_otherwise_meanwhile_is_not_said_to_be_back(told: World, hook: JsonServer) -> None:
    run_and_tell(told, ONE_FAILS)
    run_and_tell(told, ONE_FAILS | {"khanh-son": "SecretError"})
    assert "trở lại" not in json.loads(hook.asked[-1].body)["text"]


PREVIEW, LATE = date(2024, 11, 20), date(2024, 12, 20)


def test_a_preview_tells_of_failures_alone(told: World, hook: JsonServer) -> None:
    """A system that is down weeks before the cut-off can be mended in time; a file is not sent before it."""
    told.run({"khanh-son": "SourceUnreachable", "truong-sa": "not_received"}, as_of=PREVIEW)
    told.tell()
    assert heard(hook) == [("source_failed", "khanh-son")]


def test_a_run_that_came_to_no_report_is_not_the_quarter(told: World, hook: JsonServer) -> None:
    told.run(ONE_FAILS, made=False)
    told.print()
    told.tell()
    assert heard(hook) == [("source_failed", "khanh-son")], "the watchdog tells of the run"


def test_a_file_that_nobody_sent_stands_in_the_quarters_notice(told: World, hook: JsonServer) -> None:
    run_and_tell(told, {"khanh-son": "ok", "truong-sa": "not_received"})
    assert heard(hook) == [("quarter_done", "")]
    assert "Còn thiếu 1 trong 2 nguồn" in json.loads(hook.asked[0].body)["text"]


def test_a_source_that_a_dead_run_left_half_read_is_told(told: World, hook: JsonServer) -> None:
    run_and_tell(told, ONE_FAILS | {"khanh-son": "lost"})
    assert ("source_failed", "khanh-son") in heard(hook)
    assert "dừng giữa chừng" in json.loads(hook.asked[1].body)["text"]


def test_while_a_run_goes_on_nothing_is_settled(told: World, hook: JsonServer) -> None:
    told.run(ONE_FAILS)
    with run_lock(told.engine, Q4):
        told.tell()
    assert hook.asked == []
    assert runs.untold(told.engine) == [Q4], "whoever looks next tells it"
    assert tell_watched(told.engine, told.place.province, [], prefect_port=4200) == ""
    assert heard(hook) == [("quarter_done", ""), ("source_failed", "khanh-son")]
    assert runs.untold(told.engine) == []


LAN, MINH = Officer("Nguyễn Thị Lan", login="lan"), Officer("Trần Văn Minh", login="minh")


def test_a_version_beside_what_was_approved_is_told_until_it_is_decided(told: World, hook: JsonServer) -> None:
    run_and_tell(told, BOTH_WORK)
    hook.asked.clear()
    (first,) = register.versions(told.engine, Q4)
    approvals.check(told.engine, first, LAN)
    approvals.approve(told.engine, first, MINH)
    told.tell()
    assert hook.asked == []
    told.print()
    told.tell()
    (said,) = (json.loads(asked.body) for asked in hook.asked)
    assert said["kind"] == "new_version"
    assert said["command"] == "cchc restated 2024Q4 --from 1 --to 2"
    approvals.unlock(told.engine, first, LAN, reason="dùng bản 2")
    told.tell()
    assert [one.over_at is None for one in notices.known(told.engine, Q4, NoticeKind.NEW_VERSION)] == [False]
    assert len(hook.asked) == 1


def test_what_the_watchdog_finds_is_told_until_it_is_gone(told: World, hook: JsonServer) -> None:
    engine, province = told.engine, told.place.province
    since = clock.now()
    late = Overdue(Kind.NEVER_RAN, Q4, "", since, "kỳ này chưa chạy", f"cchc run {Q4}")
    idle = Overdue(Kind.NO_SCHEDULE, "", "", since, "máy chủ http://127.0.0.1:4200 im lặng", "systemctl restart cchc")
    for _ in range(2):
        tell_watched(engine, province, [late, idle], prefect_port=4200)
    assert [kind for kind, _ in heard(hook)] == ["overdue", "overdue"]
    said = hook.asked[0].body.decode() + hook.asked[1].body.decode()
    assert "127.0.0.1" not in said
    assert "xem vì sao bằng cchc watchdog --prefect-port 4200" in said
    tell_watched(engine, province, [], prefect_port=None)
    tell_watched(engine, province, [late, idle], prefect_port=4200)
    assert len(hook.asked) == 3, "that Prefect was not asked does not mean that its schedule is back"
    gone = Overdue(Kind.NO_SERVER, "", "", since, "máy chủ không trả lời", "systemctl restart cchc")
    for found in ([late, gone], [late, gone], [late, idle]):
        tell_watched(engine, province, found, prefect_port=4200)
    assert len(hook.asked) == 4, "nor does it where it did not answer"


def test_a_reader_of_today_hears_of_what_stands_and_not_of_what_was(world: World, hook: JsonServer) -> None:
    world.run(ONE_FAILS)
    world.tell()
    keep_secret("ioc", 'token = "khóa"')
    world.settings(HOOK.format(url=hook.url))
    world.tell()
    assert heard(hook) == [("source_failed", "khanh-son")]


def test_what_was_found_while_the_file_was_wrong_is_told_when_it_is_mended(told: World, hook: JsonServer) -> None:
    good = (told.folder / "notices.toml").read_text()
    told.settings("[[webhook]\n")
    with telling.telling(told.engine, told.place):
        told.run(ONE_FAILS)
    assert hook.asked == []
    told.settings(good)
    told.tell()
    assert heard(hook) == [("quarter_done", ""), ("source_failed", "khanh-son")]


WISHES = """
wish                                  | hears
kinds = ["quarter_done"]              | quarter_done
sources = ["khanh-son"]               | quarter_done source_failed
sources = ["truong-sa"]               | quarter_done
units = ["H32.37"]                    | quarter_done source_failed
units = ["H32"]                       | quarter_done source_failed
units = ["H32.38"]                    | quarter_done
"""


@pytest.mark.parametrize("drawn", WISHES.strip().splitlines()[1:])
def test_each_hears_what_he_asked_for(drawn: str, told: World, hook: JsonServer) -> None:
    wish, hears = (cell.strip() for cell in drawn.split("|"))
    told.settings(HOOK.format(url=hook.url) + wish)
    run_and_tell(told, ONE_FAILS)
    assert [kind for kind, _ in heard(hook)] == hears.split()


def test_telling_changes_nothing_of_how_a_run_ends(told: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def bug(*_: object, **__: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(telling, "tell", bug)
    with telling.telling(told.engine, told.place):
        pass
    with pytest.raises(ValueError, match="of the run"), telling.telling(told.engine, told.place):
        raise ValueError("of the run")
    assert list((told.home / "khanh-hoa" / "logs").glob("cchc-bugs-*")), "it is in the log"


def test_a_program_that_is_down_is_called_again_later_with_the_same_words(
    told: World, hook: JsonServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook.then(answer(b"", 503), answer(b"", 503))
    run_and_tell(told, ONE_FAILS)
    told.tell()
    assert len(hook.asked) == 2, "not before its time"
    monkeypatch.setenv("CCHC_NOW", "2024-12-16T08:05:00+07:00")
    told.tell()
    told.tell()
    assert [asked.body for asked in hook.asked[2:]] == [asked.body for asked in hook.asked[:2]]


def test_a_program_that_is_silent_keeps_nobody_waiting(told: World, hook: JsonServer) -> None:
    hook.then(silent)
    told.settings(f"{HOOK.format(url=hook.url)}timeout_seconds = 30")
    told.run(ONE_FAILS)
    while not hook.asked:  # a busy machine may not come so far the first time
        told.tell(within=0.2)
    (first, _) = notice_messages.unsent(told.engine)
    assert (first.tries, first.error) == (1, None), (
        "left before those 30 seconds were over; claimed: nobody else sends it"
    )
    assert first not in notice_messages.due(told.engine, at_once=True)


OUTCOMES = st.sampled_from(["ok", "ok", "SourceUnreachable", "SourceDrift", "lost", "not_received"])
STEPS = st.lists(st.tuples(OUTCOMES, OUTCOMES, st.sampled_from(["", "again", "down"])), min_size=1, max_size=7)


@given(steps=STEPS)
@settings(max_examples=tried(8), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_comes_in_whatever_order_each_occurrence_is_told_once(
    told: World, hook: JsonServer, empty: Path, steps: list[tuple[str, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[str] = []

    def take(_server: JsonServer, asked: Asked) -> Reply:
        taken.append(asked.body.decode())
        return Reply(b"")

    hook.then = lambda *_: None  # type: ignore[method-assign]
    with tempfile.TemporaryDirectory() as home:
        monkeypatch.setenv("CCHC_HOME", home)
        (Path(home) / "khanh-hoa").mkdir()
        shutil.copy(empty, Path(home) / "khanh-hoa" / "warehouse.sqlite")
        expected: list[tuple[str, str]] = []
        before = dict.fromkeys(SOURCES, "ok")
        for *outcomes, how in steps:
            now = dict(zip(SOURCES, outcomes, strict=True))
            expected += [(source, kind) for source, kind in now.items() if told_of(kind) and before[source] != kind]
            before = now
            hook.script.clear()
            told.run(now)
            hook.script.extend([answer(b"", 503) if how == "down" else take] * 9)
            for _ in range(2 if how == "again" else 1):
                told.tell()
        hook.script.clear()
        hook.script.extend([take] * 40)
        telling.send(told.engine, told.place.province, at_once=True)
    said = [json.loads(one) for one in taken]
    failures = [one["source"] for one in said if one["kind"] == "source_failed"]
    assert sorted(failures) == sorted(source for source, _ in expected)
    assert len({one["id"] for one in said}) == len(said), "each once"


def told_of(outcome: str) -> bool:
    return outcome not in {"ok", "not_received"}


def test_a_run_that_was_stopped_ends_no_notice_of_the_quarter(told: World, hook: JsonServer) -> None:
    """Stopped before it touched a source: nothing was ever missing."""
    run_and_tell(told, BOTH_WORK)
    run_and_tell(told, BOTH_WORK)
    told.run({}, made=False)
    told.tell()
    run_and_tell(told, BOTH_WORK)
    assert heard(hook) == [("quarter_done", "")]


def test_a_source_that_a_stopped_run_left_half_read_is_whole_again_in_the_next(told: World, hook: JsonServer) -> None:
    run_and_tell(told, BOTH_WORK)
    told.run({"khanh-son": "lost"}, made=False)
    told.tell()
    assert heard(hook)[1:] == [("source_failed", "khanh-son")]
    run_and_tell(told, BOTH_WORK)
    assert heard(hook)[2:] == [("quarter_done", "")]
    assert "Đã có số liệu trở lại: " in json.loads(hook.asked[-1].body)["text"]
