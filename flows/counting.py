"""Counting a landing: corrected, checked, counted, and put in the place of what stood before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd
from sqlalchemy import Engine

from contracts.codes import Series
from contracts.columns import OPEN
from contracts.errors import SourceError
from flows import drift
from flows.job import Job, one_at_a_time
from sources.landing import Landing
from transforms.canonical import canonical_dossiers, canonical_pauses, unknown_statuses
from transforms.corrections import Corrected, corrected
from transforms.counts import COLUMNS, facts_of
from warehouse import changes, ledger, read, store

if TYPE_CHECKING:
    from expectations.verdict import Verdict


@dataclass(frozen=True)
class _Counted:
    """What a landing comes to. rejected: the verdict's, with the cells that a person looks at."""

    verdict: Verdict
    rejected: pd.DataFrame
    facts: pd.DataFrame
    corrections: Corrected


def count(engine: Engine, job: Job, landing: Landing, *, snapshot: date) -> None:
    """Validate a landing and replace the partition's facts, findings and quarantine by what it holds.

    Raises SourceDrift for a status that nobody has explained, and SourceError for a correction out of date, or when
    more than the policy's share of rows would be left out; then the findings stay to be read."""
    with one_at_a_time:
        counted = _counted(job, landing, snapshot=snapshot)
        before = _facts_before(engine, job)
        _check_not_emptied(job, len(counted.verdict.accepted), before)
        checks: dict[str, Any] = {"findings": _findings(engine, job, counted, before), "rejected": counted.rejected}
    accepted = counted.verdict.accepted
    counts: dict[str, Any] = {"accepted": int(accepted.sum()), "quarantined": len(counted.rejected)}
    ledger.mark_validated(engine, **job.key, **counts)
    if _too_many(job, **counts):
        store.replace_checks(engine, **job.key, **checks)
        raise _refusal(job, **counts)
    store.replace_partition(
        engine,
        **job.key,
        **counts,
        **checks,
        facts=counted.facts,
        rows=len(accepted),
        load_fingerprint=job.load_fingerprint,
        as_of=job.as_of,
    )


def _counted(job: Job, landing: Landing, *, snapshot: date) -> _Counted:
    """The verdict on every landed row, and the facts of those accepted. The frames end here: a large source's are
    the most memory that a run ever takes."""
    from expectations.cells import cells_of  # Great Expectations takes seconds to import
    from expectations.dossiers import check_dossiers
    from expectations.facts import check_facts

    mended = corrected(landing.table("dossiers"), job.source, cut_off=job.period.cut_off)
    drift.check_statuses(job.source, unknown_statuses(mended.table, job.source))
    pauses = canonical_pauses(landing.table("pauses") if "pauses" in landing.rows else None, job.source)
    dossiers = canonical_dossiers(mended.table, job.source, job.province, pauses=pauses)
    verdict = check_dossiers(
        dossiers,
        pauses,
        province=job.province,
        snapshot=snapshot,
        cut_off=job.period.cut_off,
        source_id=job.source.id,
        responsibility=job.source.responsibility,
    )
    unparsed = dossiers.loc[~verdict.accepted, "unparsed"]
    places = landing.places.get("dossiers", {})
    cells = cells_of(verdict.rejected, unparsed, table=job.source.tables["dossiers"], places=places)
    accepted = dossiers.loc[verdict.accepted, list(COLUMNS)]
    del dossiers
    facts = facts_of(accepted, pauses, spans=job.spans, policy=job.province.file.policy)
    check_facts(facts)
    return _Counted(verdict, verdict.rejected.assign(cells=cells), facts, mended)


def _findings(engine: Engine, job: Job, counted: _Counted, before: pd.DataFrame) -> pd.DataFrame:
    """What the rules found, then what the period before, the landings before and the corrections tell."""
    from expectations.carried_over import continuity_finding
    from expectations.notices import correction_findings, history_findings

    on, mended = job.period.cut_off, counted.corrections
    found = (
        counted.verdict.findings,
        continuity_finding(counted.facts, before, on=on),
        history_findings(changes.counts(engine, **job.key), on=on),
        correction_findings(applied=mended.applied, unused=mended.unused, on=on),
    )
    return pd.concat(found, ignore_index=True)


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
