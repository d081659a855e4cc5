"""The steps of a run as they can be seen from outside, while it is under way. Made when it begins: what a run before
left there does not count."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.chaos.invariants import warehouse_of
from tests.chaos.province import PERIOD, SOURCES
from tests.quarter.command import Office
from warehouse import ledger
from warehouse.ledger import Partition

Reached = Callable[[], object]
STEPS = ("reading", "landed", "validated", "loaded", "settled", "printing", "printed")
"""In their order."""


def step(office: Office, name: str) -> Reached:
    home = office.home / "khanh-hoa"
    match name:
        case "reading":
            return _new(home / "landing", "**/.part-*")
        case "settled":
            return _settled(office)
        case "printing":
            return _new(home / "reports" / PERIOD, ".dang-in-*")
        case "printed":
            return _new(home / "reports" / PERIOD, "*-v*.pdf")
        case state:
            return in_state(office, state)


def in_state(office: Office, *states: str) -> Reached:
    """Some source has come to one of these in an attempt of this run."""
    return _in_this_run(office, lambda now: any(p.state.value in states for p in now))


def _settled(office: Office) -> Reached:
    """What the sources share stands; indicators, comparisons and reports are still to be made of it."""
    return _in_this_run(office, lambda now: len(now) == len(SOURCES) and all(p.settled == p.attempt for p in now))


def _in_this_run(office: Office, reached: Callable[[list[Partition]], bool]) -> Reached:
    """reached: of the sources that have begun an attempt since."""
    engine = warehouse_of(office)
    before = {known.source_id: known.attempt for known in ledger.partitions(engine, PERIOD)}

    def look() -> bool:
        now = [p for p in ledger.partitions(engine, PERIOD) if p.attempt > before.get(p.source_id, 0)]
        return bool(now) and reached(now)

    return look


def _new(folder: Path, pattern: str) -> Reached:
    before = {*folder.glob(pattern)}
    return lambda: {*folder.glob(pattern)} - before
