"""Causes and the outbox: entered once whoever looks, sent by one process, tried again in time, and never forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from contracts import clock
from contracts.notices import NoticeKind
from tests.warehouse.examples import Q4
from warehouse import notice_messages as outbox
from warehouse import notices
from warehouse.notices import Cause, Draft, Notice, Reader

EIGHT = "2024-12-16T08:00:00+07:00"


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCHC_NOW", EIGHT)


def cause(source_id: str = "cam-lam", kind: str = "SourceUnreachable") -> Cause:
    return Cause(
        cause=f"source_failed:{Q4}:{source_id}:{kind}",
        kind=NoticeKind.SOURCE_FAILED,
        period_id=Q4,
        source_id=source_id,
        units=("H32.31",),
        subject=f"{source_id}: không trả lời",
        body="…",
        command=f"cchc rerun {Q4} --source {source_id}",
        path=f"/ky/{Q4}",
    )


def drafts(new: Sequence[Notice], over: Sequence[Notice]) -> list[Draft]:
    return [Draft(" ".join(str(one.id) for one in new), "mail", "a@b.vn", "…", "…", tuple(new), tuple(over))]


LAN = Reader("mail", "a@b.vn", lambda notice: True, drafts)


def settle(engine: Engine, *causes: Cause) -> None:
    notices.settle(engine, causes, kinds=[NoticeKind.SOURCE_FAILED], period_id=Q4)


def occurrences(engine: Engine) -> list[tuple[str, bool]]:
    """Of each that was entered its source, and whether it stands."""
    found = notices.known(engine, Q4, NoticeKind.SOURCE_FAILED)
    return [(one.source_id, one.over_at is None) for one in found]


def test_a_cause_stands_once_and_may_come_back(engine: Engine) -> None:
    settle(engine, cause(), cause("nha-trang"))
    settle(engine, cause(), cause("nha-trang"))
    assert occurrences(engine) == [("cam-lam", True), ("nha-trang", True)]
    settle(engine, cause("nha-trang"))
    settle(engine, cause(), cause("nha-trang"))
    assert occurrences(engine) == [("cam-lam", False), ("nha-trang", True), ("cam-lam", True)]
    first, *_ = notices.known(engine, Q4, NoticeKind.SOURCE_FAILED)
    assert first.units == ("H32.31",)
    assert [one.source_id for one in notices.standing(engine)] == ["nha-trang", "cam-lam"]


def test_other_kinds_and_periods_are_left_alone(engine: Engine) -> None:
    settle(engine, cause())
    notices.settle(engine, [], kinds=[NoticeKind.OVERDUE], period_id=None)
    notices.settle(engine, [], kinds=[NoticeKind.SOURCE_FAILED], period_id="2024Q3")
    assert occurrences(engine) == [("cam-lam", True)]


def test_of_many_who_look_at_once_one_enters_and_one_addresses(engine: Engine) -> None:
    def look(_: int) -> None:
        settle(engine, cause(), cause("nha-trang"))
        notices.address(engine, [LAN])

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(look, range(12)))
    assert occurrences(engine) == [("cam-lam", True), ("nha-trang", True)]
    (only,) = outbox.unsent(engine)
    assert [one.source_id for one in notices.by_message(engine, [only.id])[only.id]] == ["cam-lam", "nha-trang"]


def test_one_process_sends_it(engine: Engine) -> None:
    settle(engine, cause())
    notices.address(engine, [LAN])
    (message,) = outbox.due(engine)
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lambda _: outbox.claim(engine, message), range(8))) == 1
    assert outbox.due(engine, at_once=True) == [], "somebody is sending it"
    outbox.sent(engine, message)
    assert outbox.unsent(engine) == []


def test_tries_grow_rarer_until_it_is_given_up(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(engine, cause())
    notices.address(engine, [LAN])
    waited, began = [], clock.now()
    for _ in range(outbox.MOST_TRIES):
        (message,) = outbox.due(engine)
        waited.append(clock.now() - began)
        assert outbox.claim(engine, message)
        outbox.failed(engine, message, "máy chủ thư không trả lời")
        for left in outbox.unsent(engine):
            assert left.next_at is not None
            monkeypatch.setenv("CCHC_NOW", (left.next_at - timedelta(seconds=1)).isoformat())
            assert outbox.due(engine) == []
            assert outbox.due(engine, at_once=True) == [left]
            monkeypatch.setenv("CCHC_NOW", left.next_at.isoformat())
    assert waited[1] == timedelta(minutes=5)
    assert timedelta(days=4) < waited[-1] < timedelta(days=8)
    assert outbox.unsent(engine) == []
    (given_up,) = outbox.recent(engine, at_most=9)
    assert (given_up.tries, given_up.error) == (outbox.MOST_TRIES, "máy chủ thư không trả lời")


def given_up(engine: Engine) -> None:
    settle(engine, cause())
    notices.address(engine, [LAN])
    for _ in range(outbox.MOST_TRIES):
        outbox.missed(engine, outbox.due(engine, at_once=True)[0], "máy chủ thư không trả lời")


def test_what_still_stands_is_tried_again_a_day_after_it_was_given_up(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_up(engine)
    outbox.take_up_again(engine)
    assert outbox.due(engine, at_once=True) == [], "not before a day is over"
    monkeypatch.setenv("CCHC_NOW", "2024-12-17T08:00:00+07:00")
    outbox.take_up_again(engine)
    (message,) = outbox.due(engine)
    outbox.missed(engine, message, "máy chủ thư không trả lời")
    outbox.take_up_again(engine)
    assert outbox.unsent(engine) == [], "one try a day"
    outbox.take_up_again(engine, at_once=True)
    (again,) = outbox.due(engine)
    assert again.mark == message.mark
    outbox.sent(engine, again)
    assert outbox.lost_since(engine, clock.now() - timedelta(days=30)) == []


def test_what_is_over_is_not_tried_again_and_is_lost_until_its_reader_is_reached(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_up(engine)
    settle(engine)
    monkeypatch.setenv("CCHC_NOW", "2024-12-18T08:00:00+07:00")
    outbox.take_up_again(engine, at_once=True)
    assert outbox.unsent(engine) == []
    month = clock.now() - timedelta(days=30)
    assert len(outbox.lost_since(engine, month)) == 1
    settle(engine, cause())
    notices.address(engine, [LAN])
    (news,) = outbox.due(engine)
    outbox.sent(engine, news)
    assert outbox.lost_since(engine, month) == []


def test_a_clock_that_jumped_holds_nothing_up_for_long(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(engine, cause())
    notices.address(engine, [LAN])
    (message,) = outbox.due(engine)
    monkeypatch.setenv("CCHC_NOW", "2034-12-16T08:00:00+07:00")
    outbox.missed(engine, message, "hết thời gian chờ")
    monkeypatch.setenv("CCHC_NOW", EIGHT)
    assert [one.id for one in outbox.due(engine)] == [message.id]


def test_who_died_while_sending_is_followed_by_the_next(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(engine, cause())
    notices.address(engine, [LAN])
    (message,) = outbox.due(engine)
    outbox.claim(engine, message)
    monkeypatch.setenv("CCHC_NOW", "2024-12-16T08:02:01+07:00")
    assert [one.id for one in outbox.due(engine, at_once=True)] == [message.id]
