"""Rows of PostgreSQL straight into Arrow, with ADBC: COPY in binary form, parsed by the driver, a batch at a time.

The driver keeps its connection to itself and waits for ever; a watchdog cuts the line that it has opened. It is used
without its DB-API, which would bring in pandas.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import ExitStack, closing
from types import TracebackType
from typing import Any, Self

import adbc_driver_postgresql
import pyarrow as pa
from adbc_driver_manager import AdbcConnection, AdbcStatement
from adbc_driver_manager._reader import AdbcRecordBatchReader  # Arrow's own loses the SQLSTATE of a broken stream

from sources.databases.watchdog import Watchdog, cut, lines_to

_BATCH_BYTES = "2000000"  # some thousand dossiers
_BEGIN = "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"


class ArrowSession:
    """One read-only transaction. Raises adbc_driver_manager.Error, whose sqlstate says why; is_late: because a wait
    took longer than these seconds."""

    def __init__(self, conninfo: str, *, port: int, seconds: float) -> None:
        self._conninfo = conninfo
        self._port = port
        self._open = ExitStack()
        self._streams: list[Generator[pa.RecordBatch, None, None]] = []
        self._dog = Watchdog(seconds, self._cut)
        self._others = set(lines_to(port))

    @property
    def is_late(self) -> bool:
        return self._dog.is_late

    def __enter__(self) -> Self:
        with ExitStack() as opening:
            opening.enter_context(self._dog)
            with self._dog.waiting():
                database = opening.enter_context(adbc_driver_postgresql.connect(self._conninfo))
            with self._dog.waiting():
                self._connection = opening.enter_context(AdbcConnection(database))
            self._mine = set(lines_to(self._port)) - self._others
            self.run(_BEGIN)
            self._open = opening.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for stream in self._streams:  # one that nobody has read to its end still holds the connection
            stream.close()
        self._open.close()

    def run(self, statement: str) -> list[Any]:
        """Its rows, the first column of each."""
        return [value for batch in self.batches(statement) for value in batch.column(0).to_pylist()]

    def schema(self, query: str) -> pa.Schema:
        """The columns of the query, without running it; each with its type in PostgreSQL as metadata."""
        with AdbcStatement(self._connection) as statement, self._dog.waiting():
            statement.set_sql_query(query)
            handle = statement.execute_schema()  # frees what it holds when it goes
            return pa.Schema._import_from_c(handle.address)

    def batches(self, query: str) -> Iterator[pa.RecordBatch]:
        self._streams.append(self._stream(query))
        return self._streams[-1]

    def _stream(self, query: str) -> Generator[pa.RecordBatch, None, None]:
        with AdbcStatement(self._connection) as statement:
            statement.set_options(**{"adbc.postgresql.batch_size_hint_bytes": _BATCH_BYTES})
            statement.set_sql_query(query)
            with self._dog.waiting():
                handle, _ = statement.execute_query()
            reader = AdbcRecordBatchReader._import_from_c(handle.address)
            with closing(reader):
                while (batch := self._next(reader)) is not None:
                    yield batch

    def _next(self, reader: Any) -> pa.RecordBatch | None:
        with self._dog.waiting():
            try:
                return reader.read_next_batch()
            except StopIteration:
                return None

    def _cut(self) -> None:
        """Whatever has been opened since; where another thread has opened one to the same server meanwhile, its too:
        a line that was cut is an error, never a wrong row."""
        mine = getattr(self, "_mine", None)
        for line, descriptor in lines_to(self._port).items():
            if line in mine if mine is not None else line not in self._others:
                cut(descriptor)
