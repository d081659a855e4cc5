"""Least rights: what cchc keeps is not readable by everybody on the machine."""

from __future__ import annotations

from pathlib import Path

from tests.quarter.command import Office


def test_nothing_that_the_command_writes_is_open_to_others(tmp_path: Path) -> None:
    office = Office(tmp_path / "home")
    office.cchc("user", "add", "lan", "--name", "Trần Thị Lan", "--role", "staff")
    kept = list((tmp_path / "home").rglob("*"))
    assert any(p.name == "warehouse.sqlite" for p in kept)
    assert not [p for p in kept if p.stat().st_mode & 0o007]
