"""Dossiers that two systems hold: found when every source has been counted, and left to the one that received them.

What a source leaves to others depends on what the others hold. So each is counted as if what was found last still held;
then all are compared, and those that leave others than they did are counted again. That ends: what is compared are the
dossiers as the rules found them, whoever counts them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from sqlalchemy import Engine

from contracts.codes import PartitionState
from contracts.source_config import digest
from flows.job import Job
from flows.left_before import left_before
from flows.place import Place
from transforms.across import (
    CLAIM_COLUMNS,
    claims_of,
    codes_in_several,
    counted_elsewhere,
    ended_elsewhere,
    handed_over,
    told_apart,
)
from warehouse import across, counted, ledger
from warehouse.ledger import Partition

_KEY = ["source_id", "dossier_code"]
_NOTHING = pd.DataFrame(columns=["source_id", *CLAIM_COLUMNS], dtype="str").astype(
    dict.fromkeys(("received_date", "end_date", "deleted_date"), "datetime64[s]")
)


@dataclass(frozen=True)
class Shared:
    """elsewhere: dossier code → the source that counts it; "" where both do, as of different dossiers. digest: of all
    that, None where nothing is shared."""

    elsewhere: dict[str, str]
    digest: str | None


def shared_with_others(engine: Engine, job: Job) -> Shared:
    """What was found last of the source's dossiers."""
    return _shared(across.elsewhere(engine, **job.key))


def settle(engine: Engine, place: Place, *, stand: str | None = None) -> list[str]:
    """Compare the dossiers of all loaded sources and note which leave which to whom; the ids of those that were counted
    otherwise, or first of those whose dossiers got lost.

    stand: of the sources beforehand. Raises StandMoved, and notes nothing, where they stand otherwise by the end."""
    ours, root = {s.id for s in place.sources()}, place.home / "counted"
    known = [p for p in ledger.partitions(engine, place.period.id) if p.source_id in ours]
    loaded = [p for p in known if p.state is PartitionState.LOADED]
    if lost := [p.source_id for p in loaded if not counted.is_whole(root, p)]:
        return lost
    found = _found(engine, place, loaded)
    across.replace(engine, place.period.id, found, compared=[p.source_id for p in loaded], stand=stand)
    return [p.source_id for p in loaded if _shared(found[found["source_id"] == p.source_id]).digest != p.across]


def _found(engine: Engine, place: Place, loaded: Sequence[Partition]) -> pd.DataFrame:
    policy, root = place.province.file.policy, place.home / "counted"
    before, not_ended = left_before(engine, place, loaded)
    given = _given(root, loaded, codes_before=before["dossier_code"])
    ended = ended_elsewhere(given, before, not_ended)
    free = given[~pd.MultiIndex.from_frame(given[_KEY].astype("str")).isin(pd.MultiIndex.from_frame(ended[_KEY]))]
    last_day = place.period.forms.until(place.as_of).last_day
    claims = claims_of(free, last_day=last_day)
    closed = {unit.agency_code: unit.valid_to for unit in place.province.units if unit.valid_to}
    over = handed_over(claims, closed, last_day=last_day)
    forms = policy.dossier_code_patterns
    left = counted_elsewhere(claims, near_days=policy.same_dossier_days, forms=forms, handed_over=over)
    return pd.concat([ended, left, told_apart(claims, left).assign(elsewhere="")], ignore_index=True)


def _given(root: Path, loaded: Sequence[Partition], *, codes_before: pd.Series) -> pd.DataFrame:
    """source_id and CLAIM_COLUMNS of the dossiers whose codes stand in several sources, or were left to another in the
    period before; few, of however many."""
    compared = loaded if len(loaded) > 1 else ()  # one alone shares nothing
    codes = (counted.read(root, partition, ["dossier_code"]) for partition in compared)
    of_each = (found["dossier_code"] for found in codes if found is not None)
    wanted = codes_in_several(of_each) | {*codes_before.str.upper()}
    given = [_NOTHING]
    for partition in loaded:
        found = counted.read(root, partition, CLAIM_COLUMNS) if wanted else None
        if found is not None:
            is_one = found["dossier_code"].astype("str").str.upper().isin(wanted)
            given.append(found[is_one].assign(source_id=partition.source_id))
    return pd.concat(given, ignore_index=True) if len(given) > 1 else _NOTHING


def _shared(rows: pd.DataFrame) -> Shared:
    elsewhere = dict(sorted(zip(rows["dossier_code"], rows["elsewhere"], strict=True)))
    return Shared(elsewhere, digest(list(elsewhere.items()))[:16] if elsewhere else None)
