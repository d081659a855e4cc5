"""A period's scores under the 766 index: as published, and as estimated from our dossiers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd
from sqlalchemy import Engine

from contracts.codes import PartitionState
from contracts.errors import UsageError
from contracts.index_766 import items_on
from contracts.published import Group, calendar_of
from flows import figures
from flows.place import Place, as_settled
from transforms.indicators import compute
from transforms.period_scorecard import scorecard
from warehouse import ledger, published, read


@dataclass(frozen=True)
class PeriodScores:
    """table: as transforms.period_scorecard.scorecard gives it. formulas_of: the day whose formulas were used. as_of:
    last day that our figures count, None where there are none. fetched_at: when the published ones were got, the oldest
    first. remarks: Vietnamese, what to know before the two are held against each other."""

    table: pd.DataFrame
    formulas_of: date
    as_of: date | None
    fetched_at: tuple[datetime, ...]
    remarks: tuple[str, ...]


def period_scores(engine: Engine, place: Place) -> PeriodScores:
    """Raises UsageError for a period that the index does not have, and where nothing stands on either side."""
    calendar_of(place.period)
    assert place.period.index is not None  # calendar_of refused the others
    on = place.period.index.last_day
    if not items_on(on):
        raise UsageError(f"kỳ {place.period.id} trước khi có bộ chỉ số 766", advice="chọn kỳ từ quý II năm 2022")
    theirs = published.newest(engine, place.period.id)
    ours, as_of = _ours(engine, place)
    if theirs.empty and as_of is None:
        name = place.period.id
        advice = f"cchc published fetch {name}, cchc published import {name} TỆP, hoặc cchc run {name}"
        raise UsageError(f"kỳ {name} chưa có số liệu nào để chấm điểm", advice=advice)
    table = scorecard(ours, theirs, units=place.province.units, on=on)
    moments = tuple(sorted(set(theirs["fetched_at"])))
    last = place.period.index.until(as_of).last_day if as_of else None
    return PeriodScores(table, on, last, moments, tuple(_remarks(table, theirs, last, moments, on=on)))


def _ours(engine: Engine, place: Place) -> tuple[pd.DataFrame, date | None]:
    """Our indicators and the day as of which they stand; empty and None where the period was not counted."""
    stored = ledger.partitions(engine, place.period.id)
    if not any(partition.state is PartitionState.LOADED for partition in stored):
        facts = read.facts(engine, place.period.id, [], series=None)
        none = compute(facts, units=place.province.units, on=place.period.cut_off, missing=frozenset())
        return none[:0], None
    here = as_settled(place)
    return figures.indicators(engine, here), here.as_of


def _remarks(
    table: pd.DataFrame, theirs: pd.DataFrame, last: date | None, moments: tuple[datetime, ...], *, on: date
) -> Iterator[str]:
    if theirs.empty:
        yield "chưa có số liệu công bố của kỳ này: chỉ có điểm ước tính"
    if last is None:
        yield "tỉnh chưa tổng hợp kỳ này: không có điểm ước tính từ hồ sơ"
    elif moments and {moment.date() for moment in moments} != {last}:
        yield (
            f"số của tỉnh tính đến hết ngày {last:%d/%m/%Y}, số công bố lấy {_moments(moments)}: chênh lệch có thể"
            " chỉ do thời điểm"
        )
    disagreeing = table[table["disagrees"] & (table["indicator"] != "")]
    if len(disagreeing):
        first = disagreeing.iloc[0]
        yield (
            f"{len(disagreeing)} điểm công bố khác điểm tính theo công thức từ chính tử số, mẫu số công bố, đầu tiên là"
            f" {first['indicator']} của {first['agency_code']}: hỏi nơi công bố, hoặc công thức đã đổi"
        )
    known = {item.id for item in items_on(on)} | {group.whole for group in Group}
    if strange := sorted(set(theirs["indicator"]) - known):
        yield f"số công bố có chỉ tiêu chưa có trong bộ công thức, không chấm điểm: {', '.join(strange)}"


def _moments(moments: tuple[datetime, ...]) -> str:
    days = list(dict.fromkeys(f"{moment:%d/%m/%Y}" for moment in moments))
    return f"ngày {days[0]}" if len(days) == 1 else f"từ ngày {days[0]} đến ngày {days[-1]}"
