"""The steps of a run as they can be seen from outside, while it is under way."""

from __future__ import annotations

from collections.abc import Callable

from tests.chaos.invariants import warehouse_of
from tests.chaos.province import PERIOD
from tests.quarter.command import Office
from warehouse import ledger

Reached = Callable[[], object]


def in_state(office: Office, *states: str) -> Reached:
    """Some source is in one of these states."""
    engine = warehouse_of(office)
    return lambda: any(p.state.value in states for p in ledger.partitions(engine, PERIOD))


def steps(office: Office) -> dict[str, Reached]:
    """In their order."""
    home = office.home / "khanh-hoa"
    return {
        "reading": lambda: next((home / "landing").rglob(".part-*"), None),
        "landed": in_state(office, "landed"),
        "validated": in_state(office, "validated"),
        "loaded": in_state(office, "loaded"),
        "printing": lambda: next((home / "reports" / PERIOD).glob(".dang-in-*"), None),
        "printed": lambda: next((home / "reports" / PERIOD).glob("*-v*.pdf"), None),
    }
