"""How sources stand and what they gave, read at one moment: another process comes in between, and is not seen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from contracts.codes import PartitionState, Series
from tests.warehouse.examples import CAM_LAM, CAM_LAM_LATER, KHANH_SON, Q4, load
from tests.warehouse.looks import looked
from tests.warehouse.processes import REPOSITORY
from warehouse import ledger, read
from warehouse.read import Moment, one_moment

BEFORE = "2024Q3"


def received(stored: Moment, period_id: str) -> list[int]:
    return stored.facts(period_id, ["cam-lam"], series=Series.FORMS)["received_online"].tolist()


def begun(engine: Engine, period_id: str) -> None:
    ledger.begin_attempt(engine, period_id, "cam-lam")


def made_anew(engine: Engine, period_id: str) -> None:
    load(engine, "cam-lam", CAM_LAM_LATER, period_id=period_id)


@pytest.mark.parametrize("happens", [begun, made_anew])
@pytest.mark.parametrize("period_id", [Q4, BEFORE])
def test_all_is_of_the_moment_of_the_first_look(
    engine: Engine, happens: Callable[[Engine, str], None], period_id: str
) -> None:
    """Also of a period that is looked at later only."""
    for one in (BEFORE, Q4):
        load(engine, "cam-lam", CAM_LAM, period_id=one)
    with one_moment(engine) as stored:
        assert stored.period_ids() == [BEFORE, Q4]
        happens(engine, period_id)
        for one in (Q4, BEFORE):
            assert [p.state for p in stored.partitions(one)] == [PartitionState.LOADED]
            assert received(stored, one) == [7, 2]
            assert stored.durations(one, ["cam-lam"])["dossiers"].tolist() == []
            assert len(stored.findings(one)) == len(stored.findings(one, loaded_only=False)) == 2
            assert len(stored.rejected(one)) == 2
    with one_moment(engine) as now:
        assert [p.state for p in now.partitions(period_id)] == [p.state for p in ledger.partitions(engine, period_id)]
        assert len(read.facts(engine, period_id, ["cam-lam"], series=Series.FORMS)) == (
            1 if happens is made_anew else 0
        )


def test_it_says_what_the_ledger_says(engine: Engine) -> None:
    load(engine, "cam-lam", CAM_LAM)
    load(engine, "khanh-son", KHANH_SON)
    ledger.mark_failed(engine, Q4, "khanh-son", kind="bug", error="hỏng", advice="sửa")
    with one_moment(engine) as stored:
        assert stored.partitions(Q4) == ledger.partitions(engine, Q4)
        assert stored.partitions("2020Q1") == []


@pytest.mark.parametrize("source_id", ["khanh-son", "nobody"])
def test_what_a_missing_source_gave_cannot_be_asked_for(engine: Engine, source_id: str) -> None:
    """It would be no row, and no row is 0 in a sum."""
    load(engine, "cam-lam", CAM_LAM)
    load(engine, "khanh-son", KHANH_SON)
    ledger.begin_attempt(engine, Q4, "khanh-son")
    with one_moment(engine) as stored:
        for asked in (
            lambda: stored.facts(Q4, ["cam-lam", source_id], series=None),
            lambda: stored.durations(Q4, [source_id]),
        ):
            with pytest.raises(ValueError, match=f"2024Q4: not loaded at this moment: {source_id}"):
                asked()


def test_each_period_is_looked_at_once(engine: Engine) -> None:
    load(engine, "cam-lam", CAM_LAM)
    with looked(engine) as steps, one_moment(engine) as stored:
        stored.partitions(Q4)
        assert received(stored, Q4) == [7, 2]
    assert len(steps) == 1


APART = {
    "flows/counting.py": "looks at the ledger again afterwards, and refuses where it moved",
    "flows/scorecard.py": "asks for none: the columns alone",
    "flows/seen.py": "made again where the mark of all periods moved meanwhile (portal.quarters)",
}
"""Who reads facts apart from how their sources stand, and what becomes of it."""


def test_nobody_else_reads_facts_apart_from_how_their_sources_stand() -> None:
    folders = ("cli", "portal", "flows", "reporting")
    files = [path for folder in folders for path in (REPOSITORY / folder).rglob("*.py")]
    apart = {str(path.relative_to(REPOSITORY)) for path in files if "read.facts(" in path.read_text(encoding="utf-8")}
    assert apart == APART.keys()
