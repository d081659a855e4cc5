"""The rows of a warehouse as lines of JSON that no engine has a part in: the same rows are the same lines, and the same
digest, in SQLite and PostgreSQL.

A line is a list of a row's values, in the order of the table's columns; lines are in the order of the primary key.
Moments are ISO in UTC to the microsecond, days ISO, octets base64."""

from __future__ import annotations

import gzip
import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from operator import methodcaller
from typing import IO, Any

from sqlalchemy import Connection, select
from sqlalchemy.exc import SQLAlchemyError

from contracts.errors import WarehouseError
from warehouse.layouts import TableLayout

AT_ONCE = 2_000
NOTHING = hashlib.sha256().hexdigest()
"""Digest of a table without a row."""
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode
_PACKED: dict[str, Callable[[Any], Any]] = {
    "moment": lambda value: value.astimezone(UTC).isoformat(timespec="microseconds"),
    "day": methodcaller("isoformat"),
    "octets": lambda value: b64encode(value).decode("ascii"),
}
_UNPACKED: dict[str, Callable[[Any], Any]] = {
    "moment": datetime.fromisoformat,
    "day": date.fromisoformat,
    "octets": b64decode,
}


@dataclass(frozen=True)
class Rows:
    """What a table holds. digest: SHA-256 of its lines."""

    count: int
    digest: str


def dump(connection: Connection, table: TableLayout, out: IO[bytes]) -> Rows:
    """Write a table, packed with gzip, the same bytes for the same rows."""
    with gzip.GzipFile(filename="", mode="wb", fileobj=out, mtime=0, compresslevel=6) as packed:
        return _tallied(connection, table, packed.write)


def tally(connection: Connection, table: TableLayout) -> Rows:
    """The same without writing it."""
    return _tallied(connection, table, lambda _line: None)


def rows_in(packed: IO[bytes], table: TableLayout) -> Iterator[dict[str, Any]]:
    """The rows of what `dump` wrote, as the database is given them."""
    unpacked = [(name, _UNPACKED.get(kind)) for name, kind in table.columns.items()]
    with gzip.GzipFile(fileobj=packed, mode="rb") as lines:
        for line in lines:
            yield {
                name: value if value is None or make is None else make(value)
                for (name, make), value in zip(unpacked, json.loads(line), strict=True)
            }


def _tallied(connection: Connection, table: TableLayout, write: Callable[[bytes], object]) -> Rows:
    digest, count = hashlib.sha256(), 0
    for line in _lines(connection, table):
        digest.update(line)
        write(line)
        count += 1
    return Rows(count, digest.hexdigest())


def _lines(connection: Connection, table: TableLayout) -> Iterator[bytes]:
    packed = [(place, _PACKED[kind]) for place, kind in enumerate(table.columns.values()) if kind in _PACKED]
    for row in _rows(connection, table):
        values = list(row)
        try:
            for place, pack in packed:
                if values[place] is not None:
                    values[place] = pack(values[place])
            line = f"{_json(values)}\n".encode()
        except (TypeError, AttributeError, ValueError):  # SQLite keeps anything anywhere
            raise _not_ours(table) from None
        yield line


def _rows(connection: Connection, table: TableLayout) -> Iterator[Any]:
    made = table.table()
    query = select(made).order_by(*(made.c[name] for name in table.key))
    try:
        with closing(connection.execute(query, execution_options={"yield_per": AT_ONCE})) as found:
            yield from found
    except (SQLAlchemyError, ValueError, TypeError) as error:
        if isinstance(error, SQLAlchemyError) and getattr(error, "orig", None) is not None:
            raise  # the database's own, told by warehouse.failures
        raise _not_ours(table) from None


def _not_ours(table: TableLayout) -> WarehouseError:
    return WarehouseError(
        f"bảng «{table.name}» của kho dữ liệu có một ô không đọc được: kho đã bị sửa ngoài phần mềm, hoặc bị hỏng",
        advice="kiểm tra bằng: cchc audit verify; khôi phục kho từ bản sao lưu trước đó",
    )
