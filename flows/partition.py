"""One (source, period): land, validate, count, load. The unit of retry, replacement and distribution."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sources.landing import Landing, land, landing_fingerprint, open_landing
from sqlalchemy import Engine
from transforms.canonical import canonical_dossiers, canonical_pauses
from warehouse.ledger import Partition

from contracts.codes import Series
from contracts.errors import SourceError
from contracts.periods import Period, Span
from contracts.province import Province
from contracts.source_config import SourceConfig, digest
from transforms.counts import facts_of
from warehouse import ledger, store

FORMULA_VERSION = "1"
"""Raise it when the same landing would give other facts: every partition is then counted again."""

_counting = (
    threading.Lock()
)  # Frames of several sources at once would only add up in memory: Python counts one at a time.


@dataclass(frozen=True)
class Job:
    """What one partition's work needs; everything in it can be sent to another process."""

    province: Province
    source: SourceConfig
    period: Period
    as_of: date
    landing_root: Path

    @property
    def spans(self) -> dict[Series, Span]:
        return self.period.spans(self.as_of)

    @property
    def load_fingerprint(self) -> str:
        """Changes when the same landing must be counted again."""
        return digest(
            [FORMULA_VERSION, self.source.meaning_fingerprint, self.province.policy_fingerprint, str(self.spans)]
        )


def extract(engine: Engine, job: Job) -> Landing:
    """Read the source and land what it gave; tell the ledger."""
    landing = land(job.source, job.period, root=job.landing_root)
    ledger.mark_landed(
        engine,
        job.period.id,
        job.source.id,
        landing_id=landing.id,
        landing_path=str(landing.folder),
        extracted_at=landing.extracted_at,
        rows=landing.rows["dossiers"],
        extract_fingerprint=landing_fingerprint(job.source, job.period),
    )
    return landing


def last_landing(known: Partition) -> Landing:
    """The last good landing, checked against its manifest."""
    return open_landing(Path(str(known.landing_path)))


def count(engine: Engine, job: Job, landing: Landing, *, snapshot: date) -> None:
    """Validate a landing and replace the partition's facts, findings and quarantine by what it holds.

    Raises SourceError when more than the policy's share of rows would be left out."""
    from expectations.dossiers import check_dossiers
    from expectations.facts import check_facts

    with _counting:
        pauses = canonical_pauses(landing.table("pauses") if "pauses" in landing.rows else None, job.source)
        dossiers = canonical_dossiers(landing.table("dossiers"), job.source, job.province, pauses=pauses)
        verdict = check_dossiers(dossiers, pauses, province=job.province, snapshot=snapshot)
        facts = facts_of(dossiers[verdict.accepted], pauses, spans=job.spans, policy=job.province.file.policy)
        check_facts(facts)
    accepted, quarantined = int(verdict.accepted.sum()), len(verdict.rejected)
    ledger.mark_validated(engine, job.period.id, job.source.id, accepted=accepted, quarantined=quarantined)
    _refuse_large_quarantine(job, rows=len(dossiers), quarantined=quarantined)
    store.replace_partition(
        engine,
        period_id=job.period.id,
        source_id=job.source.id,
        facts=facts,
        findings=verdict.findings,
        rejected=verdict.rejected,
        rows=len(dossiers),
        accepted=accepted,
        quarantined=quarantined,
        load_fingerprint=job.load_fingerprint,
        as_of=job.as_of,
    )


def _refuse_large_quarantine(job: Job, *, rows: int, quarantined: int) -> None:
    share = job.province.file.policy.quarantine_share
    if rows and quarantined / rows > share:
        raise SourceError(
            f"{quarantined} trong {rows} hồ sơ bị loại, quá mức cho phép {share:.0%}".replace("%", " %"),
            source_id=job.source.id,
            advice=f"xem lỗi: cchc export {job.period.id} --what findings --out loi.csv; sửa tại nguồn rồi chạy lại",
        )
