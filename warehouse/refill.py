"""Filling an empty warehouse with the rows of a copy, at the copy's own migration.

The triggers that let audit entries only be added to at the end are set aside meanwhile, within the transaction: a chain
comes back as it was, also one in which somebody left a gap; whether it is sound is for `cchc audit verify` to say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice

from sqlalchemy import Connection, func, inspect, select, text

from warehouse.bulk import Row, insert_all
from warehouse.dumps import AT_ONCE
from warehouse.layouts import TableLayout, layout_of
from warehouse.upgrade import HEAD, migrate, version_of


def is_filled(connection: Connection) -> bool:
    """Whether there is a row of ours, or, before there is anything of ours, a table that is called like one."""
    found = version_of(connection)
    ours, there = layout_of(found or HEAD), set(inspect(connection).get_table_names())
    if found is None:
        return any(table.name in there for table in ours)
    return any(_has_rows(connection, table) for table in ours)


def _has_rows(connection: Connection, table: TableLayout) -> bool:
    return connection.execute(select(table.table()).limit(1)).first() is not None


def build(connection: Connection, migration: str) -> None:
    """The tables of that migration. Those of another one that are there without a row (`is_filled`) make room;
    tables of others in the same database are left alone."""
    found = version_of(connection)
    if found == migration:
        return
    if found is not None:
        cascade = " CASCADE" if connection.dialect.name == "postgresql" else ""
        for name in (*(table.name for table in reversed(layout_of(found))), "alembic_version"):
            connection.execute(text(f'DROP TABLE "{name}"{cascade}'))
    migrate(connection, to=migration)


def fill(connection: Connection, table: TableLayout, rows: Iterable[Row]) -> None:
    """Put all rows into a table, some at a time."""
    made, left = table.table(), iter(rows)
    while some := list(islice(left, AT_ONCE)):
        insert_all(connection, made, some)
    if table.counted_up and connection.dialect.name == "postgresql":
        _go_on_counting(connection, table, table.counted_up)


def _go_on_counting(connection: Connection, table: TableLayout, column: str) -> None:
    """The next row gets the number after the last one; SQLite does so by itself."""
    last = connection.scalar(select(func.max(table.table().c[column])))
    if last is not None:
        given = {"table": table.name, "column": column, "last": last}
        connection.execute(text("SELECT setval(pg_get_serial_sequence(:table, :column), :last)"), given)


@contextmanager
def triggers_aside(connection: Connection) -> Iterator[None]:
    """Without any trigger of ours, and with all of them again afterwards."""
    if "audit_entry" not in inspect(connection).get_table_names():
        yield
    elif connection.dialect.name == "postgresql":
        connection.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER USER"))
        yield
        connection.execute(text("ALTER TABLE audit_entry ENABLE TRIGGER USER"))
    else:
        made = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
        for name, _sql in made:
            connection.execute(text(f'DROP TRIGGER "{name}"'))
        yield
        for _name, sql in made:
            connection.exec_driver_sql(sql)
