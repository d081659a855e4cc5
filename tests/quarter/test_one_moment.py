"""What is of a whole period is put together of sources of one moment, counted by one set of rules."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import pytest

import warehouse.across
import warehouse.comparisons
from contracts.codes import PartitionState
from contracts.province import mark_of_files
from flows import across, comparisons, concluding
from flows.job import Action
from flows.one_source import begin, finish
from flows.place import Place
from flows.plan import Step
from tests.quarter.test_overtaken import meanwhile
from tests.quarter.test_planning import OPEN, after_the_quarter, load, place
from warehouse import ledger, register
from warehouse.stand import StandMoved, stand_of

__all__ = ["after_the_quarter"]


@pytest.mark.parametrize(
    ("owner", "name", "enter"),
    [(across, "_found", across.settle), (comparisons, "continued_from", comparisons.compare)],
    ids=["left to others", "compared with the period before"],
)
def test_what_was_compared_before_another_process_read_anew_is_not_entered(
    monkeypatch: pytest.MonkeyPatch, owner: object, name: str, enter: Callable[..., object]
) -> None:
    """A run whose lock is lost stands still when it has compared, and wakes when another one has begun."""
    at = place()
    engine, _ = load(at, "cam-lam", rows=OPEN)
    older = pd.DataFrame({"source_id": ["cam-lam"], "dossier_code": ["x"], "elsewhere": ["cam-ranh"]}, dtype="str")
    warehouse.across.replace(engine, "2024Q4", older, compared=["cam-lam", "cam-ranh"])
    stand = stand_of(ledger.partitions(engine, "2024Q4"))
    meanwhile(monkeypatch, owner, name, lambda: ledger.begin_attempt(engine, "2024Q4", "cam-ranh"))
    with pytest.raises(StandMoved):
        enter(engine, at, stand=stand)
    assert warehouse.across.last_left(engine, "2024Q4").to_dict("list") == older.to_dict("list")
    assert warehouse.comparisons.deviations(engine, "2024Q4").empty


def test_a_rule_that_is_changed_under_a_run_holds_for_all_its_sources(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """One was counted by the policy of before, another one by that of now."""
    shutil.copytree(place().province.folder, tmp_path / "khanh-hoa")
    monkeypatch.setenv("CCHC_PROVINCE", str(tmp_path / "khanh-hoa"))
    at = place()
    engine, _ = load(at, "cam-lam", rows=OPEN)
    policy = tmp_path / "khanh-hoa" / "province.toml"
    policy.write_text(policy.read_text().replace("withdrawn_column = 9", "withdrawn_column = 8"))
    load(place(), "cam-ranh", rows=[])
    monkeypatch.setattr(concluding, "carry_out", count_again)
    concluding.settle(at, lambda: None)
    now = place()
    for source_id in ("cam-lam", "cam-ranh"):
        known = ledger.partition(engine, "2024Q4", source_id)
        assert known.state is PartitionState.LOADED
        assert known.load_fingerprint == now.job(engine, now.source(source_id)).load_fingerprint


def test_nor_is_printed_what_was_counted_by_the_rule_of_before(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The policy is changed when its sources are settled, and before the report is made."""
    shutil.copytree(place().province.folder, tmp_path / "khanh-hoa")
    monkeypatch.setenv("CCHC_PROVINCE", str(tmp_path / "khanh-hoa"))
    at = place()
    load(at, "cam-lam", rows=OPEN)
    files, stand = mark_of_files(at.province.folder), concluding.settle(at, lambda: None)
    policy = tmp_path / "khanh-hoa" / "province.toml"
    policy.write_text(policy.read_text().replace("withdrawn_column = 9", "withdrawn_column = 8"))
    with pytest.raises(StandMoved, match="cấu hình của tỉnh vừa được sửa"):
        concluding.conclude.fn(**at.words, stand=stand, files=files)
    assert register.versions(at.open_warehouse(), "2024Q4") == []


def count_again(at: Place, steps: Sequence[Step], _alone: Callable[[], None]) -> None:
    for step in steps:
        assert step.action is Action.COUNT
        action, job = begin(at.open_warehouse(), step.job, step.action)
        finish(at.open_warehouse(), job, action)
