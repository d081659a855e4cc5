"""Another process begins a source anew while figures are put together, of this period or of one beside it: they hold it
whole, or say that it is missing; at whatever step, in either database. Its rows are not given out while it is not
loaded, and nothing is 0 in a sum."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Engine, update

import reporting.refresh
from contracts.codes import PartitionState
from contracts.openings import read_openings
from contracts.periods import parse_period
from contracts.province import Province
from flows import figures
from flows.place import Place
from flows.shown import shown
from flows.unusual import unusual_since
from reporting.gather import counted, gather
from reporting.inputs import ReportInput
from reporting.refresh import refresh
from tests.quarter.test_planning import after_the_quarter, place
from tests.reporting.sample import fact, frame
from tests.reporting.test_refresh import written
from tests.servers import postgres, postgres_database
from tests.warehouse.examples import land
from tests.warehouse.examples import replace as replace_partition
from tests.warehouse.looks import looked
from transforms.over_time import PeriodFigures
from warehouse import ledger, tables
from warehouse.database import writing

__all__ = ["after_the_quarter", "postgres", "postgres_database"]

NOW, BEFORE, LAST_YEAR = "2024Q4", "2024Q3", "2023Q4"
SOURCE, UNIT = "cam-lam", "H32.32"
RECEIVED = {LAST_YEAR: 60, BEFORE: 50, NOW: 55}
TOTAL = 100 + RECEIVED[BEFORE] + RECEIVED[NOW]
BALANCE = """
[[opening]]
indicator = "RECEIVED_ONLINE"
unit = "H32.32"
since = 2014-01-01
up_to = 2024-06-14
count = 100
source = "Báo cáo"
verified = true
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def at(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Place:
    """The source is loaded in every period."""
    if request.param == "postgresql":
        monkeypatch.setenv("CCHC_WAREHOUSE_URL", str(request.getfixturevalue("postgres_database")))
    here, openings = place(), tmp_path / "openings.toml"
    openings.write_text(BALANCE, encoding="utf-8")
    province = replace(here.province, openings=read_openings(openings, here.province.units))
    for name, received in RECEIVED.items():
        load(here.open_warehouse(), province, name, received)
    return replace(here, province=province)


def load(engine: Engine, province: Province, period_id: str, received: int) -> None:
    land(engine, SOURCE, period_id=period_id)
    ledger.mark_validated(engine, period_id, SOURCE, accepted=received, quarantined=0)
    rows = [fact(SOURCE, province.units.by_agency(UNIT), "Hộ tịch", early=received)]
    settled = {"load_fingerprint": province.counting_fingerprint, "as_of": parse_period(period_id).cut_off}
    replace_partition(engine, SOURCE, frame(rows), period_id=period_id, **settled)


def at_every_step(engine: Engine, period_id: str, made: Callable[[], object]) -> Iterator[int]:
    """For what is then made again and again: another process begins the source anew after the first look at how sources
    stand, then after the second one, and so on to the last."""
    with looked(engine) as steps:
        made()
    assert steps
    for number in range(1, len(steps) + 1):
        _stands(engine, period_id)
        with looked(engine, number, lambda: ledger.begin_attempt(engine, period_id, SOURCE)):
            yield number


def _stands(engine: Engine, period_id: str) -> None:
    """As it stood: its facts have not been touched."""
    with writing(engine) as connection:
        key = tables.partition.c.period_id == period_id, tables.partition.c.source_id == SOURCE
        connection.execute(update(tables.partition).where(*key).values(state=PartitionState.LOADED))


def known(at: Place) -> dict[str, Any]:
    return {"province": at.province, "period": at.period, "as_of": at.as_of, "sources": at.sources()}


def is_whole(figures: PeriodFigures | None) -> bool:
    """False where it says that the source is missing; everything else is a wrong figure."""
    if figures is None or UNIT in figures.lacking:
        return False
    said = figures.counts.get(UNIT, {}).get("received_online")
    assert said == RECEIVED[figures.period.id], f"{figures.period.id}: short, and not said"
    return True


def rows_of(facts: pd.DataFrame) -> int:
    return int((facts["source_id"] == SOURCE).sum())


def whole_in(input: ReportInput) -> dict[str, set[bool]]:
    """Period → whether the source is whole, by each part of the report that tells of it."""
    history, previous = input.history, input.previous
    assert history is not None
    compared = previous is not None and SOURCE in previous.source_ids
    assert (previous is not None and rows_of(previous.facts)) == compared
    states = {source.id: source.loaded for source in input.sources}
    assert rows_of(input.facts) == states[SOURCE]
    (cumulative,) = input.cumulative
    if cumulative.total is not None:
        assert cumulative.total == TOTAL, "short, and not said"
    series = {one.period.id: is_whole(one) for one in history.series}
    return {
        NOW: {is_whole(history.now), states[SOURCE], series[NOW]},
        BEFORE: {is_whole(history.before), compared, series.get(BEFORE, False)},
        LAST_YEAR: {is_whole(history.last_year), series.get(LAST_YEAR, False)},
    }


@pytest.mark.parametrize("moved", [NOW, BEFORE, LAST_YEAR])
def test_a_report_is_of_one_moment(at: Place, moved: str) -> None:
    """The source is whole in every part of it, or missing in every one."""
    engine = at.open_warehouse()
    for step in at_every_step(engine, moved, lambda: gather(engine, **known(at))):
        said = whole_in(gather(engine, **known(at)))[moved]
        assert len(said) == 1, f"after look {step}: whole in one part, missing in another"


@pytest.mark.parametrize("moved", [NOW, LAST_YEAR])
def test_no_unit_has_changed_because_its_source_is_made_anew(at: Place, moved: str) -> None:
    engine = at.open_warehouse()
    assert UNIT in unusual_since(engine, at).agencies
    for step in at_every_step(engine, moved, lambda: unusual_since(engine, at)):
        found = unusual_since(engine, at)
        assert found.changes.empty, f"after look {step}: {found.changes.to_dict('records')}"


def test_an_indicator_is_of_the_whole_source_or_missing(at: Place) -> None:
    engine = at.open_warehouse()
    for step in at_every_step(engine, NOW, lambda: figures.indicators(engine, at)):
        found = figures.indicators(engine, at).query("indicator == 'OVERDUE_RESOLVED' and scope == 'unit'")
        (mine,) = found[found["agency_code"].eq(UNIT) & found["field"].eq("")].to_dict("records")
        said = None if pd.isna(mine["denominator"]) else int(mine["denominator"])
        assert (said, mine["complete"]) in {(RECEIVED[NOW], True), (None, False)}, f"after look {step}"


def test_what_is_told_beside_the_indicators_is_of_one_moment(at: Place) -> None:
    engine, unit = at.open_warehouse(), at.province.units.by_agency(UNIT)
    for moved in (NOW, BEFORE):
        for step in at_every_step(engine, moved, lambda: shown(at, unit, field=None)):
            (one,) = shown(at, unit, field=None).cumulative
            assert one.total in {None, TOTAL}, f"after look {step}: short, and not said"


def test_counts_of_the_period_are_whole_or_lacking(at: Place) -> None:
    engine = at.open_warehouse()
    for _ in at_every_step(engine, NOW, lambda: counted(engine, **known(at))):
        found = counted(engine, **known(at))
        assert is_whole(found.now) == (SOURCE in found.loaded)


def test_what_moved_after_its_moment_is_printed_by_the_next_run(at: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever had printed just before the other process began would have printed the same."""
    engine = at.open_warehouse()
    monkeypatch.setattr(reporting.refresh, "_wanted", lambda given, _: [given.province.units.root])
    monkeypatch.setattr(reporting.refresh, "print_all", written)

    def printed() -> tuple[int, str]:
        (one,) = refresh(engine, **known(at), output=at.reports)
        return one.version, one.sha256

    with looked(engine, 1, lambda: load(engine, at.province, BEFORE, RECEIVED[BEFORE] + 1)):
        number, before = printed()
    assert number == 1
    number, after = printed()
    assert number == 2 and after != before
    assert printed() == (2, after)
