"""Reading a source's folder: provinces/<p>/sources/<id>/ with source.toml, unit_map.csv and, where wanted, query.sql
and corrections.toml. What several systems of one vendor share (vendor.toml, column_map.csv, status_map.csv,
channel_map.csv, query.sql) lies once in provinces/<p>/vendors/<vendor>/; a file of the same name in the source's own
folder replaces it. docs/add-a-source.md has it as steps.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from pydantic import Field

from contracts.codes import Channel, Status
from contracts.columns import TABLES
from contracts.configfile import Strict, build, line_of, read_csv, read_toml
from contracts.corrections import read_corrections
from contracts.errors import ConfigError
from contracts.hosts import Host, host_of
from contracts.personal import is_forbidden
from contracts.responsibility import Elsewhere, Responsibility
from contracts.rest_spec import RestConnection
from contracts.source_config import REJECT, ColumnMap, SourceConfig, TableMap
from contracts.sql_text import check_parts, check_query
from contracts.table_spec import AnyTable, Connection, Kind, SqlTable, connection_model, table_model

C = TypeVar("C", Status, Channel)
NO_HOSTS: Mapping[str, Host] = {}
_SECRET_IN_ADDRESS = re.compile(r"passw|pwd|token|secret|apikey|api_key|access_key", re.IGNORECASE)
_PROCEDURE = re.compile(r"\d\.\d{6}")


class SourceFile(Strict):
    """source.toml over vendor.toml. `connection` and `tables` are checked by the kind's own models."""

    id: str
    name: str
    kind: Kind
    address: str  # «{systems}» and «{period}» are filled in; never a user or a password
    secret: str = ""
    units: list[str]  # agency codes; each answers for everything below it, too
    contact: str  # who to call
    vendor: str = ""
    since: date | None = None
    until: date | None = None
    channels: list[Channel] = []
    procedures: list[str] = []
    except_procedures: list[str] = []
    elsewhere: list[Elsewhere] = []
    timeout_seconds: float = Field(default=60, gt=0)
    connection: dict[str, Any] = {}
    tables: dict[str, dict[str, Any]]


def read_source(
    folder: Path, *, vendors: Path, on: date, systems: Path, period: str, hosts: Mapping[str, Host] = NO_HOSTS
) -> SourceConfig:
    """The source of that folder, with the column map valid on that day. hosts: rules of the machines that are read.
    Raises ConfigError."""
    path = folder / "source.toml"
    own = read_toml(path)
    shared = vendors / own["vendor"] if own.get("vendor") else folder
    inherited = read_toml(shared / "vendor.toml") if own.get("vendor") else {}
    source = build(SourceFile, _merged(inherited, own), path=path, fallback=shared / "vendor.toml")
    if source.id != folder.name:
        raise ConfigError(f"id «{source.id}» phải trùng tên thư mục «{folder.name}»", file=path)
    _check_address(source, path)

    def own_or_shared(name: str) -> Path:
        return folder / name if (folder / name).exists() else shared / name

    told_in = path if "tables" in own else shared / "vendor.toml"
    specs = {name: _spec(name, table, source, own_or_shared, told_in) for name, table in source.tables.items()}
    statuses, rejected = _status_map(own_or_shared("status_map.csv"))
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
        tables=_tables(own_or_shared("column_map.csv"), source.id, specs, on),
        status_map=statuses,
        channel_map=_code_map(own_or_shared("channel_map.csv"), "channel", Channel),
        unit_map=_unit_map(folder / "unit_map.csv"),
        secret=source.secret,
        connection=_connection(source, address, path=path, fallback=shared / "vendor.toml"),
        responsibility=_responsibility(source, path),
        elsewhere=tuple(source.elsewhere),
        corrections=read_corrections(folder),
        rejected_codes=rejected,
        host_rules=hosts.get(host_of(address), Host()),
    )


