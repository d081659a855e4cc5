"""One (source, period): land, validate, count, load. The unit of retry, replacement and distribution."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import Engine

from contracts import clock
from contracts.codes import Series
from contracts.errors import SourceError
from contracts.periods import Period, Span
from contracts.province import Province
from contracts.source_config import SourceConfig, digest
from sources.landing import Landing, land, landing_fingerprint, open_landing
from transforms.canonical import canonical_dossiers, canonical_pauses
from transforms.counts import facts_of
from warehouse import ledger, read, store
from warehouse.ledger import Partition

FORMULA_VERSION = "1"
"""Raise it when the same landing would give other facts: every partition is then counted again."""

_counting = (
    threading.Lock()
)  # Frames of several sources at once would only add up in memory: Python counts one at a time.


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
        """Changes when the same landing must be counted again."""
        counted = [self.source.meaning_fingerprint, self.province.policy_fingerprint, str(self.spans)]
        return digest([FORMULA_VERSION, *counted, self.before.load_fingerprint if self.before else None])


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


def last_landing(known: Partition) -> Landing:
    """The last good landing, checked against its manifest."""
    return open_landing(Path(str(known.landing_path)))


def count(engine: Engine, job: Job, landing: Landing, *, snapshot: date) -> None:
    """Validate a landing and replace the partition's facts, findings and quarantine by what it holds.

    Raises SourceError when more than the policy's share of rows would be left out; the findings stay to be read."""
    from expectations.dossiers import check_dossiers  # Great Expectations takes seconds to import
    from expectations.facts import check_facts

    with _counting:
        pauses = canonical_pauses(landing.table("pauses") if "pauses" in landing.rows else None, job.source)
        dossiers = canonical_dossiers(landing.table("dossiers"), job.source, job.province, pauses=pauses)
        verdict = check_dossiers(dossiers, pauses, province=job.province, snapshot=snapshot, source_id=job.source.id)
        accepted = dossiers[verdict.accepted]
        facts = facts_of(accepted, pauses, spans=job.spans, policy=job.province.file.policy)
        check_facts(facts)
        findings = pd.concat([verdict.findings, _continuity(engine, job, facts)], ignore_index=True)
    key: dict[str, Any] = {"period_id": job.period.id, "source_id": job.source.id}
    counts: dict[str, Any] = {"accepted": len(accepted), "quarantined": len(verdict.rejected)}
    ledger.mark_validated(engine, **key, **counts)
    if _too_many(job, **counts):
        store.replace_checks(engine, **key, findings=findings, rejected=verdict.rejected)
        raise _refusal(job, **counts)
    store.replace_partition(
        engine,
        **key,
        **counts,
        facts=facts,
        findings=findings,
        rejected=verdict.rejected,
        rows=len(dossiers),
        load_fingerprint=job.load_fingerprint,
        as_of=job.as_of,
    )


def _continuity(engine: Engine, job: Job, facts: pd.DataFrame) -> pd.DataFrame:
    """At most one finding: units whose carried-over dossiers are not what the period before left open."""
    from expectations.carried_over import continuity_finding

    known = [job.source.id] if job.before is not None and job.before.load_fingerprint is not None else []
    before = read.facts(engine, job.before.period_id if job.before else "", known, series=Series.FORMS)
    return continuity_finding(facts, before, on=job.period.cut_off)


def _too_many(job: Job, *, accepted: int, quarantined: int) -> bool:
    return quarantined > job.province.file.policy.quarantine_share * (accepted + quarantined)


def _refusal(job: Job, *, accepted: int, quarantined: int) -> SourceError:
    share = f"{job.province.file.policy.quarantine_share * 100:g}%".replace(".", ",")
    return SourceError(
        f"{job.source.name}: {quarantined} trong {accepted + quarantined} hồ sơ bị loại, quá mức cho phép {share}",
        source_id=job.source.id,
        advice=f"xem lý do: cchc export {job.period.id} --what findings --out loi.csv; sửa tại nguồn rồi chạy lại",
    )
