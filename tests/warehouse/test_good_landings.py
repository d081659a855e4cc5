"""When a source's figures came: its first reading after the cut-off that was loaded, however late it was counted."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine

from contracts.clock import VIETNAM
from tests.warehouse.examples import CAM_LAM, CUT_OFF, Q4, READ_AT, facts, replace
from warehouse import ledger

STORIES = """
what happened                                               | since
15:read 15:load                                             | 15
14:read 14:load                                             | -
14:read 14:load 18:read 18:load                             | 18
14:read 14:load 18:count 18:load                            | -
15:read 15:load 20:read 20:load                             | 15
15:read 15:fail 20:count 20:load                            | 15
15:read 15:fail 20:read 20:load                             | 20
15:read 15:fail                                             | -
15:fail 16:read 16:load                                     | 16
15:read 15:load 20:fail                                     | 15
15:read 16:told 16:load                                     | 15
14:read 14:load 18:count 18:told 18:load                    | -
15:read 15:load 18:told                                     | 15
15:read 15:load 20:read 20:fail 21:count 21:load            | 15
"""
"""day:step, in December 2024; the cut-off is the 14th. count: the last landing again. told: a remark in the
ledger. since: when the figures came."""


def stories() -> list[tuple[str, str]]:
    lines = [line.split("|") for line in STORIES.strip().splitlines()[1:]]
    return [(happened.strip(), since.strip()) for happened, since in lines]


@pytest.mark.parametrize(("happened", "since"), stories())
def test_when_the_figures_came(engine: Engine, monkeypatch: pytest.MonkeyPatch, happened: str, since: str) -> None:
    ledger.expect(engine, Q4, ["cam-lam", "van-ninh"])
    for number, step in enumerate(happened.split()):
        day, name = step.split(":")
        monkeypatch.setenv("CCHC_NOW", f"2024-12-{day}T07:00:{number:02d}+07:00")
        _take(engine, name, number)
    found = ledger.first_good_landings(engine, Q4, after=CUT_OFF)
    days = {source: moment.day for source, moment in found.items()}
    assert days == ({} if since == "-" else {"cam-lam": int(since)})


def test_the_day_is_vietnams(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half past midnight of the 15th in Vietnam is still the 14th in Greenwich."""
    monkeypatch.setenv("CCHC_NOW", "2024-12-14T17:30:00+00:00")
    ledger.expect(engine, Q4, ["cam-lam"])
    _take(engine, "read", 0)
    _take(engine, "load", 1)
    came = ledger.first_good_landings(engine, Q4, after=CUT_OFF)["cam-lam"]
    assert came == datetime(2024, 12, 15, 0, 30, tzinfo=VIETNAM)
    assert came.date() == date(2024, 12, 15)
    assert ledger.first_good_landings(engine, "2024Q3", after=CUT_OFF) == {}


def _take(engine: Engine, step: str, number: int) -> None:
    key: Any = (engine, Q4, "cam-lam")
    match step:
        case "read":
            ledger.begin_attempt(*key)
            asked = {"extracted_at": READ_AT, "rows": 42, "extract_fingerprint": "asked"}
            ledger.mark_landed(*key, landing_id=f"l{number}", landing_path=f"landing/l{number}", **asked)
        case "count":
            ledger.begin_attempt(*key, from_landing=True)
        case "told":
            ledger.remark(*key, detail="nguồn có cột mới")
        case "load":
            ledger.mark_validated(*key, accepted=40, quarantined=2)
            replace(engine, "cam-lam", facts(CAM_LAM))
        case "fail":
            ledger.mark_failed(*key, kind="SourceError", error="lỗi", advice="chạy lại")
