"""A backup that is not made, not whole or not there any more is told by the watchdog."""

from __future__ import annotations

import json
import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cli.doctor import kept
from cli.doctor.database import Warehouse
from contracts.fitness import Fit
from flows.backups import watch
from flows.backups.record import RECORD
from flows.backups.watch import no_backup
from tests.notices.conftest import empty, world
from tests.notices.test_command import Cchc, cchc
from tests.notices.test_telling import BOTH_WORK, heard, hook, told
from tests.notices.world import NOW, World
from tests.servers.http import JsonServer

__all__ = ["cchc", "empty", "hook", "told", "world"]
LAST = datetime.fromisoformat(NOW)


def record(world: World, *, hours: float = 1, absent: int = 0, folder: str = "", same_disk: bool | None = None) -> None:
    """hours: ago."""
    made = {"at": (LAST - timedelta(hours=hours)).isoformat(), "folder": folder or str(world.home), "manifest": "x"}
    disk = {} if same_disk is None else {"same_disk": same_disk}
    numbers = {"rows": 1, "files": 1, "bytes": 1, "absent": absent}
    (world.home / "khanh-hoa" / RECORD).write_text(json.dumps(made | numbers | disk), encoding="utf-8")


CASES = [
    ({"hours": 1}, ""),
    ({"hours": 48}, ""),
    ({"hours": 48.1}, "đã quá 2 ngày"),
    ({"hours": -0.5}, ""),
    ({"hours": -2}, "mang giờ chưa tới"),
    ({"absent": 3}, "thiếu 3 tệp mà kho nêu tên"),
    ({"folder": "/khong/con"}, "không còn ở /khong/con"),
]


@pytest.mark.parametrize(("made", "said"), CASES)
def test_what_is_wrong_with_the_last_backup(made: dict[str, float], said: str, world: World) -> None:
    assert no_backup("khanh-hoa", LAST) == [], "nobody set them up"
    record(world, **made)  # type: ignore[arg-type]
    found = no_backup("khanh-hoa", LAST)
    assert [said in one.said for one in found] == ([True] if said else [])


def test_a_disk_of_backups_that_never_answers_does_not_hold_up_the_watchdog(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a network drive whose server is gone: the question waits in the kernel."""
    answers = threading.Event()
    monkeypatch.setattr(watch, "ANSWERS_WITHIN", 0.05)
    monkeypatch.setattr(Path, "is_dir", lambda _folder: answers.wait(30))
    record(world)
    [found] = no_backup("khanh-hoa", LAST)
    answers.set()
    assert "không trả lời" in found.said and found.command == "cchc doctor"


def test_people_are_told_by_letter_without_a_path(told: World, hook: JsonServer, cchc: Cchc) -> None:
    told.run(BOTH_WORK)
    told.tell()
    hook.asked.clear()
    record(told, folder="/khong/con")
    code, printed = cchc("watchdog", "--quiet")
    assert code == 3 and "không còn ở /khong/con" in printed
    assert heard(hook) == [("overdue", "")]
    assert "/khong" not in hook.asked[0].body.decode()
    (told.home / "khanh-hoa" / RECORD).unlink()
    assert cchc("watchdog", "--quiet")[0] == 0
    record(told, folder="/khong/con")
    assert cchc("watchdog", "--quiet")[0] == 3
    assert len(hook.asked) == 1, "a machine that knows of no backup does not say that there is one"


def test_doctor_warns_of_a_clock_and_of_the_same_disk(world: World, tmp_path: Path) -> None:
    record(world, hours=-44208)
    found = kept.backup(Warehouse())
    assert found.state is Fit.WARNING and "ngày trước" not in found.said
    record(world, same_disk=True)
    found = kept.backup(Warehouse())
    assert found.state is Fit.WARNING and "cùng ổ đĩa" in found.said
    record(world, same_disk=False)
    assert kept.backup(Warehouse()).state is Fit.GOOD
