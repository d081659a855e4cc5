"""The same quarter of thirty sources, read and counted anew: by the flow, by its functions without Prefect, and by a
flow that makes a task of every step of a source."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import Any
from unittest.mock import patch

import flows  # noqa: F401  what Prefect reads at its import is set there

# isort: split

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.futures import wait
from prefect.task_runners import ThreadPoolTaskRunner

from contracts.codes import PartitionState
from contracts.province import mark_of_files
from flows import carried_out, concluding, one_source
from flows.concluding import conclude, settle
from flows.job import Action
from flows.notices.telling import telling
from flows.one_source import process_partition
from flows.place import Place, find_place
from flows.plan import plan
from flows.quarter import SOURCES_AT_ONCE, quarter
from flows.recorded import recorded
from flows.server import TemporaryServer
from warehouse import ledger
from warehouse.locks import run_lock

PERIOD = "2024Q4"
Way = tuple[str, Callable[[], None]]


def side_by_side(rounds: int, unchanged_rounds: int, obvious_rounds: int) -> dict[str, list[float]]:
    """Seconds of each way in each round, and of this process's CPU among them (`… CPU`), of a run that reads and counts
    all anew, and of one that finds everything as it was (`unchanged …`); what is made at the first time alone
    (landings, a PDF) is made before. The server is one that stays up. What drifts meanwhile falls on both alike:
    whoever came second comes first in the next round."""
    found: dict[str, list[float]] = {}
    for kind, fresh, times in (("", True, rounds), ("unchanged ", False, unchanged_rounds)):
        two: list[Way] = [("direct", partial(direct, fresh=fresh)), ("flow", partial(by_flow, fresh=fresh))]
        for _, way in two:
            way()
        for turn in range(times):
            for name, way in two if turn % 2 else reversed(two):
                _take(kind + name, way, found)
    by_steps()
    for _ in range(obvious_rounds):
        _take("task a step", by_steps, found)
    return found


def _take(name: str, way: Callable[[], None], found: dict[str, list[float]]) -> None:
    began, cpu = time.perf_counter(), time.process_time()
    way()
    found.setdefault(name, []).append(time.perf_counter() - began)
    found.setdefault(f"{name} CPU", []).append(time.process_time() - cpu)


def temporary() -> float:
    """Seconds of the flow with a server of its own, from its beginning to its end."""
    began = time.perf_counter()
    with TemporaryServer() as server:
        server.data_of(lambda: quarter(PERIOD, fresh=True, return_state=True))
    return time.perf_counter() - began


def nothing(_seconds: float) -> None:
    """Of an answer that is another one every time."""


def middle(found: dict[str, list[float]]) -> dict[str, float]:
    """Of each way; of the flow also what it takes over the direct calls in the same round (`… over`), for a machine is
    faster in one minute than in the next."""
    over = {
        f"{kind}flow{what} over": [
            one - other for one, other in zip(found[f"{kind}flow{what}"], found[f"{kind}direct{what}"], strict=True)
        ]
        for kind in ("", "unchanged ")
        for what in ("", " CPU")
    }
    return {name: median(seconds) for name, seconds in (found | over).items()}


def direct(*, fresh: bool) -> None:
    """The flow's own function; what it gives to Prefect's tasks is called by threads."""
    with ThreadPoolExecutor(SOURCES_AT_ONCE) as threads:
        source, reports = _Called(process_partition.fn, threads), conclude.fn
        with patch.object(carried_out, "process_partition", source), patch.object(concluding, "conclude", reports):
            quarter.fn(PERIOD, fresh=fresh)
    _all_loaded(find_place(PERIOD))


@dataclass
class _Called:
    """In the place of a task."""

    function: Callable[..., None]
    threads: ThreadPoolExecutor

    def submit(self, **words: Any) -> _Awaited:
        return _Awaited(self.threads.submit(self.function, **words))


@dataclass
class _Awaited:
    called: Future[None]

    def result(self, *, raise_on_failure: bool) -> BaseException | None:
        return self.called.exception()


def by_flow(*, fresh: bool) -> None:
    quarter(PERIOD, fresh=fresh, return_state=True)
    _all_loaded(find_place(PERIOD))


def by_steps() -> None:
    _stepwise()
    _all_loaded(find_place(PERIOD))


@flow(task_runner=ThreadPoolTaskRunner(max_workers=SOURCES_AT_ONCE))  # type: ignore[arg-type]
def _stepwise() -> None:
    place = find_place(PERIOD)
    engine = place.open_warehouse()
    with telling(engine, place), run_lock(engine, place.period.id), recorded(engine, place, "command"):
        ends = []
        for step in plan(place, fresh=True):
            words = {**place.words, "source": step.job.source.id}
            begun = _begun.submit(words)
            read = _read.submit(words, begun)
            counted = _counted.submit(words, read)
            ends.append(_ended.submit(words, counted))
        wait(ends)
        conclude(**place.words, **_settled(place))


def _job(words: dict[str, str]) -> tuple[Place, object]:
    place = find_place(words["period"], province=words["province"], as_of=words["as_of"])
    return place, place.job(place.open_warehouse(), place.source(words["source"]))


@task(cache_policy=NO_CACHE)
def _begun(words: dict[str, str]) -> int:
    place, job = _job(words)
    return one_source.begin(place.open_warehouse(), job, Action.EXTRACT)[1].attempt or 0  # type: ignore[arg-type]


@task(cache_policy=NO_CACHE)
def _read(words: dict[str, str], attempt: int) -> int:
    from dataclasses import replace

    from flows.partition import extract

    place, job = _job(words)
    extract(place.open_warehouse(), replace(job, attempt=attempt))  # type: ignore[type-var,arg-type]
    return attempt


@task(cache_policy=NO_CACHE)
def _counted(words: dict[str, str], attempt: int) -> int:
    from dataclasses import replace

    from flows.counting import count
    from flows.partition import last_landing

    place, job = _job(words)
    engine = place.open_warehouse()
    known = ledger.partition(engine, place.period.id, words["source"])
    assert known.extracted_at is not None
    mine = replace(job, attempt=attempt)  # type: ignore[type-var]
    count(engine, mine, last_landing(mine, known), snapshot=known.extracted_at.date())  # type: ignore[arg-type]
    return attempt


@task(cache_policy=NO_CACHE)
def _ended(words: dict[str, str], attempt: int) -> None:
    place = find_place(words["period"], province=words["province"], as_of=words["as_of"])
    ledger.partition(place.open_warehouse(), place.period.id, words["source"])


def _settled(place: Place) -> dict[str, str]:
    """What `conclude` is told of what it stands on."""
    return {"files": mark_of_files(place.province.folder), "stand": settle(place, lambda: None)}


def _all_loaded(place: Place) -> None:
    """Whatever way they were counted."""
    states = {p.state for p in ledger.partitions(place.open_warehouse(), place.period.id)}
    if states != {PartitionState.LOADED}:
        raise RuntimeError(f"not all sources were counted: {states}")
