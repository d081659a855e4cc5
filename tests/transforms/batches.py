"""Batches of accepted dossiers for hypothesis, and what may still happen to them after the cut-off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd
from hypothesis import strategies as st

from contracts.codes import Channel, Status
from contracts.periods import Span
from contracts.province import Policy
from tests.transforms.tables import dossier_frame, pause_frame

FIRST, LAST = date(2026, 6, 15), date(2026, 9, 14)
SPAN = Span(FIRST, LAST)
POLICIES = st.builds(
    Policy, stopped_is=st.sampled_from(["backlog", "closed"]), withdrawn_column=st.sampled_from([8, 9])
)
ENDED = (Status.DONE, Status.WITHDRAWN, Status.STOPPED)

Record = dict[str, Any]


@dataclass(frozen=True)
class Batch:
    records: tuple[Record, ...]
    pauses: tuple[Record, ...]

    def frames(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        return dossier_frame(self.records), pause_frame(self.pauses)


def days(first: date, last: date) -> st.SearchStrategy[date]:
    """Days of that range, the ends of the period oftener than others."""
    edges = [d + timedelta(n) for d in (FIRST, LAST) for n in (-1, 0, 1)]
    near = [d for d in edges if first <= d <= last]
    anywhere = st.dates(first, last)
    return st.one_of(st.sampled_from(near), anywhere) if near else anywhere


@st.composite
def dossiers(draw: st.DrawFn, code: str) -> tuple[Record, list[Record]]:
    """One accepted dossier as it may be found long after the cut-off, with its pauses."""
    received = draw(days(date(2026, 5, 1), date(2026, 10, 15)))
    status = draw(st.sampled_from(list(Status)))
    later = days(received, received + timedelta(90))
    record = {
        "dossier_code": code,
        "status": status,
        "channel": draw(st.sampled_from(list(Channel))),
        "received_date": received,
        "due_date": draw(st.none() | later),
        "end_date": draw(later) if status in ENDED else None,
        "deleted_date": draw(st.none() | st.none() | later),
        "linked": draw(st.booleans()),
        "procedure_code": draw(st.sampled_from(["1.001193", "2.000635"])),
        "agency_code": draw(st.sampled_from(["H32.37", "H32.35"])),
    }
    return record, _pauses(draw, record)


def _pauses(draw: st.DrawFn, record: Record) -> list[Record]:
    found = []
    for _ in range(draw(st.integers(0, 2))):
        begun = draw(days(record["received_date"], record["received_date"] + timedelta(60)))
        over = draw(days(begun, begun + timedelta(30)))
        found.append({"dossier_code": record["dossier_code"], "pause_from": begun, "pause_to": over})
    if record["status"] is Status.PAUSED:
        begun = draw(days(record["received_date"], record["received_date"] + timedelta(60)))
        found.append({"dossier_code": record["dossier_code"], "pause_from": begun, "pause_to": None})
    return found


@st.composite
def batches(draw: st.DrawFn, *, most: int = 12) -> Batch:
    drawn = [draw(dossiers(f"HS-{n:03d}")) for n in range(draw(st.integers(0, most)))]
    return Batch(tuple(record for record, _ in drawn), tuple(pause for _, pauses in drawn for pause in pauses))


def known_on(batch: Batch, day: date) -> Batch:
    """What a snapshot taken in the evening of that day would have shown: nothing of what came later."""
    records = tuple(_known(record, batch, day) for record in batch.records if record["received_date"] <= day)
    pauses = tuple(
        pause | {"pause_to": _past(pause["pause_to"], day)} for pause in batch.pauses if pause["pause_from"] <= day
    )
    return Batch(records, pauses)


def _known(record: Record, batch: Batch, day: date) -> Record:
    then = record | {name: _past(record[name], day) for name in ("end_date", "deleted_date")}
    if record["status"] is Status.NOT_RECEIVED or then["end_date"]:
        return then
    in_pause = any(_lasts(pause, day) for pause in batch.pauses if pause["dossier_code"] == record["dossier_code"])
    return then | {"status": Status.PAUSED if in_pause else Status.OPEN}


def _lasts(pause: Record, day: date) -> bool:
    return bool(pause["pause_from"] <= day and (pause["pause_to"] is None or pause["pause_to"] > day))


def _past(moment: date | None, day: date) -> date | None:
    return moment if moment is not None and moment <= day else None
