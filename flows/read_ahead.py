"""Sources that were read by a clock that ran ahead: their systems had not lived through what they seem to tell.

It can be seen only until the true time has passed that moment. So the watchdog, which looks every hour, notes it in the
ledger's history, by which the next run knows it, whenever that is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from contracts.clock import ODD, VIETNAM
from warehouse import ledger, readings
from warehouse.readings import Reading

PERIODS_AT_MOST = 2
"""That are read while a clock is ahead: the quarter that runs and the one that closed. Where more seem to come from the
future, the clock of now is behind, and nothing is wrong with what was read."""
NOTED = "đọc khi đồng hồ máy chạy sai, bản đọc ghi lúc "
"""Beginning of the event in the ledger's history that says so; the moment of the reading follows."""


@dataclass(frozen=True)
class Ahead:
    """Sources of a period that were read ahead of the clock, and not since. seen: when that was first seen. latest: the
    moment of the newest of these readings. period_id "" of a clock that is behind now: nothing is wrong with them."""

    period_id: str
    source_ids: tuple[str, ...]
    latest: datetime
    seen: datetime


def is_ahead(extracted_at: datetime | None, now: datetime) -> bool:
    return extracted_at is not None and extracted_at > now


def note(engine: Engine, now: datetime) -> None:
    """Enter what is seen now, each reading once."""
    known = {(one.reading, _told(one.reading)) for one in readings.remarks(engine, NOTED) if _is_of(one)}
    found = readings.read_after(engine, now + ODD)
    if _is_behind(found):
        return
    for one in found:
        if (one, _told(one)) not in known:
            detail = f"{_told(one)}, khi đồng hồ máy chỉ {_moment(now)}; lượt chạy sau sẽ đọc lại"
            ledger.remark(engine, one.period_id, one.source_id, detail=detail)


def noted(engine: Engine, period_id: str) -> frozenset[str]:
    """Sources of the period whose reading that stands was noted."""
    of_period = (one for one in readings.remarks(engine, NOTED) if one.reading.period_id == period_id)
    return frozenset(one.reading.source_id for one in of_period if _is_of(one))


def ahead(engine: Engine, now: datetime) -> Iterator[Ahead]:
    """What was noted and is seen now, a period each; of a clock that is behind now one, of no period."""
    after = readings.read_after(engine, now + ODD)
    if _is_behind(after):
        yield Ahead("", (), max(one.extracted_at for one in after), now)
        return
    noted_then = {one.reading: min(one.at, now) for one in readings.remarks(engine, NOTED) if _is_of(one)}
    seen = dict.fromkeys(after, now) | noted_then
    for period_id in sorted({one.period_id for one in seen}):
        ours = sorted(one for one in seen if one.period_id == period_id)
        latest, first = max(one.extracted_at for one in ours), min(seen[one] for one in ours)
        yield Ahead(period_id, tuple(one.source_id for one in ours), latest, first)


def warning(engine: Engine, now: datetime) -> str:
    """One sentence where the warehouse knows a later moment of reading than now; "" where it does not."""
    found = readings.read_after(engine, now + ODD)
    if not found:
        return ""
    latest = max(one.extracted_at for one in found)
    return (
        f"đồng hồ máy chỉ {_moment(now)}, nhưng kho có bản đọc ghi lúc {_moment(latest)}: đồng hồ đang sai, hoặc đã "
        "sai khi đọc. Xem: cchc doctor; nếu đang sai thì chỉnh lại rồi chạy lại"
    )


def _is_behind(found: Sequence[Reading]) -> bool:
    """Whether the clock is behind now, rather than that it was ahead then."""
    return len({one.period_id for one in found}) > PERIODS_AT_MOST


def _is_of(remark: readings.Remark) -> bool:
    """Whether it is of the reading that stands, and not of one before it."""
    return remark.detail.startswith(f"{_told(remark.reading)},")


def _told(one: Reading) -> str:
    return f"{NOTED}{one.extracted_at.astimezone(VIETNAM):%H:%M:%S %d/%m/%Y}"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}"
