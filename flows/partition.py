"""One (source, period): land, validate, count, load. The unit of retry, replacement and distribution."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from sqlalchemy import Engine

from contracts import clock
from contracts.codes import PartitionState, Series
from contracts.columns import OPEN
from contracts.errors import SourceError
from contracts.periods import Period, Span
from contracts.province import Province
from contracts.source_config import SourceConfig, digest
from contracts.table_spec import SENT_FILES
from sources.landing import Landing, land, landing_fingerprint, open_landing
from sources.reader import probe
from transforms.canonical import canonical_dossiers, canonical_pauses
from transforms.counts import COLUMNS, facts_of
from warehouse import ledger, read, store
from warehouse.ledger import Partition

if TYPE_CHECKING:
    from expectations.verdict import Verdict

FORMULA_VERSION = "1"
"""Raise it when the same landing would give other facts: every partition is then counted again."""

# Frames of several sources at once would only add up in memory: Python counts one at a time.
_counting = threading.Lock()


class Action(StrEnum):
    EXTRACT = "extract"  # read the source, then count
    COUNT = "count"  # count again from the last landing
    KEEP = "keep"  # nothing changed; ask only whether the source still answers


@dataclass(frozen=True)
class Neighbour:
    """The same source in the adjacent period before, whose open dossiers must be carried over into this one."""

    period_id: str
    load_fingerprint: str | None


@dataclass(frozen=True)
class Job:
    """What one partition's work needs; everything in it can be sent to another process."""

    province: Province
    source: SourceConfig
    period: Period
    as_of: date
    landing_root: Path
    before: Neighbour | None = None

    @property
    def spans(self) -> dict[Series, Span]:
        return self.period.spans(self.as_of)

    @property
    def load_fingerprint(self) -> str:
        """Changes when the same landing must be counted again. Begins with the province's counting fingerprint."""
        counted = [self.source.meaning_fingerprint, self.province.policy_fingerprint, str(self.spans)]
        all_else = digest([FORMULA_VERSION, *counted, self.before.load_fingerprint if self.before else None])
        return f"{self.province.counting_fingerprint}-{all_else}"


def extract(engine: Engine, job: Job) -> Landing:
    """Read the source and land what it gave; tell the ledger."""
    began = clock.now()
    landing = land(job.source, job.period, root=job.landing_root)
    ledger.mark_landed(
        engine,
        job.period.id,
        job.source.id,
        landing_id=landing.id,
        landing_path=str(landing.folder),
        extracted_at=began,
        rows=landing.rows["dossiers"],
        extract_fingerprint=landing_fingerprint(job.source, job.period),
    )
    return landing


def still_to_do(job: Job, known: Partition) -> Action:
    """What is left to do for a source whose figures stood: it must answer, and hold its columns. A workbook is read
    again, which costs no more than asking: a corrected one may lie there under the same name."""
    probe(job.source)
    if job.source.kind in SENT_FILES:
        landing = land(job.source, job.period, root=job.landing_root)
        if landing.id != known.landing_id:
            return Action.EXTRACT
    # Where the try before found no answer, it has marked the partition failed, though its landing is good.
    return Action.KEEP if known.state is PartitionState.LOADED else Action.COUNT


def last_landing(job: Job, known: Partition) -> Landing:
    """The last good landing, checked against its manifest. Raises SourceError where it answers another question than
    the source is asked now."""
    if known.extract_fingerprint != landing_fingerprint(job.source, job.period):
        raise SourceError(
            f"{job.source.name}: cấu hình đọc nguồn đã đổi từ lần trích xuất trước",
            source_id=job.source.id,
            advice=f"đọc lại: cchc rerun {job.period.id} --source {job.source.id}",
        )
    return open_landing(Path(str(known.landing_path)))


