"""The tables and columns that a database says it has: names, types and keys, never a row."""

from __future__ import annotations

import re
from functools import partial
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.engine.reflection import Inspector, ObjectKind

from contracts.personal import is_forbidden
from contracts.table_spec import SqlTable
from sources.exploring.explore import FoundTable

_OF_THE_SYSTEM = {"information_schema", "pg_catalog", "pg_toast", "sys", "mysql", "performance_schema"}
_SEVERAL_SCHEMAS = {"postgresql", "sqlserver"}
_FOLDING_CASE = {"postgresql", "oracle"}
_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_MYSQL = """
SELECT table_name, column_name, column_type, column_key = 'PRI' FROM information_schema.columns
WHERE table_schema = database() ORDER BY table_name, ordinal_position
"""
"""Shows an account the columns that it may read, and no others; SHOW CREATE TABLE would want more rights."""

_OWN = "SELECT unnest(current_schemas(false))::text"
"""The schemas of the session's search path, which the address may say."""


def tables_of(connection: Connection, kind: str, wanted: str = "") -> list[FoundTable]:
    """Tables and views, the account's own schema first. wanted: what a person calls them; of a kind in which every
    account is a schema, only the one of «schema.table» is worth a look."""
    if kind in {"mariadb", "mysql"}:
        return _of_mysql(connection, kind)
    inspector = inspect(connection)
    schemas = _schemas(connection, inspector, kind, wanted)
    if kind == "oracle" and "." in wanted:
        schemas.append(inspector.dialect.normalize_name(wanted.partition(".")[0]))
    return [table for schema in schemas for table in _of_schema(inspector, schema, kind)]


def quoted(dialect: Dialect, kind: str, name: str) -> str:
    """As a person would write it: plain where the database reads it so."""
    preparer = dialect.identifier_preparer
    is_plain = _PLAIN_NAME.fullmatch(name) and name.lower() not in preparer.reserved_words
    return name if is_plain and kind not in _FOLDING_CASE else preparer.quote(name)


def _of_mysql(connection: Connection, kind: str) -> list[FoundTable]:
    rows = [(str(t), str(c), str(type_).lower(), bool(key)) for t, c, type_, key in connection.execute(text(_MYSQL))]
    found = []
    for name, of_table in groupby(rows, key=lambda row: row[0]):
        columns = list(of_table)
        spec = SqlTable(from_=quoted(connection.dialect, kind, name), key=_key([c for _, c, _, key in columns if key]))
        found.append(FoundTable(name, {c: type_ for _, c, type_, _ in columns}, spec))
    return found


def _schemas(connection: Connection, inspector: Inspector, kind: str, wanted: str) -> list[str | None]:
    """None is what the account sees without naming a schema; such a schema is looked at by its name where a person
    names it."""
    if kind not in _SEVERAL_SCHEMAS:
        return [None]
    own = set(connection.scalars(text(_OWN))) if kind == "postgresql" else {inspector.default_schema_name}
    own = {schema for schema in own if f"{schema}." not in wanted}
    return [None, *sorted(set(inspector.get_schema_names()) - _OF_THE_SYSTEM - own)]


def _of_schema(inspector: Inspector, schema: str | None, kind: str) -> list[FoundTable]:
    there = inspector.get_multi_columns(schema=schema, kind=ObjectKind.ANY)
    keys: dict[Any, Any] = dict(inspector.get_multi_pk_constraint(schema=schema, kind=ObjectKind.TABLE))
    found = []
    written = partial(_written, inspector.dialect, kind)
    for (_, name), columns in sorted(there.items(), key=lambda item: item[0][1]):
        parts = [written(part) for part in (schema, name) if part]
        key = [written(c) for c in (keys.get((schema, name)) or {}).get("constrained_columns", [])]
        types = {written(c["name"]): str(c["type"]).lower() for c in columns}
        named = ".".join(quoted(inspector.dialect, kind, part) for part in parts)
        found.append(FoundTable(".".join(parts), types, SqlTable(from_=named, key=_key(key))))
    return found


def _written(dialect: Dialect, kind: str, name: str) -> str:
    """As it stands in the catalogue: Oracle's capitals come as small letters."""
    return str(dialect.denormalize_name(name)) if kind == "oracle" else name


def _key(columns: list[str]) -> str:
    """The one column that leads to a row; none where it takes several, or looks like personal data."""
    return columns[0] if len(columns) == 1 and not is_forbidden(columns[0]) else ""
