"""The rights that an account needs to read a source, as the statements that the system's administrator runs."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from contracts.source_config import SourceConfig, TableMap
from sources.sql import spec_of

_DIALECTS = {"mariadb": "mysql", "postgresql": "postgres", "sqlserver": "tsql"}


def grants(source: SourceConfig) -> list[str]:
    """One statement a table that the queries read, with every column that they touch, those of where included."""
    wanted: dict[str, list[str]] = {}
    for table in source.tables.values():
        for name, column in _touched(table, source):
            columns = wanted.setdefault(name, [])
            columns += [column] if column not in columns else []
    account = f"«tài khoản của bí mật {source.secret}»"
    return [f"GRANT SELECT ({', '.join(columns)}) ON {name} TO {account}" for name, columns in wanted.items()]


def _touched(table: TableMap, source: SourceConfig) -> Iterator[tuple[str, str]]:
    """(table, column), in the system's own writing; a column without a table's name is the first table's."""
    import sqlglot  # a third of a second, and only where something is amiss
    from sqlglot import exp

    dialect = _DIALECTS.get(source.kind, source.kind)

    def written(*names: str, quoted: bool | None = None) -> str:
        """Quoted where it has to be, unless told."""
        return ".".join(exp.to_identifier(name, quoted=quoted).sql(dialect) for name in names)

    spec = spec_of(table)
    condition = f" WHERE ({spec.where}\n)" if spec.where else ""
    columns = ", ".join(written(*column.split("."), quoted=True) for column in table.source_columns)
    query = sqlglot.parse_one(spec.query or f"SELECT {columns} FROM {spec.from_}{condition}", read=dialect)  # noqa: S608
    tables = {found.alias_or_name: found for found in query.find_all(exp.Table)}
    for column in query.find_all(exp.Column):
        found = tables.get(column.table or next(iter(tables), ""))
        if found is not None:
            yield written(*filter(None, (found.db or _database(source), found.name))), written(column.name)


def _database(source: SourceConfig) -> str:
    """What stands before a table's name where the server has many databases."""
    return unquote(urlsplit(source.address).path.strip("/")) if source.kind in {"mariadb", "mysql"} else ""
