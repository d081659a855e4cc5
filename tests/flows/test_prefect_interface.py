"""An operator at night mends a server that is busy otherwise than one that is not there: the words tell which it is."""

from __future__ import annotations

import socket
from collections.abc import Callable

import httpx
import pytest

from contracts.errors import MachineError
from flows import prefect_interface
from flows.prefect_interface import PrefectInterface
from tests.servers.http import JsonServer, answer, json_server, silent  # noqa: F401  a fixture

BUSY, AWAY = "đang bận hoặc báo lỗi", "không trả lời"


def _asked_of(address: str) -> MachineError:
    with PrefectInterface(address) as client, pytest.raises(MachineError) as raised:
        client.find("/flow_runs/filter", limit=1)
    return raised.value


@pytest.mark.parametrize(
    "answered, said, advised",
    [
        (answer(b"", 500), BUSY, "làm lại sau một phút"),
        (answer(b"", 503), BUSY, "làm lại sau một phút"),
        (silent, BUSY, "làm lại sau một phút"),
        (answer(b"{}", 404), AWAY, "--prefect-port"),
        (answer(b"", 401), AWAY, "--prefect-port"),
    ],
    ids=["fails", "overloaded", "too-slow", "another-program", "another-program-with-a-password"],
)
def test_a_busy_server_is_told_from_one_that_is_not_there(
    json_server: JsonServer,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    answered: Callable[..., object],
    said: str,
    advised: str,
) -> None:
    monkeypatch.setattr(prefect_interface, "ANSWERS_WITHIN", httpx.Timeout(0.2))
    monkeypatch.setattr(prefect_interface, "FAILS_FOR", 0.0)
    json_server.then(answered)
    error = _asked_of(json_server.url)
    assert said in str(error)
    assert json_server.url in str(error)
    assert advised in (error.advice or "")


def test_a_server_that_is_busy_for_a_moment_is_asked_again(
    json_server: JsonServer,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Others had its file: nobody who typed a command at night is to type it again for that."""
    monkeypatch.setattr(prefect_interface, "_ASK_EVERY", 0.01)
    json_server.then(answer(b"", 503), answer(b"", 500), answer(b"[]"))
    with PrefectInterface(json_server.url) as client:
        assert client.find("/flow_runs/filter", limit=1) == []
    assert len({asked.body for asked in json_server.asked}) == 1 and len(json_server.asked) == 3


def test_a_port_that_nobody_listens_on_is_a_server_that_is_not_there() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        error = _asked_of(f"http://127.0.0.1:{held.getsockname()[1]}")
    assert AWAY in str(error)
    assert "cchc up" in (error.advice or "")
