"""What the newest attempt of each source came across, though it went on: told by the command until the next one."""

from __future__ import annotations

from sqlalchemy import Engine

from flows import changes, comparisons, drift, left_before, read_ahead
from flows.given_out import BEGINNING
from warehouse import ledger

_BEGINNINGS = (
    drift.TOLD,
    changes.NOT_COMPARED,
    comparisons.NOT_CONTINUED,
    left_before.NOT_KNOWN,
    read_ahead.NOTED,
    BEGINNING,
)


def remarks(engine: Engine, period_id: str) -> dict[str, list[str]]:
    """Source → sentences, the oldest first, each once; sources without any are left out. Names of columns and tables,
    never content."""
    found: dict[str, list[str]] = {}
    for event in ledger.latest(engine, period_id):
        told = found.setdefault(event.source_id, [])
        if event.detail.startswith(_BEGINNINGS) and event.detail not in told:
            told.append(event.detail)
    return {source_id: told for source_id, told in found.items() if told}
