"""Real systems in miniature: an SQLite file and a workbook, personal columns included, and their configuration."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import xlsxwriter

from contracts.codes import Channel, Status
from contracts.columns import TABLES
from contracts.periods import Period, parse_period
from contracts.source_config import ColumnMap, SourceConfig, TableMap
from contracts.table_spec import AnyTable, FileTable, Kind, SqlTable
from sources.landing import Landing, Progress, land
from sources.reader import Schema

PERIOD: Period = parse_period("2024Q4")
PERSON = ("Nguyễn Thị Riêng", "0901234567", "12 đường Tư")
"""What must never leave the system."""

SQL_COLUMNS = {
    "dossier_code": ("MaHoSo", ""),
    "procedure_code": ("MaTTHC", ""),
    "agency": ("MaCoQuan", ""),
    "status": ("TrangThai", ""),
    "channel": ("KenhThucHien", ""),
    "received_date": ("NgayTiepNhan", "iso"),
    "due_date": ("NgayHenTra", "iso"),
    "end_date": ("NgayKetThuc", "iso"),
    "linked": ("LienThong", "1"),
}
PAUSE_COLUMNS = {
    "dossier_code": ("MaHoSo", ""),
    "pause_from": ("NgayYeuCau", "iso"),
    "pause_to": ("NgayHoanThanh", "iso"),
    "pause_kind": ("Loai", "5=supplement|6=payment"),
}
HEADS = {
    "dossier_code": ("Mã hồ sơ", ""),
    "procedure_code": ("Mã TTHC", ""),
    "agency": ("Nơi tiếp nhận", ""),
    "status": ("Tình trạng", ""),
    "channel": ("Hình thức nộp", ""),
    "received_date": ("Ngày tiếp nhận", "iso"),
    "due_date": ("Ngày hẹn trả", "iso"),
    "end_date": ("Ngày giải quyết xong", "iso"),
}
DOSSIER = ("H32.30-241015-0001", "1.000635", "H32.30.01", 9, 2, "2024-10-15 08:30:00", "2024-10-20", "2024-10-18", 1)
IN_WORDS = ("H32.38-241015-0001", "1.000635", "H32.38", "Đã xong", "Trực tiếp", "2024-10-15", "2024-10-20", None)


def table_map(name: str, columns: dict[str, tuple[str, str]], spec: AnyTable) -> TableMap:
    declared = {c.name: c for c in TABLES[name]}
    return TableMap(name, spec, tuple(ColumnMap(declared[c], s, f) for c, (s, f) in columns.items()))


def source(address: Path, tables: dict[str, TableMap], *, kind: Kind = "sqlite") -> SourceConfig:
    return SourceConfig(
        id="huyen-thu",
        name="Hệ thống một cửa huyện Thử",
        kind=kind,
        address=str(address),
        units=("H32.30",),
        contact="Văn phòng huyện Thử",
        timeout_seconds=5,
        folder=Path("provinces/thu/sources/huyen-thu"),
        tables=tables,
        status_map={"9": Status.DONE, "5": Status.PAUSED, "4": Status.OPEN, "Đã xong": Status.DONE},
        channel_map={"1": Channel.IN_PERSON, "2": Channel.ONLINE, "Trực tiếp": Channel.IN_PERSON},
        unit_map={},
    )


def with_where(config: SourceConfig, where: str) -> SourceConfig:
    return with_spec(config, where=where)


def with_spec(config: SourceConfig, **changes: Any) -> SourceConfig:
    """The same source, its dossiers asked for otherwise."""
    dossiers = config.tables["dossiers"]
    changed = replace(dossiers, spec=dossiers.spec.model_copy(update=changes))
    return replace(config, tables={**config.tables, "dossiers": changed})


def sqlite_source(
    folder: Path, dossiers: Sequence[Sequence[Any]] = (DOSSIER,), pauses: Sequence[Sequence[Any]] | None = None
) -> SourceConfig:
    """A district's database of these dossiers (columns SQL_COLUMNS) and, if given, pauses."""
    path = folder / "huyện thử #1.sqlite"
    path.unlink(missing_ok=True)
    with sqlite3.connect(path) as system:
        mapped = ", ".join(source_column for source_column, _ in SQL_COLUMNS.values())
        system.execute(f"CREATE TABLE HoSo ({mapped}, HoTenChuHoSo, SoDienThoai, DiaChi)")
        marks = ", ".join("?" * (len(SQL_COLUMNS) + len(PERSON)))
        system.executemany(f"INSERT INTO HoSo VALUES ({marks})", [(*row, *PERSON) for row in dossiers])
        system.execute("CREATE TABLE YeuCau (MaHoSo, NgayYeuCau, NgayHoanThanh, Loai, NoiDung)")
        system.executemany("INSERT INTO YeuCau VALUES (?, ?, ?, ?, 'riêng tư')", pauses or [])
    system.close()
    tables = {"dossiers": table_map("dossiers", SQL_COLUMNS, SqlTable(from_="HoSo"))}
    if pauses is not None:
        tables["pauses"] = table_map("pauses", PAUSE_COLUMNS, SqlTable(from_="YeuCau"))
    return source(path, tables)


def change(config: SourceConfig, *statements: str) -> None:
    """What the vendor does to the database behind our back."""
    with sqlite3.connect(config.address) as system:
        for statement in statements:
            system.execute(statement)
    system.close()


def workbook_rows(*rows: Sequence[Any], heads: Sequence[str] | None = None) -> list[Sequence[Any]]:
    """A sheet as a unit sends it: title, period, heads, then the rows; a running number and a name in each."""
    named = heads or [head for head, _ in HEADS.values()]
    body = [(number, *row, PERSON[0]) for number, row in enumerate(rows, start=1)]
    return [("SỔ THEO DÕI HỒ SƠ",), ("Quý IV năm 2024",), ("TT", *named, "Họ và tên"), *body]


def excel_source(folder: Path, rows: Sequence[Sequence[Any]], *, sheet: str = "Hồ sơ") -> SourceConfig:
    path = folder / "2024Q4.xlsx"
    write_workbook(path, {sheet: rows})
    spec = FileTable(sheet="Hồ sơ", header_row=3)
    return source(path, {"dossiers": table_map("dossiers", HEADS, spec)}, kind="excel")


def write_workbook(path: Path, sheets: dict[str, Sequence[Sequence[Any]]]) -> None:
    """Text stays text; a date becomes a true date cell, «=» a formula in error."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_numbers": False}) as workbook:
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        for name, rows in sheets.items():
            page = workbook.add_worksheet(name)
            for line, row in enumerate(rows):
                for place, cell in enumerate(row):
                    if isinstance(cell, date | datetime):
                        page.write_datetime(line, place, cell, day)
                    elif cell == "=":
                        page.write_formula(line, place, "=1/0", None, "#N/A")
                    elif cell is not None:
                        page.write(line, place, cell)


def landed(
    config: SourceConfig,
    root: Path,
    progress: Progress | None = None,
    check: Callable[[Schema], None] | None = None,
) -> Landing:
    return land(config, PERIOD, root=root, progress=progress, check=check)


def rows_of(table: pa.Table, *columns: str) -> list[tuple[str | None, ...]]:
    wanted = [table[name].to_pylist() for name in columns or table.column_names]
    return list(zip(*wanted, strict=True))
