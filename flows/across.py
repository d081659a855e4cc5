"""Dossiers that two systems hold: found when every source has been counted, and left to the one that received them.

What a source leaves to others depends on what the others hold. So each is counted as if what was found last still held;
then all are compared, and those that leave others than they did are counted again. That ends: what is compared are the
dossiers as the rules found them, whoever counts them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from sqlalchemy import Engine

from contracts.codes import PartitionState
from contracts.source_config import digest
from flows.job import Job
from flows.place import Place
from transforms.across import CLAIM_COLUMNS, codes_in_several, counted_elsewhere, told_apart
from warehouse import across, counted, ledger
from warehouse.ledger import Partition


@dataclass(frozen=True)
class Shared:
    """elsewhere: dossier code → the source that counts it; "" where both do, as of different dossiers. digest: of all
    that, None where nothing is shared."""

    elsewhere: dict[str, str]
    digest: str | None


def shared_with_others(engine: Engine, job: Job) -> Shared:
    """What was found last of the source's dossiers."""
    return _shared(across.elsewhere(engine, **job.key))


def settle(engine: Engine, place: Place) -> list[str]:
    """Compare the dossiers of all loaded sources and note which leave which to whom; the ids of those that were counted
    otherwise, or first of those whose dossiers got lost."""
    ours, root = {s.id for s in place.sources()}, place.home / "counted"
    known = [p for p in ledger.partitions(engine, place.period.id) if p.source_id in ours]
    loaded = [p for p in known if p.state is PartitionState.LOADED]
    if lost := [p.source_id for p in loaded if not counted.file_of(root, p).exists()]:
        return lost
    found = _found(place, _claims(root, loaded))
    across.replace(engine, place.period.id, found)
    return [p.source_id for p in loaded if _shared(found[found["source_id"] == p.source_id]).digest != p.across]


def _found(place: Place, claims: pd.DataFrame) -> pd.DataFrame:
    policy = place.province.file.policy
    left = counted_elsewhere(claims, near_days=policy.same_dossier_days, forms=policy.dossier_code_patterns)
    return pd.concat([left, told_apart(claims, left).assign(elsewhere="")], ignore_index=True)


def _claims(root: Path, loaded: Iterable[Partition]) -> pd.DataFrame:
    """source_id and CLAIM_COLUMNS of the dossiers whose codes stand in several sources; few, of however many."""
    codes = {p.source_id: counted.read(root, p, ["dossier_code"]) for p in loaded}
    several = codes_in_several(found["dossier_code"] for found in codes.values() if found is not None)
    claims = [pd.DataFrame(columns=["source_id", *CLAIM_COLUMNS])]
    for partition in loaded:
        found = counted.read(root, partition, CLAIM_COLUMNS) if several else None
        if found is not None:
            is_one = found["dossier_code"].astype("str").str.upper().isin(several)
            claims.append(found[is_one].assign(source_id=partition.source_id))
    return pd.concat(claims, ignore_index=True) if len(claims) > 1 else claims[0]


def _shared(rows: pd.DataFrame) -> Shared:
    elsewhere = dict(sorted(zip(rows["dossier_code"], rows["elsewhere"], strict=True)))
    return Shared(elsewhere, digest(list(elsewhere.items()))[:16] if elsewhere else None)
