"""What passes by itself is waited for, what does not is told at once; and nobody is asked faster than agreed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from contracts.errors import SourceDrift, SourceError, SourceUnreachable
from sources.interfaces import http
from tests.servers.http import (
    Act,
    JsonServer,
    answer,
    broken_off,
    json_server,
    silent,
    usual,
)
from tests.sources.rest_systems import (
    RETRIES,
    all_codes,
    codes,
    dossiers,
    read,
    rest_source,
    waits,
)

__all__ = ["json_server", "waits"]

PASSING: dict[str, list[Act]] = {
    "too many requests": [answer(b"", 429, Retry_After="0")],
    "down for a moment": [answer(b"", 503), answer(b"", 502), answer(b"", 504)],
    "broken off": [broken_off, broken_off],
    "not gzip": [answer(b"no gzip at all, and more", Content_Encoding="gzip")],
}


@pytest.mark.parametrize("script", PASSING.values(), ids=PASSING)
def test_what_passes_is_waited_for(
    json_server: JsonServer, waits: list[float], script: list[Act], capfd: pytest.CaptureFixture[str]
) -> None:
    json_server.rows = dossiers(25)
    json_server.then(usual, *script)
    assert codes(rest_source(json_server)) == all_codes(json_server)
    assert len(waits) == len(script)
    assert [one.query["page"] for one in json_server.asked] == ["1", *["2"] * (len(script) + 1), "3"]
    assert capfd.readouterr() == ("", ""), "a wait is no news for an operator"


def test_waiting_grows_and_ends(json_server: JsonServer, waits: list[float]) -> None:
    json_server.then(*[answer(b"", 503)] * 20)
    with pytest.raises(SourceUnreachable, match="HTTP 503"):
        read(rest_source(json_server))
    assert len(json_server.asked) == RETRIES
    assert waits[-1] > waits[0] > 0


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_retry_after_is_obeyed(json_server: JsonServer, waits: list[float], form: str) -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=120), usegmt=True)
    json_server.then(answer(b"", 503, Retry_After="120" if form == "seconds" else until))
    read(rest_source(json_server))
    assert waits == [pytest.approx(120, abs=10)]


def test_a_server_that_asks_for_an_hour_is_left_alone(json_server: JsonServer, waits: list[float]) -> None:
    json_server.then(answer(b"", 429, Retry_After="3600"))
    with pytest.raises(SourceUnreachable, match="yêu cầu chờ 3600 giây"):
        read(rest_source(json_server))
    assert len(json_server.asked) == 1
    assert not waits


FINAL = {400: SourceDrift, 404: SourceDrift, 405: SourceDrift, 422: SourceDrift, 401: SourceError, 403: SourceError}


@pytest.mark.parametrize(("status", "kind"), FINAL.items())
def test_what_does_not_pass_is_not_asked_again(
    json_server: JsonServer, waits: list[float], status: int, kind: type[SourceError]
) -> None:
    json_server.then(answer(b"bi mat", status))
    with pytest.raises(kind, match=f"HTTP {status}") as told:
        read(rest_source(json_server))
    assert type(told.value) is kind, "the flow would ask again where it is worth a retry"
    assert len(json_server.asked) == 1
    assert not waits


def test_a_server_that_is_silent_is_given_up(json_server: JsonServer, waits: list[float]) -> None:
    json_server.then(*[silent] * RETRIES)
    with pytest.raises(SourceUnreachable, match=r"hết thời gian chờ 0\.2 giây"):
        read(replace(rest_source(json_server), timeout_seconds=0.2))
    assert len(waits) == RETRIES - 1


def test_a_server_that_drips_is_given_up(
    json_server: JsonServer, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "_TIMEOUTS_AN_ANSWER", 0)
    json_server.rows = dossiers(10)
    with pytest.raises(SourceUnreachable, match="hết thời gian chờ"):
        read(rest_source(json_server))


def test_no_server_at_all(json_server: JsonServer, waits: list[float]) -> None:
    config = rest_source(json_server)
    json_server.stop()
    with pytest.raises(SourceUnreachable, match="không kết nối được tới máy chủ"):
        read(config)
    assert len(waits) == RETRIES - 1


def test_there_is_a_pause_between_two_requests(json_server: JsonServer, waits: list[float]) -> None:
    json_server.rows = dossiers(25)
    read(rest_source(json_server, pause_seconds=3))
    assert len(json_server.asked) == 3
    assert waits == [pytest.approx(3, abs=1)] * 2


def test_an_absurd_answer_is_refused(json_server: JsonServer) -> None:
    json_server.then(answer(b" " * 1_000_001))
    with pytest.raises(SourceDrift, match="lớn hơn 1 MB"):
        read(rest_source(json_server, largest_megabytes=1))
