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

NOT_KNOWN = "không biết hồ sơ chung nào đã kết thúc trong kỳ trước: "
"""Beginning of the event in the ledger's history that says so."""

Codes = set[tuple[str, str]]
"""Of a source and a dossier's code in capitals."""


def left_before(engine: Engine, place: Place, loaded: Iterable[Partition]) -> tuple[pd.DataFrame, Codes]:
    """source_id, dossier_code, elsewhere of the period before, between sources that stand now; and of the dossiers of
    those that counted them, which had not ended then, or are in quarantine now: these the other source takes up.

    Where no such period stands, nothing is known, and nothing is left for it. What was left to a source whose dossiers
    of then are not there, nor its facts, is not left now, and told of. Raises WarehouseError where its facts stand."""
    before, ours = _period_before(engine, place), {p.source_id for p in loaded}
    left = across.last_left(engine, before.id if before else "")
    left = left[left["source_id"].isin(ours) & left["elsewhere"].isin(ours)]
    if before is None or left.empty:
        return left, set()
    known = {}
    for name, leaving in left.groupby("elsewhere")["source_id"]:
        if (then := _dossiers(engine, place, before, str(name))) is not None:
            known[str(name)] = then
        else:
            _tell(engine, place, before, str(name), leaving.unique())
    not_ended = {(name, code) for name, found in known.items() for code in open_then(found, cut_off=before.cut_off)}
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


def _dossiers(engine: Engine, place: Place, before: Period, source_id: str) -> pd.DataFrame | None:
    """Those that counted last, also where the source is just read anew, or that failed. Raises WarehouseError where
    they are lost, though a run of that period makes them again."""
    stood = next((p for p in ledger.partitions(engine, before.id) if p.source_id == source_id), None)
    if stood is None:
        return None
    stands, root = stood.state is PartitionState.LOADED, place.home / "counted"
    found = counted.read(root, stood, ENDED_COLUMNS) if stands else counted.last(root, stood, ENDED_COLUMNS)
    if stands and found is None:
        raise WarehouseError(
            f"kỳ {before.id}: không đọc được danh sách hồ sơ đã tính của nguồn «{source_id}», nên chưa biết hồ sơ nào "
            f"đã kết thúc trước kỳ {place.period.id}",
            advice=f"chạy lại kỳ trước, rồi chạy lại kỳ này: cchc run {before.id}, cchc run {place.period.id}",
        )
    return found


def _tell(engine: Engine, place: Place, before: Period, source_id: str, leaving: Iterable[str]) -> None:
    """Of those that left it dossiers: what ended there may come back from their copies."""
    said = f"kỳ {before.id} chưa có số liệu của nguồn «{source_id}»; hồ sơ chung đã kết thúc ở nguồn đó có thể bị tính"
    detail = f"{NOT_KNOWN}{said} lại. Làm gì tiếp: cchc rerun {before.id} --source {source_id}"
    told = {event.source_id for event in ledger.latest(engine, place.period.id) if event.detail == detail}
    for name in leaving:
        if name not in told:
            ledger.remark(engine, place.period.id, str(name), detail=detail)


def _rejected(engine: Engine, place: Place, source_id: str) -> pd.Series:
    return read.rejected(engine, place.period.id, source_id)["dossier_code"].dropna().str.upper()
