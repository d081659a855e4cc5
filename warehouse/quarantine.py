"""The quarantine of a period, counted and read a piece at a time.

Dossier codes are pseudonymous personal data (Luật 91/2025/QH15): whoever asks for them is entered in the audit trail by
who answers."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Engine, Select, and_, func, literal, literal_column, or_, select

from warehouse import tables
from warehouse.database import reading

_table = tables.rejected
_PIECE = 2_000


@dataclass(frozen=True)
class Number:
    """How many rows of a source and agency broke the same rules. agency_code: "" where none is known."""

    source_id: str
    agency_code: str
    rules: tuple[str, ...]
    rows: int


@dataclass(frozen=True)
class Entry:
    """One row. address: its place in the source; cells: where a person looks; "" where unknown."""

    source_id: str
    row: int
    address: str
    dossier_code: str
    agency_code: str
    rules: tuple[str, ...]
    cells: str


@dataclass(frozen=True)
class Chosen:
    """Rows of these sources; of one rule, and of these agencies ("" stands for those without), where named."""

    period_id: str
    source_ids: tuple[str, ...]
    rule: str = ""
    agency_codes: Collection[str] | None = None


def numbers(engine: Engine, chosen: Chosen) -> list[Number]:
    """In the order of source, agency and rules."""
    agency = func.coalesce(_table.c.agency_code, literal_column("''"))  # grouped by: no parameter of its own each time
    keys = (_table.c.source_id, agency, _table.c.rules)
    query = select(*keys, func.count()).where(_is(chosen)).group_by(*keys).order_by(*keys)
    with reading(engine) as connection:
        return [Number(s, a, tuple(rules.split(",")), int(n)) for s, a, rules, n in connection.execute(query)]


def entries(engine: Engine, chosen: Chosen, *, skip: int, at_most: int) -> list[Entry]:
    """A page of them, in the order of source and row."""
    return _read(engine, _entries(chosen).offset(skip).limit(at_most))


def all_entries(engine: Engine, chosen: Chosen) -> Iterator[Entry]:
    """The same, all of them, a piece at a time: nobody's connection stays open while a slow reader reads."""
    query = _entries(chosen).limit(_PIECE)
    piece = _read(engine, query)
    while piece:
        yield from piece
        last = piece[-1]
        later = and_(_table.c.source_id == last.source_id, _table.c.row > last.row)
        piece = _read(engine, query.where(or_(_table.c.source_id > last.source_id, later)))


def _entries(chosen: Chosen) -> Select[Any]:
    names = ("source_id", "row", "address", "dossier_code", "agency_code", "rules", "cells")
    order = (_table.c.source_id, _table.c.row)
    return select(*(_table.c[name] for name in names)).where(_is(chosen)).order_by(*order)


def _is(chosen: Chosen) -> ColumnElement[bool]:
    said = [_table.c.period_id == chosen.period_id, _table.c.source_id.in_(sorted(chosen.source_ids))]
    if chosen.rule:
        listed = literal(",") + _table.c.rules + literal(",")
        said.append(listed.contains(f",{chosen.rule},", autoescape=True))
    if chosen.agency_codes is not None:
        said.append(func.coalesce(_table.c.agency_code, "").in_(sorted(chosen.agency_codes)))
    return and_(*said)


def _read(engine: Engine, query: Select[Any]) -> list[Entry]:
    with reading(engine) as connection:
        return [
            Entry(s, row, address or "", code or "", agency or "", tuple(rules.split(",")), cells or "")
            for s, row, address, code, agency, rules, cells in connection.execute(query)
        ]
