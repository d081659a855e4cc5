"""One source of one period, as its page shows it: how it stands, whom to call, what was tried, what was found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import Engine

from contracts.codes import STATE_LABELS, PartitionState
from contracts.source_config import SourceConfig
from flows.progress import SETTLED
from flows.quarantine import why_not_all
from flows.remarks import remarks
from flows.requests import Stand
from flows.structure import others
from portal.operated import Operated
from portal.received import SourceRow, source_rows
from reporting.quality.words import CHANGES
from warehouse import at_a_glance, changes, ledger, requests, structures
from warehouse.findings import Finding, findings_of
from warehouse.ledger import Event, Partition
from warehouse.requests import Request
from warehouse.structures import Structure

ATTEMPTS_SHOWN = 20
REQUESTS_ASKED = 200
BY_NOBODY = "theo lịch hoặc bằng lệnh"
_CHANGES = {**CHANGES, "new": "Hồ sơ mới"}
_BY = {"run": "tự động khi chạy", "operator": "người vận hành xác nhận"}


@dataclass(frozen=True)
class Attempt:
    """by: who asked for it, in words. lasted: None while it goes on."""

    number: int
    by: str
    steps: tuple[Event, ...]

    @property
    def begun_at(self) -> datetime:
        return self.steps[0].at

    @property
    def lasted(self) -> timedelta | None:
        return self.steps[-1].at - self.begun_at if self.state in SETTLED else None

    @property
    def state(self) -> PartitionState:
        return self.steps[-1].state

    @property
    def state_words(self) -> str:
        return STATE_LABELS[self.state]


@dataclass(frozen=True)
class Shape:
    """The accepted structure. differences: from the one before, in words."""

    seen_at: datetime
    by: str
    differences: tuple[str, ...]


@dataclass(frozen=True)
class SourceView:
    """earlier: why findings and quarantine are not of the newest attempt, "" where they are. attempts: the newest
    first, of so many."""

    source: SourceConfig
    row: SourceRow
    known: Partition | None
    earlier: str
    attempts: tuple[Attempt, ...]
    attempts_in_all: int
    remarks: tuple[str, ...]
    findings: tuple[Finding, ...]
    changes: tuple[tuple[str, int], ...]
    shape: Shape | None


def source_view(engine: Engine, of: Operated, source_id: str) -> SourceView:
    """Raises NotFound where no such source answers for the period."""
    source, known = of.source(source_id), of.partitions.get(source_id)
    since = at_a_glance.failing_since(engine, of.period_id)
    asked = requests.recent(engine, of.period_id, at_most=REQUESTS_ASKED)
    attempts = list(_attempts(ledger.history(engine, of.period_id, source_id), asked, source_id)) if known else []
    return SourceView(
        source=source,
        row=source_rows([(source, known)], since)[0],
        known=known,
        earlier=why_not_all(known) if known and known.attempt else "",
        attempts=tuple(reversed(attempts))[:ATTEMPTS_SHOWN],
        attempts_in_all=len(attempts),
        remarks=tuple(remarks(engine, of.period_id).get(source_id, ())),
        findings=tuple(findings_of(engine, of.period_id, source_id)),
        changes=tuple((_CHANGES[kind], n) for kind, n in changes.counts(engine, of.period_id, source_id).items()),
        shape=_shape(structures.accepted(engine, source_id)),
    )


def _attempts(history: Iterable[Event], asked: Iterable[Request], source_id: str) -> Iterator[Attempt]:
    """The oldest first; that the source was expected at all is no attempt."""
    askers = list(_askers(asked, source_id))
    for number, steps in groupby((event for event in history if event.attempt), key=lambda event: event.attempt):
        by = next((who for first, last, who in askers if first < number and (last is None or number <= last)), "")
        yield Attempt(number, f"{by} bấm chạy lại" if by else BY_NOBODY, tuple(steps))


def _askers(asked: Iterable[Request], source_id: str) -> Iterator[tuple[int, int | None, str]]:
    """Between which attempts of the source each request was done, and whose it was."""
    for one in asked:
        if one.before is None:
            continue
        before = Stand.from_json(one.before).sources.get(source_id)
        after = Stand.from_json(one.after).sources.get(source_id) if one.after else None
        if one.after is None and not one.is_unfinished:  # it died: what came later is not told from what it did
            continue
        yield (before.attempt if before else 0), (after.attempt if after else None), one.asked_by


def _shape(accepted: list[Structure]) -> Shape | None:
    if not accepted:
        return None
    newest, *before = accepted
    said = tuple(others(before[0].structure, newest.structure)) if before else ()
    return Shape(newest.seen_at, _BY.get(newest.accepted_by, newest.accepted_by), said)
