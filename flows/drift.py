"""Drift: whether a system still looks as it did when its structure was last accepted.

A mapped column whose type changed stops the source until somebody has looked at it: mended its line of column_map.csv,
or accepted the type. What else changed is told, and accepted by the run itself. A mapped column that is gone never
comes here: no reader goes on without it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Engine

from contracts.codes import Status
from contracts.errors import SourceDrift
from contracts.source_config import REJECT, ColumnMap, SourceConfig
from contracts.source_places import STATUS_MAP, file_of, place_of_column
from sources.reader import Schema
from warehouse import structures
from warehouse.structures import Names, Structure

MOST_CODES, LONGEST_CODE = 20, 60
_NUMBER = re.compile(r"(\d[\s.-]?){9}")

TOLD = "cấu trúc nguồn đã đổi: "
"""Beginning of the event in the ledger's history that says so."""


@dataclass(frozen=True)
class Retyped:
    """A mapped column whose type is not the accepted one."""

    table: str
    column: ColumnMap
    was: str
    now: str

    @property
    def sentence(self) -> str:
        mapped = self.column
        return f"cột «{mapped.source_column}» ({mapped.column.label}) đổi kiểu: trước là {self.was}, nay là {self.now}"


@dataclass(frozen=True)
class Differences:
    """What differs from the accepted structure. retyped: stops the source. others: sentences, names only."""

    retyped: tuple[Retyped, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        return (*(one.sentence for one in self.retyped), *self.others)


def differences(engine: Engine, source: SourceConfig, schema: Schema) -> Differences:
    """The system as it is now against what was accepted last; nothing at first sight."""
    accepted = structures.accepted(engine, source.id)
    if not accepted:
        return Differences()
    retyped = tuple(_retyped(accepted, source, schema))
    stopped = {(one.table, one.column.source_column) for one in retyped}
    return Differences(retyped, tuple(_others(accepted[0].structure, schema.tables, stopped)))


def accept(engine: Engine, source: SourceConfig, schema: Schema) -> None:
    """The operator has looked at the system, and it is right as it is now."""
    _store(engine, source, schema, by="operator")


def check(engine: Engine, source: SourceConfig, schema: Schema) -> tuple[str, ...]:
    """Accept what may be accepted by a run; sentences on what differed. Raises SourceDrift for a changed type."""
    found = differences(engine, source, schema)
    if found.retyped:
        raise stopped(source, found.retyped)
    accepted = structures.accepted(engine, source.id)
    same = accepted and accepted[0].fingerprint == schema.fingerprint and accepted[0].mapping == _mapping(source)
    if not same:
        _store(engine, source, schema, by="run")
    return found.others


def check_statuses(source: SourceConfig, unknown: Mapping[str, int]) -> None:
    """Raises SourceDrift for status codes that no line of status_map.csv names; unknown: code → dossiers."""
    if not unknown:
        return
    dossiers = sum(unknown.values())
    if len(unknown) > MOST_CODES:  # this is no list of codes, and may be anything
        said = f"cột trạng thái có {len(unknown)} giá trị chưa có trong bảng quy đổi ({dossiers} hồ sơ)"
    else:
        named = ", ".join(f"{_shown(code)} ({number} hồ sơ)" for code, number in unknown.items())
        said = f"trạng thái chưa có trong bảng quy đổi: {named}"
    groups = ", ".join((*Status, REJECT))
    raise SourceDrift(
        f"{source.name}: {said}",
        source_id=source.id,
        advice=f"hỏi {source.contact} nghĩa của từng mã, thêm mỗi mã một dòng vào {file_of(source, STATUS_MAP)} "
        f"(group: {groups}; {REJECT} nếu mã không có nghĩa, hồ sơ mang mã đó bị loại ra), rồi chạy lại",
    )


def _shown(code: str) -> str:
    """A code as it is, unless it looks like something else: a name, a telephone number, a note."""
    return "một mã không in được" if len(code) > LONGEST_CODE or _NUMBER.search(code) else f"«{code}»"


def _store(engine: Engine, source: SourceConfig, schema: Schema, *, by: structures.By) -> None:
    structures.accept(
        engine,
        source.id,
        fingerprint=schema.fingerprint,
        structure=schema.tables,
        mapping=_mapping(source),
        by=by,
    )


def _mapping(source: SourceConfig) -> dict[str, dict[str, str]]:
    """Table → column of the system → all that is said of it in the column map."""
    return {name: {c.source_column: _line(source, c) for c in t.columns} for name, t in source.tables.items()}


def _line(source: SourceConfig, column: ColumnMap) -> str:
    return f"{column.column.name}|{column.format}|{source.kind}"


def _retyped(accepted: list[Structure], source: SourceConfig, schema: Schema) -> Iterator[Retyped]:
    """Mapped columns whose type differs from the one that was accepted when they were last mapped just as now. A
    mapping that was changed since has been looked at."""
    for name, table in source.tables.items():
        for column in table.columns:
            was = _accepted_type(accepted, name, column, _line(source, column))
            now = _type_in(schema.tables, name, column)
            if was and now and _kind_of(was) != _kind_of(now):
                yield Retyped(name, column, was, now)


def _accepted_type(accepted: list[Structure], table: str, column: ColumnMap, line: str) -> str:
    for one in accepted:
        if one.mapping.get(table, {}).get(column.source_column) == line:
            return _type_in(one.structure, table, column)
    return ""


def _type_in(structure: Names, table: str, column: ColumnMap) -> str:
    """Systems that do not tell capitals from small letters may write the name in others than the column map."""
    columns = structure.get(table, {})
    alike = {name.casefold(): type_ for name, type_ in columns.items()}
    return columns.get(column.source_column, alike.get(column.source_column.casefold(), ""))


def _kind_of(type_: str) -> str:
    """A text that may be longer than before is the same kind of thing; a number with other decimals is not."""
    name, length, _ = type_.partition("(")
    return name.strip() if length and "char" in name else type_


def _others(before: Names, now: Names, stopped: set[tuple[str, str]]) -> Iterator[str]:
    """New, lost, retyped and moved columns, a sentence each kind and table."""
    for table in now:
        was, is_ = before.get(table, {}), now[table]
        if table not in before:
            yield f"bảng mới: «{table}»"
            continue
        yield from _listed("cột mới", table, [c for c in is_ if c not in was])
        yield from _listed("cột không còn", table, [c for c in was if c not in is_])
        kept = [c for c in is_ if c in was]
        retyped = [c for c in kept if was[c] and is_[c] and was[c] != is_[c] and (table, c) not in stopped]
        yield from (f"cột đổi kiểu: «{c}» (bảng {table}), trước là {was[c]}, nay là {is_[c]}" for c in retyped)
        if kept != [c for c in was if c in is_]:
            yield f"thứ tự các cột đã đổi (bảng {table})"
    yield from (f"bảng không còn: «{table}»" for table in before if table not in now)


def _listed(what: str, table: str, columns: list[str]) -> Iterator[str]:
    if columns:
        yield f"{what}: {', '.join(f'«{c}»' for c in columns)} (bảng {table})"


def stopped(source: SourceConfig, retyped: tuple[Retyped, ...]) -> SourceDrift:
    said = "; ".join(one.sentence for one in retyped)
    places = ", ".join(dict.fromkeys(place_of_column(source, table=r.table, column=r.column) for r in retyped))
    return SourceDrift(
        f"{source.name}: {said}",
        source_id=source.id,
        advice=f"hỏi {source.contact} vì sao đổi; nếu cách ghi dữ liệu đã đổi thì sửa format tại {places}; nếu vẫn "
        f"đúng như cũ thì chạy: cchc sources check {source.id} --accept; xong chạy lại",
    )
