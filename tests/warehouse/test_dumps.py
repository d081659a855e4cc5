"""Rows out of a warehouse and into another one: the same on either database, and nothing lost on the way."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, insert, inspect, text
from sqlalchemy.exc import DBAPIError

from contracts.errors import WarehouseError
from tests.warehouse.every_table import put_a_row_into_every_table
from warehouse import audit, dumps, refill, tables
from warehouse.database import open_unchanged, open_warehouse, reading, writing
from warehouse.layouts import NOT_KEPT, ONE_ROW, layout_of
from warehouse.upgrade import HEAD, SCRIPTS, migrate, version_of

Dumped = dict[str, tuple[bytes, dumps.Rows]]
MIGRATIONS = sorted(path.name[:4] for path in SCRIPTS.joinpath("versions").glob("[0-9]*.py"))


def test_the_layout_of_today_is_that_of_the_declared_tables() -> None:
    declared = {name: set(table.columns.keys()) for name, table in tables.metadata.tables.items()}
    assert {one.name: set(one.columns) for one in layout_of(HEAD)} == declared
    keys = {name: {column.name for column in table.primary_key} for name, table in tables.metadata.tables.items()}
    assert {one.name: set(one.key) for one in layout_of(HEAD)} == keys


def test_a_migration_of_a_newer_program_is_not_known() -> None:
    with pytest.raises(WarehouseError, match="do một bản mới hơn"):
        layout_of("9999")


def test_what_goes_out_of_one_database_goes_into_the_other(postgres_database: str, tmp_path: Path) -> None:
    """SQLite → PostgreSQL → SQLite: the same bytes each time, and a new row gets the next number."""
    first = open_warehouse(f"sqlite:///{tmp_path}/first.sqlite")
    with writing(first) as connection:
        for number in (1, 2, 3):
            put_a_row_into_every_table(connection, number)
    out = dumped(first)
    assert all(rows.count == (1 if name in ONE_ROW else 3) for name, (_, rows) in out.items())
    second, third = open_unchanged(postgres_database), open_unchanged(f"sqlite:///{tmp_path}/third.sqlite")
    for engine in (second, third):
        filled(engine, out)
        assert dumped(engine) == out
        with writing(engine) as connection:
            query = text("SELECT max(id) FROM source_structure")
            before = connection.scalar(query)
            connection.execute(insert(tables.source_structure).values(_structure()))
            assert connection.scalar(query) == before + 1
        with pytest.raises(DBAPIError), engine.begin() as connection:
            connection.execute(text("DELETE FROM audit_entry"))
        audit.enter(engine, audit.Deed("audit", who="ai đó"))


def _structure() -> dict[str, object]:
    from contracts import clock

    words = ("source_id", "fingerprint", "structure", "mapping")
    return {name: name for name in words} | {"seen_at": clock.now(), "accepted_by": "run"}


def dumped(engine: Engine) -> Dumped:
    with reading(engine) as connection:
        migration = version_of(connection)
        assert migration is not None
        return {one.name: _dumped(connection, one.name) for one in layout_of(migration) if one.name not in NOT_KEPT}


def _dumped(connection: Connection, name: str) -> tuple[bytes, dumps.Rows]:
    table, out = next(one for one in layout_of(HEAD) if one.name == name), io.BytesIO()
    rows = dumps.dump(connection, table, out)
    assert rows == dumps.tally(connection, table)
    return out.getvalue(), rows


def filled(engine: Engine, out: Dumped) -> None:
    with writing(engine) as connection:
        assert not refill.is_filled(connection)
        refill.build(connection, HEAD)
        with refill.triggers_aside(connection):
            for table in layout_of(HEAD):
                if table.name in out:
                    refill.fill(connection, table, dumps.rows_in(io.BytesIO(out[table.name][0]), table))
        assert refill.is_filled(connection)


def test_an_empty_warehouse_of_a_newer_migration_makes_room(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE of_somebody_else (id integer)"))
        refill.build(connection, "0011")
        assert version_of(connection) == "0011"
        assert inspect(connection).has_table("of_somebody_else")
        migrate(connection)
        assert version_of(connection) == HEAD


def test_rows_of_every_migration_come_to_today_unharmed(url: str) -> None:
    """From the first tables on, with a row more in every table at each step: every value of before is there still."""
    engine = open_unchanged(url)
    if engine.dialect.name == "sqlite":
        Path(str(engine.url.database)).parent.mkdir(parents=True)
    with writing(engine) as connection:
        for number, migration in enumerate(MIGRATIONS, start=1):
            before = everything(connection) if number > 1 else {}
            migrate(connection, to=migration)
            after = everything(connection)
            assert {key: after.get(key) for key in before} == before, migration
            put_a_row_into_every_table(connection, number)


Cells = dict[tuple[str, int, str], object]


def everything(connection: Connection) -> Cells:
    """Table, row, column → value."""
    migration = version_of(connection)
    assert migration is not None
    found: Cells = {}
    for table in layout_of(migration):
        made = table.table()
        for number, row in enumerate(connection.execute(made.select().order_by(*made.primary_key)).mappings()):
            found |= {(table.name, number, str(name)): value for name, value in row.items()}
    return found
