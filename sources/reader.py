"""What every kind of reader offers, and which file reads which kind.

A new kind is one file with a class of this shape, one line in READERS, and its models in `contracts.table_spec`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pkgutil import resolve_name
from types import TracebackType
from typing import Protocol, Self, cast, runtime_checkable

import pyarrow as pa

from contracts.errors import SourceDrift, SourceNotReceived, SourceUnreachable
from contracts.periods import Span
from contracts.secrets import place_of
from contracts.source_config import SourceConfig, TableMap, digest
from contracts.source_places import COLUMN_MAP, file_of
from contracts.table_spec import Kind
from sources.guest import guest

ADDRESS = "_address"
"""Column that every reader adds: where the row stands in the source, for findings. A key; or «file!sheet!row», or
«file!line» of a CSV."""

BATCH_ROWS = 5_000

READERS: Mapping[Kind, str] = {
    "sqlite": "sources.databases.sqlite:SqliteReader",
    "postgresql": "sources.databases.postgresql:PostgresqlReader",
    "mariadb": "sources.databases.mariadb:MariadbReader",
    "mysql": "sources.databases.mariadb:MariadbReader",
    "sqlserver": "sources.databases.sqlserver:SqlServerReader",
    "oracle": "sources.databases.oracle:OracleReader",
    "excel": "sources.files.excel:ExcelReader",
    "csv": "sources.files.csv_file:CsvReader",
    "rest": "sources.interfaces.rest:RestReader",
}


@dataclass(frozen=True)
class Schema:
    """What the system holds now: per table of ours, the columns found there, in their order, each with its type as the
    system calls it (lower case; empty where the kind has no types).

    Names only, never content.
    """

    tables: dict[str, dict[str, str]]

    @property
    def fingerprint(self) -> str:
        """Changes when a column is added, lost, renamed, moved or retyped."""
        return digest([[table, list(columns.items())] for table, columns in self.tables.items()])


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
        """The mapped columns as text, named as in the source, and ADDRESS; in a stream, memory flat. Raises where the
        system said how many rows there are and gave another number."""


@runtime_checkable
class ResumableReader(Protocol):
    """A reader that can go on where a broken extract stopped."""

    def read_from(self, table: TableMap, window: Span, mark: str) -> Iterator[tuple[pa.RecordBatch, str]]:
        """As `read`, after the rows that the mark stands for («» for the beginning). With each batch comes the mark
        after which reading goes on, or «» where it cannot go on from there. Raises SourceChanged where the mark leads
        nowhere any more, or the rows are no longer those that were counted when reading began."""


@runtime_checkable
class PlacedReader(Protocol):
    """A reader of files: a cell has a place that a person can go to."""

    def places(self, table: TableMap) -> dict[str, dict[str, str]]:
        """Start of the rows' addresses («file!sheet») → source column → its letter there («H»), once read."""


@contextmanager
def open_reader(source: SourceConfig) -> Iterator[Reader]:
    """The reader of the source's kind, within what its host allows; the kind's module, and so its driver, is imported
    only here. Raises SourceNotNow."""
    kind = resolve_name(READERS[source.kind])
    with guest(source), cast(Reader, kind(source)) as reader:
        yield reader


def probe(source: SourceConfig) -> Schema:
    """What the system holds now; see `Reader.probe`."""
    with open_reader(source) as reader:
        return reader.probe()


def batch_schema(table: TableMap) -> pa.Schema:
    """Columns of every batch of that table: the allow-list, then ADDRESS, all of them text."""
    return pa.schema([(name, pa.string()) for name in (*table.source_columns, ADDRESS)])


def address_column(table: TableMap) -> str:
    """Source column whose value leads back to the row: the key, else the dossier code."""
    dossier_code = next(c.source_column for c in table.columns if c.column.name == "dossier_code")
    return table.spec.key or dossier_code


def unreachable(source: SourceConfig, cause: str) -> SourceUnreachable:
    secret = f"; bí mật: {place_of(source.secret)}" if source.secret else ""
    return SourceUnreachable(
        f"{source.name}: {cause}",
        source_id=source.id,
        advice=f"liên hệ {source.contact} (địa chỉ cấu hình: {source.address}{secret}), rồi chạy lại",
    )


def not_received(source: SourceConfig, cause: str) -> SourceNotReceived:
    return SourceNotReceived(
        f"{source.name}: {cause}",
        source_id=source.id,
        advice=f"đôn đốc {source.contact} gửi, đặt vào {source.address}, rồi chạy lại",
    )


def drifted(source: SourceConfig, cause: str, *, at: Sequence[str] = ()) -> SourceDrift:
    """at: files and lines to mend, where they are known; else it is the folder of the source, or of its vendor."""
    folders = dict.fromkeys(map(str, (source.folder, file_of(source, COLUMN_MAP).parent)))
    where = f"tại {', '.join(at)}" if at else f"trong {' hoặc '.join(folders)}"
    return SourceDrift(
        f"{source.name}: {cause}",
        source_id=source.id,
        advice=f"hỏi {source.contact} điều gì đã thay đổi, sửa cấu hình {where}, "
        f"rồi chạy: cchc sources check {source.id}",
    )
