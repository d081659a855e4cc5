"""The preview that the schedule makes of the running quarter: a draft that says so, and nothing that the quarter's own
run would find differently."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from tests.quarter.command import REPOSITORY, Office
from tests.quarter.test_warehouses import assert_same_figures
from tests.reporting.orphans import text_of
from tests.servers.prefect import lasting_prefect

A_MONDAY = "2024-11-18T05:00:00+07:00"
BEFORE_THAT_DAY = """
DELETE FROM HoSo WHERE NgayTiepNhan >= '2024-11-18';
UPDATE HoSo SET NgayKetThucXuLy = NULL, NgayTraKetQua = NULL, TrangThai = '2' WHERE NgayKetThucXuLy >= '2024-11-18';
UPDATE HoSo SET DeletedOn = NULL WHERE DeletedOn >= '2024-11-18';
"""
"""The demonstration's systems are those of the day after the cut-off."""
PREVIEW = """
import json
from flows.scheduled import preview
state = preview(return_state=True)
print(json.dumps([state.type.value, state.message]))
"""


def first_page(path: str) -> str:
    return " ".join(text_of(Path(path)).partition("\f")[0].split())


def previewed(office: Office) -> list[str]:
    """Type and message of the state in which the flow ended."""
    command, environment = [sys.executable, "-c", PREVIEW], office.environment | lasting_prefect()
    done = subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=True)
    return list(json.loads(done.stdout.splitlines()[-1]))


def test_a_quarter_that_was_previewed_gives_the_same_figures(two_sources: Office, two_run: Office) -> None:
    """The workbook of the other source is not sent yet by then."""
    before, system, workbooks = (
        replace(two_sources, now=A_MONDAY),
        two_sources.home.parent / "systems" / "khanh-hoa" / "khanh-son.sqlite",
        two_sources.home.parent / "systems" / "khanh-hoa" / "truong-sa",
    )
    shutil.copy(system, kept := system.with_suffix(".kept"))
    away = workbooks.rename(workbooks.with_name("away"))
    with closing(sqlite3.connect(system)) as connection:
        connection.executescript(BEFORE_THAT_DAY)
    assert previewed(before) == ["FAILED", "thiếu nguồn: truong-sa"]
    found = before.status("2024Q4")
    assert found["as_of"] == "2024-11-17"
    assert {one["id"]: one["state"] for one in found["sources"]} == {"khanh-son": "loaded", "truong-sa": "not_received"}
    assert "BẢN XEM TRƯỚC: kỳ chưa kết thúc" in first_page(before.report("2024Q4")["path"])
    kept.rename(system)
    away.rename(workbooks)
    two_sources.cchc("run", "2024Q4")
    assert_same_figures(two_sources, two_run)
