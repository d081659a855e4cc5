"""`cchc sources check` tells everything at once: each mistake of each source, and each system that is not as it was."""

from __future__ import annotations

import json
import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_new_source import NEW, cchc, province, rows_of

__all__ = ["cchc", "province"]


@pytest.fixture
def sound(province: Path, cchc: Any) -> Path:
    """A province of one source, drafted and finished."""
    assert cchc(*NEW).code == 0
    folder = province / "sources" / "la"
    for other in (province / "sources").iterdir():
        if other != folder:
            for path in other.iterdir():
                path.unlink()
            other.rmdir()
    source = (folder / "source.toml").read_text(encoding="utf-8")
    (folder / "source.toml").write_text(source.replace('contact = ""', 'contact = "Một cửa"'), encoding="utf-8")
    for name, old, new in (
        ("status_map.csv", "Treo,Treo,,", "Treo,Treo,stopped,"),
        ("channel_map.csv", "1,,,", "1,,in_person,"),
        ("channel_map.csv", "2,,,", "2,,online,"),
        ("unit_map.csv", "XA-77,,", "XA-77,H32.32.02,"),
        ("column_map.csv", "tu_ngay,?", "tu_ngay,iso"),
        ("column_map.csv", "den_ngay,?", "den_ngay,iso"),
    ):
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new), encoding="utf-8")
    finished = cchc("sources", "check", "--json")
    assert finished.code == 0, finished.out
    return folder


def checked(cchc: Any, *words: str) -> tuple[int, list[dict[str, Any]]]:
    said = cchc("sources", "check", *words, "--json")
    assert said.err == ""
    return said.code, json.loads(said.out)


def test_a_finished_draft_is_good(sound: Path, cchc: Any) -> None:
    code, (one,) = checked(cchc)
    assert (code, one["id"], one["state"], one["kind"], one["units"]) == (0, "la", "good", "sqlite", ["H32.32"])


def test_a_check_leaves_nothing_behind(sound: Path, tmp_path: Path, cchc: Any) -> None:
    assert not list((tmp_path / "home").rglob("warehouse*"))


def change(tmp_path: Path, *statements: str) -> None:
    with sqlite3.connect(tmp_path / "home" / "systems" / "khanh-hoa" / "la.sqlite") as system:
        for statement in statements:
            system.execute(statement)
    system.close()


def test_what_a_system_has_changed_is_told_until_somebody_accepts_it(
    sound: Path,
    tmp_path: Path,
    cchc: Any,
) -> None:
    assert checked(cchc, "la", "--accept")[0] == 0
    change(tmp_path, "ALTER TABLE quan_ly_hs ADD nguoi_ky varchar(40)")
    code, (one,) = checked(cchc)
    assert code == 0
    assert any("cột mới" in note and "nguoi_ky" in note for note in one["notes"])
    change(tmp_path, "ALTER TABLE quan_ly_hs RENAME kenh_nop TO cu", "ALTER TABLE quan_ly_hs ADD kenh_nop varchar(9)")
    code, (one,) = checked(cchc)
    assert (code, one["state"]) == (3, "failed")
    assert "kenh_nop» (kênh tiếp nhận) đổi kiểu" in one["error"]
    assert "cchc sources check la --accept" in one["advice"]
    assert checked(cchc, "la", "--accept")[0] == 0
    assert checked(cchc)[0] == 0


def test_a_lost_column_is_told(sound: Path, tmp_path: Path, cchc: Any) -> None:
    change(tmp_path, "ALTER TABLE quan_ly_hs RENAME han_tra TO han_tra_kq")
    code, (one,) = checked(cchc)
    assert (code, one["state"]) == (3, "failed")
    assert "«han_tra» (có thể nay là «han_tra_kq»)" in one["error"]
    assert "sửa cấu hình tại " in one["advice"]
    assert "la/column_map.csv:9, rồi chạy" in one["advice"]


