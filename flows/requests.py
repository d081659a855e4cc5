"""Reruns asked for in the portal: what is to be known before and after, and who does them.

`start` is the only place that knows who does a request: today a process of this machine (flows.requested)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import Engine

from contracts.codes import PartitionState
from contracts.errors import MachineError, machine_error
from flows.place import Place
from warehouse import ledger, register, requests
from warehouse.locks import going_on
from warehouse.requests import Request

NOT_STARTED = "Không khởi động được tiến trình chạy lại: {}. Báo người quản lý máy chủ, rồi bấm chạy lại."


@dataclass(frozen=True)
class SourceStand:
    """Of one source. rows, accepted, quarantined: of what the newest attempt checked; None where it did not."""

    state: PartitionState
    attempt: int
    rows: int | None
    accepted: int | None
    quarantined: int | None


@dataclass(frozen=True)
class Stand:
    """How a period stands. sources: by id; reports: newest version by scope and code of the unit."""

    sources: Mapping[str, SourceStand]
    reports: Mapping[tuple[str, str], int]

    def to_json(self) -> str:
        reports = [[*key, version] for key, version in sorted(self.reports.items())]
        return json.dumps({"sources": {k: asdict(v) for k, v in sorted(self.sources.items())}, "reports": reports})

    @classmethod
    def from_json(cls, text: str) -> Stand:
        said = json.loads(text)
        sources = {
            name: SourceStand(**{**one, "state": PartitionState(one["state"])}) for name, one in said["sources"].items()
        }
        return cls(sources, {(scope, code): version for scope, code, version in said["reports"]})


def stand_of(engine: Engine, period_id: str) -> Stand:
    """As it is now."""
    sources = {}
    for p in ledger.partitions(engine, period_id):
        rows = p.rows if p.quarantined is not None else None  # else of a reading before the newest
        sources[p.source_id] = SourceStand(p.state, p.attempt, rows, p.accepted, p.quarantined)
    return Stand(sources, {v.key: v.version for v in register.versions(engine, period_id)})


def looked_after(engine: Engine, asked: Request) -> Request:
    """The request as it stands: one whose process is silent while nobody runs the period is ended here."""
    if not asked.is_silent() or going_on(engine, asked.period_id):
        return asked
    requests.give_up(engine, asked.id)
    return requests.request(engine, asked.id) or asked


def log_of(place: Place, asked: Request) -> Path:
    return place.home / "logs" / f"rerun-{asked.id}.log"


def start(place: Place, asked: Request) -> None:
    """Have it done. A process of its own session, which goes on when the portal ends; what it says goes to a log of its
    own. Raises MachineError where there can be none, and the request is then ended."""
    try:
        _start_process(log_of(place, asked), asked)
    except OSError as error:
        told = machine_error(error) or MachineError(f"máy từ chối ({type(error).__name__})", advice="chạy: cchc doctor")
        requests.give_up(place.open_warehouse(), asked.id, said=NOT_STARTED.format(told.cause))
        raise told from None


def _start_process(log: Path, asked: Request) -> None:
    log.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
    try:
        process = subprocess.Popen(  # noqa: S603  our own interpreter, and words of ours
            [sys.executable, "-m", "flows.requested", str(asked.id)],
            stdin=subprocess.DEVNULL,
            stdout=descriptor,
            stderr=descriptor,
            start_new_session=True,
            umask=0o027,
        )
    finally:
        os.close(descriptor)
    threading.Thread(target=process.wait, daemon=True).start()  # so that the ended one does not stay as a zombie
