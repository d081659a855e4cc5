"""Reads what the quality page tells from the warehouse and from the files of counted dossiers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pandas as pd
from sqlalchemy import Engine

from contracts.codes import PartitionState
from contracts.errors import SourceError
from contracts.periods import Period, previous_period
from contracts.province import Province
from contracts.source_config import SourceConfig
from reporting.quality.inputs import LISTED_COLUMNS, Checked, QualityInput, Reporting, SourceQuality
from reporting.wording import cause_of
from warehouse import across, changes, comparisons, counted
from warehouse.ledger import Partition
from warehouse.read import Moment, one_moment

MOST_PERIODS = 8
_WARNED = ["address", "dossier_code", "agency_code", "warnings", "elsewhere"]


def gather(
    engine: Engine,
    *,
    province: Province,
    period: Period,
    as_of: date,
    sources: Sequence[SourceConfig],
    counted_root: Path,
    rates: Reporting | None = None,
    reconciled: pd.DataFrame | None = None,
) -> QualityInput:
    """The period as the ledger and the checks left it, and the periods of its kind before it. sources: those that
    answer for it. counted_root: where the dossiers behind the facts lie. Hold the period's run lock meanwhile."""
    with one_moment(engine) as stored:
        periods = _periods(stored, period)
        found = {p.id: _checked(stored, p) for p in periods}
        known = {p.source_id: p for p in stored.partitions(period.id)}
        findings = stored.findings(period.id, loaded_only=False)
        rejected = stored.rejected(period.id)
    ids = [s.id for s in sources]
    gathered = tuple(
        _source(
            engine,
            source,
            known.get(source.id),
            period=period,
            findings=findings[findings["source_id"] == source.id],
            rejected=rejected[rejected["source_id"] == source.id],
            counted_root=counted_root,
            trend=tuple(found[p.id].get(source.id) for p in periods),
        )
        for source in sources
    )
    return QualityInput(
        province=province,
        period=period,
        as_of=as_of,
        sources=gathered,
        periods=periods,
        elsewhere=_of(across.elsewhere(engine, period.id), ids),
        not_continued=_of(comparisons.continuity(engine, period.id), ids),
        deviations=comparisons.deviations(engine, period.id),
        changed=_that_stand(_of(changes.changes(engine, period.id), ids)),
        rates=rates,
        reconciled=reconciled,
    )


def _periods(stored: Moment, period: Period) -> tuple[Period, ...]:
    """From the oldest that the ledger knows, at most so many, to this one."""
    names = set(stored.period_ids())
    walked = [period]
    while len(walked) < MOST_PERIODS and (before := previous_period(walked[-1])):
        walked.append(before)
    while len(walked) > 1 and walked[-1].id not in names:
        walked.pop()
    return tuple(reversed(walked))


def _checked(stored: Moment, period: Period) -> dict[str, Checked]:
    """Source → how it stands in that period."""
    broken = stored.findings(period.id).groupby("source_id").size()
    found = {}
    for partition in stored.partitions(period.id):
        checked = Checked(period.id, partition.state)
        if checked.loaded:
            rows = (partition.rows, partition.accepted, partition.quarantined)
            checked = Checked(period.id, partition.state, *rows, int(broken.get(partition.source_id, 0)))
        found[partition.source_id] = checked
    return found


def _source(
    engine: Engine,
    source: SourceConfig,
    partition: Partition | None,
    *,
    period: Period,
    findings: pd.DataFrame,
    rejected: pd.DataFrame,
    counted_root: Path,
    trend: tuple[Checked | None, ...],
) -> SourceQuality:
    checked = partition is not None and _is_checked(partition)
    return SourceQuality(
        id=source.id,
        name=source.name,
        contact=source.contact,
        now=trend[-1] or Checked(period.id, PartitionState.EXPECTED),
        read_at=partition.extracted_at if partition and checked else None,
        error=cause_of(partition.error, source.name) if partition else "",
        checked=checked,
        rows_checked=partition.rows if partition and checked else None,
        findings=_of_newest(findings, partition) if checked else findings.iloc[:0],
        rejected=(rejected if checked else rejected.iloc[:0])[list(LISTED_COLUMNS)],
        warned=_warned(counted_root, partition),
        changes=changes.counts(engine, period.id, source.id),
        corrections=tuple(c for c in source.corrections if c.in_force(period.cut_off)),
        trend=trend,
    )


def _is_checked(partition: Partition) -> bool:
    """Whether findings and quarantine are of the newest attempt: its figures stand, or the check refused them."""
    refused = partition.state is PartitionState.FAILED and partition.quarantined is not None
    return partition.state is PartitionState.LOADED or (refused and partition.error_kind == SourceError.__name__)


def _of_newest(findings: pd.DataFrame, partition: Partition | None) -> pd.DataFrame:
    """Of figures that were refused nothing was compared: what is stored is of an attempt before."""
    stands = partition is not None and partition.state is PartitionState.LOADED
    return findings if stands else findings[~findings["rule_id"].str.startswith("continuity.")]


def _warned(counted_root: Path, partition: Partition | None) -> pd.DataFrame:
    """Accepted dossiers that break warnings; none where the file of counted dossiers is not there."""
    found = counted.read(counted_root, partition, _WARNED) if partition else None
    if found is None:
        return pd.DataFrame(columns=list(LISTED_COLUMNS), dtype="str")
    chosen = found[(found["warnings"].astype("str") != "") & (found["elsewhere"].astype("str") == "")]
    named = chosen.rename(columns={"warnings": "rules"}).assign(cells="")
    return named[list(LISTED_COLUMNS)].astype("str")


def _of(frame: pd.DataFrame, source_ids: Sequence[str]) -> pd.DataFrame:
    return frame[frame["source_id"].isin(source_ids)]


def _that_stand(noted: pd.DataFrame) -> pd.DataFrame:
    """Changes that are a matter still: what vanished and came back has not vanished, and what is new is none."""
    came_or_went = noted[noted["kind"].isin(["new", "vanished"])]
    last = came_or_went.drop_duplicates(["source_id", "dossier_code"], keep="last")
    gone = last.index[last["kind"] == "vanished"]
    return noted[noted.index.isin(gone) | ~noted["kind"].isin(["new", "vanished"])]
