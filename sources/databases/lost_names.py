"""Which names of a query.sql the system no longer has. Databases name the first one at best, in words of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import literal_column, select, text

_DIALECTS = {"mariadb": "mysql", "postgresql": "postgres", "sqlserver": "tsql"}


def lost_names(query: str, *, kind: str, answers: Callable[[Any], bool]) -> list[str]:
    """Tables, and columns of tables that are there, as the query writes them. answers: whether the system knows every
    name in a statement. Of a name that could be another statement's, nothing is said."""
    import sqlglot  # a third of a second, and only where something is amiss
    from sqlglot import exp

    dialect = _DIALECTS.get(kind, kind)
    whole = sqlglot.parse_one(query, read=dialect)
    made = {found.alias for found in whole.find_all(exp.CTE)}

    def is_there(found: exp.Table, column: str = "1") -> bool:
        source = text(found.sql(dialect).replace(":", "\\:"))
        return answers(select(literal_column(column)).select_from(source))

    def lost(one: exp.Select) -> Iterator[str]:
        tables = [t for t in whole.find_all(exp.Table) if t.parent_select is one and t.name not in made]
        there = {t.alias_or_name: t for t in tables if is_there(t)}
        yield from (exp.Table(this=t.this, db=t.args.get("db")).sql(dialect) for t in tables if t not in there.values())
        for column in (c for c in one.find_all(exp.Column) if c.parent_select is one):
            found = there.get(column.table or _only(tables, one, column.name))
            if found is not None and not is_there(found, column.sql(dialect)):
                yield f"{found.name}.{column.name}"

    return list(dict.fromkeys(name for one in whole.find_all(exp.Select) for name in lost(one)))


def _only(tables: list[Any], select_: Any, column: str) -> str:
    """The table whose column a name without a table has to be; empty where it could be another's, or one that the
    query itself gives."""
    is_open = len(tables) != 1 or select_.parent_select or select_.args.get("joins")
    given = {one.alias for one in select_.selects if one.alias}
    return "" if is_open or column in given else str(tables[0].alias_or_name)