def count(engine: Engine, job: Job, landing: Landing, *, snapshot: date) -> None:
    """Validate a landing and replace the partition's facts, findings and quarantine by what it holds.

    Raises SourceError when more than the policy's share of rows would be left out; the findings stay to be read."""
    from expectations.carried_over import continuity_finding  # Great Expectations takes seconds to import

    with _counting:
        verdict, facts = _checked_and_counted(job, landing, snapshot=snapshot)
        before = _facts_before(engine, job)
        _check_not_emptied(job, len(verdict.accepted), before)
        continuity = continuity_finding(facts, before, on=job.period.cut_off)
        findings = pd.concat([verdict.findings, continuity], ignore_index=True)
    key: dict[str, Any] = {"period_id": job.period.id, "source_id": job.source.id}
    counts: dict[str, Any] = {"accepted": int(verdict.accepted.sum()), "quarantined": len(verdict.rejected)}
    ledger.mark_validated(engine, **key, **counts)
    if _too_many(job, **counts):
        store.replace_checks(engine, **key, findings=findings, rejected=verdict.rejected.assign(cells=""))
        raise _refusal(job, **counts)
    store.replace_partition(
        engine,
        **key,
        **counts,
        facts=facts,
        findings=findings,
        rejected=verdict.rejected.assign(cells=""),
        rows=len(verdict.accepted),
        load_fingerprint=job.load_fingerprint,
        as_of=job.as_of,
    )


def _checked_and_counted(job: Job, landing: Landing, *, snapshot: date) -> tuple[Verdict, pd.DataFrame]:
    """The verdict on every landed row, and the facts of those accepted. The frames end here: a large source's are
    the most memory that a run ever takes."""
    from expectations.dossiers import check_dossiers
    from expectations.facts import check_facts

    pauses = canonical_pauses(landing.table("pauses") if "pauses" in landing.rows else None, job.source)
    dossiers = canonical_dossiers(landing.table("dossiers"), job.source, job.province, pauses=pauses)
    verdict = check_dossiers(
        dossiers,
        pauses,
        province=job.province,
        snapshot=snapshot,
        cut_off=job.period.cut_off,
        source_id=job.source.id,
    )
    accepted = dossiers.loc[verdict.accepted, list(COLUMNS)]
    del dossiers
    facts = facts_of(accepted, pauses, spans=job.spans, policy=job.province.file.policy)
    check_facts(facts)
    return verdict, facts


def _facts_before(engine: Engine, job: Job) -> pd.DataFrame:
    """The forms' facts of the same source in the period before; none where they do not stand as of its cut-off."""
    known = [job.source.id] if job.before is not None and job.before.load_fingerprint is not None else []
    return read.facts(engine, job.before.period_id if job.before else "", known, series=Series.FORMS)


def _check_not_emptied(job: Job, rows: int, before: pd.DataFrame) -> None:
    """Raises SourceError where nothing was read though dossiers must have been carried over: a table that was emptied
    or is not filled yet would be a report of zeros."""
    left = int(before[list(OPEN)].to_numpy().sum())
    if not rows and left:
        raise SourceError(
            f"{job.source.name}: không đọc được hồ sơ nào, trong khi cuối kỳ trước còn {left} hồ sơ đang giải quyết",
            source_id=job.source.id,
            advice="hỏi đơn vị quản lý nguồn xem dữ liệu có bị mất hoặc chưa được nạp không, rồi chạy lại",
        )


def _too_many(job: Job, *, accepted: int, quarantined: int) -> bool:
    return quarantined > job.province.file.policy.quarantine_share * (accepted + quarantined)


def _refusal(job: Job, *, accepted: int, quarantined: int) -> SourceError:
    share = f"{job.province.file.policy.quarantine_share * 100:g}%".replace(".", ",")
    return SourceError(
        f"{job.source.name}: {quarantined} trong {accepted + quarantined} hồ sơ bị loại, quá mức cho phép {share}",
        source_id=job.source.id,
        advice=f"xem lý do: cchc export {job.period.id} --what findings --out loi.csv; sửa tại nguồn rồi chạy lại",
    )
