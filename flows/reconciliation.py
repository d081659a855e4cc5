"""Our figures of a period beside those that the national portal published of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd
from sqlalchemy import Engine

from contracts.errors import UsageError
from contracts.published import PUBLISHED_DIFFERS, calendar_of
from flows import figures
from flows.place import Place, as_counted
from transforms.reconciliation import deviations_of, reconcile
from warehouse import comparisons, published


@dataclass(frozen=True)
class Reconciliation:
    """table: as transforms.reconciliation.reconcile gives it. as_of: last day that ours count; fetched_at: of theirs.
    broken: published figures that do not fit together: agency_code, indicator, rule_id, sentence. remarks: Vietnamese,
    what to know before the two are held against each other."""

    table: pd.DataFrame
    as_of: date
    fetched_at: datetime
    broken: pd.DataFrame
    remarks: tuple[str, ...]


def compare_published(engine: Engine, place: Place) -> Reconciliation:
    """Both sides of every indicator that both know; what differs is stored as deviations of the period.

    Raises UsageError where the portal publishes no such period, where none was fetched, or nothing of ours stands."""
    calendar_of(place.period)
    theirs = published.newest(engine, place.period.id)
    if theirs.empty:
        name = place.period.id
        raise UsageError(
            f"chưa lấy số liệu công bố của kỳ {name}",
            advice=f"cchc published fetch {name}, hoặc cchc published import {name} TỆP",
        )
    here = as_counted(place)
    table = _reconciled(engine, here, theirs)
    fetched_at = theirs["fetched_at"].max()
    remarks = tuple(_remarks(here, table, theirs, fetched_at))
    return Reconciliation(table, _last_day(here, here.as_of), fetched_at, broken(theirs), remarks)


def renew(engine: Engine, place: Place, *, stand: str | None = None) -> None:
    """Store anew what differs from what was published, after a run; nothing where nothing was fetched. stand: as of
    flows.comparisons.compare."""
    theirs = published.newest(engine, place.period.id)
    if not theirs.empty:
        _reconciled(engine, place, theirs, stand=stand)


def _reconciled(engine: Engine, place: Place, theirs: pd.DataFrame, *, stand: str | None = None) -> pd.DataFrame:
    table = reconcile(figures.indicators(engine, place), theirs, points=place.province.file.policy.published_points)
    comparisons.replace_deviations(engine, place.period.id, [PUBLISHED_DIFFERS], deviations_of(table), stand=stand)
    return table


def broken(theirs: pd.DataFrame) -> pd.DataFrame:
    """Published figures that do not fit together: agency_code, indicator, rule_id, sentence."""
    from expectations.published import check_published  # Great Expectations takes seconds to import

    found = check_published(theirs)
    named = theirs[["agency_code", "indicator"]].iloc[found["row"]].reset_index(drop=True)
    return named.assign(rule_id=found["rule_id"], sentence=found["sentence"])


def _last_day(place: Place, day: date) -> date:
    assert place.period.index is not None  # calendar_of refused the others
    return place.period.index.until(day).last_day


def _remarks(place: Place, table: pd.DataFrame, theirs: pd.DataFrame, fetched_at: datetime) -> Iterator[str]:
    ours, then = (_last_day(place, day) for day in (place.as_of, fetched_at.date()))
    if ours != then:
        yield (
            f"số của tỉnh tính đến hết ngày {ours:%d/%m/%Y}, số công bố lấy ngày {fetched_at:%d/%m/%Y}: chênh lệch có "
            "thể chỉ do thời điểm"
        )
    lacking = table["complete"].eq(False).fillna(False) & table["published_denominator"].notna()
    if lacking.any():
        agencies = table.loc[lacking, "agency_code"].nunique()
        yield (
            f"{agencies} cơ quan còn thiếu nguồn, hoặc có hồ sơ mà nguồn không ghi: số của tỉnh chưa đủ nên không kết"
            " luận là khác"
        )
    alone = sorted(set(theirs["indicator"]) - set(table["indicator"][table["complete"].notna()]))
    if alone:
        yield f"chỉ có số công bố, không tính được từ hồ sơ: {', '.join(alone)}"
