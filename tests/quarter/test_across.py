"""A dossier that two systems hold counts once, whichever of them is read first, fails, or is read again."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from sqlalchemy import Engine

from contracts.codes import Series
from contracts.columns import RECEIVED
from contracts.errors import WarehouseError
from flows import across, concluding
from flows.counting import count
from flows.job import Action
from flows.one_source import begin, finish
from flows.partition import last_landing
from flows.place import Place
from flows.plan import Step
from tests.quarter.stages import Stages, stages
from tests.quarter.test_planning import DOSSIER, after_the_quarter, load, place
from warehouse import counted, ledger, read

__all__ = ["after_the_quarter", "stages"]
pytestmark = pytest.mark.xdist_group("across")

BOTH = "000.00.32.H32-241001-0001"
HERE = {**DOSSIER, "MaHoSo": BOTH, "NgayTiepNhan": "2024-10-01 08:00:00"}
THERE = {**HERE, "MaCoQuanTiepNhan": "H32.10", "NgayTiepNhan": "2024-10-03 08:00:00"}
OWN = {**THERE, "MaHoSo": "000.00.10.H32-241003-0002"}


def settle(at: Place) -> list[str]:
    """As a run does after every source was counted: the sources that were counted again."""
    engine, again = at.open_warehouse(), []
    while ids := across.settle(engine, at):
        for source_id in ids:
            job = at.job(engine, at.source(source_id))
            ledger.begin_attempt(engine, **job.key, from_landing=True, as_of=job.as_of)
            known = ledger.partition(engine, **job.key)
            assert known.extracted_at is not None
            count(engine, job, last_landing(job, known), snapshot=known.extracted_at.date())
        again += ids
    return again


def received(engine: Engine) -> dict[str, int]:
    facts = read.facts(engine, "2024Q4", ["cam-lam", "so-nganh"], series=Series.FORMS)
    return facts[list(RECEIVED)].sum(axis=1).groupby(facts["source_id"]).sum().to_dict()


@pytest.fixture
def two_systems(stages: Stages) -> tuple[Engine, Place]:
    at = place()

    def go() -> None:
        load(at, "so-nganh", rows=[THERE, OWN])
        load(at, "cam-lam", rows=[HERE])

    stages.reach("loaded", go)
    return at.open_warehouse(), at


def test_it_counts_where_it_was_received(two_systems: tuple[Engine, Place]) -> None:
    engine, at = two_systems
    assert settle(at) == ["so-nganh"]
    assert received(engine) == {"cam-lam": 1, "so-nganh": 1}
    left = read.rejected(engine, "2024Q4", "so-nganh")
    assert left[["dossier_code", "rules"]].to_numpy().tolist() == [[BOTH, "across.received_here"]]
    known = ledger.partition(engine, "2024Q4", "so-nganh")
    assert (known.rows, known.accepted, known.quarantined) == (2, 1, 1)
    assert settle(at) == [], "nothing more to do"


def test_the_other_order_gives_the_same() -> None:
    at = place()
    load(at, "cam-lam", rows=[HERE])
    engine, _ = load(at, "so-nganh", rows=[THERE, OWN])
    settle(at)
    assert received(engine) == {"cam-lam": 1, "so-nganh": 1}


def test_read_again_it_stays_left(two_systems: tuple[Engine, Place]) -> None:
    engine, at = two_systems
    settle(at)
    load(at, "so-nganh")
    assert received(engine) == {"cam-lam": 1, "so-nganh": 1}
    assert settle(at) == []


def test_where_the_receiver_is_missing_the_other_counts_it(two_systems: tuple[Engine, Place]) -> None:
    engine, at = two_systems
    settle(at)
    ledger.begin_attempt(engine, "2024Q4", "cam-lam")
    ledger.mark_failed(engine, "2024Q4", "cam-lam", kind="SourceUnreachable", error="", advice="")
    assert settle(at) == ["so-nganh"]
    assert received(engine) == {"so-nganh": 2}
    load(at, "cam-lam")
    assert settle(at) == ["so-nganh"]
    assert received(engine) == {"cam-lam": 1, "so-nganh": 1}


def side_by_side(at: Place, steps: Sequence[Step], _alone: Callable[[], None]) -> None:
    """As several at once: all have begun, and looked what they leave to others, before the first one is done."""
    engine = at.open_warehouse()
    begun = [begin(engine, step.job, step.action) for step in steps]
    looked = {job.source.id: across.shared_with_others(engine, job) for _, job in begun}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(across, "shared_with_others", lambda _, job: looked[job.source.id])
        for action, job in begun:
            finish(engine, job, action)


def test_two_that_leave_dossiers_to_each_other_come_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    at = place()
    hers = {**THERE, "MaHoSo": "000.00.10.H32-241001-0003", "NgayTiepNhan": "2024-10-01 08:00:00"}
    engine, _ = load(at, "so-nganh", rows=[THERE, OWN, hers])
    load(at, "cam-lam", rows=[HERE, {**hers, "MaCoQuanTiepNhan": "H32.32", "NgayTiepNhan": "2024-10-03 08:00:00"}])
    monkeypatch.setattr(concluding, "carry_out", side_by_side)
    concluding.settle(at, lambda: None)
    assert received(engine) == {"cam-lam": 1, "so-nganh": 2}


def test_what_is_left_stays_left_where_both_are_counted_again_at_once(two_systems: tuple[Engine, Place]) -> None:
    """Also before it is settled anew, which others may look at, and a kill would leave for good."""
    engine, at = two_systems
    settle(at)
    known = {one: ledger.partition(engine, "2024Q4", one) for one in ("cam-lam", "so-nganh")}
    jobs = [at.job(engine, at.source(one)) for one in known]
    side_by_side(at, [Step(job, known[job.source.id], Action.COUNT, "") for job in jobs], lambda: None)
    assert received(engine) == {"cam-lam": 1, "so-nganh": 1}
    assert settle(at) == []


def test_a_receiver_that_does_not_answer_for_the_period_any_more_gives_its_dossiers_back(
    two_systems: tuple[Engine, Place], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its last cut-off was written into its source.toml after it had been counted."""
    engine, at = two_systems
    settle(at)
    shutil.copytree(at.province.folder, tmp_path / "khanh-hoa")
    declared = tmp_path / "khanh-hoa" / "sources" / "cam-lam" / "source.toml"
    declared.write_text("until = 2024-09-14\n" + declared.read_text())
    monkeypatch.setenv("CCHC_PROVINCE", str(tmp_path / "khanh-hoa"))
    monkeypatch.setattr(concluding, "carry_out", side_by_side)
    concluding.settle(place(), lambda: None)
    assert received(engine)["so-nganh"] == 2


