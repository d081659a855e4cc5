"""A join that a person writes as SQL does: which tables it has, and what their columns are called in it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from contracts.table_spec import SqlTable
from sources.exploring.explore import FoundTable

_JOIN = re.compile(r"\sjoin\s", re.IGNORECASE)
_QUOTES = str.maketrans("", "", '"`[]')
_OF_SQL = "as|on|using|join|inner|left|right|full|outer|cross|natural|where"


def is_join(name: str) -> bool:
    return _JOIN.search(name) is not None


def mentions(name: str, table: FoundTable) -> bool:
    """Whether that table, or join, as a person wrote it, is or has this one, be it under its schema's name."""
    same = rf"\b{re.escape(table.name)}\b"
    return (re.search(same, name, re.IGNORECASE) is not None) if is_join(name) else name.endswith(f".{table.name}")


def joined(tables: Sequence[FoundTable], join: str) -> FoundTable:
    """Columns of the same name are told apart by their table; a row is called by the key of the first one, as the
    others may be lists of codes."""
    found = [(part, table) for table in tables if (part := _part(join, table))]
    parts = [(part["alias"] or part["name"], t) for part, t in sorted(found, key=lambda f: f[0].start())]
    named = [column for _, table in parts for column in table.columns]

    def called(table: str, column: str) -> str:
        return f"{table}.{column}" if named.count(column) > 1 else column

    columns = {called(name, column): kind for name, t in parts for column, kind in t.columns.items()}
    key = next((called(name, t.spec.key) if t.spec.key else "" for name, t in parts), "")
    return FoundTable(join, columns, SqlTable(from_=join, key=key))


def _part(join: str, table: FoundTable) -> re.Match[str] | None:
    """Where the table stands first, and the other name that it has there."""
    name = re.escape(table.name)
    alias = rf"(?:\s+(?:as\s+)?(?!(?:{_OF_SQL})\b)(?P<alias>\w+))?"
    return re.search(rf"(?<![\w.])(?P<name>{name})\b(?!\.){alias}", join.translate(_QUOTES), re.IGNORECASE)
