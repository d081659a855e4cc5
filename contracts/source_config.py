"""One district system: where it is, what it holds, and how its columns and codes become ours.

A source is a folder provinces/<p>/sources/<id>/ with source.toml and unit_map.csv. What several systems
of one vendor share (vendor.toml, column_map.csv, status_map.csv, channel_map.csv) lies once in
provinces/<p>/vendors/<vendor>/; a file of the same name in the source's own folder replaces it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, TypeVar

from contracts.codes import Channel, Status
from contracts.columns import TABLES, Column
from contracts.configfile import Strict, build, read_csv, read_toml
from contracts.errors import ConfigError
from contracts.personal import is_forbidden

Kind = Literal["sqlite", "excel"]
C = TypeVar("C", Status, Channel)


class TableSpec(Strict):
    """Where one canonical table comes from.

    SQL: `from` is a table or a join, `where` may use :first and :last (ISO days of the window) and :today, and must
    let rows through whose dates are empty, unreadable or still to come, so that they are quarantined and not lost.
    Excel: `sheet` is the sheet's name and `header_row` the row (from 1) of its column heads.
    key: source column of the address in findings.
    """

    from_: str = ""
    where: str = ""
    sheet: str = ""
    header_row: int = 1
    key: str = ""


class SourceFile(Strict):
    """source.toml over vendor.toml."""

    id: str
    name: str
    kind: Kind
    address: str  # «{systems}» and «{period}» are filled in
    units: list[str]  # agency codes; each answers for everything below it, too
    contact: str  # who to call
    vendor: str = ""
    since: date | None = None
    timeout_seconds: float = 60
    tables: dict[str, TableSpec]


@dataclass(frozen=True)
class ColumnMap:
    """One mapped column. format: for a date "iso" or a strptime pattern; for a flag the values that mean
    yes, joined by |; for a pause kind code=kind pairs joined by |; else empty."""

    column: Column
    source_column: str
    format: str


@dataclass(frozen=True)
class TableMap:
    name: str
    spec: TableSpec
    columns: tuple[ColumnMap, ...]

    @property
    def source_columns(self) -> tuple[str, ...]:
        """The allow-list: every column that may stand in the query, each once."""
        named = dict.fromkeys(c.source_column for c in self.columns)
        if self.spec.key:
            named.setdefault(self.spec.key)
        return tuple(named)


@dataclass(frozen=True)
class SourceConfig:
    """A checked source. status_map, channel_map: local code → ours; unit_map: local code → agency code."""

    id: str
    name: str
    kind: Kind
    address: str
    units: tuple[str, ...]
    contact: str
    timeout_seconds: float
    folder: Path
    tables: dict[str, TableMap]
    status_map: dict[str, Status]
    channel_map: dict[str, Channel]
    unit_map: dict[str, str]

    @property
    def extract_fingerprint(self) -> str:
        """Changes when what is asked of the system changes: then it must be read again."""
        asked = {name: [table.spec.model_dump(), list(table.source_columns)] for name, table in self.tables.items()}
        return digest([self.id, self.kind, self.address, asked])

    @property
    def meaning_fingerprint(self) -> str:
        """Changes when what the landed rows mean changes: then they must be counted again."""
        columns = {
            name: [[c.column.name, c.source_column, c.format] for c in t.columns] for name, t in self.tables.items()
        }
        maps = [sorted(m.items()) for m in (self.status_map, self.channel_map, self.unit_map)]
        return digest([columns, maps, sorted(self.units)])


def digest(content: Any) -> str:
    """SHA-256 of a JSON-able value, the same in every process."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def read_source(folder: Path, *, vendors: Path, on: date, systems: Path, period: str) -> SourceConfig:
    """The source of that folder, with the column map valid on that day. Raises ConfigError."""
    path = folder / "source.toml"
    values = read_toml(path)
    shared = vendors / values["vendor"] if values.get("vendor") else folder
    if values.get("vendor"):
        values = {**read_toml(shared / "vendor.toml"), **values}
    source = build(SourceFile, _rename_from(values), path=path)
    if source.id != folder.name:
        raise ConfigError(f"id «{source.id}» phải trùng tên thư mục «{folder.name}»", file=path)

    def own_or_shared(name: str) -> Path:
        return folder / name if (folder / name).exists() else shared / name

    tables = _tables(own_or_shared("column_map.csv"), source, on)
    address = source.address.replace("{systems}", str(systems)).replace("{period}", period)
    return SourceConfig(
        id=source.id,
        name=source.name,
        kind=source.kind,
        address=address,
        units=tuple(source.units),
        contact=source.contact,
        timeout_seconds=source.timeout_seconds,
        folder=folder,
        tables=tables,
        status_map=_code_map(own_or_shared("status_map.csv"), "group", Status),
        channel_map=_code_map(own_or_shared("channel_map.csv"), "channel", Channel),
        unit_map=_unit_map(folder / "unit_map.csv"),
    )


