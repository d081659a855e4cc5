"""Figures of a period in which a dossier of two systems may count in both are nothing for anybody else, until a run has
held all sources against one another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cli.compare import compare
from cli.export import What, export
from cli.indicators import show
from contracts.errors import SourceError, UsageError
from flows import concluding, quarter
from flows.continued import continued_from
from flows.place import Place
from flows.quality import quality_page
from flows.remarks import remarks
from flows.scorecard import period_scores
from flows.seen import seen
from flows.texts import Desk
from flows.unusual import unusual_since
from reporting.gather import gather
from reporting.inputs import ReportInput
from tests.quarter.command import Office
from tests.quarter.test_across import HERE, THERE, side_by_side
from tests.quarter.test_planning import after_the_quarter, load, place
from warehouse import ledger
from warehouse.database import open_warehouse
from warehouse.stand import is_settled, to_be_settled

__all__ = ["after_the_quarter"]
pytestmark = pytest.mark.xdist_group("settled")
EARLIER = {"NgayTiepNhan": "2024-08-01 08:00:00", "MaHoSo": "000.00.32.H32-240801-0001"}
SOURCES = ("cam-lam", "so-nganh")


@pytest.fixture(autouse=True)
def counted_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(concluding, "carry_out", side_by_side)


def settle(at: Place) -> None:
    concluding.settle(at, lambda: None)


def killed_when_counted(period: str) -> Place:
    """It was run, until its sources were counted: a dossier is in two of them."""
    at = place(period)
    engine = at.open_warehouse()
    ledger.expect(engine, period, SOURCES)
    to_be_settled(engine, period)
    load(at, "so-nganh", rows=[{**THERE, **EARLIER}])
    load(at, "cam-lam", rows=[{**HERE, **EARLIER}])
    return at


def run_after() -> Place:
    """The quarter itself, of the same systems."""
    at = place()
    for source_id in SOURCES:
        load(at, source_id)
    settle(at)
    return at


def gathered(at: Place) -> ReportInput:
    return gather(at.open_warehouse(), province=at.province, period=at.period, as_of=at.as_of, sources=at.sources())


def test_a_quarter_is_not_compared_with_one_before_that_was_never_settled() -> None:
    before = killed_when_counted("2024Q3")
    now = run_after()
    made, left_out = gathered(now), continued_from(now.open_warehouse(), now).left_out
    assert made.previous is None
    assert made.history.before is not None
    assert made.history.before.counts == {}
    assert any("hồ sơ chung của nguồn" in why for why in made.history.before.lacking.values())
    assert ["trong kỳ trước (2024Q3) chưa tính xong" in why for why in left_out.values()] == [True, True]
    settle(before)
    now = run_after()
    made = gathered(now)
    assert made.previous is not None
    assert set(made.previous.facts["source_id"]) == {"cam-lam"}
    assert continued_from(now.open_warehouse(), now).left_out == {}


def test_nor_with_last_years() -> None:
    before, now = killed_when_counted("2023Q4"), run_after()
    assert unusual_since(now.open_warehouse(), now).agencies == frozenset()
    settle(before)
    assert unusual_since(now.open_warehouse(), now).agencies != frozenset()


@pytest.mark.parametrize("what", [What.FACTS, What.INDICATORS, What.OVER_TIME])
def test_its_figures_do_not_go_out(what: What, tmp_path: Path) -> None:
    at = killed_when_counted("2024Q3")
    with pytest.raises(UsageError, match="2024Q3: hồ sơ chung của các nguồn chưa tính xong"):
        export("2024Q3", what, tmp_path / "out.csv")
    settle(at)
    export("2024Q3", what, tmp_path / "out.csv")


READERS: dict[str, Callable[[Place], object]] = {
    "the portal": lambda at: seen(at.open_warehouse(), at),
    "the quality page": lambda at: quality_page(at, with_codes=False),
    "the texts of a report": lambda at: Desk(at, None),
    "the estimated scores": lambda at: period_scores(at.open_warehouse(), at),
    "cchc indicators show": lambda at: show(at.period.id, unit=None, field=None, as_json=True),
    "cchc compare": lambda at: compare(at.period.id, source=None, out_file=None, as_json=True),
}


@pytest.mark.parametrize("reader", READERS)
def test_nor_are_they_seen(reader: str) -> None:
    at = killed_when_counted("2024Q3")
    with pytest.raises(UsageError, match="chưa tính xong") as raised:
        READERS[reader](at)
    assert "cchc report 2024Q3" in raised.value.advice
    settle(at)
    READERS[reader](at)


def test_a_source_that_was_counted_anew_is_to_be_settled_anew() -> None:
    """While it is at work, it is named as missing, and what the others leave to it with it."""
    at = killed_when_counted("2024Q3")
    engine = at.open_warehouse()
    settle(at)
    assert is_settled(ledger.partitions(engine, "2024Q3"))
    ledger.begin_attempt(engine, "2024Q3", "cam-lam")
    assert is_settled(ledger.partitions(engine, "2024Q3"))
    load(at, "cam-lam")
    assert not is_settled(ledger.partitions(engine, "2024Q3"))


@pytest.mark.parametrize("flow", [quarter.quarter, quarter.report])
def test_a_run_that_is_killed_at_its_sources_leaves_nothing_settled(flow: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it loaded by then, of a warehouse of an older version, too."""
    at = place()
    load(at, "cam-lam", rows=[HERE])
    load(at, "so-nganh", rows=[THERE])
    assert is_settled(ledger.partitions(at.open_warehouse(), "2024Q4")), "of before"

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(quarter, "carry_out", killed)
    with pytest.raises(KeyboardInterrupt):
        flow.fn("2024Q4")
    assert not is_settled(ledger.partitions(at.open_warehouse(), "2024Q4"))


def test_what_ended_in_a_quarter_that_was_never_settled_does_not_come_back_without_a_word() -> None:
    killed_when_counted("2024Q3")
    now = run_after()
    said = remarks(now.open_warehouse(), "2024Q4")
    for source_id in SOURCES:
        assert any("kỳ 2024Q3 chưa tính xong hồ sơ chung" in one for one in said[source_id])


def test_a_source_that_was_emptied_is_refused_also_after_a_quarter_that_was_never_settled() -> None:
    """Dossiers were open at the end of that one, however many of them another source holds as well."""
    killed_when_counted("2024Q3")
    with pytest.raises(SourceError, match="không đọc được hồ sơ nào"):
        load(place(), "so-nganh", rows=[])


def test_what_a_run_made_is_settled(two_run: Office) -> None:
    engine = open_warehouse(f"sqlite:///{two_run.home}/khanh-hoa/warehouse.sqlite")
    for period in ("2024Q3", "2024Q4"):
        known = ledger.partitions(engine, period)
        assert [p.settled for p in known] == [p.attempt for p in known]
