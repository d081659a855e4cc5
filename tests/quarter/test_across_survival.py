"""Whatever is cut off, lost or spoilt while dossiers of two systems are settled, the next run counts each once; and
what is kept of each dossier adds up to the facts. On SQLite and on PostgreSQL."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Engine

from contracts.codes import PartitionState, Series
from contracts.columns import OPEN, RECEIVED, RESOLVED
from flows import across
from flows.job import Action, Job
from flows.one_source import begin, finish
from flows.place import Place
from flows.plan import plan
from tests.quarter.stages import Stages
from tests.quarter.test_across import BOTH, HERE, OWN, THERE
from tests.quarter.test_planning import after_the_quarter, load, place
from tests.servers import DATABASE, postgres
from warehouse import counted, ledger, read, store

__all__ = ["after_the_quarter", "postgres"]

SOURCES = ("cam-lam", "so-nganh")


class Killed(BaseException):
    """As SIGKILL: nobody catches it."""


def of_its_own_group(name: str) -> Any:
    return pytest.param(name, marks=pytest.mark.xdist_group(f"survival on {name}"))


@pytest.fixture(scope="module", params=map(of_its_own_group, ["sqlite", "postgresql"]))
def stages(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Stages:
    server = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    return Stages(tmp_path_factory.mktemp("stages"), server)


@pytest.fixture
def at(stages: Stages, monkeypatch: pytest.MonkeyPatch) -> Place:
    if stages.server:
        stages.server.empty(DATABASE)
        monkeypatch.setenv("CCHC_WAREHOUSE_URL", stages.server.url(DATABASE))
    return place()


@pytest.fixture
def engine(at: Place, stages: Stages) -> Engine:
    stages.reach("loaded", lambda: load_both(at))
    return at.open_warehouse()


def load_both(at: Place) -> None:
    load(at, "so-nganh", rows=[THERE, OWN])
    load(at, "cam-lam", rows=[HERE])


@pytest.fixture
def settled(engine: Engine, at: Place, stages: Stages) -> Engine:
    stages.reach("settled", lambda: run(engine, at))
    return engine


def work(engine: Engine, job: Job, action: Action) -> None:
    """One source, as a run does it, without what the ledger is told where it fails."""
    action, job = begin(engine, job, action)
    if action is not Action.KEEP:
        finish(engine, job, action)


def run(engine: Engine, at: Place) -> None:
    """As `cchc run` of these sources, without retries."""
    for step in plan(at, only=SOURCES):
        work(engine, step.job, step.action)
    while ids := across.settle(engine, at):
        for source_id in ids:
            work(engine, at.job(engine, at.source(source_id)), Action.COUNT)


def stands(engine: Engine, at: Place) -> None:
    """Each dossier counts once, and those that are kept add up to the facts, in every measure."""
    for source_id in SOURCES:
        known = ledger.partition(engine, at.period.id, source_id)
        assert known.state is PartitionState.LOADED
        kept = counted.read(at.home / "counted", known)
        assert kept is not None
        here = kept[kept["elsewhere"] == ""]
        facts = read.facts(engine, at.period.id, [source_id], series=Series.FORMS)
        for side, measures in (("came", RECEIVED), ("went", (*RESOLVED, *OPEN))):
            sums = here[side].value_counts()
            assert {m: int(sums.get(m, 0)) for m in measures} == {m: int(facts[m].sum()) for m in measures}
        assert known.rows == (known.accepted or 0) + (known.quarantined or 0)
    for series in Series:
        facts = read.facts(engine, at.period.id, SOURCES, series=series)
        assert facts[list(RECEIVED)].to_numpy().sum() == 2
    assert across.settle(engine, at) == []


@pytest.mark.parametrize(
    ("owner", "name", "after"),
    [
        (across.across, "replace", True),
        (ledger, "begin_attempt", True),
        (ledger, "mark_validated", True),
        (counted, "write", False),
        (counted, "write", True),
        (store, "replace_partition", False),
        (store, "replace_partition", True),
        (counted, "keep_only", True),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_a_kill_at_any_step_of_settling_is_made_good(
    engine: Engine, at: Place, monkeypatch: pytest.MonkeyPatch, owner: object, name: str, after: bool
) -> None:
    whole = getattr(owner, name)

    def cut(*arguments: object, **more: object) -> None:
        if after:
            whole(*arguments, **more)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(owner, name, cut)
        with pytest.raises(Killed):
            run(engine, at)
    run(engine, at)
    stands(engine, at)


def _emptied(file: Path) -> None:
    file.write_bytes(b"")


def _halved(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-100])


def _of_before(file: Path) -> None:
    """As kept before it was noted who counts a dossier."""
    pd.read_parquet(file).drop(columns=["deleted_date", "elsewhere"]).to_parquet(file)


@pytest.mark.parametrize("spoil", [_emptied, _halved, _of_before, Path.unlink])
@pytest.mark.parametrize("stage", ["settled", "engine"])
def test_dossiers_that_cannot_be_read_are_counted_again(
    request: pytest.FixtureRequest, at: Place, spoil: object, stage: str
) -> None:
    engine = request.getfixturevalue(stage)
    [file] = (at.home / "counted" / "2024Q4" / "cam-lam").iterdir()
    spoil(file)  # type: ignore[operator]
    run(engine, at)
    stands(engine, at)


def test_a_deleted_folder_is_made_again(settled: Engine, at: Place) -> None:
    engine = settled
    shutil.rmtree(at.home / "counted")
    run(engine, at)
    stands(engine, at)
    assert read.rejected(engine, "2024Q4", "so-nganh")["dossier_code"].tolist() == [BOTH]


@pytest.mark.parametrize("code", ["A\x001", "A\ufffd1", "Ạ-1"])
def test_a_code_that_no_database_keeps_as_it_is_comes_to_an_end(at: Place, code: str) -> None:
    load(at, "so-nganh", rows=[{**THERE, "MaHoSo": code}])
    engine, _ = load(at, "cam-lam", rows=[{**HERE, "MaHoSo": code}])
    for _ in range(4):
        ids = across.settle(engine, at)
        for source_id in ids:
            work(engine, at.job(engine, at.source(source_id)), Action.COUNT)
    stands(engine, at)
