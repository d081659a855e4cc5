"""From a world to files: each system as it is at the end of a day, in its vendor's form, and the truth."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from contracts.periods import Period, parse_period
from contracts.province import Province
from contracts.source_config import SourceConfig
from demo import truth, vendor_a, vendor_b, vendor_c
from demo.making import sources_of, vendor_of
from demo.mix import Mix, read_mix
from demo.people import People
from demo.snapshot import known_on

Progress = Callable[[str], None]
TRUE_FORMS = {"khanh-hoa": ("2024Q3", "2024Q4"), "phu-tho": ("2026Q3",)}
"""Periods whose form II.06 the generator counts itself."""

_WORKBOOKS = ("2024Q3", "2024Q4", "2025Q1")
_SENT_AFTER = timedelta(days=2)
_PART = 40_000  # dossiers rendered at once: keeps the memory of a large province modest
Addresses = dict[tuple[str, int], str]


def write_systems(world: pd.DataFrame, province: Province, folder: Path, *, at: date, progress: Progress) -> int:
    """All files of the province below its folder; returns the number of dossiers in its systems."""
    mix, people = read_mix(province), People()
    (folder / "truth").mkdir(parents=True)
    written = 0
    addresses: Addresses = {}
    for source in sources_of(province, systems=folder.parent):
        progress(source.name)
        lives = world[world["source"] == source.id]
        if vendor_of(source) == "c":
            addresses |= _workbooks(source, lives, province, folder.parent, at=at, mix=mix, people=people)
            written += len(known_on(lives, at))
        else:
            written += _database(source, lives, at=at, mix=mix, people=people)
    progress("số liệu gốc để đối chiếu")
    _truth(world, province, folder / "truth", at=at, mix=mix, addresses=addresses)
    return written


def _database(source: SourceConfig, lives: pd.DataFrame, *, at: date, mix: Mix, people: People) -> int:
    write = {"a": vendor_a.write, "b": vendor_b.write}[vendor_of(source)]
    parts = (known_on(lives.iloc[start : start + _PART], at) for start in range(0, len(lives), _PART))
    return write(parts, Path(source.address), mix=mix, local_units=_local_units(source), people=people)


def _workbooks(
    source: SourceConfig, lives: pd.DataFrame, province: Province, systems: Path, *, at: date, mix: Mix, people: People
) -> Addresses:
    """One a quarter that has begun. It is sent when its last day is over, and not touched afterwards."""
    addresses: Addresses = {}
    for period in map(parse_period, _WORKBOOKS):
        if period.forms.first_day > at:
            continue
        path = Path(province.source(source.id, period=period, systems=systems).address)
        path.parent.mkdir(exist_ok=True)
        known = known_on(lives, min(at, _sent_on(period)))
        places = vendor_c.write(known, path, period=period, mix=mix, local_units=_local_units(source), people=people)
        addresses |= {(source.id, number): address for number, address in places.items()}
    return addresses


def _sent_on(period: Period) -> date:
    return period.window.last_day + _SENT_AFTER


def _local_units(source: SourceConfig) -> dict[str, str]:
    """Agency code → the system's own code."""
    return {agency: local for local, agency in source.unit_map.items()}


def _truth(world: pd.DataFrame, province: Province, folder: Path, *, at: date, mix: Mix, addresses: Addresses) -> None:
    named = truth.named(world, mix, {u.agency_code: u.unit_code for u in province.units})
    truth.write_dossiers(named, folder)
    truth.write_defects(named, addresses, folder)
    for period in map(parse_period, TRUE_FORMS[province.id]):
        if period.forms.first_day <= at:
            days = period.forms.until(at)
            truth.write_form(named, folder, period=period.id, first=days.first_day, last=days.last_day)
