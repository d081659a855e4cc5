"""The clock: beside what was entered last, beside the database server's, and whether anything keeps it right; the zone.

A clock that was set back makes runs of yesterday look like those of tomorrow, and the day after the cut-off come twice.
"""

from __future__ import annotations

import ctypes
import os
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cli.doctor.database import Warehouse
from contracts import clock
from contracts.fitness import Fitness, good, unfit, warning

EARLIEST = 2024
ZONE = "Asia/Ho_Chi_Minh"
_NOT_SYNCHRONISED = 5
_TIMEX_BYTES = 208
_SET = "timedatectl set-ntp true"


def clocks(warehouse: Warehouse) -> Fitness:
    fixed = bool(os.environ.get("CCHC_NOW"))
    now = clock.now()
    if now.year < EARLIEST:
        return unfit(f"đồng hồ chỉ {_told(now)}", "chỉnh lại ngày giờ của máy", _SET)
    if found := _set_back(now, warehouse, fixed=fixed) or _beside_server(warehouse):
        return found
    if fixed:
        said = f"đứng yên ở {_told(now)} vì CCHC_NOW; đồng hồ máy chỉ {_told(datetime.now(clock.VIETNAM))}"
        return warning(said, "chỉ để thử; khi chạy thật thì bỏ biến này", "unset CCHC_NOW")
    if not _is_synchronised():
        return warning(f"{_told(now)}; không có gì giữ cho đồng hồ đúng", "bật đồng bộ thời gian", _SET)
    return good(f"{_told(now)}, giờ Việt Nam, có đồng bộ")


def zone() -> Fitness:
    try:
        offset = ZoneInfo.no_cache(ZONE).utcoffset(datetime.now(UTC).replace(tzinfo=None))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return unfit(f"không có dữ liệu múi giờ {ZONE}", "cài dữ liệu múi giờ", "apt-get install --reinstall tzdata")
    if offset != timedelta(hours=7):
        said = f"dữ liệu múi giờ {ZONE} sai: lệch UTC {offset}, phải là 7 giờ"
        return unfit(said, "cài lại dữ liệu múi giờ", "apt-get install --reinstall tzdata")
    here = datetime.now().astimezone()
    same = here.utcoffset() == timedelta(hours=7)
    return good(ZONE if same else f"{ZONE}; máy đặt giờ {here.tzname()}, journalctl cũng vậy")


def _set_back(now: datetime, warehouse: Warehouse, *, fixed: bool) -> Fitness | None:
    newest = warehouse.newest_moment()
    if newest is None or newest <= now + clock.ODD:
        return None
    said = f"đồng hồ chỉ {_told(now)}, nhưng kho đã có ghi chép lúc {_told(newest)}: đồng hồ đã lùi"
    if fixed:
        return unfit(f"{said} (CCHC_NOW)", "bỏ biến này, hoặc đặt về sau lúc đó", "unset CCHC_NOW")
    return unfit(said, "chỉnh lại ngày giờ của máy trước khi chạy gì khác", _SET)


def _beside_server(warehouse: Warehouse) -> Fitness | None:
    """The machine's clock, not CCHC_NOW's."""
    ahead = warehouse.server_ahead()
    if ahead is None or abs(ahead) < timedelta(seconds=30):
        return None
    way = "nhanh" if ahead > timedelta() else "chậm"
    said = f"máy chủ PostgreSQL {way} hơn máy này {_span(abs(ahead))}"
    told = unfit if abs(ahead) > timedelta(minutes=5) else warning
    return told(said, "bật đồng bộ thời gian trên cả hai máy", _SET)


def _is_synchronised() -> bool:
    """By the kernel's own account (adjtimex), as timedatectl has it too."""
    asked = ctypes.create_string_buffer(_TIMEX_BYTES)
    state: int = ctypes.CDLL(None).adjtimex(asked)
    return state != _NOT_SYNCHRONISED


def _told(moment: datetime) -> str:
    return f"{moment.astimezone(clock.VIETNAM):%H:%M %d/%m/%Y}"


def _span(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    return f"{seconds} giây" if seconds < 120 else f"{seconds // 60} phút"