def test_a_mistake_of_ours_comes_before_a_system_that_is_down_and_both_are_told(
    sound: Path,
    tmp_path: Path,
    cchc: Any,
) -> None:
    twin = sound.with_name("lai")
    twin.mkdir()
    for path in sound.iterdir():
        (twin / path.name).write_text(path.read_text(encoding="utf-8").replace('id = "la"', 'id = "lai"'))
    (sound / "status_map.csv").write_text("code,label,group\n1,,xong\n2,,chưa\n", encoding="utf-8")
    (tmp_path / "home" / "systems" / "khanh-hoa" / "la.sqlite").unlink()
    code, found = checked(cchc)
    assert code == 2
    assert [(one["id"], one["state"]) for one in found] == [
        ("la", "configuration"), ("la", "configuration"), ("lai", "failed"),
    ]  # fmt: skip


def test_two_sources_for_one_unit_are_told(sound: Path, cchc: Any) -> None:
    twin = sound.with_name("lai")
    twin.mkdir()
    for path in sound.iterdir():
        (twin / path.name).write_text(path.read_text(encoding="utf-8").replace('id = "la"', 'id = "lai"'))
    code, found = checked(cchc)
    assert code == 2
    assert any("đơn vị H32.32 đã thuộc nguồn" in str(one["error"]) for one in found)
    assert any("ghi until cho nguồn cũ, since cho nguồn mới" in str(one["advice"]) for one in found)


@pytest.fixture
def meeting() -> Iterator[tuple[list[int], threading.Barrier]]:
    """Two ports that say nothing until somebody is at both; then they hang up, the second one first."""
    both, second_is_done = threading.Barrier(2), threading.Event()
    listening = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]

    def serve(place: int) -> None:
        with suppress(OSError, threading.BrokenBarrierError), listening[place].accept()[0]:
            both.wait(timeout=5)
            if place == 0:
                second_is_done.wait(timeout=5)
        if place == 1:
            second_is_done.set()

    threads = [threading.Thread(target=serve, args=(place,)) for place in range(2)]
    for thread in threads:
        thread.start()
    yield [one.getsockname()[1] for one in listening], both
    for one in listening:
        one.shutdown(socket.SHUT_RDWR)
        one.close()
    for thread in threads:
        thread.join()


def test_systems_are_asked_side_by_side_and_told_in_their_order(
    sound: Path, cchc: Any, meeting: tuple[list[int], threading.Barrier], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CCHC_SECRET_LA_USER", "cchc")
    monkeypatch.setenv("CCHC_SECRET_LA_PASSWORD", "mật khẩu")
    ports, both = meeting
    text = (sound / "source.toml").read_text(encoding="utf-8")
    files = {path.name: path.read_text(encoding="utf-8") for path in sound.iterdir()}
    for name, host, port in zip(("la", "lai"), ("127.0.0.1", "localhost"), ports, strict=True):
        address = f'"postgresql://{host}:{port}/x"\nsecret = "la"\ntimeout_seconds = 20'
        folder = sound.with_name(name)
        folder.mkdir(exist_ok=True)
        for file, content in files.items():
            (folder / file).write_text(content, encoding="utf-8")
        changed = text.replace('id = "la"', f'id = "{name}"').replace('kind = "sqlite"', 'kind = "postgresql"')
        changed = changed.replace('"{systems}/la.sqlite"', address)
        (folder / "source.toml").write_text(changed, encoding="utf-8")
    _, found = checked(cchc)
    assert [(one["id"], one["state"]) for one in found if one["id"]] == [("la", "failed"), ("lai", "failed")]
    assert not both.broken, "the second system was asked only once the first had answered"


def test_accepting_needs_one_source(sound: Path, cchc: Any) -> None:
    said = cchc("sources", "check", "--accept")
    assert (said.code, "--accept cần đúng một nguồn" in said.err) == (2, True)


def test_notes_of_the_draft_may_stay(sound: Path) -> None:
    assert all("note" in row for row in rows_of(sound / "column_map.csv"))
