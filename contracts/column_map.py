"""Which column of a system is which of ours: column_map.csv, with a validity period a row."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from contracts.columns import TABLES, Column
from contracts.configfile import Mistakes, read_csv
from contracts.errors import ConfigError
from contracts.personal import is_forbidden
from contracts.source_config import ColumnMap, TableMap
from contracts.table_spec import AnyTable

HEADS = ("table", "column", "source_column", "format", "valid_from", "valid_to")
_ZONE = re.compile(r"Z|[+-]\d\d")
_PAUSE_KINDS = re.compile(r"[^|]+=(supplement|payment)(\|[^|]+=(supplement|payment))*")
Columns = dict[str, list[ColumnMap]]


def read_column_map(path: Path, on: date) -> Columns:
    """Table of ours → its columns as they are mapped on that day. Further columns of the file are notes."""
    found: Columns = {}
    mistakes = Mistakes()
    for line, row in read_csv(path, HEADS):
        with mistakes.noted():
            if _valid(row, on, path, line):
                found.setdefault(row["table"], []).append(_column(row, path, line))
    mistakes.tell()
    return found


def table_maps(columns: Columns, specs: Mapping[str, AnyTable], *, source_id: str, path: Path) -> dict[str, TableMap]:
    """The tables of a source, each with all that we require of it."""
    mistakes = Mistakes()
    for name in dict.fromkeys((*specs, *columns)):
        with mistakes.noted():
            _check_table(name, columns.get(name, []), source_id, specs, path)
    mistakes.tell()
    return {name: TableMap(name, spec, tuple(columns[name])) for name, spec in specs.items()}


def _valid(row: dict[str, str], on: date, path: Path, line: int) -> bool:
    try:
        first = date.fromisoformat(row["valid_from"] or "1900-01-01")
        last = date.fromisoformat(row["valid_to"] or "9999-12-31")
    except ValueError:
        raise ConfigError("ngày hiệu lực phải có dạng 2024-12-31", file=path, line=line) from None
    return first <= on <= last


def _column(row: dict[str, str], path: Path, line: int) -> ColumnMap:
    declared = {c.name: c for c in TABLES.get(row["table"], ())}
    if row["column"] not in declared:
        known = ", ".join(declared) or ", ".join(TABLES)
        raise ConfigError(
            f"không có cột «{row['column']}» trong bảng «{row['table']}»; có: {known}", file=path, line=line
        )
    if not row["source_column"]:
        raise ConfigError(f"cột «{row['column']}» thiếu source_column", file=path, line=line)
    if is_forbidden(row["source_column"]):
        raise ConfigError(
            f"cột «{row['source_column']}» là (hoặc giống) dữ liệu cá nhân, không được đọc",
            file=path,
            line=line,
            advice="bỏ dòng này; cchc chỉ đọc mã, ngày và trạng thái",
        )
    _check_format(declared[row["column"]], row["format"], path, line)
    return ColumnMap(declared[row["column"]], row["source_column"], row["format"])


def _check_format(column: Column, written: str, path: Path, line: int) -> None:
    """A format that says nothing would make every date unreadable, and every flag a no."""
    if column.kind == "date" and not _is_date_format(written):
        raise ConfigError(f"format «{written}» phải là iso, hoặc có %d, %m và %Y", file=path, line=line)
    if column.kind == "date" and _names_a_zone(written):
        said = f"format «{written}» ghi múi giờ như chữ: giờ quốc tế sẽ bị đọc thành giờ Việt Nam, có thể sai một ngày"
        raise ConfigError(said, file=path, line=line, advice="ghi iso, hoặc dùng %z thay cho múi giờ")
    if column.kind == "flag" and not written:
        said = f"cột «{column.name}» chưa ghi ở format các giá trị nghĩa là có"
        raise ConfigError(said, file=path, line=line, advice="ghi các giá trị, cách nhau bằng |, hoặc xóa dòng này")
    if column.kind == "pause_kind" and not _PAUSE_KINDS.fullmatch(written):
        said = f"format «{written}» phải có dạng mã=supplement|mã=payment"
        raise ConfigError(said, file=path, line=line, advice="ghi các mã, hoặc xóa dòng này")


def _is_date_format(written: str) -> bool:
    return written in {"", "iso", "yyyyMMddHHmmss"} or (
        {"%d", "%m"} <= set(re.findall("%.", written)) and _has_year(written)
    )


def _names_a_zone(written: str) -> bool:
    """%Z reads a zone's name and forgets it."""
    has_time = "%H" in written or "%I" in written
    return "%Z" in written or (has_time and _ZONE.search(re.sub("%.", "", written)) is not None)


def _has_year(written: str) -> bool:
    return "%Y" in written or "%y" in written


def _check_table(
    name: str, columns: list[ColumnMap], source_id: str, specs: Mapping[str, AnyTable], path: Path
) -> None:
    if name not in specs:
        raise ConfigError(f"bảng «{name}» không có trong [tables] của nguồn {source_id}", file=path)
    mapped = [c.column.name for c in columns]
    missing = [c.name for c in TABLES.get(name, ()) if c.required and c.name not in mapped]
    if missing:
        raise ConfigError(f"bảng «{name}» thiếu cột bắt buộc: {', '.join(missing)}", file=path)
    twice = sorted({c for c in mapped if mapped.count(c) > 1})
    if twice:
        raise ConfigError(f"bảng «{name}» có cột ghi hai lần: {', '.join(twice)}", file=path)
    key = specs[name].key
    if key and is_forbidden(key):
        raise ConfigError(f"key «{key}» là dữ liệu cá nhân, không được đọc", file=path)
