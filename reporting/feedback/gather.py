"""Reads from the warehouse what goes back to the owner of one source."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import pandas as pd
from sqlalchemy import Engine

from contracts.codes import PartitionState
from contracts.comparisons import CARRIED_OVER, UNUSUAL_CHANGE
from contracts.errors import SourceError
from contracts.periods import Period
from contracts.province import Province
from contracts.source_config import SourceConfig
from reporting.feedback.findings import (
    CHANGE_COLUMNS,
    ENTRY_COLUMNS,
    HISTORY,
    Feedback,
    Outcome,
    in_order,
)
from warehouse import across, changes, comparisons, counted, ledger, read
from warehouse.ledger import Event, Partition

_DAYS = ("received_date", "due_date", "end_date")


def gather(
    engine: Engine,
    *,
    province: Province,
    period: Period,
    source: SourceConfig,
    sources: Iterable[SourceConfig],
    counted_root: Path,
) -> Feedback:
    """sources: all of the period, for their names. counted_root: where the dossiers behind the facts lie.

    Raises CriticalCheckError where what is stored contradicts itself. Hold the period's run lock meanwhile."""
    known = {p.source_id: p for p in ledger.partitions(engine, period.id)}.get(source.id)
    outcome = _outcome(known)
    is_checked = outcome is not Outcome.MISSING
    warned = _warned(counted_root, known) if is_checked and known else None
    rejected = _rejected(engine, period, source) if is_checked else _no_entries()
    parts = [rejected] if warned is None else [rejected, warned]
    return Feedback(
        province=province,
        period=period,
        source=source,
        sources={s.id: s.name for s in sources},
        outcome=outcome,
        partition=known,
        since=None if is_checked else _since(ledger.history(engine, period.id, source.id)),
        findings=in_order(_findings(engine, period, source, outcome)) if is_checked else (),
        entries=_by_rule(pd.concat(parts, ignore_index=True)),
        changes=_changes(engine, period, source) if is_checked else pd.DataFrame(columns=list(CHANGE_COLUMNS)),
        continuity=comparisons.continuity(engine, period.id, source.id if outcome is Outcome.COUNTED else ""),
        deviations=_deviations(engine, province, period, source if outcome is Outcome.COUNTED else None),
        warned=None if warned is None else len(warned),
    )


def _outcome(known: Partition | None) -> Outcome:
    """A source that failed after it was checked, by the check's own verdict, has findings of that attempt."""
    if known is None:
        return Outcome.MISSING
    if known.state is PartitionState.LOADED:
        return Outcome.COUNTED
    checked = known.state is PartitionState.FAILED and known.quarantined is not None
    return Outcome.REFUSED if checked and known.error_kind == SourceError.__name__ else Outcome.MISSING


def _since(history: list[Event]) -> datetime | None:
    """When the first attempt failed after which none succeeded."""
    since = None
    for event in history:
        if event.state is PartitionState.LOADED:
            since = None
        elif since is None and event.state in {PartitionState.FAILED, PartitionState.NOT_RECEIVED}:
            since = event.at
    return since


def _findings(engine: Engine, period: Period, source: SourceConfig, outcome: Outcome) -> pd.DataFrame:
    """Of the newest check. Where its figures were refused, what was compared are those of an attempt before."""
    found = read.findings(engine, period.id, loaded_only=False)
    ours = found[(found["source_id"] == source.id) & (found["rows"] > 0)]
    return ours if outcome is Outcome.COUNTED else ours[~ours["rule_id"].str.startswith("continuity.")]


def _no_entries() -> pd.DataFrame:
    return pd.DataFrame(columns=[*ENTRY_COLUMNS[1:], "rules"])


def _rejected(engine: Engine, period: Period, source: SourceConfig) -> pd.DataFrame:
    """One row a row in quarantine, with the rules that it breaks."""
    found = read.rejected(engine, period.id, source.id)
    left = across.elsewhere(engine, period.id, source.id)
    where = dict(zip(left["dossier_code"], left["elsewhere"], strict=True))
    rows = found.assign(elsewhere=found["dossier_code"].map(where), rejected=True)
    for name in _DAYS:
        rows[name] = _days(pd.Series(pd.NaT, index=rows.index))
    return rows.drop(columns="source_id")


def _warned(root: Path, known: Partition) -> pd.DataFrame | None:
    """One row a row that counts and breaks a warning; None where the dossiers behind the facts are not kept."""
    wanted = ["row", "address", "dossier_code", "agency_code", *_DAYS, "warnings", "elsewhere"]
    found = counted.read(root, known, wanted)
    if found is None:
        return None
    chosen = found[(found["warnings"].astype("str") != "") & (found["elsewhere"].astype("str") == "")]
    text = {name: "str" for name in chosen.columns if isinstance(chosen[name].dtype, pd.CategoricalDtype)}
    return chosen.astype(text).rename(columns={"warnings": "rules"}).assign(cells="", rejected=False)


def _by_rule(rows: pd.DataFrame) -> pd.DataFrame:
    """ENTRY_COLUMNS, a row a rule, together where one office has to look: by agency, code and place."""
    rules = rows["rules"].astype("str")
    each = rows.assign(rule_id=rules.str.split(","), broken=rules.str.count(",") + 1)
    each = each.explode("rule_id", ignore_index=True)
    for name in ("dossier_code", "address", "cells", "agency_code", "elsewhere"):
        each[name] = each[name].astype("object").fillna("").astype("str")
    for name in _DAYS:
        each[name] = _days(each[name])
    kinds = {"row": "int64", "broken": "int64", "rejected": "bool"}
    ordered = each.astype(kinds).sort_values(["agency_code", "dossier_code", "row", "rule_id"])
    return ordered[list(ENTRY_COLUMNS)].reset_index(drop=True)


def _days(values: pd.Series) -> pd.Series:
    """To the second: a system's 31/12/9999 is no moment to the nanosecond."""
    return values.astype("datetime64[s]")


def _changes(engine: Engine, period: Period, source: SourceConfig) -> pd.DataFrame:
    """CHANGE_COLUMNS of the findings of history; a dossier that vanished and came back has not vanished."""
    ours = changes.changes(engine, period.id, source.id)
    came_or_went = ours[ours["kind"].isin(["new", "vanished"])].drop_duplicates("dossier_code", keep="last")
    is_gone = ours.index.isin(came_or_went.index[came_or_went["kind"] == "vanished"])
    named = ours.assign(rule_id="history." + ours["kind"])
    told = named[is_gone | (named["rule_id"].isin(HISTORY) & (ours["kind"] != "vanished"))]
    return told[list(CHANGE_COLUMNS)].reset_index(drop=True)


def _deviations(engine: Engine, province: Province, period: Period, source: SourceConfig | None) -> pd.DataFrame:
    """Figures of the source's units that are not what something else lets expect."""
    found = comparisons.deviations(engine, period.id)
    units = source.units if source else ()
    below = {u.agency_code for code in units for u in province.units.subtree(code)}
    told = found["rule_id"].isin([CARRIED_OVER, UNUSUAL_CHANGE]) & found["agency_code"].isin(below)
    return found[told].reset_index(drop=True)
