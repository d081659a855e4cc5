"""Khánh Sơn before, across and after 1/7/2025: its district and eight communes, then three communes; dossiers of two
systems, one of each time, with what the first handed over to the second."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import pandas as pd

from contracts.clock import VIETNAM
from contracts.codes import Channel, PartitionState, Series, Status
from contracts.periods import Period, parse_period, previous_period
from contracts.province import Policy, Province, read_province
from contracts.units import UnitTree, read_units
from reporting.history import figures_now
from reporting.inputs import Previous, ReportInput, SourceState
from tests.reporting import sample
from tests.reporting.histories import with_history
from tests.transforms.tables import dossier_frame, pause_frame, read_table
from transforms.across import CLAIM_COLUMNS, claims_of, counted_elsewhere, handed_over
from transforms.counts import facts_of
from transforms.over_time import PeriodFigures

UNITS = """agency_code,unit_code,name,level,parent,valid_from,valid_to,verified
H32,56,Tỉnh Khánh Hòa,province,,,,no
H32.02,,Sở Nội vụ,department,H32,,,no
H32.37,575,Huyện Khánh Sơn,district,H32,,2025-06-30,no
H32.37.01,22714,Thị trấn Tô Hạp,commune,H32.37,,2025-06-30,no
H32.37.02,22717,Xã Thành Sơn,commune,H32.37,,2025-06-30,no
H32.37.03,22720,Xã Sơn Lâm,commune,H32.37,,2025-06-30,no
H32.37.04,22723,Xã Sơn Hiệp,commune,H32.37,,2025-06-30,no
H32.37.05,22726,Xã Sơn Bình,commune,H32.37,,2025-06-30,no
H32.37.06,22729,Xã Sơn Trung,commune,H32.37,,2025-06-30,no
H32.37.07,22732,Xã Ba Cụm Bắc,commune,H32.37,,2025-06-30,no
H32.37.08,22735,Xã Ba Cụm Nam,commune,H32.37,,2025-06-30,no
H32.101,22714,Xã Khánh Sơn,commune,H32,2025-07-01,,no
H32.102,22720,Xã Tây Khánh Sơn,commune,H32,2025-07-01,,no
H32.103,22732,Xã Đông Khánh Sơn,commune,H32,2025-07-01,,no
"""
SOURCES = {
    "so": ("Hệ thống một cửa của sở", ("H32.02",)),
    "huyen-cu": ("Hệ thống một cửa huyện Khánh Sơn", ("H32.37",)),
    "xa-moi": ("Hệ thống một cửa cấp xã", ("H32.101", "H32.102", "H32.103")),
}
ANSWERING = {
    "2024Q4": ("so", "huyen-cu"),
    "2025Q1": ("so", "huyen-cu"),
    "2025Q2": ("so", "huyen-cu"),
    "2025Q3": ("so", "huyen-cu", "xa-moi"),
    "2025Q4": ("so", "xa-moi"),
    "2026Q3": ("so", "xa-moi"),
}
"""Which systems answer for which period: the old one up to the cut-off of the quarter in which it ended."""

DOSSIERS = """
Days are d/m of 2025. Each dossier as each system holds it; the old one has known nothing since 30/6.

