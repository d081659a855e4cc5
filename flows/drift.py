"""Drift: whether a system still looks as it did when its structure was last accepted.

A mapped column whose type changed stops the source until somebody has looked at it: mended its line of column_map.csv,
or accepted the type. What else changed is told, and accepted by the run itself. A mapped column that is gone never
comes here: no reader goes on without it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Engine

from contracts.codes import Status
from contracts.errors import SourceDrift
from contracts.source_config import REJECT, SourceConfig
from contracts.source_places import STATUS_MAP, file_of, place_of_column
from flows import structure
from flows.structure import Retyped
from sources.reader import Schema
from warehouse import structures

MOST_CODES, LONGEST_CODE = 20, 60
_NUMBER = re.compile(r"(\d[\s.-]?){9}")

TOLD = "cấu trúc nguồn đã đổi: "
"""Beginning of the event in the ledger's history that says so."""


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
    retyped = tuple(structure.retyped(accepted, source, schema.tables))
    return Differences(retyped, tuple(structure.others(accepted[0].structure, schema.tables, told=retyped)))


def accept(engine: Engine, source: SourceConfig, schema: Schema) -> None:
    """The operator has looked at the system, and it is right as it is now."""
    _store(engine, source, schema, by="operator")


def check(engine: Engine, source: SourceConfig, schema: Schema) -> tuple[str, ...]:
    """Accept what may be accepted by a run; sentences on what differed. Raises SourceDrift for a changed type."""
    found = differences(engine, source, schema)
    if found.retyped:
        raise stopped(source, found.retyped)
    accepted = structures.accepted(engine, source.id)
    same = (
        accepted and accepted[0].fingerprint == schema.fingerprint and accepted[0].mapping == _mapping(source, schema)
    )
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
        mapping=_mapping(source, schema),
        by=by,
    )


def _mapping(source: SourceConfig, schema: Schema) -> dict[str, dict[str, str]]:
    """Table → column of the system → all that the configuration says of it, of those that figures depend on."""
    found: dict[str, dict[str, str]] = {name: {} for name in source.tables}
    for column in structure.watched(source, schema.tables):
        found[column.table][column.name] = column.line
    return found


def stopped(source: SourceConfig, retyped: tuple[Retyped, ...]) -> SourceDrift:
    said = "; ".join(one.sentence for one in retyped)
    places = ", ".join(dict.fromkeys(place for one in retyped for place in _places(source, one)))
    return SourceDrift(
        f"{source.name}: {said}",
        source_id=source.id,
        advice=f"hỏi {source.contact} vì sao đổi; nếu cách ghi dữ liệu đã đổi thì sửa format tại {places}; nếu vẫn "
        f"đúng như cũ thì chạy: cchc sources check {source.id} --accept; xong chạy lại",
    )


def _places(source: SourceConfig, one: Retyped) -> list[str]:
    """Lines of the column map; the source's folder, where its query is, for a column that only the query names."""
    mapped = [place_of_column(source, table=one.column.table, column=c) for c in one.column.mapped]
    return mapped or [str(source.folder)]
