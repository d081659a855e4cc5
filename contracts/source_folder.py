"""Reading a source's folder: provinces/<p>/sources/<id>/ with source.toml, unit_map.csv and, where wanted, query.sql
and corrections.toml. What several systems of one vendor share (vendor.toml, column_map.csv, status_map.csv,
channel_map.csv, level_map.csv, query.sql) lies once in provinces/<p>/vendors/<vendor>/; a file of the same name in the
source's own folder replaces it. docs/add-a-source.md has it as steps.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, ValidationError, field_validator

from contracts.code_maps import read_channel_map, read_level_map, read_status_map, read_unit_map
from contracts.codes import Channel, ServiceLevel, Status
from contracts.column_map import Columns, read_column_map, table_maps
from contracts.configfile import Mistakes, Strict, build, line_of, read_toml
from contracts.corrections import Correction, check_mapped, read_corrections
from contracts.errors import ConfigError
from contracts.hosts import Host
from contracts.responsibility import Elsewhere, Responsibility
from contracts.rest_spec import RestConnection
from contracts.source_config import SourceConfig
from contracts.source_places import query_file
from contracts.sql_text import check_parts, check_query
from contracts.table_spec import AnyTable, Connection, Kind, SqlTable, connection_model, table_model

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

    @field_validator("units")
    @classmethod
    def _some(cls, units: list[str]) -> list[str]:
        if not units:
            raise ValueError("phải ghi ít nhất một mã đơn vị trong agencies.csv")
        return units

    @field_validator("contact")
    @classmethod
    def _someone(cls, contact: str) -> str:
        if not contact.strip():
            raise ValueError("phải ghi gọi ai khi hệ thống không trả lời")
        return contact


def read_source(
    folder: Path, *, vendors: Path, on: date, systems: Path, period: str, hosts: Mapping[str, Host] = NO_HOSTS
) -> SourceConfig:
    """The source of that folder, with the column map valid on that day. hosts: rules of the machines that are read.
    Raises ConfigError."""
    path = folder / "source.toml"
    own = read_toml(path)
    shared = vendors / own["vendor"] if own.get("vendor") else folder
    inherited = read_toml(shared / "vendor.toml") if own.get("vendor") else {}

    def find(name: str) -> Path:
        return folder / name if (folder / name).exists() else shared / name

    mistakes = Mistakes()
    source = None
    with mistakes.noted():
        source = build(SourceFile, _merged(inherited, own), path=path, fallback=shared / "vendor.toml")
    with mistakes.noted():
        files = _read_files(folder, find, on)
    with mistakes.noted():
        if source is not None:
            said = _read_parts(source, find, path=path, vendor=shared / "vendor.toml", tables_are_own="tables" in own)
    mistakes.tell()
    assert source is not None
    address = source.address.replace("{systems}", str(systems)).replace("{period}", period)
    _check_address(source, said.connection, address, path)
    tables = table_maps(files.columns, said.specs, source_id=source.id, path=find("column_map.csv"))
    check_mapped(files.corrections, [c.column.name for c in tables["dossiers"].columns], folder, cut_off=on)
    found = SourceConfig(
        id=source.id,
        name=source.name,
        kind=source.kind,
        address=address,
        declared_address=source.address.replace("{period}", period),
        units=tuple(source.units),
        contact=source.contact,
        timeout_seconds=source.timeout_seconds,
        folder=folder,
        tables=tables,
        status_map=files.statuses,
        channel_map=files.channels,
        level_map=files.levels,
        unit_map=files.units,
        secret=source.secret,
        connection=said.connection,
        responsibility=said.responsibility,
        elsewhere=tuple(source.elsewhere),
        corrections=files.corrections,
        rejected_codes=files.rejected,
    )
    return replace(found, host_rules=hosts.get(found.host, Host()))


@dataclass(frozen=True)
class _Files:
    """What stands beside source.toml."""

    statuses: dict[str, Status]
    rejected: frozenset[str]
    channels: dict[str, Channel]
    levels: dict[str, ServiceLevel]
    units: dict[str, str]
    columns: Columns
    corrections: tuple[Correction, ...]


def _read_files(folder: Path, find: Callable[[str], Path], on: date) -> _Files:
    mistakes = Mistakes()
    with mistakes.noted():
        statuses, rejected = read_status_map(find("status_map.csv"))
    with mistakes.noted():
        channels = read_channel_map(find("channel_map.csv"))
    with mistakes.noted():
        levels = read_level_map(find("level_map.csv"))
    with mistakes.noted():
        units = read_unit_map(folder / "unit_map.csv")
    with mistakes.noted():
        columns = read_column_map(find("column_map.csv"), on)
    with mistakes.noted():
        corrections = read_corrections(folder)
    mistakes.tell()
    return _Files(statuses, rejected, channels, levels, units, columns, corrections)


@dataclass(frozen=True)
class _Parts:
    """What the parts of source.toml say."""

    connection: Connection
    responsibility: Responsibility
    specs: dict[str, AnyTable]


def _read_parts(
    source: SourceFile, find: Callable[[str], Path], *, path: Path, vendor: Path, tables_are_own: bool
) -> _Parts:
    """vendor: the file that holds what `path` leaves out."""
    mistakes = Mistakes()
    specs: dict[str, AnyTable] = {}
    with mistakes.noted():
        if source.id != path.parent.name:
            said = f"id «{source.id}» phải trùng tên thư mục «{path.parent.name}»"
            raise ConfigError(said, file=path, line=line_of(path, ["id"]))
    with mistakes.noted():
        if "dossiers" not in source.tables:
            raise ConfigError("thiếu [tables.dossiers]", file=path if tables_are_own else vendor)
    with mistakes.noted():
        model = connection_model(source.kind)
        connection = build(model, source.connection, path=path, fallback=vendor, within=("connection",))
    with mistakes.noted():
        responsibility = _responsibility(source, path)
    for name, values in source.tables.items():
        with mistakes.noted():
            specs[name] = _spec(name, values, source, find, path if tables_are_own else vendor)
    mistakes.tell()
    return _Parts(connection, responsibility, specs)


class _Term(BaseModel):
    since: date | None = None
    until: date | None = None


def in_force(folder: Path, *, vendors: Path, on: date) -> bool:
    """Whether the source of that folder answers for a period with that cut-off: one that does not need not have a
    column map for it. A mistake in its days is told when it is read as a whole."""
    own = read_toml(folder / "source.toml")
    inherited = read_toml(vendors / own["vendor"] / "vendor.toml") if own.get("vendor") else {}
    try:
        term = _Term.model_validate(_merged(inherited, own))
    except ValidationError:
        return True
    return Responsibility(since=term.since, until=term.until).in_force(on)


def _merged(inherited: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """The source's own values over its vendor's; of `connection` each key by itself."""
    connection = {**inherited.get("connection", {}), **own.get("connection", {})}
    return {**inherited, **own, **({"connection": connection} if connection else {})}


def holds_secret(address: str) -> bool:
    """Whether a user, a password or a token stands in it."""
    parts = urlsplit(address)
    return "@" in parts.netloc or _SECRET_IN_ADDRESS.search(parts.query) is not None


def _check_address(source: SourceFile, connection: Connection, address: str, path: Path) -> None:
    """An address is shown, logged and kept in the ledger: nothing secret may stand in it."""
    line = line_of(path, ["address"])
    if holds_secret(source.address):
        raise ConfigError(
            "«address» không được chứa tài khoản, mật khẩu hay mã truy cập",
            file=path,
            line=line,
            advice="đặt vào bí mật và ghi tên bí mật ở «secret»; xem docs/add-a-source.md",
        )
    if isinstance(connection, RestConnection) and (refusal := connection.refusal(address)):
        raise ConfigError(refusal, file=path, line=line)


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
    file = find(query_file(name))
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
