"""cchc audit: a sound trail, one that somebody changed, a head written down, a list taken away."""

from __future__ import annotations

import csv
import json
import sqlite3
from pathlib import Path

import pytest

from tests.quarter.command import Office
from warehouse import audit, owner
from warehouse.audit import Deed
from warehouse.database import open_warehouse


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Five entries of a province whose sources nobody read yet."""
    office = Office(tmp_path / "home")
    monkeypatch.setenv("CCHC_HOME", str(office.home))
    monkeypatch.setenv("CCHC_NOW", office.now)
    engine = open_warehouse(f"sqlite:///{office.home}/khanh-hoa/warehouse.sqlite")
    owner.claim(engine, "khanh-hoa")
    for version in range(1, 6):
        audit.enter(engine, Deed("download", who="lan", period_id="2024Q4", version=version, about={"note": "[=1+1]"}))
    return office


def test_a_sound_trail_then_a_changed_one(office: Office) -> None:
    sound = office.cchc("audit", "verify").stdout
    assert "NGUYÊN VẸN: 5 mục" in sound and "Tệp mốc: 5 mốc" in sound
    head = next(line.removeprefix("Mục cuối: ") for line in sound.splitlines() if line.startswith("Mục cuối: "))
    assert head.startswith("5:") and len(head) == 66
    with sqlite3.connect(office.home / "khanh-hoa" / "warehouse.sqlite") as database:
        for (trigger,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {trigger}")
        database.execute("UPDATE audit_entry SET who = 'minh' WHERE number = 2")
        database.execute("DELETE FROM audit_entry WHERE number > 3")
    found = office.cchc("audit", "verify", "--since", head[:20], expect=4)
    assert "BỊ SỬA: mục 2: nội dung không khớp" in found.stdout
    assert "BỊ CẮT PHẦN CUỐI: không còn mục 4 đến mục 5" in found.stdout
    assert "NGUYÊN VẸN" not in found.stdout
    assert "docs/operate/audit.md" in found.stderr
    document = json.loads(office.cchc("audit", "verify", "--json", expect=4).stdout)
    assert document["sound"] is False and document["entries"] == 3
    assert document["faults"] == [
        {"kind": "changed", "first": 2, "last": 2},
        {"kind": "tail", "first": 4, "last": 5},
    ]


def test_an_empty_trail_is_no_proof(tmp_path: Path) -> None:
    """Another home by mistake: nothing is missing there because nothing is there."""
    said = Office(tmp_path / "other").cchc("audit", "verify").stdout
    assert "TRỐNG" in said and "CCHC_HOME" in said
    assert "NGUYÊN VẸN" not in said


def test_a_list_is_shown_and_taken_away(office: Office) -> None:
    shown = office.cchc("audit", "show", "--who", "LAN", "--from", "2024-12-16").stdout
    assert shown.count("tải về") == 5 and "[=1+1]" in shown
    path = office.home / "nhat-ky.csv"
    assert "5 mục" in office.cchc("audit", "show", "--period", "2024Q4", "--out", str(path)).stdout
    assert path.stat().st_mode & 0o777 == 0o600
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert [row["Số mục [number]"] for row in csv.DictReader(file)] == list("12345")
    assert "xuất nhật ký" in office.cchc("audit", "show", "--action", "audit").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "--action", "nhìn"), "nhật ký không có việc «nhìn»"),
        (("show", "--from", "hôm qua"), "«hôm qua» không phải là ngày"),
        (("verify", "--since", "5"), "--since: «5» không đúng dạng"),
    ],
)
def test_what_is_not_understood_is_said(office: Office, words: tuple[str, ...], said: str) -> None:
    assert said in office.cchc("audit", *words, expect=2).stderr
