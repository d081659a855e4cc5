"""What every kind of reader offers, and which file reads which kind.

A new kind (PostgreSQL, REST, CSV …) is one file with a class of this shape, one line in READERS and one word in
`contracts.source_config.Kind`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pkgutil import resolve_name
from types import TracebackType
from typing import Protocol, Self, cast

import pyarrow as pa

from contracts.errors import SourceDrift, SourceNotReceived, SourceUnreachable
from contracts.periods import Span
from contracts.source_config import SourceConfig, TableMap, digest

ADDRESS = "_address"
"""Column that every reader adds: where the row stands in the source, for findings."""

BATCH_ROWS = 5_000

READERS = {"sqlite": "sources.sqlite:SqliteReader", "excel": "sources.excel:ExcelReader"}

SENT_FILES = frozenset({"excel"})
"""Kinds that somebody sends as one file: to see whether it changed costs no more than to read it."""


@dataclass(frozen=True)
class Schema:
    """What the system holds now: per table of ours, the columns found there, in their order.

    Names only, never content. The fingerprint changes when a column is added, lost, renamed or moved.
    """

    tables: dict[str, tuple[str, ...]]

    @property
    def fingerprint(self) -> str:
        return digest(self.tables)


class Reader(Protocol):
    """One source, opened read-only. Used with `with`, it gives all tables as they were at one moment.

    All methods raise SourceUnreachable (no answer, not there, refused, damaged), SourceNotReceived (a file that the
    unit has yet to send) or SourceDrift (a table, sheet or column is gone).
    """

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def probe(self) -> Schema:
        """Check that every table and every mapped column is there, without reading a row."""

    def read(self, table: TableMap, window: Span) -> Iterator[pa.RecordBatch]:
        """The mapped columns as text, named as in the source, and ADDRESS; in a stream, memory flat."""


def open_reader(source: SourceConfig) -> Reader:
    """The reader of the source's kind; its module, and so its driver, is imported only here."""
    kind = resolve_name(READERS[source.kind])
    return cast(Reader, kind(source))


def batch_schema(table: TableMap) -> pa.Schema:
    """Columns of every batch of that table: the allow-list, then ADDRESS, all of them text."""
    return pa.schema([(name, pa.string()) for name in (*table.source_columns, ADDRESS)])


def address_column(table: TableMap) -> str:
    """Source column whose value leads back to the row: the key, else the dossier code."""
    dossier_code = next(c.source_column for c in table.columns if c.column.name == "dossier_code")
    return table.spec.key or dossier_code


def unreachable(source: SourceConfig, cause: str) -> SourceUnreachable:
    return SourceUnreachable(
        f"{source.name}: {cause}",
        source_id=source.id,
        advice=f"liên hệ {source.contact} (địa chỉ cấu hình: {source.address}), rồi chạy lại",
    )


def not_received(source: SourceConfig, cause: str) -> SourceNotReceived:
    return SourceNotReceived(
        f"{source.name}: {cause}",
        source_id=source.id,
        advice=f"đôn đốc {source.contact} gửi, đặt vào {source.address}, rồi chạy lại",
    )


def drifted(source: SourceConfig, cause: str) -> SourceDrift:
    return SourceDrift(
        f"{source.name}: {cause}",
        source_id=source.id,
        advice=f"hỏi {source.contact} điều gì đã thay đổi, sửa cấu hình trong {source.folder}, "
        f"rồi chạy: cchc sources check {source.id}",
    )
