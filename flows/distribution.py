"""The sources of a period given out to the processes of the work pool, and seen to until each has come to its end.

Prefect says who is to work. Who works, and what came of it, say the locks and the ledger of the warehouse: a process
that was killed leaves its run «running» in Prefect for ever, and Prefect's server itself may go away. The run that
waits is a process like the others: what nobody begins it does itself, so that it never waits in vain: not for a worker
that has no room beside the run itself, and not for one that there is not."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from prefect.client.schemas.objects import TERMINAL_STATES, StateType
from sqlalchemy import Engine

from contracts.codes import PartitionState
from contracts.errors import WarehouseError
from flows import work_pool
from flows.given_out import AGAIN, NO_FURTHER, NOT_BEGUN
from flows.one_source import RETRY_DELAYS, RETRY_JITTER, process_partition
from flows.place import Place
from flows.plan import Step
from warehouse import ledger
from warehouse.ledger import Partition
from warehouse.locks import Held, held, session_of

ENDED = {PartitionState.LOADED, PartitionState.FAILED, PartitionState.NOT_RECEIVED}
SENT_AT_MOST = 2
"""A source at which two processes died (it may need more memory than there is) does not take a third one with it."""
_LOOK_EVERY = 1.0
_STARTS_WITHIN = 3
"""Times the patience: a process that was begun first imports for seconds, of all sources at once on a small machine."""
_TOLD_AFTER = 1 / 24
"""Of the limit: of six hours a quarter of one."""
_BETWEEN_TRIES = max(RETRY_DELAYS) * (1 + RETRY_JITTER) + 5


@dataclass
class Sent:
    """A source that is given out. tried: attempts that the ledger had counted before; run: in Prefect, None as long as
    its server has not taken it; since, moved: when it was first to be, and when anything about it was last seen to
    change, or a process at work on it (monotonic). seen: what was last known: attempts, state in the ledger, state in
    Prefect. changed: when the ledger says that it changed last; stepped: when that was seen to move (monotonic), None
    where it was not yet. told: it was said that somebody holds it and comes no further."""

    step: Step
    tried: int
    times: int
    run: UUID | None = None
    since: float = field(default_factory=time.monotonic)
    moved: float = field(default_factory=time.monotonic)
    seen: tuple[int, PartitionState, StateType | None] | None = None
    changed: datetime | None = None
    stepped: float | None = None
    told: bool = False

    @property
    def source_id(self) -> str:
        return self.step.job.source.id

    @property
    def in_prefect(self) -> StateType | None:
        return self.seen[2] if self.seen else None

    @property
    def attempts(self) -> int:
        return self.seen[0] if self.seen else self.tried

    @property
    def was_begun(self) -> bool:
        return self.attempts > self.tried

    @property
    def is_over(self) -> bool:
        """As the ledger says; one that failed may be tried again by the same process until its run has ended."""
        return self.was_begun and self.seen is not None and self.seen[1] in ENDED

    def look(self, known: Partition, state: StateType | None, *, busy: bool) -> None:
        seen = known.attempt, known.state, state
        if busy or seen != self.seen:
            self.moved = time.monotonic()
        if self.seen is not None and (seen[:2], known.updated_at) != (self.seen[:2], self.changed):
            self.stepped = time.monotonic()
        self.seen, self.changed = seen, known.updated_at

    def stands_still(self, held: Held) -> float:
        """Seconds that who holds it has come no step further, as far as was seen; they may have held it before."""
        return held.seconds if self.stepped is None else min(held.seconds, time.monotonic() - self.stepped)


@dataclass(frozen=True)
class Done:
    """given_up: source id → why nobody does it any more; raised: → by what was done of it here, whatever that was."""

    given_up: dict[str, str]
    raised: dict[str, object]


class Distribution:
    """holds: the session by which the run itself took the period, not whoever has it by now (locks.session_behind).
    patience: seconds that nothing is heard of a source before it is done otherwise. limit: seconds that a process
    may hold one and come no step further: it may be stopped, or wait for a disk of the network for ever."""

    def __init__(self, place: Place, *, holds: str, patience: float, limit: float) -> None:
        self._place, self._patience, self._limit = place, patience, limit
        self._engine: Engine = place.open_warehouse()
        self._holds = holds
        self._open: dict[str, Sent] = {}
        self._own: _Own | None = None
        self._for_here: list[Sent] = []
        self._done = Done({}, {})

    def carry_out(self, steps: Sequence[Step]) -> Done:
        """Every step to its end, whatever becomes of the others."""
        self._check_held()
        try:
            for step in steps:
                self._open[step.job.source.id] = Sent(step, tried=step.known.attempt, times=1)
            while self._open or self._for_here or self._own:
                self._take_one()
                self._send()
                self._rest()
                self._look()
        except BaseException:
            for sent in self._open.values():
                if sent.in_prefect not in work_pool.BEGUN:
                    work_pool.withdraw(sent.run)
            raise
        return self._done

    def _check_held(self) -> None:
        period_id = self._place.period.id
        if not self._holds or session_of(self._engine, period_id) != self._holds:
            raise WarehouseError(
                f"kỳ {period_id}: đã mất kết nối với kho dữ liệu trong khi chờ các nguồn",
                advice=f"phần đã làm không mất; kiểm tra máy chủ PostgreSQL rồi chạy lại: cchc run {period_id}",
            )

    def _send(self) -> None:
        """What is not sent yet, until the server takes no more: one that is busy, or away, is asked again soon."""
        for sent in [s for s in self._open.values() if s.run is None and not s.was_begun]:
            words = {**self._place.words, **sent.step.words, "tried": sent.tried, "sent_by": self._holds}
            sent.run = work_pool.send(f"{self._place.period.id} {sent.source_id}", words)
            if sent.run is None:
                return

    def _take_one(self) -> None:
        """Of those that no other process has begun for long, the one that was sent last: it would come last. One at a
        time, as the processes of the pool do."""
        if self._own is not None:
            return
        if not self._for_here:
            late = [s for s in self._open.values() if self._is_late(s)]
            for sent in late[-1:]:
                work_pool.withdraw(sent.run)
                self._for_here.append(self._open.pop(sent.source_id))
        if self._for_here:
            sent = self._for_here.pop()
            words: dict[str, Any] = {**self._place.words, **sent.step.words}
            future = process_partition.submit(**words, tried=sent.tried)
            self._own = own = _Own(sent.source_id, future)
            future.add_done_callback(lambda _: own.over.set())

    def _is_late(self, sent: Sent) -> bool:
        untouched = not sent.was_begun and sent.in_prefect not in work_pool.BEGUN
        return untouched and time.monotonic() - sent.since > self._patience

    def _rest(self) -> None:
        if self._own is None:
            time.sleep(_LOOK_EVERY)
            return
        if self._own.over.wait(_LOOK_EVERY):
            self._done.raised[self._own.source_id] = self._own.raised()
            self._own = None

    def _look(self) -> None:
        """The locks are read last: a process that is at work by then was seen to begin by nobody, at worst."""
        period_id = self._place.period.id
        self._check_held()
        told = work_pool.states(sent.run for sent in self._open.values() if sent.run)
        known = {p.source_id: p for p in ledger.partitions(self._engine, period_id)}
        busy = held(self._engine, period_id, self._open)
        for sent in list(self._open.values()):
            state = told.get(sent.run) if sent.run else None
            sent.look(known[sent.source_id], state, busy=sent.source_id in busy)
            if found := busy.get(sent.source_id):
                self._bear(sent, found)
            else:
                self._decide(sent, loaded=known[sent.source_id].state is PartitionState.LOADED)

    def _bear(self, sent: Sent, by: Held) -> None:
        """With one that somebody works on, or only holds. What that one writes later is refused: see ledger."""
        still = sent.stands_still(by)
        if still > self._limit:
            if not sent.was_begun:
                work_pool.withdraw(sent.run)
            self._give_up(sent, NO_FURTHER.format(_long(still), _whom(by)))
        elif still > self._limit * _TOLD_AFTER and not sent.told:
            sent.told = True
            self._remark(sent, NO_FURTHER.format(_long(still), _whom(by)))

    def _decide(self, sent: Sent, *, loaded: bool) -> None:
        """On one that nobody works on at this moment."""
        has_ended = sent.in_prefect in TERMINAL_STATES
        if sent.is_over and (loaded or has_ended):
            del self._open[sent.source_id]
        elif sent.in_prefect is StateType.CANCELLED:
            self._give_up(sent, "việc xử lý nguồn đã bị hủy trong Prefect")
        elif has_ended or self._is_silent(sent):
            work_pool.bury(sent.run)
            self._lost(sent)

    def _is_silent(self, sent: Sent) -> bool:
        """Whether it was begun, and nothing was heard of it for too long."""
        silent = time.monotonic() - sent.moved
        if sent.was_begun:
            return silent > (max(self._patience, _BETWEEN_TRIES) if sent.is_over else self._patience)
        return sent.in_prefect in work_pool.BEGUN and silent > self._patience * _STARTS_WITHIN

    def _lost(self, sent: Sent) -> None:
        del self._open[sent.source_id]
        if sent.is_over:
            return
        if not sent.was_begun:  # the other process could not even begin
            self._remark(sent, NOT_BEGUN)
            self._for_here.append(sent)
        elif sent.times < SENT_AT_MOST:
            self._remark(sent, AGAIN)
            self._open[sent.source_id] = Sent(sent.step, tried=sent.attempts, times=sent.times + 1)
        else:
            self._give_up(sent, f"tiến trình xử lý nguồn đã dừng giữa chừng, {sent.times} lần liền")

    def _remark(self, sent: Sent, said: str) -> None:
        ledger.remark(self._engine, **sent.step.job.key, detail=said)

    def _give_up(self, sent: Sent, why: str) -> None:
        self._open.pop(sent.source_id, None)
        self._done.given_up[sent.source_id] = why


@dataclass(frozen=True)
class _Own:
    """One that the run does itself. over: the future's own state is asked of Prefect's server."""

    source_id: str
    future: Any
    over: threading.Event = field(default_factory=threading.Event)

    def raised(self) -> object:
        """Also by Prefect itself, whose server may be gone."""
        try:
            return self.future.result(raise_on_failure=False)
        except Exception as error:
            return error


def _long(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes} phút" if minutes < 120 else f"{minutes // 60} giờ"


def _whom(by: Held) -> str:
    return str(by.holder or "một tiến trình không rõ tên")
