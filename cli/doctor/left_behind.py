"""What goes on now, and what was broken off: runs without an end, pieces of extracts, marks of the audit trail."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

from cli.doctor.database import UNKNOWN, Warehouse
from contracts import clock
from contracts.fitness import Fitness, good, unfit, warning
from contracts.province import read_province
from contracts.settings import Settings

LONG = timedelta(hours=12)
"""After which a run that still goes on is worth a look: a quarter of 30 systems takes one or two."""


def runs(warehouse: Warehouse) -> Fitness:
    if warehouse.is_silent:
        return UNKNOWN
    said = []
    for one in warehouse.unfinished_runs():
        since = f"{one.run.began_at.astimezone(clock.VIETNAM):%H:%M %d/%m/%Y}"
        if not one.goes_on:
            told = f"lượt chạy kỳ {one.run.period_id} lúc {since} bị dừng giữa chừng"
            return warning(told, "chạy lại, phần đã xong không làm lại", f"cchc run {one.run.period_id}")
        if clock.now() - one.run.began_at > LONG:
            told = f"kỳ {one.run.period_id} chạy từ {since} chưa xong ({one.goes_on})"
            return warning(told, "xem nó đang đọc nguồn nào", f"cchc status {one.run.period_id}")
        said.append(f"đang chạy kỳ {one.run.period_id} từ {since}")
    return good("; ".join(said) or "không có lượt chạy nào dở dang")


def extracts() -> Fitness:
    from sources.landing.leftovers import leftovers

    found = leftovers(_home() / "landing")
    if not found:
        return good("không có lượt đọc nào dở dang")
    first = found[0]
    size = f"{sum(one.bytes for one in found) // 1_000_000} MB"
    more = f" và {len(found) - 1} nơi nữa" if len(found) > 1 else ""
    said = f"lượt đọc dở dang: {first.source_id} kỳ {first.period_id}{more} ({size})"
    return warning(said, "đọc lại nguồn đó, phần dở được dùng tiếp hoặc dọn đi", f"cchc run {first.period_id}")


def marks() -> Fitness:
    """Where a mark of the audit trail cannot be set, the deed is entered all the same and nothing is said."""
    folder = _home() / "logs"
    if not folder.exists():
        return good("chưa có nhật ký")
    strange = [path for path in (folder, *sorted(folder.glob("audit-*.marks"))) if not os.access(path, os.W_OK)]
    if strange:
        said = f"không ghi được vào {strange[0]}: vết của nhật ký sẽ thiếu"
        return unfit(said, "trả lại quyền ghi", f"chown -R {_owner_of(_home())}: {folder}")
    return good(f"ghi được vào {folder}")


def _home() -> Path:
    settings = Settings()
    return settings.province_home(read_province(settings.province_folder).id).resolve()


def _owner_of(folder: Path) -> str:
    try:
        return folder.owner()
    except KeyError:
        return str(folder.stat().st_uid)
