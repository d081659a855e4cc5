"""The rights that an account needs to read a source, as the statements that the system's administrator runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from urllib.parse import unquote, urlsplit

from contracts.source_config import SourceConfig, TableMap
from sources.databases.sql import spec_of

_FOLDING: dict[str, Callable[[str], str]] = {"postgresql": str.lower, "oracle": str.upper}
"""What a database makes of a name without quotes."""

_DIALECTS = {"mariadb": "mysql", "postgresql": "postgres", "sqlserver": "tsql"}


def grants(source: SourceConfig, *, there: Mapping[str, Iterable[str]] | None = None) -> list[str]:
    """One statement a table that the queries read, with every column that they touch, those of where included.

    there: our table → «table.column» of the system, where its catalogue could be asked; without it a statement may
    leave open which of two joined tables has a column."""
    wanted: dict[str, list[str]] = {}
    for table in source.tables.values():
        for name, column in _touched(table, source, tuple((there or {}).get(table.name, ()))):
            columns = wanted.setdefault(name, [])
            columns += [column] if column not in columns else []
    account = f"«tài khoản của bí mật {source.secret}»"
    if source.kind == "oracle":  # knows no right to read a column
        return [f"GRANT SELECT ON {name} TO {account}" for name in wanted]
    return [f"GRANT SELECT ({', '.join(columns)}) ON {name} TO {account}" for name, columns in wanted.items()]


def _touched(table: TableMap, source: SourceConfig, there: Sequence[str]) -> Iterator[tuple[str, str]]:
    """(table, column), in the system's own writing."""
    import sqlglot  # a third of a second, and only where something is amiss
    from sqlglot import exp

    dialect = _DIALECTS.get(source.kind, source.kind)

    def written(*names: str, quoted: bool | None = None) -> str:
        """Quoted where it has to be, unless told."""
        return ".".join(exp.to_identifier(name, quoted=quoted).sql(dialect) for name in names)

    def as_it_is(name: exp.Identifier) -> str:
        """In quotes where the database would make another name of it without."""
        is_other = name.quoted and _FOLDING.get(source.kind, str)(name.name) != name.name
        return written(name.name, quoted=True if is_other else None)

    spec = spec_of(table)
    condition = f" WHERE ({spec.where}\n)" if spec.where else ""
    columns = ", ".join(written(*column.split("."), quoted=True) for column in table.source_columns)
    query = sqlglot.parse_one(spec.query or f"SELECT {columns} FROM {spec.from_}{condition}", read=dialect)  # noqa: S608
    tables = {found.alias_or_name: found for found in query.find_all(exp.Table)}
    database = _database(source)

    def full(found: exp.Table) -> str:
        before = [as_it_is(found.args["db"])] if found.db else [written(database)] if database else []
        return ".".join([*before, as_it_is(found.this)])

    known = [name.lower() for name in there]
    for column in query.find_all(exp.Column):
        may_have = [tables[column.table]] if column.table in tables else [] if column.table else [*tables.values()]
        has = [t for t in may_have if any(f".{k}".endswith(f".{t.name}.{column.name}".lower()) for k in known)]
        names = list(dict.fromkeys(full(one) for one in has or may_have))
        if names:
            yield names[0] if len(names) == 1 else f"«bảng có cột này: {' hoặc '.join(names)}»", as_it_is(column.this)


def _database(source: SourceConfig) -> str:
    """What stands before a table's name where the server has many databases."""
    return unquote(urlsplit(source.address).path.strip("/")) if source.kind in {"mariadb", "mysql"} else ""