| nguồn    | hồ sơ | cơ quan   | tiếp nhận | hẹn trả | kết thúc | chuyện |
| so       | S1    | H32.02    | 20/3      | 27/3    | 26/3     | sở, quý II |
| so       | S2    | H32.02    | 20/6      | 27/6    | 26/6     | sở, quý III |
| so       | S3    | H32.02    | 20/9      | 27/9    | 26/9     | sở, quý IV |
| huyen-cu | A1    | H32.37    | 20/3      | 27/3    | 26/3     | huyện xong trong quý II |
| huyen-cu | A2    | H32.37.06 | 1/4       | 8/4     | 10/4     | xã Sơn Trung, quá hạn trong quý II |
| huyen-cu | B1    | H32.37    | 17/6      | 24/6    | 23/6     | huyện nhận và xong trước 1/7 |
| huyen-cu | B2    | H32.37.01 | 18/6      | 25/6    | 27/6     | Tô Hạp, quá hạn trước 1/7 |
| huyen-cu | C1    | H32.37.06 | 10/6      | 10/7    | -        | kỳ trước chuyển sang, bàn giao |
| xa-moi   | C1    | H32.103   | 10/6      | 10/7    | 8/7      | … xã Đông Khánh Sơn giải quyết trước hạn |
| huyen-cu | C2    | H32.37    | 20/6      | 1/7     | -        | nhận trong kỳ, bàn giao |
| xa-moi   | C2    | H32.101   | 20/6      | 1/7     | 15/7     | … xã Khánh Sơn giải quyết quá hạn |
| huyen-cu | C3    | H32.37.02 | 25/6      | 30/9    | -        | bàn giao, đến 14/9 chưa xong |
| xa-moi   | C3    | H32.102   | 25/6      | 30/9    | 25/9     | … xong trong quý IV |
| xa-moi   | B1    | H32.101   | 17/6      | 24/6    | 23/6     | hồ sơ đã xong cũng được chép sang |
| xa-moi   | D1    | H32.101   | 2/7       | 9/7     | 8/7      | xã mới nhận |
| xa-moi   | D2    | H32.103   | 1/9       | 8/9     | -        | xã mới, quá hạn chưa xong |
| xa-moi   | E1    | H32.102   | 1/10      | 8/10    | 7/10     | quý IV |
"""


@cache
def tree(folder: Path) -> UnitTree:
    path = folder / "agencies.csv"
    path.write_text(UNITS, encoding="utf-8")
    return read_units(path)


def province(folder: Path) -> Province:
    return replace(read_province(sample.PROVINCES / "khanh-hoa"), units=tree(folder))


def _code(row: dict[str, str], agency: str) -> str:
    """As the system of the agency that received it wrote it: the copy keeps it."""
    number = f"{ord(row['hồ sơ'][0])}{row['hồ sơ'][1:]}".zfill(4)
    return f"{agency}-250620-{number}"


def dossiers() -> dict[str, pd.DataFrame]:
    """By source."""
    rows = read_table(DOSSIERS)
    first = {}
    for row in rows:
        first.setdefault(row["hồ sơ"], row["cơ quan"])
    codes = {u.split(",")[0]: u.split(",")[1] or u.split(",")[0] for u in UNITS.splitlines()[1:]}
    made: dict[str, list[dict[str, object]]] = {}
    for row in rows:
        days = {name: _day(row[head]) for name, head in _DAYS.items()}
        made.setdefault(row["nguồn"], []).append(
            {
                "dossier_code": _code(row, first[row["hồ sơ"]]),
                "status": Status.DONE if days["end_date"] else Status.OPEN,
                "channel": Channel.ONLINE,
                "agency_code": row["cơ quan"],
                "unit_code": codes[row["cơ quan"]],
                **days,
            }
        )
    return {source: dossier_frame(found) for source, found in made.items()}


_DAYS = {"received_date": "tiếp nhận", "due_date": "hẹn trả", "end_date": "kết thúc"}


def _day(cell: str) -> object:
    if cell == "-":
        return None
    day, month = map(int, cell.split("/"))
    return datetime(2025, month, day).date()


def facts(folder: Path, period: Period, *, missing: Collection[str] = ()) -> pd.DataFrame:
    """Of the systems that answer for the period, each dossier in one of them."""
    sources = [name for name in ANSWERING[period.id] if name not in missing]
    given = {name: _seen(dossiers()[name], period) for name in sources}
    left = _left(folder, given, period)
    found = []
    for name, frame in given.items():
        ours = frame[~frame["dossier_code"].isin(left.loc[left["source_id"] == name, "dossier_code"])]
        counted = facts_of(ours, pause_frame([]), spans={Series.FORMS: period.forms}, policy=Policy())
        found.append(counted.assign(source_id=name))
    return pd.concat(found, ignore_index=True)[sample.COLUMNS]


def _seen(frame: pd.DataFrame, period: Period) -> pd.DataFrame:
    """What is received by the cut-off."""
    return frame[frame["received_date"] <= pd.Timestamp(period.cut_off)].reset_index(drop=True)


def _left(folder: Path, given: dict[str, pd.DataFrame], period: Period) -> pd.DataFrame:
    together = pd.concat([f.assign(source_id=name)[["source_id", *CLAIM_COLUMNS]] for name, f in given.items()])
    claims = claims_of(together.reset_index(drop=True), last_day=period.cut_off)
    ended = {u.agency_code: u.valid_to for u in tree(folder) if u.valid_to}
    over = handed_over(claims, ended, last_day=period.cut_off)
    return counted_elsewhere(claims, near_days=15, forms=Policy().dossier_code_patterns, handed_over=over)


def states(period: Period, *, missing: Collection[str] = ()) -> tuple[SourceState, ...]:
    read_at = datetime.combine(period.cut_off + timedelta(days=1), datetime.min.time(), VIETNAM)
    loaded = PartitionState.LOADED
    return tuple(
        SourceState(name, SOURCES[name][0], PartitionState.FAILED, SOURCES[name][1], error="không kết nối được")
        if name in missing
        else SourceState(
            name, SOURCES[name][0], loaded, SOURCES[name][1], extracted_at=read_at, rows=9, accepted=9, quarantined=0
        )
        for name in ANSWERING[period.id]
    )


def figures(folder: Path, period_id: str, *, missing: Collection[str] = ()) -> PeriodFigures:
    period = parse_period(period_id)
    return figures_now(
        province(folder),
        period,
        span=period.forms,
        facts=facts(folder, period, missing=missing),
        sources=states(period, missing=missing),
    )


def report_input(
    folder: Path, period_id: str, *, missing: Collection[str] = (), stored: Collection[str] = ("2025Q1", "2025Q2")
) -> ReportInput:
    """The period with those before it."""
    of, period = province(folder), parse_period(period_id)
    before = previous_period(period)
    assert before is not None
    known = before.id in stored
    previous = Previous(before, facts(folder, before), frozenset(ANSWERING[before.id])) if known else None
    made = sample.made_of(
        of,
        period,
        states(period, missing=missing),
        facts(folder, period, missing=missing),
        previous=previous,
    )
    return with_history(made, [figures(folder, name) for name in stored])
