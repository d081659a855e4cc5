"""The rights that an account needs to read a source, as the statements that the system's administrator runs."""

from __future__ import annotations

from collections.abc import Iterator

from contracts.source_config import SourceConfig, TableMap
from sources.sql import spec_of

_DIALECTS = {"mariadb": "mysql", "postgresql": "postgres", "sqlserver": "tsql"}


def grants(source: SourceConfig) -> list[str]:
    """One statement a table that the queries read, with every column that they touch, those of where included."""
    wanted: dict[str, list[str]] = {}
    for table in source.tables.values():
        for name, column in _touched(table, _DIALECTS.get(source.kind, source.kind)):
            columns = wanted.setdefault(name, [])
            columns += [column] if column not in columns else []
    account = f"«tài khoản của bí mật {source.secret}»"
    return [f"GRANT SELECT ({', '.join(columns)}) ON {name} TO {account}" for name, columns in wanted.items()]


def _touched(table: TableMap, dialect: str) -> Iterator[tuple[str, str]]:
    """(table, column), as written in the query; a column without a table's name is the first table's."""
    import sqlglot  # a third of a second, and only where something is amiss
    from sqlglot import exp

    spec = spec_of(table)
    condition = f" WHERE ({spec.where}\n)" if spec.where else ""
    columns = ", ".join(table.source_columns)
    query = sqlglot.parse_one(spec.query or f"SELECT {columns} FROM {spec.from_}{condition}", read=dialect)  # noqa: S608
    tables = {found.alias_or_name: found for found in query.find_all(exp.Table)}
    first = next(iter(tables), "")
    for column in query.find_all(exp.Column):
        found = tables.get(column.table or first)
        if found is not None:
            yield exp.table_name(found), column.name
