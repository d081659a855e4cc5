"""The steps of a run as they can be seen from outside, while it is under way. Made when it begins: what a run before
left there does not count."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.chaos.invariants import warehouse_of
from tests.chaos.province import PERIOD
from tests.quarter.command import Office
from warehouse import ledger

Reached = Callable[[], object]
STEPS = ("reading", "landed", "validated", "loaded", "printing", "printed")
"""In their order."""


def step(office: Office, name: str) -> Reached:
    home = office.home / "khanh-hoa"
    match name:
        case "reading":
            return _new(home / "landing", "**/.part-*")
        case "printing":
            return _new(home / "reports" / PERIOD, ".dang-in-*")
        case "printed":
            return _new(home / "reports" / PERIOD, "*-v*.pdf")
        case state:
            return in_state(office, state)


def in_state(office: Office, *states: str) -> Reached:
    """Some source has come to one of these in an attempt of this run."""
    engine = warehouse_of(office)
    before = {known.source_id: known.attempt for known in ledger.partitions(engine, PERIOD)}

    def reached() -> bool:
        now = ledger.partitions(engine, PERIOD)
        return any(p.state.value in states and p.attempt > before.get(p.source_id, 0) for p in now)

    return reached


def _new(folder: Path, pattern: str) -> Reached:
    before = {*folder.glob(pattern)}
    return lambda: {*folder.glob(pattern)} - before
