"""Counting a landing: corrected, checked, counted, and put in the place of what stood before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from sqlalchemy import Engine

from contracts.codes import Series
from contracts.columns import OPEN
from contracts.errors import SourceError
from flows import across, drift
from flows.job import Job, one_at_a_time
from flows.neighbour import neighbour
from sources.landing import Landing
from transforms.canonical import canonical_dossiers, canonical_pauses, unknown_statuses
from transforms.corrections import corrected
from transforms.counted import COLUMNS, counted_dossiers
from transforms.counts import facts_of
from transforms.durations import durations_of
from warehouse import changes, counted, ledger, read, store

if TYPE_CHECKING:
    from expectations.verdict import Verdict


@dataclass(frozen=True)
class _Counted:
    """What a landing comes to. rejected: the verdict's, with the cells that a person looks at. dossiers: those behind
    the facts, and those that other sources count. corrections: how many were applied, and unused."""

    verdict: Verdict
    rejected: pd.DataFrame
    facts: pd.DataFrame
    durations: pd.DataFrame
    dossiers: pd.DataFrame
    corrections: dict[str, int]


def count(engine: Engine, job: Job, landing: Landing, *, snapshot: date) -> None:
    """Validate a landing and replace the partition's facts, findings and quarantine by what it holds.

    Raises SourceDrift for a status that nobody has explained, and SourceError for a correction out of date, where the
    period before is made anew meanwhile, or when more than the policy's share of rows would be left out; then the
    findings stay to be read. Raises AttemptOver where another process has begun the source anew."""
    shared = across.shared_with_others(engine, job)
    with one_at_a_time:
        found = _counted(job, landing, snapshot=snapshot, elsewhere=shared.elsewhere)
        before = _facts_before(engine, job)
        _check_not_emptied(job, len(found.verdict.accepted), before)
        checks: dict[str, Any] = {"findings": _findings(engine, job, found, before), "rejected": found.rejected}
    accepted = found.verdict.accepted
    counts: dict[str, Any] = {"accepted": int(accepted.sum()), "quarantined": len(found.rejected)}
    ledger.mark_validated(engine, **job.key, **counts, attempt=job.attempt)
    wrong = len(found.rejected) - int(found.verdict.left.sum())  # what another source counts is no mistake of the data
    if wrong > job.province.file.policy.quarantine_share * len(accepted):
        store.replace_checks(engine, **job.key, **checks, attempt=job.attempt)
        raise _refusal(job, wrong=wrong, rows=len(accepted))
    stands: dict[str, Any] = {"load_fingerprint": job.load_fingerprint, "across": shared.digest}
    counted.write(_dossiers_file(engine, job, landing, stands), found.dossiers, as_of=job.as_of)
    figures: dict[str, Any] = {"facts": found.facts, "durations": found.durations, "rows": len(accepted)}
    made: dict[str, Any] = {"as_of": job.as_of, "attempt": job.attempt}
    store.replace_partition(engine, **job.key, **counts, **checks, **stands, **figures, **made)
    stood = ledger.partition(engine, **job.key)
    if job.attempt in {None, stood.attempt}:  # otherwise a newer file may lie there already
        counted.keep_only(job.counted_root, stood)


def _dossiers_file(engine: Engine, job: Job, landing: Landing, stands: Mapping[str, Any]) -> Path:
    """Named after the landing that was counted, and not after the one that the ledger names by now: of a process that
    was overtaken that would be the other one's file."""
    known = ledger.partition(engine, **job.key)
    ledger.check_attempt(known, job.attempt)
    return counted.file_of(job.counted_root, replace(known, landing_id=landing.id, **stands))


