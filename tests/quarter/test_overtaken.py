"""Other processes at the same source, or at its period before, while it is counted: no figure is half of one, half of
the other."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import pytest

from contracts.codes import PartitionState
from contracts.errors import SourceError
from flows import counting
from flows.job import Action
from flows.one_source import begin, finish
from flows.place import Place
from tests.quarter.test_planning import OPEN, after_the_quarter, build, load, place
from warehouse import counted, ledger, read, store
from warehouse.states import AttemptOver

__all__ = ["after_the_quarter"]


def meanwhile(monkeypatch: pytest.MonkeyPatch, owner: object, name: str, happens: Callable[[], object]) -> None:
    """Once, when that step has been done."""
    whole = getattr(owner, name)

    def stepped(*arguments: Any, **more: Any) -> Any:
        monkeypatch.setattr(owner, name, whole)
        found = whole(*arguments, **more)
        happens()
        return found

    monkeypatch.setattr(owner, name, stepped)


def processed(at: Place) -> None:
    engine = at.open_warehouse()
    ledger.expect(engine, at.period.id, at.province.source_ids())
    action, job = begin(engine, at.job(engine, at.source("cam-lam")), Action.EXTRACT)
    finish(engine, job, action)


@pytest.mark.parametrize(
    ("owner", "name", "ends"), [(ledger, "mark_validated", AttemptOver), (store, "replace_partition", None)]
)
def test_the_dossiers_are_those_of_the_facts_where_another_process_overtook(
    monkeypatch: pytest.MonkeyPatch, owner: object, name: str, ends: type[Exception] | None
) -> None:
    """While the first one had not stored its facts, and when it had."""
    at = place()

    def overtaken() -> None:
        build(at.source("cam-lam"), OPEN)
        processed(at)

    build(at.source("cam-lam"), OPEN[:1])
    meanwhile(monkeypatch, owner, name, overtaken)
    with pytest.raises(ends) if ends else nullcontext():
        processed(at)
    known = ledger.partition(at.open_warehouse(), at.period.id, "cam-lam")
    assert (known.state, known.rows) == (PartitionState.LOADED, len(OPEN))
    listed = counted.read(at.home / "counted", known)
    assert listed is not None
    assert len(listed) == len(OPEN)


def test_a_period_before_that_is_made_anew_meanwhile_is_not_taken_for_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """It comes out the same: nothing would tell the next run that this one compared nothing."""
    before, at = place("2024Q3"), place()
    engine, _ = load(before, "cam-lam", rows=OPEN)
    build(at.source("cam-lam"), [])
    meanwhile(monkeypatch, counting, "_counted", lambda: ledger.begin_attempt(engine, "2024Q3", "cam-lam"))
    with pytest.raises(SourceError, match=r"kỳ trước \(2024Q3\) của nguồn này vừa được làm lại"):
        processed(at)
    assert read.facts(engine, "2024Q4", ["cam-lam"], series=None).empty
