"""What the demonstration's vendors leave out of a period is surely outside it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from contracts.periods import parse_period
from contracts.province import read_province
from contracts.settings import REPOSITORY
from contracts.table_spec import SqlTable

ROWS = """
source     | received   | ended      | read
cam-lam    | 2024-09-01 | 2024-09-10 | no
cam-lam    | 2024-09-01 | 2024-09-15 | yes
cam-lam    | 2024-01-05 | 2024-02-30 | yes
cam-lam    | 2024-02-30 |            | yes
cam-lam    |            | 2024-09-10 | no
cam-lam    | 2025-01-02 |            | no
cam-lam    | 2042-01-02 |            | yes
dien-khanh | 01/09/2024 | 10/09/2024 | no
dien-khanh | 01/09/2024 | 15/09/2024 | yes
dien-khanh | 05/01/2024 | 30/02/2024 | yes
dien-khanh | 31/09/2024 |            | yes
"""
COLUMNS = {"a": ("NgayTiepNhan", "NgayKetThucXuLy"), "b": ("NGAY_NHAN", "NGAY_XONG")}


def _cases() -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in ROWS.strip().splitlines()[1:]]


@pytest.mark.parametrize(("source_id", "received", "ended", "is_read"), _cases())
def test_what_is_left_out(source_id: str, received: str, ended: str, is_read: str) -> None:
    province = read_province(REPOSITORY / "provinces" / "khanh-hoa")
    period = parse_period("2024Q4")
    spec = province.source(source_id, period=period, systems=Path("systems")).tables["dossiers"].spec
    assert isinstance(spec, SqlTable)
    columns = next(names for names in COLUMNS.values() if names[0] in spec.where)
    status = "TrangThai" if "TrangThai" in spec.where else "TINH_TRANG"
    days = {"first": str(period.window.first_day), "last": str(period.window.last_day), "today": "2025-02-01"}
    with sqlite3.connect(":memory:") as system:
        system.execute(f"CREATE TABLE HoSo ({', '.join(columns)}, {status})")
        row = [f"{day} 08:00" if day else None for day in (received, ended)]
        system.execute("INSERT INTO HoSo VALUES (?, ?, 10)", row)
        found = system.execute(f"SELECT count(*) FROM HoSo WHERE {spec.where}", days).fetchone()[0]
    system.close()
    assert found == (is_read == "yes")
