"""What sources left to each other in the period before, and which of that had not ended where it counted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pandas as pd
from sqlalchemy import Engine

from contracts.codes import PartitionState
from contracts.errors import WarehouseError
from contracts.periods import Period, parse_period, previous_period
from flows.place import Place
from transforms.across import ENDED_COLUMNS, open_then
from warehouse import across, counted, ledger, read
from warehouse.ledger import Partition
from warehouse.stand import is_settled

NOT_KNOWN = "không biết hồ sơ chung nào đã kết thúc trong kỳ trước: "
"""Beginning of the event in the ledger's history that says so."""

Codes = set[tuple[str, str]]
"""Of a source and a dossier's code in capitals."""


def left_before(engine: Engine, place: Place, loaded: Iterable[Partition]) -> tuple[pd.DataFrame, Codes]:
    """source_id, dossier_code, elsewhere of the period before, between sources that stand now; and of the dossiers of
    those that counted them, which had not ended then, or are in quarantine now: these the other source takes up.

    Where no such period stands, nothing is known, and nothing is left for it. Of a source that has no facts up to the
    end of it, it is not known what ended there at last: that is told. What was left to one whose dossiers of then are
    not there at all is not left now. Raises WarehouseError where they are lost, and its facts stand."""
    before, ours = _period_before(engine, place), {p.source_id for p in loaded}
    left = across.last_left(engine, before.id if before else "")
    left = left[left["source_id"].isin(ours) & left["elsewhere"].isin(ours)]
    if before is None:
        return left, set()
    then = ledger.partitions(engine, before.id)
    stood = {p.source_id: p for p in then if p.source_id in ours}
    if len(ours) > 1 and not is_settled(then):
        _tell_of_unsettled(engine, place, before, ours)
    elif len(ours) > 1:
        unknown = [p for p in stood.values() if not _is_of_the_end(place, before, p)]
        _tell_of_unknown(engine, place, before, unknown, left)
    receivers = sorted({*left["elsewhere"]} & {*stood})
    lists = ((name, _dossiers(place, before, stood[name])) for name in receivers)
    known = {name: listed for name, listed in lists if listed is not None}
    not_ended = {(name, code) for name, listed in known.items() for code in open_then(listed, cut_off=before.cut_off)}
    quarantined = {(name, code) for name in known for code in _rejected(engine, place, name)}
    return left[left["elsewhere"].isin([*known])], not_ended | quarantined


def _period_before(engine: Engine, place: Place) -> Period | None:
    """One that was run and ended on the day before: the neighbour of its kind, or another, so that six months, too,
    know what the last quarter of the year before left."""
    rule, first_day = place.province.file.period_rule, place.period.forms.first_day
    stored = (parse_period(name, rule=rule) for name in read.period_ids(engine))
    ending = {found.id: found for found in stored if found.cut_off == first_day - timedelta(days=1)}
    neighbour = previous_period(place.period)
    return ending.get(neighbour.id if neighbour else "") or next(iter(ending.values()), None)


def _is_of_the_end(place: Place, before: Period, stood: Partition) -> bool:
    """Whether it is known what had ended there by the cut-off: a preview knows of its own day."""
    root = place.home / "counted"
    if stood.state is PartitionState.LOADED:
        return stood.as_of is None or stood.as_of >= before.cut_off
    if (day := counted.last_day(root, stood)) is not None:
        return day >= before.cut_off
    return counted.last(root, stood, ENDED_COLUMNS) is not None  # of a version that did not write the day


def _dossiers(place: Place, before: Period, stood: Partition) -> pd.DataFrame | None:
    """Those that counted last, also where the source is just read anew, or that failed. Raises WarehouseError where
    they are lost, though a run of that period makes them again."""
    stands, root = stood.state is PartitionState.LOADED, place.home / "counted"
    found = counted.read(root, stood, ENDED_COLUMNS) if stands else counted.last(root, stood, ENDED_COLUMNS)
    if stands and found is None:
        raise WarehouseError(
            f"kỳ {before.id}: không đọc được danh sách hồ sơ đã tính của nguồn «{stood.source_id}», nên chưa biết hồ "
            f"sơ nào đã kết thúc trước kỳ {place.period.id}",
            advice=f"chạy lại kỳ trước, rồi chạy lại kỳ này: cchc run {before.id}, cchc run {place.period.id}",
        )
    return found


def _tell_of_unknown(
    engine: Engine, place: Place, before: Period, unknown: Iterable[Partition], left: pd.DataFrame
) -> None:
    """Those that left it dossiers, from whose copies may come back what ended there; where it is not known which ones
    did, the source itself."""
    for one in unknown:
        said = f"kỳ {before.id} chưa có số liệu đến ngày chốt của nguồn «{one.source_id}»; hồ sơ chung đã kết thúc ở"
        detail = f"{NOT_KNOWN}{said} nguồn đó có thể bị tính lại. Làm gì tiếp: cchc rerun {before.id} --source"
        leaving = {*left["source_id"][left["elsewhere"] == one.source_id]} or {one.source_id}
        ledger.remark_once(engine, place.period.id, dict.fromkeys(leaving, f"{detail} {one.source_id}"))


def _tell_of_unsettled(engine: Engine, place: Place, before: Period, ours: Iterable[str]) -> None:
    """Its run is going on, or was cut off: which dossiers two sources share is not known yet."""
    said = f"kỳ {before.id} chưa tính xong hồ sơ chung của các nguồn; hồ sơ đã kết thúc ở nguồn khác có thể bị tính lại"
    detail = f"{NOT_KNOWN}{said}. Làm gì tiếp: cchc report {before.id}, rồi cchc report {place.period.id}"
    ledger.remark_once(engine, place.period.id, dict.fromkeys(ours, detail))


def _rejected(engine: Engine, place: Place, source_id: str) -> pd.Series:
    return read.rejected(engine, place.period.id, source_id)["dossier_code"].dropna().str.upper()
