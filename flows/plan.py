"""What is missing or changed: for each source of a period, whether to read it, count it again, or leave it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts import clock
from contracts.codes import PartitionState
from contracts.table_spec import SENT_FILES
from flows.job import Action, Job
from flows.place import Place
from flows.read_ahead import is_ahead, noted
from sources.landing import is_landed, landing_fingerprint
from warehouse import ledger
from warehouse.ledger import Partition

REASONS = {
    "asked": "được yêu cầu đọc lại",
    "never": "chưa có số liệu",
    "failed": "lần trước lỗi",
    "early": "lần đọc trước chưa qua hết ngày chốt",
    "changed": "cấu hình đọc nguồn đã đổi",
    "ahead": "lần trước đọc khi đồng hồ máy chạy sai",
    "meaning": "cách tính, ngày chốt hoặc bảng mã đã đổi",
    "mended": "đã bỏ đính chính, phải xem nguồn đã sửa chưa",
    "unfinished": "lần chạy trước dừng giữa chừng",
    "shared": "có hồ sơ chung với nguồn khác",
    "same": "đã có số liệu; cách đọc và cách tính không đổi",
}


GOES_ON = frozenset({"never", "failed", "unfinished"})
"""Reasons to read for which what a broken extract has read may serve, where it is of minutes ago: whoever asks by name
asks for what the system holds now."""


ACTION_WORDS = {
    Action.EXTRACT: "đọc",
    Action.COUNT: "tính lại",
    Action.KEEP: "giữ, chỉ hỏi nguồn còn trả lời không",
}
"""What will be done, behind «sẽ»; in the order in which it is told."""


@dataclass(frozen=True)
class Step:
    """What will be done to one source, and why (a key of REASONS)."""

    job: Job
    known: Partition
    action: Action
    why: str

    @property
    def reason(self) -> str:
        return REASONS[self.why]

    @property
    def words(self) -> dict[str, Any]:
        """What a task or a process of the work pool is told of it, beside the place."""
        return {"source": self.job.source.id, "action": self.action.value, "afresh": self.why not in GOES_ON}


def plan(place: Place, *, only: Sequence[str] | None = None, fresh: bool = False) -> list[Step]:
    """What a run would do, source by source.

    only: the sources to look at, all of them if None. The others are neither asked nor read; but those that were
    counted in another way than now are counted again, for one report has one way of counting."""
    engine = place.open_warehouse()
    sources = place.sources()
    ledger.expect(engine, place.period.id, [s.id for s in sources])
    known = {p.source_id: p for p in ledger.partitions(engine, place.period.id)}
    wrong_clock, steps = noted(engine, place.period.id), []
    for source in sources:
        job = place.job(engine, source)
        if only is None or source.id in only:
            steps.append(plan_step(job, known[source.id], fresh=fresh, wrong_clock=source.id in wrong_clock))
        elif _counted_otherwise(job, known[source.id]):
            steps.append(Step(job, known[source.id], Action.COUNT, "meaning"))
    return steps


def told(steps: Sequence[Step]) -> Iterator[tuple[Action, str, list[Step]]]:
    """What will be done, why, and to which sources; each what and why once."""
    for action in ACTION_WORDS:
        for reason in dict.fromkeys(s.reason for s in steps if s.action is action):
            yield action, reason, [s for s in steps if s.action is action and s.reason == reason]


def not_loaded(place: Place) -> list[str]:
    """Sources whose figures do not stand: failed, not received, stopped on the way or never read."""
    known = ledger.partitions(place.open_warehouse(), place.period.id)
    loaded = {p.source_id for p in known if p.state is PartitionState.LOADED}
    return [s for s in place.province.source_ids_for(place.period) if s not in loaded]


def plan_step(job: Job, known: Partition, *, fresh: bool, wrong_clock: bool = False) -> Step:
    """Decide for one partition; `fresh` asks for a new extract whatever is there. wrong_clock: it was noted that the
    clock ran ahead when it was read."""
    action, why = _decide(job, known, fresh=fresh, wrong_clock=wrong_clock)
    return Step(job, known, action, why)


def _decide(job: Job, known: Partition, *, fresh: bool, wrong_clock: bool) -> tuple[Action, str]:
    if fresh:
        return Action.EXTRACT, "asked"
    if known.landing_path is None or not is_landed(Path(known.landing_path)):
        return Action.EXTRACT, "never"
    if known.state in {PartitionState.FAILED, PartitionState.NOT_RECEIVED}:
        return Action.EXTRACT, "failed"
    if known.extract_fingerprint != landing_fingerprint(job.source, job.period):
        return Action.EXTRACT, "changed"
    if wrong_clock or is_ahead(known.extracted_at, clock.now()):
        return Action.EXTRACT, "ahead"
    if _read_too_early(job, known):
        return Action.EXTRACT, "early"
    if job.lacks_correction(known.load_fingerprint):
        return Action.EXTRACT, "mended"
    if known.state is PartitionState.EXPECTED:  # a run was stopped while it read; what lies there is older
        return Action.EXTRACT, "unfinished"
    if known.state is not PartitionState.LOADED:
        return Action.COUNT, "unfinished"
    if _counted_otherwise(job, known):  # a workbook may have been corrected since, and is as quickly read
        return (Action.EXTRACT if job.source.kind in SENT_FILES else Action.COUNT), "meaning"
    return Action.KEEP, "same"


def _counted_otherwise(job: Job, known: Partition) -> bool:
    """Whether the facts that stand were counted by other rules, maps or days than are in force now."""
    return known.state is PartitionState.LOADED and known.load_fingerprint != job.load_fingerprint


def _read_too_early(job: Job, known: Partition) -> bool:
    """A landing taken on or before the last day that counts does not hold that whole day."""
    last_day = max(span.last_day for span in job.spans.values())
    assert known.extracted_at is not None
    read_on = known.extracted_at.date()
    return read_on <= last_day and clock.today() > read_on
