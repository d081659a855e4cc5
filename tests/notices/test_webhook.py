"""Programs that are told: what they get, how they know it is ours, and what we do not follow."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts.errors import SecretError
from contracts.notices import Webhook
from flows.notices.refused import NotSent
from flows.notices.webhook import SIGNATURE, call
from tests.notices.conftest import keep_secret
from tests.notices.world import World
from tests.servers.http import JsonServer, answer, broken_off, silent
from tests.servers.process import free_port
from tests.servers.tls import authority

KEY = "khóa bí mật"


@pytest.fixture
def server(world: World) -> Iterator[JsonServer]:
    keep_secret("ioc", f'token = "{KEY}"')
    server = JsonServer()
    yield server
    server.stop()


def hook(url: str, *, ca: str = "", seconds: float = 5.0) -> Webhook:
    return Webhook(name="ioc", url=url, secret="ioc", ca=ca, timeout_seconds=seconds)


def test_what_comes_is_signed_and_whole(world: World, server: JsonServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCHC_PORTAL_URL", "https://baocao.khanhhoa.gov.vn")
    world.settings(f'[[webhook]]\nname = "ioc"\nurl = "{server.url}/hoso?khoa=1"\nsecret = "ioc"\n')
    world.run({"khanh-son": "SourceUnreachable", "truong-sa": "ok"})
    world.tell()
    asked = server.asked[1]
    expected = hmac.new(KEY.encode(), asked.body, hashlib.sha256).hexdigest()
    assert (asked.method, asked.heads[SIGNATURE]) == ("POST", f"sha256={expected}")
    said = json.loads(asked.body)
    told = {name: said[name] for name in ("kind", "province", "period", "source", "link", "command", "at")}
    assert told == {
        "kind": "source_failed",
        "province": "khanh-hoa",
        "period": "2024Q4",
        "source": "khanh-son",
        "link": "https://baocao.khanhhoa.gov.vn/ky/2024Q4/nguon/khanh-son",
        "command": "cchc rerun 2024Q4 --source khanh-son",
        "at": "2024-12-16T08:00:00+07:00",
    }
    assert set(said) - set(told) == {"id", "subject", "text"}
    assert "10.1.2.3" not in said["text"]


ANSWERS = [
    (answer(b"", 500), "chương trình nhận không nhận (mã 500)"),
    (answer(b"", 302, Location="http://127.0.0.1:1/"), "chương trình nhận không nhận (mã 302)"),
    (silent, "máy chủ không trả lời trong thời gian chờ"),
]


@pytest.mark.parametrize(("act", "said"), ANSWERS)
def test_what_is_no_yes_is_a_no(act: object, said: str, server: JsonServer, tmp_path: Path) -> None:
    server.then(act)  # type: ignore[arg-type]
    with pytest.raises(NotSent) as told:
        call(hook(f"{server.url}/hoso", seconds=0.3), "{}", folder=tmp_path)
    assert told.value.cause == said
    assert len(server.asked) == 1, "no redirect was followed"


def test_the_answer_itself_is_nobodys_business(server: JsonServer, tmp_path: Path) -> None:
    server.then(broken_off)
    call(hook(f"{server.url}/hoso"), "{}", folder=tmp_path)


def test_nobody_there(server: JsonServer, tmp_path: Path) -> None:
    with pytest.raises(NotSent, match="từ chối kết nối"):
        call(hook(f"http://127.0.0.1:{free_port()}/"), "{}", folder=tmp_path)


def test_without_a_key_nothing_is_sent(server: JsonServer, tmp_path: Path) -> None:
    keep_secret("ioc", 'password = "x"')
    with pytest.raises(SecretError, match="chưa có mục token"):
        call(hook(f"{server.url}/hoso"), "{}", folder=tmp_path)
    assert server.asked == []


def test_only_who_can_prove_it_is_told(server: JsonServer, tmp_path: Path) -> None:
    ca = authority(tmp_path)
    guarded = JsonServer(ca.server(tmp_path))
    try:
        with pytest.raises(NotSent, match="chứng thư của máy chủ không tin được"):
            call(hook(f"{guarded.url}/hoso"), "{}", folder=tmp_path)
        call(hook(f"{guarded.url}/hoso", ca=ca.file.name), "{}", folder=tmp_path)
        assert len(guarded.asked) == 1
    finally:
        guarded.stop()