def _counted(job: Job, landing: Landing, *, snapshot: date, elsewhere: Mapping[str, str]) -> _Counted:
    """The verdict on every landed row, and the facts of those accepted. The frames end here: a large source's are
    the most memory that a run ever takes."""
    from expectations.cells import cells_of  # Great Expectations takes seconds to import
    from expectations.dossiers import check_dossiers
    from expectations.evaluated import check_all_evaluated
    from expectations.facts import check_facts

    mended = corrected(landing.table("dossiers"), job.source, cut_off=job.period.cut_off)
    drift.check_statuses(job.source, unknown_statuses(mended.table, job.source))
    pauses = canonical_pauses(landing.table("pauses") if "pauses" in landing.rows else None, job.source)
    dossiers = canonical_dossiers(mended.table, job.source, job.province, pauses=pauses)
    corrections = {"applied": mended.applied, "unused": mended.unused}
    del mended
    verdict = check_dossiers(
        dossiers,
        pauses,
        province=job.province,
        snapshot=snapshot,
        cut_off=job.period.cut_off,
        source_id=job.source.id,
        responsibility=job.source.responsibility,
        elsewhere=elsewhere,
    )
    unparsed = dossiers.loc[~verdict.accepted, "unparsed"]
    places = landing.places.get("dossiers", {})
    cells = cells_of(verdict.rejected, unparsed, table=job.source.tables["dossiers"], places=places)
    kept = verdict.accepted | verdict.left
    accepted = dossiers.loc[kept, list(COLUMNS)]
    del dossiers
    rules: dict[str, Any] = {"spans": job.spans, "policy": job.province.file.policy}
    counts_here = accepted[verdict.accepted[kept]] if verdict.left.any() else accepted
    facts = facts_of(counts_here, pauses, **rules, calendar=job.calendar)
    durations = durations_of(counts_here, pauses, **rules, calendar=job.calendar)
    del counts_here
    check_all_evaluated(verdict.evaluated + check_facts(facts))
    others = _counted_by(accepted["dossier_code"], elsewhere, left=verdict.left[kept])
    listed = counted_dossiers(accepted, pauses, **rules, warnings=verdict.warnings[kept], elsewhere=others)
    return _Counted(verdict, verdict.rejected.assign(cells=cells), facts, durations, listed, corrections)


def _counted_by(codes: pd.Series, elsewhere: Mapping[str, str], *, left: pd.Series) -> pd.Series:
    """The source that counts each dossier instead; "" for those that count here."""
    categories = pd.Index(["", *sorted({*elsewhere.values()} - {""})])
    none = pd.Categorical.from_codes(np.zeros(len(codes), dtype=np.int8), categories)
    said = pd.Series(none, codes.index)
    said[left] = codes[left].astype("str").map(dict(elsewhere))
    return said


def _findings(engine: Engine, job: Job, found: _Counted, before: pd.DataFrame) -> pd.DataFrame:
    """What the rules found, then what the period before, the landings before and the corrections tell."""
    from expectations.carried_over import continuity_finding
    from expectations.notices import correction_findings, history_findings

    on = job.period.cut_off
    told = (
        found.verdict.findings,
        continuity_finding(found.facts, before, on=on),
        history_findings(changes.counts(engine, **job.key), on=on),
        correction_findings(**found.corrections, on=on),
    )
    return pd.concat(told, ignore_index=True)


def _facts_before(engine: Engine, job: Job) -> pd.DataFrame:
    """The forms' facts of the same source in the period before; none where they do not stand as of its cut-off. Raises
    SourceError where they are not those any more that stood when work on the source began: none at all, perhaps, with
    which nothing would be compared, while the figures would be taken for compared."""
    known = [job.source.id] if job.before is not None and job.before.load_fingerprint is not None else []
    found = read.facts(engine, job.before.period_id if job.before else "", known, series=Series.FORMS)
    if known and job.before is not None:
        now = neighbour(engine, job.province, job.period, job.source.id)
        if now != job.before:
            raise _made_anew(job, job.before.period_id)
    return found


def _made_anew(job: Job, before: str) -> SourceError:
    return SourceError(
        f"{job.source.name}: kỳ trước ({before}) của nguồn này vừa được làm lại trong khi tính, chưa so được hồ sơ "
        "chuyển sang",
        source_id=job.source.id,
        advice=f"chờ kỳ {before} chạy xong rồi chạy lại: cchc rerun {job.period.id} --source {job.source.id}",
    )


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


def _refusal(job: Job, *, wrong: int, rows: int) -> SourceError:
    said = f"{wrong:,} trong {rows:,}".replace(",", ".")
    share = f"{job.province.file.policy.quarantine_share * 100:g}%".replace(".", ",")
    return SourceError(
        f"{job.source.name}: {said} hồ sơ bị loại, quá mức cho phép {share}",
        source_id=job.source.id,
        advice=f"xem lý do: cchc quarantine list {job.period.id}; sửa tại nguồn rồi chạy lại",
    )
