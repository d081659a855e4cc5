"""cchc notices, and the other commands that say whether people could be told."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pytest

from cli.main import main
from flows.notices.health import health
from tests.notices.test_telling import BOTH_WORK, HOOK, ONE_FAILS, heard, hook, told
from tests.notices.world import World
from tests.servers.http import JsonServer, answer

__all__ = ["hook", "told"]
Cchc = Callable[..., tuple[object, str]]
"""Runs the command in this process; its exit code and what it printed."""


@pytest.fixture
def cchc(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cchc:
    def leave(*typed: str) -> tuple[object, str]:
        monkeypatch.setattr("sys.argv", ["cchc", *typed])
        with pytest.raises(SystemExit) as left:
            main()
        return left.value.code, capsys.readouterr().out

    return leave


def test_before_anybody_is_named_it_says_how(world: World, cchc: Cchc) -> None:
    code, said = cchc("notices", "list")
    assert (code, "docs/operate/notices.md" in said) == (0, True)
    assert cchc("notices", "test")[0] == 2
    assert health(world.engine, world.place.province).said == "chưa ai được báo khi có lỗi"


def test_a_try_says_what_the_other_side_said(told: World, hook: JsonServer, cchc: Cchc) -> None:
    assert cchc("notices", "test") == (0, "ĐÃ NHẬN ioc: chương trình nhận đã nhận\n")
    hook.then(answer(b"", 403))
    code, said = cchc("notices", "test", "--to", "ioc")
    assert code == 2
    assert said.startswith("CHƯA GỬI ĐƯỢC ioc: chương trình nhận không nhận (mã 403)\n  Làm gì tiếp: ")
    assert [kind for kind, _ in heard(hook)] == ["test", "test"]
    assert cchc("notices", "test", "--to", "ai-do")[0] == 2


def test_what_waits_and_why_and_what_still_stands(told: World, hook: JsonServer, cchc: Cchc) -> None:
    hook.then(answer(b"", 503), answer(b"", 503))
    told.run(ONE_FAILS)
    code, said = cchc("notices", "send")
    assert (code, said.splitlines()[0]) == (0, "Đã gửi 0 thông báo, còn chờ 2.")
    _, said = cchc("notices", "list")
    assert said.count("đang chờ, đã thử 1 lần: chương trình nhận không nhận (mã 503); thử lại sau 08:05") == 2
    assert "cchc rerun 2024Q4 --source khanh-son" in said
    assert health(told.engine, told.place.province).said.startswith("2 thông báo chưa gửi được")
    assert "LƯU Ý" in cchc("status", "2024Q4")[1]
    code, said = cchc("notices", "send", "--all")
    assert (code, said) == (0, "Đã gửi 2 thông báo, còn chờ 0.\n")
    document = json.loads(cchc("notices", "list", "--json")[1])
    assert [one["tries"] for one in document["messages"]] == [2, 2]
    assert [one["source"] for one in document["standing"]] == ["khanh-son"]
    assert "thông báo" not in cchc("status", "2024Q4")[1]


def test_the_watchdog_tells_what_it_finds(told: World, hook: JsonServer, cchc: Cchc) -> None:
    for _ in range(2):
        code, said = cchc("watchdog")
        assert code == 3, said
    assert [kind for kind, _ in heard(hook)] == ["overdue"]
    told.run(BOTH_WORK, as_of=date(2024, 12, 14))
    assert cchc("watchdog")[0] == 0
    assert [kind for kind, _ in heard(hook)] == ["overdue", "quarter_done"], "and what the run left untold"


def test_the_watchdog_says_that_nobody_could_be_told(told: World, hook: JsonServer, cchc: Cchc) -> None:
    told.settings(HOOK.format(url="http://tinh.gov.vn"))
    _, said = cchc("watchdog", "--quiet")
    assert "LƯU Ý" in said and "notices.toml:3" in said
