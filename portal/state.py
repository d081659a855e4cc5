"""Whether the portal can do its work: the warehouse answers, the newest report can be read, the disk has room."""

from __future__ import annotations

import shutil
from pathlib import Path

from contracts.errors import CchcError
from contracts.periods import Period, parse_period
from portal.house import House
from storage import finished
from storage.errors import StoreError
from warehouse import health, read

LEAST_FREE = 500_000_000
"""Bytes: a run of a quarter and its reports need about as much."""


def checks(house: House) -> dict[str, bool]:
    """Name → whether it is well. Names and nothing else: who asks is not known."""
    try:
        newest = health.newest_report_file(house.engine)
    except CchcError:
        return {"database": False, "register": False, "disk": _has_room(house)}
    return {"database": True, "register": newest is None or _is_there(newest), "disk": _has_room(house)}


def _is_there(file: Path) -> bool:
    """Here or in the shared store."""
    try:
        return finished.has(file)
    except StoreError:
        return False


def _has_room(house: House) -> bool:
    try:
        return shutil.disk_usage(house.settings.home).free >= LEAST_FREE
    except OSError:
        return False


def newest_period(house: House) -> Period | None:
    """Of those that were run, the one that ends last."""
    rule = house.province.file.period_rule
    periods = [parse_period(name, rule=rule) for name in read.period_ids(house.engine)]
    return max(periods, key=lambda period: period.cut_off, default=None)
