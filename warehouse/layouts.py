"""How the tables of a warehouse were built at a migration: what a copy of one is read and written by.

The declared tables are today's; a copy may be of an older migration, or of a warehouse that this program has not
brought up to date yet. So the migrations themselves are asked: they are run on an empty database in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    Double,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    inspect,
)
from sqlalchemy.types import TypeEngine

from contracts.errors import WarehouseError
from warehouse.column_types import Moment
from warehouse.upgrade import SCRIPTS, migrate

NOT_KEPT = frozenset({"portal_session"})
"""Tables whose rows are of no use anywhere else: who is signed in now."""

ONE_ROW = frozenset({"owner", "warehouse_mark"})
"""Tables of one row, whose number nobody counts up."""

_MADE_BY: dict[str, Callable[[], TypeEngine[Any]]] = {
    "words": Text,  # as it stands, also where somebody put in what `Words` would not
    "moment": Moment,
    "integer": BigInteger,
    "number": Double,
    "yes_no": Boolean,
    "day": Date,
    "octets": LargeBinary,
}


@dataclass(frozen=True)
class TableLayout:
    """columns: name → words, moment, integer, number, yes_no, day or octets. key: of the primary key. counted_up: the
    column that the database numbers by itself, None where there is none."""

    name: str
    columns: dict[str, str]
    key: tuple[str, ...]
    counted_up: str | None

    def table(self) -> Table:
        made = (Column(name, _MADE_BY[kind](), primary_key=name in self.key) for name, kind in self.columns.items())
        return Table(self.name, MetaData(), *made)


@cache
def layout_of(migration: str) -> tuple[TableLayout, ...]:
    """Every table at that migration, those first to which others refer. Raises WarehouseError for an unknown one."""
    if not any(SCRIPTS.joinpath("versions").glob(f"{migration}_*.py")):
        raise WarehouseError(
            f"bản cchc đang cài chưa biết kho dữ liệu ở phiên bản «{migration}»: do một bản mới hơn tạo ra",
            advice="cài bản cchc mới hơn rồi chạy lại lệnh này",
        )
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        migrate(connection, to=migration)
        return tuple(_tables(connection))


def _tables(connection: Connection) -> Iterator[TableLayout]:
    found = MetaData()
    found.reflect(bind=connection)
    for table in found.sorted_tables:
        if table.name != "alembic_version":
            columns = {column.name: _kind(column) for column in table.columns}
            key = tuple(inspect(connection).get_pk_constraint(table.name)["constrained_columns"])
            yield TableLayout(table.name, columns, key, "id" if key == ("id",) and table.name not in ONE_ROW else None)


def _kind(column: Column[Any]) -> str:
    """A moment is text of a fixed width there, and nothing else is."""
    kinds: tuple[tuple[type[TypeEngine[Any]], str], ...] = (
        (Boolean, "yes_no"),
        (Integer, "integer"),
        (Double, "number"),
        (Date, "day"),
        (LargeBinary, "octets"),
    )
    if isinstance(column.type, String):
        return "moment" if column.type.length == 32 else "words"
    return next(kind for known, kind in kinds if isinstance(column.type, known))