def test_a_kill_between_finding_and_counting_is_made_good(two_systems: tuple[Engine, Place]) -> None:
    engine, at = two_systems
    assert across.settle(engine, at) == ["so-nganh"]  # and nobody counts
    assert settle(at) == ["so-nganh"]
    assert received(engine) == {"cam-lam": 1, "so-nganh": 1}


def test_what_the_receiver_has_in_quarantine_the_other_counts(two_systems: tuple[Engine, Place]) -> None:
    """Nobody else would."""
    engine, at = two_systems
    sound = {**HERE, "MaHoSo": "000.00.32.H32-241001-0009"}
    several = [{**sound, "MaHoSo": f"000.00.32.H32-241001-{n:04}"} for n in range(2, 40)]
    load(at, "cam-lam", rows=[{**HERE, "TrangThai": "9"}, *several])  # done, without a day
    settle(at)
    assert received(engine) == {"cam-lam": 38, "so-nganh": 2}


def test_the_dossiers_behind_the_figures_are_the_figures(two_systems: tuple[Engine, Place]) -> None:
    engine, at = two_systems
    settle(at)
    for source_id in ("cam-lam", "so-nganh"):
        found = counted.read(at.home / "counted", ledger.partition(engine, "2024Q4", source_id))
        assert found is not None
        assert found["came"][found["elsewhere"] == ""].notna().sum() == received(engine)[source_id]
        files = list((at.home / "counted" / "2024Q4" / source_id).iterdir())
        assert len(files) == 1, "older ones are gone"
        assert files[0].stat().st_mode & 0o007 == 0
    assert found["elsewhere"].tolist() == ["cam-lam", ""]


def test_one_code_for_two_dossiers_counts_twice_and_is_told(two_systems: tuple[Engine, Place]) -> None:
    engine, at = two_systems
    load(at, "so-nganh", rows=[{**THERE, "MaTTHC": "2.000635"}, OWN])
    settle(at)
    assert received(engine) == {"cam-lam": 1, "so-nganh": 2}
    found = read.findings(engine, "2024Q4")
    told = found[found["rule_id"] == "across.code_alone"]
    assert told[["source_id", "rows"]].to_numpy().tolist() == [["cam-lam", 1], ["so-nganh", 1]]


def test_a_removed_file_is_counted_again_and_not_forgotten(two_systems: tuple[Engine, Place]) -> None:
    """The dossiers behind the facts were lost: that source cannot be compared; it is counted again, not passed over."""
    engine, at = two_systems
    settle(at)
    [file] = Path(at.home / "counted" / "2024Q4" / "cam-lam").iterdir()
    file.unlink()
    assert settle(at) == ["cam-lam"]
    assert received(engine) == {"cam-lam": 1, "so-nganh": 1}


def test_settling_that_comes_to_no_end_is_stopped_before_anything_is_printed(
    two_systems: tuple[Engine, Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counting that cannot even say that it failed, as with a full disk, leaves the dossier in both sources."""
    monkeypatch.setattr(concluding, "carry_out", lambda *_: None)
    with pytest.raises(WarehouseError, match="số liệu chưa dùng được"):
        concluding.settle(two_systems[1], lambda: None)
