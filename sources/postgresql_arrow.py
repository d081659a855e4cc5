"""Rows of PostgreSQL straight into Arrow, with ADBC: COPY in binary form, parsed by the driver, a batch at a time.

The driver keeps its connection to itself and waits for ever; a watchdog cuts the line that it has opened.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self

import adbc_driver_postgresql.dbapi as adbc
import pyarrow as pa
from adbc_driver_manager._reader import AdbcRecordBatchReader  # the public road loses the SQLSTATE of a broken stream

from sources.watchdog import Watchdog, cut, lines_to

_BATCH_BYTES = "1000000"  # some thousand dossiers
_BEGIN = "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"


class ArrowSession:
    """One read-only transaction. Raises adbc_driver_manager.Error, whose sqlstate says why; is_late: because a wait
    took longer than these seconds."""

    def __init__(self, conninfo: str, *, port: int, seconds: float) -> None:
        self._conninfo = conninfo
        self._port = port
        self._open = ExitStack()
        self._dog = Watchdog(seconds, self._cut)
        self._others = set(lines_to(port))

    @property
    def is_late(self) -> bool:
        return self._dog.is_late

    def __enter__(self) -> Self:
        with ExitStack() as opening:
            opening.enter_context(self._dog)
            with self._dog.waiting():
                self._connection = opening.enter_context(adbc.connect(self._conninfo, autocommit=True))
            self._mine = set(lines_to(self._port)) - self._others
            self.run(_BEGIN)
            self._open = opening.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def run(self, statement: str) -> list[Any]:
        """Its rows, the first column of each."""
        return [value for batch in self.batches(statement) for value in batch.column(0).to_pylist()]

    def schema(self, query: str) -> pa.Schema:
        """The columns of the query, without running it; each with its type in PostgreSQL as metadata."""
        with self._connection.cursor() as cursor, self._dog.waiting():
            return cursor.adbc_execute_schema(query)

    def batches(self, query: str) -> Iterator[pa.RecordBatch]:
        with self._connection.cursor() as cursor:
            statement = cursor.adbc_statement
            statement.set_options(**{"adbc.postgresql.batch_size_hint_bytes": _BATCH_BYTES})
            statement.set_sql_query(query)
            with self._dog.waiting():
                handle, _ = statement.execute_query()
            reader = AdbcRecordBatchReader._import_from_c(handle.address)
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
