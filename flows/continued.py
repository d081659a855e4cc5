"""What the period before left open, and what was carried over of it, source by source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd
from sqlalchemy import Engine

from contracts.codes import PartitionState
from contracts.comparisons import CONTINUITY_COLUMNS
from contracts.periods import Period, previous_period
from flows.place import Place
from transforms.continuity import CARRIED_COLUMNS, COLUMNS, carried, carried_over, explained, found_in_others
from warehouse import counted, ledger, read
from warehouse.ledger import Partition
from warehouse.stand import is_settled

_NOTHING = pd.DataFrame(columns=list(COLUMNS), dtype="str")
_UNITS = pd.DataFrame(columns=["source_id", *CARRIED_COLUMNS], dtype="str").astype(
    dict.fromkeys(("previous_open", "carried_over"), "int64")
)
_DOSSIERS = pd.DataFrame(columns=["source_id", *CONTINUITY_COLUMNS], dtype="str")
NOT_SETTLED = "hồ sơ chung của các nguồn trong kỳ trước"
"""Beginning of why every source is left out."""


@dataclass(frozen=True)
class Continued:
    """before: the adjacent period; None where there is none.

    units: source_id + CARRIED_COLUMNS, of every unit with dossiers on either side. dossiers: source_id +
    CONTINUITY_COLUMNS. compared: sources of both periods. left_out: loaded source → why it is not compared, in
    Vietnamese."""

    before: Period | None
    units: pd.DataFrame
    dossiers: pd.DataFrame
    compared: frozenset[str]
    left_out: dict[str, str]

    def of(self, source_id: str) -> Continued:
        """What is known of that source alone."""
        units, dossiers = (frame[frame["source_id"] == source_id] for frame in (self.units, self.dossiers))
        left_out = {name: why for name, why in self.left_out.items() if name == source_id}
        return Continued(self.before, units, dossiers, self.compared & {source_id}, left_out)


@dataclass(frozen=True)
class _Source:
    """left_out: why it is not compared, "" where it is. carried: codes that it carries over."""

    id: str
    left_out: str
    carried: frozenset[str]
    units: pd.DataFrame = field(default_factory=_UNITS.copy)
    dossiers: pd.DataFrame = field(default_factory=_DOSSIERS.copy)


def continued_from(engine: Engine, place: Place) -> Continued:
    """Every source whose figures stand in both periods, counted in the same way."""
    before = previous_period(place.period)
    ours = {s.id for s in place.sources()}
    earlier = ledger.partitions(engine, before.id) if before else []
    then, settled = {p.source_id: p for p in earlier}, is_settled(earlier)
    loaded = [p for p in ledger.partitions(engine, place.period.id) if p.source_id in ours and is_loaded(p)]
    why = {n.source_id: _why_left_out(place, before, then.get(n.source_id), settled=settled) for n in loaded}
    found = [_source(engine, place, then.get(now.source_id), now, why=why[now.source_id]) for now in loaded]
    return Continued(
        before,
        pd.concat([_UNITS, *(one.units for one in found)], ignore_index=True),
        _between_sources(found),
        frozenset(one.id for one in found if not one.left_out),
        {one.id: one.left_out for one in found if one.left_out},
    )


def is_loaded(known: Partition) -> bool:
    return known.state is PartitionState.LOADED


def is_whole(place: Place, period: Period, known: Partition) -> bool:
    """Whether the figures of a past period go up to its cut-off, by the policy of today: others are not compared."""
    alike = (known.load_fingerprint or "").startswith(place.province.counting_fingerprint)
    return alike and known.as_of is not None and known.as_of >= period.cut_off


def _source(engine: Engine, place: Place, then: Partition | None, now: Partition, *, why: str) -> _Source:
    """why: it is not compared, by what the ledger says; "" where that forbids nothing."""
    root = place.home / "counted"
    dossiers = counted.read(root, now, COLUMNS)
    codes = frozenset(carried_over(_NOTHING if dossiers is None else dossiers)["dossier_code"])
    earlier = counted.read(root, then, COLUMNS) if then and not why else None
    if dossiers is None or earlier is None:
        return _Source(now.source_id, why or "chưa lưu danh sách hồ sơ đã tính của kỳ này hoặc kỳ trước", codes)
    listed = explained(
        earlier,
        dossiers,
        rejected=_rejected(engine, now),
        before_rejected=_rejected(engine, then),
        span=place.period.forms.until(now.as_of or place.as_of),
    )
    units = carried(earlier, dossiers).assign(source_id=now.source_id)
    return _Source(now.source_id, "", codes, units, listed.assign(source_id=now.source_id))


def _why_left_out(place: Place, before: Period | None, then: Partition | None, *, settled: bool) -> str:
    """ "" where nothing in the ledger forbids the comparison."""
    if before is None:
        return f"kỳ {place.period.id} không có kỳ liền trước"
    if then is None or not is_loaded(then):
        return f"chưa có số liệu kỳ trước ({before.id})"
    if not settled:
        return f"{NOT_SETTLED} ({before.id}) chưa tính xong; tính nốt bằng: cchc report {before.id}"
    if not is_whole(place, before, then):
        return (
            f"số liệu kỳ trước ({before.id}) chưa tính đến ngày chốt, hoặc tính theo quy định khác; chạy lại kỳ trước"
        )
    return ""


def _rejected(engine: Engine, known: Partition | None) -> frozenset[str]:
    found = read.rejected(engine, known.period_id, known.source_id)["dossier_code"] if known else pd.Series(dtype="str")
    return frozenset(found.dropna())


def _between_sources(found: Sequence[_Source]) -> pd.DataFrame:
    listed = pd.concat([_DOSSIERS, *(one.dossiers for one in found)], ignore_index=True)
    new = (one.carried for one in found if one.left_out)
    return found_in_others(listed, new_elsewhere=frozenset(code for codes in new for code in codes))
