"""The returns to the owners of the sources (phiếu phản hồi chất lượng dữ liệu) of a period, and where they lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from contracts.errors import UsageError
from contracts.source_config import SourceConfig
from flows.place import Place
from reporting.feedback.findings import Feedback
from reporting.feedback.gather import gather
from reporting.feedback.make import Made, make
from warehouse import ledger
from warehouse.locks import run_lock


@dataclass(frozen=True)
class Return:
    """What is known of one source, and its two files."""

    found: Feedback
    made: Made


def folder_of(place: Place) -> Path:
    """Where they lie unless somebody says otherwise."""
    return place.home / "feedback" / place.period.id


def returns_of(place: Place, folder: Path, *, wanted: Sequence[str] = (), patience: float = 0.0) -> list[Return]:
    """The two files of each source, or of the wanted ones. What they say is read while no run changes it; patience:
    seconds to wait for one. Raises UsageError before the period's first run, and for a source that does not answer for
    the period."""
    engine = place.open_warehouse()
    sources = place.sources()
    if not ledger.partitions(engine, place.period.id):
        raise UsageError(f"kỳ {place.period.id} chưa có số liệu nào", advice=f"cchc run {place.period.id}")
    root = place.home / "counted"
    chosen = _chosen(place, sources, wanted)
    with run_lock(engine, place.period.id, patience=patience):
        found = [
            gather(engine, province=place.province, period=place.period, source=s, sources=sources, counted_root=root)
            for s in chosen
        ]
    return [Return(one, make(one, folder)) for one in found]


def _chosen(place: Place, sources: Sequence[SourceConfig], wanted: Sequence[str]) -> list[SourceConfig]:
    """Those of that name, each once; all where none is named."""
    named = {place.source(source_id).id for source_id in wanted}
    return [s for s in sources if not named or s.id in named]


def folder_for_day(place: Place, day: date) -> Path:
    """One that is not there yet: what lies in another may have been sent, and stays what was sent. Named by the day,
    and from the second of a day on by a number."""
    first = folder_of(place) / day.isoformat()
    more = (first.with_name(f"{first.name}-{number}") for number in range(2, 100))
    return next(one for one in (first, *more) if not one.exists())
