"""A system with names and habits of its own, personal columns included, in every kind of database."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from contracts.source_config import SourceConfig
from contracts.table_spec import Connection, Kind, SqlConnection

PEOPLE = ("Trần Thị Bí Mật", "0912345678", "012345678901", "thửa đất số 12, hẻm 4")
"""What must never leave the system."""

PERSONAL = ("ho_va_ten", "so_dien_thoai", "SoCCCD", "ghi_chu")
COLUMNS = {
    "id": "integer",
    "so_ho_so": "varchar(40)",
    "MaThuTuc": "varchar(40)",
    "linh_vuc": "varchar(60)",
    "don_vi_tiep_nhan": "varchar(40)",
    "tinh_trang": "varchar(40)",
    "kenh_nop": "integer",
    "NgayNhan": "varchar(30)",
    "han_tra": "varchar(30)",
    "ngay_hoan_tat": "varchar(30)",
    "phong_xu_ly": "varchar(40)",
    **dict.fromkeys(PERSONAL, "varchar(80)"),
}
_DONE = "18/10/2024 10:00"
_CIVIL, _LAND = ("1.000635", "Hộ tịch"), ("1.004227", "Đất đai")
ROWS: Sequence[tuple[Any, ...]] = [
    (1, "H32.32-241015-0001", *_CIVIL, "H32.32", "Đang xử lý", 1, "15/10/2024 08:30", "20/10/2024", ""),
    (2, "H32.32-241016-0002", *_CIVIL, "H32.32.01", "Đã trả kết quả", 2, "16/10/2024 09:00", "20/10/2024", _DONE),
    (3, "H32.32-241017-0003", *_LAND, "XA-77", "Treo", 2, "17/10/2024 09:00", None, ""),
]
PAUSES = {
    "so_ho_so": "varchar(40)",
    "tu_ngay": "varchar(30)",
    "den_ngay": "varchar(30)",
    "ly_do": "varchar(80)",
}


def provisional(address: str, *, kind: Kind, secret: str = "", connection: Connection | None = None) -> SourceConfig:
    """A system of which nothing is known but where it is."""
    return SourceConfig(
        id="la",
        name="Hệ thống lạ",
        kind=kind,
        address=address,
        units=(),
        contact="đơn vị quản lý hệ thống",
        timeout_seconds=10,
        folder=Path("provinces/thu/sources/la"),
        tables={},
        status_map={},
        channel_map={},
        unit_map={},
        secret=secret,
        connection=connection or SqlConnection(tls="off"),
    )


def statements(quote: str = '"') -> list[str]:
    """The system's tables, with something in them that looks like dossiers and is none."""

    def create(name: str, columns: dict[str, str]) -> str:
        return f"CREATE TABLE {name} ({', '.join(f'{quote}{c}{quote} {type_}' for c, type_ in columns.items())})"

    users = {"id": "integer", "ten_dang_nhap": "varchar(40)", "email": "varchar(40)", "trang_thai": "integer"}
    return [create("quan_ly_hs", COLUMNS), create("tam_dung", PAUSES), create("nguoi_dung", users)]


def full_rows() -> list[tuple[Any, ...]]:
    return [(*row, "Phòng Một cửa", *PEOPLE) for row in ROWS]


def sqlite_system(path: Path, rows: Sequence[Sequence[Any]] | None = None) -> SourceConfig:
    with sqlite3.connect(path) as system:
        for statement in statements():
            system.execute(statement)
        marks = ", ".join("?" * len(COLUMNS))
        system.executemany(f"INSERT INTO quan_ly_hs VALUES ({marks})", full_rows() if rows is None else rows)
    system.close()
    return provisional(str(path), kind="sqlite")
