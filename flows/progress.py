"""How far a run has come, read from the ledger: the same whoever does it, and wherever."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from contracts.codes import PartitionState
from warehouse.ledger import Partition

SETTLED = frozenset({PartitionState.LOADED, PartitionState.FAILED, PartitionState.NOT_RECEIVED})


def progress(known: Iterable[Partition], begun: Mapping[str, int]) -> tuple[int, list[str]]:
    """How many of the sources have come to an end since, and which are being worked on.

    begun: the sources to be read or counted, and how often each was tried before."""
    tried = [p for p in known if p.attempt > begun.get(p.source_id, p.attempt)]
    working = [p.source_id for p in tried if p.state not in SETTLED]
    return len(tried) - len(working), working
