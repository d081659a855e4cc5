"""Published figures of a province from a file: checked cell by cell, kept, and added to those that stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pandas as pd
from sqlalchemy import Engine

from contracts import clock
from contracts.configfile import plain
from contracts.errors import UsageError
from contracts.published import PublishedFigure, calendar_of
from contracts.published_file import read_published_file
from flows.place import Place, find_place
from flows.published import check_begun
from flows.reconciliation import broken
from sources.interfaces.published_files import keep
from warehouse import published


@dataclass(frozen=True)
class ImportResult:
    """remarks: Vietnamese sentences on what an officer should look at; nothing was left out for them."""

    figures: tuple[PublishedFigure, ...]
    imported_at: datetime
    folder: Path
    remarks: tuple[str, ...]


def import_published(period: str, path: Path, *, source: str) -> ImportResult:
    """Store the file's figures, all or none. source: who published them and where, in words. Raises CchcError."""
    named = plain(source)
    if not named:
        raise UsageError("chưa ghi nguồn của số liệu", advice="ghi --source, ví dụ số và ngày của công văn gửi số liệu")
    place = find_place(period)
    calendar_of(place.period)
    check_begun(place)
    figures = _figures(place, path, source=named)
    engine = place.open_warehouse()
    standing, now = _standing(engine, place, figures), clock.now()
    _check_later(standing, now)
    folder = keep(path, period_id=place.period.id, source=named, at=now, home=place.home / "published")
    published.store(engine, figures, fetched_at=now)
    replaced = (
        [f"{len(standing)} số đã có trước được thay bằng số trong tệp này; số cũ vẫn lưu"] if len(standing) else []
    )
    return ImportResult(figures, now, folder, (*replaced, *_inconsistent(engine, place)))


def _figures(place: Place, path: Path, *, source: str) -> tuple[PublishedFigure, ...]:
    assert place.period.index is not None  # calendar_of refused the others
    agencies = {unit.agency_code for unit in place.province.units}
    on = place.period.index.last_day
    found = read_published_file(path, period_id=place.period.id, on=on, agencies=agencies)
    return tuple(replace(figure, source=source) for figure in found)


def _standing(engine: Engine, place: Place, figures: Sequence[PublishedFigure]) -> pd.DataFrame:
    """What stands of the agencies and indicators that the file names."""
    known = published.newest(engine, place.period.id)
    keys = {(figure.agency_code, figure.indicator) for figure in figures}
    chosen = [key in keys for key in zip(known["agency_code"], known["indicator"], strict=True)]
    return known[pd.Series(chosen, index=known.index, dtype="bool")]


def _check_later(standing: pd.DataFrame, now: datetime) -> None:
    if (standing["fetched_at"] >= now).any():
        raise UsageError(
            "kho đã có số công bố của các cơ quan, chỉ tiêu này, lấy cùng lúc hoặc sau lúc này",
            advice="chờ một giây rồi chạy lại; nếu vẫn vậy, kiểm tra đồng hồ của máy",
        )


def _inconsistent(engine: Engine, place: Place) -> Iterator[str]:
    for sentence, rows in broken(published.newest(engine, place.period.id)).groupby("sentence", sort=False):
        first = rows.iloc[0]
        yield f"{sentence} {len(rows)} số, đầu tiên là {first['indicator']} của {first['agency_code']}"