def _rename_from(values: dict[str, Any]) -> dict[str, Any]:
    """`from` is a Python word; inside it is `from_`."""
    tables = {
        name: {("from_" if key == "from" else key): value for key, value in table.items()}
        for name, table in values.get("tables", {}).items()
    }
    return {**values, "tables": tables}


def _unit_map(path: Path) -> dict[str, str]:
    """local_code, agency_code: the source's units and whose they are; those and no others are counted."""
    found: dict[str, str] = {}
    for line, row in read_csv(path, ("local_code", "agency_code")):
        if row["local_code"] in found:
            raise ConfigError(f"mã «{row['local_code']}» ghi hai lần", file=path, line=line)
        found[row["local_code"]] = row["agency_code"]
    if not found:
        raise ConfigError("chưa có đơn vị nào", file=path, advice="ghi mỗi đơn vị của nguồn một dòng")
    return found


def _code_map(path: Path, target: str, codes: type[C]) -> dict[str, C]:
    """code, label, <target>: the local code and what it means here."""
    found: dict[str, C] = {}
    for line, row in read_csv(path, ("code", target)):
        try:
            meaning = codes(row[target])
        except ValueError:
            known = ", ".join(codes)
            raise ConfigError(f"«{row[target]}» phải là một trong: {known}", file=path, line=line) from None
        if row["code"] in found:
            raise ConfigError(f"mã «{row['code']}» ghi hai lần", file=path, line=line)
        found[row["code"]] = meaning
    return found


def _tables(path: Path, source: SourceFile, on: date) -> dict[str, TableMap]:
    """column_map.csv: table, column, source_column, format, valid_from, valid_to."""
    found: dict[str, list[ColumnMap]] = {name: [] for name in source.tables}
    heads = ("table", "column", "source_column", "format", "valid_from", "valid_to")
    for line, row in read_csv(path, heads):
        if _valid(row, on, path, line):
            found.setdefault(row["table"], []).append(_column(row, path, line))
    for name, columns in found.items():
        _check_table(name, columns, source, path)
    return {name: TableMap(name, source.tables[name], tuple(columns)) for name, columns in found.items()}


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
        raise ConfigError("thiếu source_column", file=path, line=line)
    if is_forbidden(row["source_column"]):
        raise ConfigError(
            f"cột «{row['source_column']}» là (hoặc giống) dữ liệu cá nhân, không được đọc",
            file=path,
            line=line,
            advice="bỏ dòng này; cchc chỉ đọc mã, ngày và trạng thái",
        )
    return ColumnMap(declared[row["column"]], row["source_column"], row["format"])


def _check_table(name: str, columns: list[ColumnMap], source: SourceFile, path: Path) -> None:
    if name not in source.tables:
        raise ConfigError(f"bảng «{name}» không có trong [tables] của nguồn {source.id}", file=path)
    mapped = [c.column.name for c in columns]
    missing = [c.name for c in TABLES.get(name, ()) if c.required and c.name not in mapped]
    if missing:
        raise ConfigError(f"bảng «{name}» thiếu cột bắt buộc: {', '.join(missing)}", file=path)
    twice = sorted({c for c in mapped if mapped.count(c) > 1})
    if twice:
        raise ConfigError(f"bảng «{name}» có cột ghi hai lần: {', '.join(twice)}", file=path)
    key = source.tables[name].key
    if key and is_forbidden(key):
        raise ConfigError(f"key «{key}» là dữ liệu cá nhân, không được đọc", file=path)
