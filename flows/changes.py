"""What changed between two landings of a partition: noted when the newer one lands, told as findings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

import pyarrow as pa
from sqlalchemy import Connection, Engine

from contracts.errors import SourceError
from flows.job import Job, one_at_a_time
from sources.landing import Landing, open_landing
from transforms import snapshots
from warehouse import changes, ledger
from warehouse.ledger import Partition

NOT_COMPARED = "không so sánh được với lần trích xuất trước: "
"""Beginning of the event in the ledger's history that says so."""


def since(
    engine: Engine, job: Job, *, before: Partition, landing: Landing, read_on: date
) -> Callable[[Connection], object] | None:
    """Compare a new landing with the last good one; enters what was found, where anything was compared. That belongs
    into the transaction by which the ledger takes the new one for the last: a landing that never was one has changed
    nothing. read_on: the day on which it was read."""
    if before.landing_id is None or before.landing_id == landing.id:
        return None
    try:
        older = open_landing(Path(str(before.landing_path)))
    except SourceError as error:
        ledger.remark(engine, **job.key, detail=f"{NOT_COMPARED}{error.cause}")
        return None
    with one_at_a_time:
        found = snapshots.changes(
            _compared(older, job), _compared(landing, job), job.source, cut_off=job.period.cut_off, read_on=read_on
        )
    return partial(changes.enter, **job.key, landing_id=landing.id, before_landing_id=before.landing_id, changes=found)


def _compared(landing: Landing, job: Job) -> pa.Table:
    """The columns that are compared, as far as the landing has them: its column map may have been another."""
    there = landing.columns("dossiers")
    return landing.table("dossiers", [c for c in snapshots.compared_columns(job.source) if c in there])
