"""cchc status while a quarter is between two days: some sources counted up to a preview's day, some to the cut-off."""

from __future__ import annotations

import json
from datetime import date

import pytest

from cli.run import rerun
from cli.status import status
from contracts.errors import UsageError
from tests.notices.conftest import empty, world
from tests.notices.world import World
from tests.warehouse.examples import CUT_OFF, KHANH_SON, Q4, load
from warehouse import runs
from warehouse.locks import run_lock

__all__ = ["empty", "world"]
PREVIEW = date(2024, 12, 8)


@pytest.fixture
def between(world: World) -> World:
    """A preview of both sources, and a run of the quarter that has come to the first of them."""
    load(world.engine, "khanh-son", KHANH_SON, as_of=PREVIEW)
    load(world.engine, "truong-sa", KHANH_SON, as_of=PREVIEW)
    runs.begin(world.engine, Q4, as_of=CUT_OFF, asked_by="schedule")
    load(world.engine, "khanh-son", KHANH_SON)
    return world


def said(capsys: pytest.CaptureFixture[str], **words: bool) -> str:
    status(Q4, **words)
    return " ".join(capsys.readouterr().out.split())


def test_while_it_runs_it_is_said_to_run(between: World, capsys: pytest.CaptureFixture[str]) -> None:
    with run_lock(between.engine, Q4):
        told = said(capsys)
        assert "ĐANG CHẠY, từ 08:00 ngày 16/12/2024: chờ lượt đó xong" in told
        assert "2 ngày chốt" in told and "08/12/2024" in told and "14/12/2024" in told
        assert "cchc run" not in told and "kill" not in told
        with pytest.raises(UsageError, match=r"kỳ 2024Q4 đang chạy.* → chờ lượt đó xong.*cchc status 2024Q4"):
            rerun(Q4, failed=True, source=None, fresh=False)


def test_after_it_was_cut_off_the_way_on_is_said(between: World, capsys: pytest.CaptureFixture[str]) -> None:
    told = said(capsys)
    assert "BỊ NGẮT GIỮA CHỪNG: số liệu của các nguồn có 2 ngày chốt; chạy tiếp: cchc run 2024Q4" in told
    assert "ĐANG CHẠY" not in told
    with pytest.raises(UsageError, match="lượt chạy trước chưa xong → chạy tiếp cả kỳ: cchc run 2024Q4"):
        rerun(Q4, failed=True, source=None, fresh=False)


def test_programs_are_told_the_day_of_each_source(between: World, capsys: pytest.CaptureFixture[str]) -> None:
    with run_lock(between.engine, Q4):
        status(Q4, as_json=True)
    document = json.loads(capsys.readouterr().out)
    assert (document["as_of"], document["to"], document["running"]) == (None, "2024-12-14", True)
    assert {one["id"]: one["as_of"] for one in document["sources"]} == {
        "khanh-son": "2024-12-14",
        "truong-sa": "2024-12-08",
    }