def _merged(inherited: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """The source's own values over its vendor's; of `connection` each key by itself."""
    connection = {**inherited.get("connection", {}), **own.get("connection", {})}
    return {**inherited, **own, **({"connection": connection} if connection else {})}


def holds_secret(address: str) -> bool:
    """Whether a user, a password or a token stands in it."""
    parts = urlsplit(address)
    return "@" in parts.netloc or _SECRET_IN_ADDRESS.search(parts.query) is not None


def _check_address(source: SourceFile, path: Path) -> None:
    """An address is shown, logged and kept in the ledger: nothing secret may stand in it."""
    if holds_secret(source.address):
        raise ConfigError(
            "«address» không được chứa tài khoản, mật khẩu hay mã truy cập",
            file=path,
            advice="đặt vào bí mật và ghi tên bí mật ở «secret»; xem docs/add-a-source.md",
        )


def _connection(source: SourceFile, address: str, *, path: Path, fallback: Path) -> Connection:
    model = connection_model(source.kind)
    connection = build(model, source.connection, path=path, fallback=fallback, within=("connection",))
    if isinstance(connection, RestConnection) and (refusal := connection.refusal(address)):
        raise ConfigError(refusal, file=path)
    return connection


def _responsibility(source: SourceFile, path: Path) -> Responsibility:
    for code in (*source.procedures, *source.except_procedures):
        if not _PROCEDURE.fullmatch(code):
            raise ConfigError(f"mã thủ tục «{code}» phải có dạng 2.000635", file=path)
    return Responsibility(
        since=source.since,
        until=source.until,
        channels=frozenset(source.channels),
        procedures=frozenset(source.procedures),
        except_procedures=frozenset(source.except_procedures),
    )


def _spec(name: str, values: dict[str, Any], source: SourceFile, find: Callable[[str], Path], path: Path) -> AnyTable:
    """One of [tables], checked as its kind wants it; SQL is read for what must not stand in it."""
    spec = build(table_model(source.kind), _rename_from(values), path=path, within=("tables", name))
    if not isinstance(spec, SqlTable):
        return spec
    file = find("query.sql" if name == "dossiers" else f"query_{name}.sql")
    if file.exists():
        if spec.from_:
            line = line_of(path, ["tables", name, "from"])
            raise ConfigError(f"bảng «{name}» đã có {file.name}, không ghi thêm «from»", file=path, line=line)
        query = file.read_text(encoding="utf-8-sig").strip().rstrip(";")
        check_query(query, kind=source.kind, file=file)
        spec = spec.model_copy(update={"query": query})
    elif not spec.from_:
        raise ConfigError(f"bảng «{name}» cần «from», hoặc một tệp {file.name}", file=path)
    line = line_of(path, ["tables", name])
    check_parts(kind=source.kind, from_=spec.from_ or "q", where=spec.where, file=path, line=line)
    return spec


def _rename_from(table: dict[str, Any]) -> dict[str, Any]:
    """`from` is a Python word; inside it is `from_`. A query has a file of its own."""
    if "query" in table:
        return {**table, "query (ghi vào query.sql)": ""}
    return {("from_" if key == "from" else key): value for key, value in table.items()}


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


def _status_map(path: Path) -> tuple[dict[str, Status], frozenset[str]]:
    """code, label, group; and the codes of group REJECT, which are known to mean nothing."""
    rejected = {row["code"] for _, row in read_csv(path, ("code", "group")) if row["group"] == REJECT}
    return _code_map(path, "group", Status, also=REJECT), frozenset(rejected)


def _code_map(path: Path, target: str, codes: type[C], *, also: str = "") -> dict[str, C]:
    """code, label, <target>: the local code and what it means here. Codes of target `also` are left out."""
    found: dict[str, C] = {}
    seen: set[str] = set()
    for line, row in read_csv(path, ("code", target)):
        if row["code"] in seen:
            raise ConfigError(f"mã «{row['code']}» ghi hai lần", file=path, line=line)
        seen.add(row["code"])
        if also and row[target] == also:
            continue
        try:
            found[row["code"]] = codes(row[target])
        except ValueError:
            known = ", ".join(codes) + (f", {also}" if also else "")
            said = f"«{row[target]}» phải là" if row[target] else f"mã «{row['code']}» chưa ghi {target}; phải là"
            raise ConfigError(f"{said} một trong: {known}", file=path, line=line) from None
    return found


def _tables(path: Path, source_id: str, specs: dict[str, AnyTable], on: date) -> dict[str, TableMap]:
    """column_map.csv: table, column, source_column, format, valid_from, valid_to."""
    found: dict[str, list[ColumnMap]] = {name: [] for name in specs}
    heads = ("table", "column", "source_column", "format", "valid_from", "valid_to")
    for line, row in read_csv(path, heads):
        if _valid(row, on, path, line):
            found.setdefault(row["table"], []).append(_column(row, path, line))
    for name, columns in found.items():
        _check_table(name, columns, source_id, specs, path)
    return {name: TableMap(name, specs[name], tuple(columns)) for name, columns in found.items()}


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


def _check_table(name: str, columns: list[ColumnMap], source_id: str, specs: dict[str, AnyTable], path: Path) -> None:
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
