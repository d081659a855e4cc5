"""One (source, period): what is read of it, and what is left to do. The unit of retry, replacement and distribution."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from contracts.codes import PartitionState
from contracts.errors import SourceError
from contracts.table_spec import SENT_FILES
from flows import changes, drift
from flows.job import Action, Job
from sources.landing import Landing, land, landing_fingerprint, open_landing
from sources.reader import Schema, probe
from warehouse import ledger
from warehouse.ledger import Partition


def extract(engine: Engine, job: Job) -> Landing:
    """Read the source, where its structure is the accepted one, and land what it gave; note what changed since the
    landing before, and tell the ledger."""
    known = ledger.partition(engine, **job.key)
    root, afresh = job.landing_root, job.afresh
    landing = land(job.source, job.period, root=root, check=lambda said: _check(engine, job, said), afresh=afresh)
    _check_clock(job, landing)
    changed = changes.since(engine, job, before=known, landing=landing, read_on=landing.extracted_at.date())
    ledger.mark_landed(
        engine,
        **job.key,
        landing_id=landing.id,
        landing_path=str(landing.folder),
        extracted_at=landing.extracted_at,
        rows=landing.rows["dossiers"],
        extract_fingerprint=landing_fingerprint(job.source, job.period),
        attempt=job.attempt,
        beside=changed,
    )
    return landing


def _check_clock(job: Job, landing: Landing) -> None:
    """A run is of a day that has come. What it read before that day it read by a clock that was set back meanwhile, and
    dossiers of the days between would be taken for dated in the future. Raises SourceError."""
    read_on = landing.extracted_at.date()
    if read_on < job.as_of:
        raise SourceError(
            f"{job.source.name}: đồng hồ máy đã bị chỉnh lùi trong khi chạy: bản đọc được ghi ngày {read_on:%d/%m/%Y}, "
            f"trước ngày chốt {job.as_of:%d/%m/%Y}",
            source_id=job.source.id,
            advice=f"chỉnh lại đồng hồ rồi chạy lại: cchc run {job.period.id}",
        )


def still_to_do(engine: Engine, job: Job, known: Partition) -> Action:
    """What is left to do for a source whose figures stood: it must answer, and look as it did. A workbook is read
    again, which costs no more than asking: a corrected one may lie there under the same name."""
    if job.source.kind in SENT_FILES:
        landing = land(job.source, job.period, root=job.landing_root, check=lambda schema: _check(engine, job, schema))
        if landing.id != known.landing_id:
            return Action.EXTRACT
    else:
        _check(engine, job, probe(job.source))
    # Where the try before found no answer, it has marked the partition failed, though its landing is good.
    return Action.KEEP if known.state is PartitionState.LOADED else Action.COUNT


def _check(engine: Engine, job: Job, schema: Schema) -> None:
    """Raises SourceDrift; what else changed stands in the ledger's history."""
    for said in drift.check(engine, job.source, schema):
        ledger.remark(engine, **job.key, detail=f"{drift.TOLD}{said}")


def last_landing(job: Job, known: Partition) -> Landing:
    """The last good landing, checked against its manifest. Raises SourceError where it answers another question than
    the source is asked now, or was counted with a correction that has been taken out."""
    changed = ""
    if known.extract_fingerprint != landing_fingerprint(job.source, job.period):
        changed = "cấu hình đọc nguồn đã đổi từ lần trích xuất trước"
    elif job.lacks_correction(known.load_fingerprint):
        changed = "đã bỏ một đính chính, mà chưa xem nguồn đã sửa hay chưa"
    if changed:
        raise SourceError(
            f"{job.source.name}: {changed}",
            source_id=job.source.id,
            advice=f"đọc lại: cchc rerun {job.period.id} --source {job.source.id}",
        )
    return open_landing(Path(str(known.landing_path)))
