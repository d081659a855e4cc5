"""Names that PostgreSQL takes for more than a column: a table's own name is its whole row, personal data and all, and
behind a table's name that of a function is the function's word on that row. Where a column of such a name is lost, the
system would go on answering.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
from sqlalchemy import Connection, text

from contracts.sql_text import OF_A_ROW
from sources.databases.sql import SOME_DAYS, Query

_ROWS = """
SELECT t.oid::int8 FROM pg_catalog.pg_type t
LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem
LEFT JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype
WHERE t.oid::int8 = ANY (:types) AND (t.typname IN ('record', '_record') OR 'c' IN (t.typtype, e.typtype, b.typtype))
"""
"""Of these types those that hold rows, also as an array or under a domain's name."""


def no_columns(connection: Connection, query: Query, names: Sequence[str]) -> set[str]:
    """Those of the names that stand for more than a column. query: SELECT of them, in that order, as they are."""
    cursor: Any = connection.execute(query.limit(0), SOME_DAYS).cursor
    types = [one.type_code for one in cursor.description]
    of_rows = set(connection.scalars(text(_ROWS), {"types": types}))
    computed = [not cursor.pgresult.ftable(place) for place in range(len(names))]
    return {
        name
        for name, type_, is_computed in zip(names, types, computed, strict=True)
        if type_ in of_rows or (is_computed and _is_function(name))
    }


def rows_among(fields: pa.Schema, names: Sequence[str]) -> list[str]:
    """Those of the names whose values are rows, by what the driver says of them. fields: in the order of the names."""
    types = [getattr(field.type, "value_type", field.type) for field in fields]
    return [name for name, type_ in zip(names, types, strict=True) if pa.types.is_struct(type_)]


def _is_function(name: str) -> bool:
    table, _, last = name.rpartition(".")
    return bool(table) and last in OF_A_ROW
