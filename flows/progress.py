"""How far a run has come, read from the ledger: the same whoever does it, and wherever."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from contracts.codes import PartitionState
from contracts.settings import POOL
from flows.given_out import MEANWHILE
from warehouse.ledger import Event, Partition

SETTLED = frozenset({PartitionState.LOADED, PartitionState.FAILED, PartitionState.NOT_RECEIVED})


def progress(known: Iterable[Partition], begun: Mapping[str, int]) -> tuple[int, list[str]]:
    """How many of the sources have come to an end since, and which are being worked on.

    begun: the sources to be read or counted, and how often each was tried before."""
    tried = [p for p in known if p.attempt > begun.get(p.source_id, p.attempt)]
    working = [p.source_id for p in tried if p.state not in SETTLED]
    return len(tried) - len(working), working


def doing(working: Sequence[str], *, left: int, partitions: str) -> str:
    """In some words, what the run is at. left: sources that have not come to an end; partitions: as in the settings."""
    if working or not left:
        return " ".join(working[:2])
    return "chờ tiến trình chạy kỳ nhận nguồn" if partitions == POOL else "khởi động"


def meanwhile(events: Iterable[Event]) -> list[Event]:
    """What went otherwise than it should, though the run goes on."""
    return [event for event in events if event.detail.startswith(MEANWHILE)]
