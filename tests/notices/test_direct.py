"""What keeps the watchdog itself from its work is told past the warehouse: once, and again when it comes back."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from tests.notices.test_command import Cchc, cchc
from tests.notices.test_telling import HOOK, heard, hook, told
from tests.notices.world import World
from tests.servers.http import JsonServer, answer
from warehouse import runs

__all__ = ["cchc", "hook", "told"]
AWAY = "postgresql+psycopg://cchc:kenari@127.0.0.1:9/cchc"


def said(hook: JsonServer) -> list[dict[str, str]]:
    return [json.loads(asked.body) for asked in hook.asked]


def test_a_warehouse_that_is_away_is_told_once_and_again_when_it_was_back(
    told: World, hook: JsonServer, cchc: Cchc, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as away:
        away.setenv("CCHC_WAREHOUSE_URL", AWAY)
        for _ in range(2):
            assert cchc("watchdog", "--quiet")[0] == 2
    (letter,) = said(hook)
    assert letter["kind"] == "overdue" and letter["command"] == "cchc doctor"
    assert letter["subject"] == "[CCHC Khánh Hòa] không canh được lịch: kho số liệu không ghi hoặc đọc được"
    assert "kenari" not in str(letter) and "127.0.0.1" not in str(letter)
    assert cchc("watchdog", "--quiet")[0] == 3
    hook.asked.clear()
    monkeypatch.setenv("CCHC_WAREHOUSE_URL", AWAY)
    assert cchc("watchdog", "--quiet")[0] == 2
    assert len(hook.asked) == 1


@pytest.mark.parametrize("name", ["province.toml", "sources/khanh-son/source.toml"])
def test_a_mistake_in_the_configuration_is_told(name: str, told: World, hook: JsonServer, cchc: Cchc) -> None:
    file = told.folder / name
    file.write_text(file.read_text(encoding="utf-8").replace("name = ", "name == ", 1), encoding="utf-8")
    assert cchc("watchdog", "--quiet")[0] == 2
    (letter,) = said(hook)
    assert "cấu hình" in letter["subject"] and letter["command"] == "cchc watchdog"
    assert str(told.folder) not in str(letter)


def test_who_did_not_hear_it_is_told_an_hour_later(told: World, hook: JsonServer, cchc: Cchc) -> None:
    told.settings(HOOK.format(url=hook.url) + HOOK.format(url=hook.url).replace('"ioc"', '"ioc-hai"', 1))
    (told.folder / "province.toml").write_text("name = Khánh Hòa", encoding="utf-8")
    hook.then(answer(b"", 503))
    for count in (2, 3, 3):
        assert cchc("watchdog", "--quiet")[0] == 2
        assert len(hook.asked) == count


def test_a_warehouse_that_takes_nothing_any_more_is_told_with_what_is_overdue(
    told: World, hook: JsonServer, cchc: Cchc
) -> None:
    """As on a full disk, in whose warehouse one can read."""
    with closing(sqlite3.connect(told.home / "khanh-hoa" / "warehouse.sqlite")) as db, db:
        db.execute("ALTER TABLE notice RENAME TO notice_away")
    for _ in range(2):
        assert cchc("watchdog", "--quiet")[0] == 3
    (letter,) = said(hook)
    assert "kho số liệu không ghi hoặc đọc được" in letter["subject"]
    assert "- kỳ này đã đến giờ mà chưa chạy (2024Q4)" in letter["text"]


def test_a_disk_that_takes_nothing_is_told_once_though_each_unit_has_temporary_files_of_its_own(
    told: World, hook: JsonServer, cchc: Cchc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "run"
    kept.mkdir()
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(kept))
    monkeypatch.setenv("CCHC_WAREHOUSE_URL", AWAY)
    monkeypatch.setenv("CCHC_HOME", "/proc/cchc")
    for unit in ("first", "second"):
        (tmp_path / unit).mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / unit))
        assert cchc("watchdog", "--quiet")[0] == 2
    assert len(hook.asked) == 1


def test_a_period_that_cannot_be_told_holds_back_nothing_else(told: World, hook: JsonServer, cchc: Cchc) -> None:
    number = runs.begin(told.engine, "2019X7", as_of=date(2024, 12, 14), asked_by="command")
    runs.end(told.engine, number, exit_code=0, said="")
    code, printed = cchc("watchdog", "--quiet")
    assert (code, heard(hook)) == (3, [("overdue", "")])
    assert "LƯU Ý" in printed and "2019X7" in printed
    assert cchc("notices", "send")[0] == 0


def test_nobody_to_tell_is_no_further_error(world: World, cchc: Cchc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCHC_WAREHOUSE_URL", AWAY)
    assert cchc("watchdog", "--quiet")[0] == 2
    assert not list(Path(world.home).rglob("*unwatched*"))
