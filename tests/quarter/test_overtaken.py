"""Other processes at the same source, or at its period before, while it is counted: no figure is half of one, half of
the other."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Any

import pytest

from contracts.codes import PartitionState
from contracts.errors import SourceError, UsageError
from flows import carried_out, concluding, counting, figures
from flows.carried_out import carry_out
from flows.job import Action
from flows.one_source import begin, finish, process_partition
from flows.place import Place, refuse_another_day
from flows.plan import plan
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


def processed(at: Place, action: Action = Action.EXTRACT) -> None:
    engine = at.open_warehouse()
    ledger.expect(engine, at.period.id, at.province.source_ids())
    action, job = begin(engine, at.job(engine, at.source("cam-lam")), action)
    finish(engine, job, action)


@dataclass
class Ended:
    outcome: object

    def result(self, *, raise_on_failure: bool) -> object:
        assert not raise_on_failure
        return self.outcome


@dataclass
class Waiting:
    """The task without Prefect. before: what happens while it waits for the lock of its source."""

    before: Callable[[], object]

    def submit(self, **words: Any) -> Ended:
        self.before()
        try:
            return Ended(process_partition.fn(**words))
        except Exception as error:
            return Ended(error)


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


def test_figures_are_put_together_again_where_a_source_comes_in_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process of a run that died loads its source, which this run took for missing: what others left to it, and what
    they took back, is of two moments."""
    at = place()
    engine, _ = load(at, "cam-lam", rows=OPEN)
    late = [{**OPEN[0], "MaHoSo": "000.00.31.H32-240801-0001", "MaCoQuanTiepNhan": "H32.31"}]
    meanwhile(monkeypatch, figures, "indicators", lambda: load(at, "cam-ranh", rows=late))
    monkeypatch.setattr(concluding, "conclude", concluding.conclude.fn)
    monkeypatch.setattr(concluding, "refresh", lambda *_, **__: [])
    made = concluding.settle_and_conclude(at, lambda: None)
    assert [p.source_id for p in made.partitions if p.state is PartitionState.LOADED] == ["cam-lam", "cam-ranh"]
    stored = read.indicators(engine, "2024Q4").query("indicator == 'HANDLED_ON_TIME' and scope == 'unit'")
    assert stored.set_index("agency_code").loc["H32.31", "denominator"] == 1


def test_figures_of_a_later_day_are_not_taken_back() -> None:
    """The day was looked up before the period was held; a run up to a later one has ended in between."""
    asked = place(as_of="2024-12-08")
    load(asked, "cam-lam", rows=OPEN)
    refuse_another_day(asked)
    load(place(), "cam-lam", rows=OPEN)
    with pytest.raises(UsageError, match=r"đã lấy số liệu đến ngày 14/12/2024, lệnh này .* 08/12/2024"):
        refuse_another_day(asked)


def test_who_was_overtaken_begins_no_further_attempt() -> None:
    at = place()
    engine, job = load(at, "cam-lam", rows=OPEN)
    asked = ledger.partition(engine, **job.key).attempt
    ledger.begin_attempt(engine, **job.key)
    with pytest.raises(AttemptOver):
        begin(engine, replace(job, attempt=asked), Action.EXTRACT)


def test_who_is_not_alone_any_more_begins_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """It stood still, its lock lost, before it was to count again what several sources share; another run has planned
    to read that source, and would take the count for its own reading."""
    at = place()
    engine, job = load(at, "cam-lam", rows=OPEN)
    stood = ledger.history(engine, **job.key)
    monkeypatch.setattr(carried_out, "process_partition", Waiting(lambda: None))

    def not_alone() -> None:
        raise UsageError("kỳ 2024Q4 đang được một lượt chạy khác xử lý")

    with pytest.raises(UsageError, match="một lượt chạy khác"):
        carry_out(at, plan(at, only=["cam-lam"], fresh=True), not_alone)
    assert ledger.history(engine, **job.key) == stood


OVERTAKEN = "một tiến trình khác vừa tính nguồn này từ bản đọc cũ hoặc đến ngày chốt khác"
BY_ANOTHER = """
asked   | done by another | up to      | ends
extract | count           | 2024-12-14 | failed
keep    | count           | 2024-12-14 | failed
extract | extract         | 2024-12-14 | loaded
keep    | extract         | 2024-12-14 | loaded
extract | extract         | 2024-12-08 | failed
"""


@pytest.mark.parametrize("line", BY_ANOTHER.strip().splitlines()[1:])
def test_what_another_made_of_a_source_is_ours_only_where_it_is_what_was_asked(
    monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    """A run whose lock was lost gets the source's lock first. What it counts is of an old landing: nothing is printed
    of that as if it had just been read, or had been found unchanged."""
    asked, done, day, ends = (cell.strip() for cell in line.split("|"))
    at = place()
    engine, job = load(at, "cam-lam", rows=OPEN[:1])
    build(at.source("cam-lam"), OPEN)
    (step,) = plan(at, only=["cam-lam"], fresh=asked == "extract")
    assert (step.action, str(step.job.as_of)) == (Action(asked), "2024-12-14")
    monkeypatch.setattr(carried_out, "process_partition", Waiting(lambda: processed(place(as_of=day), Action(done))))
    carry_out(at, [step], lambda: None)
    known = ledger.partition(engine, **job.key)
    assert known.state is PartitionState(ends)
    if known.state is PartitionState.FAILED:
        assert OVERTAKEN in str(known.error)
        assert "cchc rerun 2024Q4 --source cam-lam" in str(known.advice)
        assert read.facts(engine, "2024Q4", ["cam-lam"], series=None).empty
    else:
        assert known.rows == len(OPEN)
