"""Reading an interface that gives JSON over HTTP, page by page.

What is asked and understood is in `rest_question`, how patiently in `http`, whether the pages fit
together in `paging`.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from types import TracebackType
from typing import Self

import numpy as np
import pyarrow as pa

from contracts import clock
from contracts.errors import ConfigError, SourceChanged, SourceError
from contracts.periods import Span
from contracts.rest_spec import RestConnection
from contracts.secrets import secret
from contracts.source_config import SourceConfig, TableMap
from sources.interfaces.http import Answer, Fault, HttpClient, HttpFault
from sources.interfaces.paging import Inconsistent, Lost, Mark, Page, after, may_be_beyond, read_mark
from sources.interfaces.rest_question import Cells, Found, Question
from sources.reader import Schema, address_column, batch_schema, drifted, unreachable

PROBE_ROWS = 50
PROBE_DAYS = 100
"""A look at the structure asks for no more rows, of so many days back."""


class RestReader:
    """A reader of one interface; see `sources.reader.Reader` and `ResumableReader`."""

    def __init__(self, source: SourceConfig) -> None:
        connection = source.connection
        assert isinstance(connection, RestConnection)
        if refusal := connection.refusal(source.address):
            raise ConfigError(refusal, file=source.folder / "source.toml")
        self.source = source
        with self._told():
            self._client = HttpClient(
                source.address,
                connection,
                secret=secret(source.secret),
                timeout=source.timeout_seconds,
                ca_file=source.folder / connection.ca_file if connection.ca_file else None,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def probe(self) -> Schema:
        today = clock.today()
        window = Span(today - timedelta(days=PROBE_DAYS), today)
        with self._told():
            return Schema({name: self._look(table, window) for name, table in self.source.tables.items()})

    def read(self, table: TableMap, window: Span) -> Iterator[pa.RecordBatch]:
        for batch, _ in self.read_from(table, window, ""):
            yield batch

    def read_from(self, table: TableMap, window: Span, mark: str) -> Iterator[tuple[pa.RecordBatch, str]]:
        question = Question(self.source, table, window)
        read: array[int] = array("Q")
        with self._told():
            place = read_mark(mark, asked=question.digest)
            while not place.done:
                rows, place = self._page(question, place)
                if rows:
                    read.extend(int(one, 16) for one in set(place.last))
                if place.done:
                    _check_each_once(read)
                if rows:
                    yield _batch(table, rows), place.text

    def answer(self, path: str) -> Answer:
        """What the interface says at that path below its address, asked without parameters."""
        url = f"{self.source.address.rstrip('/')}/{path.lstrip('/')}" if path else self.source.address
        with self._told():
            return self._client.ask("GET", url)

    def _page(self, question: Question, place: Mark) -> tuple[list[Cells], Mark]:
        """The rows of the next page, none where there is none any more, and the mark after it."""
        paging = question.spec.paging
        found = self._found(question, place)
        reached = after(paging, place, found.page)
        if question.spec.omits_empty:
            seen = {*place.seen, *found.fields} & {*question.table.source_columns}
            reached = reached.model_copy(update={"seen": tuple(sorted(seen))})
            if reached.done and reached.rows:
                question.check_never_seen(seen)
        return (found.rows if reached.pages > place.pages else []), reached

    def _found(self, question: Question, place: Mark) -> Found:
        request = question.request(place)
        try:
            answer = self._client.ask(request.method, request.url, params=request.params, body=request.body)
        except HttpFault as fault:
            if fault.status == 404 and may_be_beyond(question.spec.paging, place):
                return Found([], Page(()), [])
            raise
        return question.understood(answer, place)

    def _look(self, table: TableMap, window: Span) -> dict[str, str]:
        """The fields of a small first page; mapped ones also where no row tells of them."""
        question = Question(self.source, _smaller(table), window)
        fields = self._found(question, Mark(asked=question.digest)).fields
        return fields | {name: "" for name in table.source_columns if name not in fields}

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What went wrong, as one of our errors."""
        try:
            yield
        except HttpFault as fault:
            raise self._error(fault) from None
        except Lost as lost:
            raise drifted(self.source, str(lost)) from None
        except Inconsistent as moved:
            raise SourceChanged(
                f"{self.source.name}: các trang trả lời không nhất quán: {moved}",
                source_id=self.source.id,
                advice=f"chạy lại; nếu vẫn vậy, hỏi {self.source.contact} vì sao, vì số liệu đọc được không chắc đủ",
            ) from None

    def _error(self, fault: HttpFault) -> SourceError:
        if fault.fault is Fault.UNANSWERED:
            return unreachable(self.source, fault.cause)
        if fault.fault is Fault.WRONG:
            return drifted(self.source, fault.cause)
        return SourceError(
            f"{self.source.name}: {fault.cause}",
            source_id=self.source.id,
            advice=f"kiểm tra bí mật «{self.source.secret}» và [connection] auth, hoặc hỏi {self.source.contact}",
        )


def _smaller(table: TableMap) -> TableMap:
    """The same question, for few rows."""
    paging = table.spec.paging  # type: ignore[union-attr]
    few = paging.model_copy(update={"size": min(paging.size, PROBE_ROWS)})
    return replace(table, spec=table.spec.model_copy(update={"paging": few}))


def _check_each_once(read: array[int]) -> None:
    """A row that stands on two pages has moved while they were read, and another one may have been missed."""
    twice = len(read) - np.unique(np.frombuffer(read, dtype=np.uint64)).size
    if twice:
        raise Inconsistent(f"{twice} dòng có mặt ở hai trang khác nhau")


def _batch(table: TableMap, rows: Sequence[Cells]) -> pa.RecordBatch:
    arrays = [_texts(values) for values in zip(*rows, strict=True)]
    arrays.append(arrays[table.source_columns.index(address_column(table))])
    return pa.RecordBatch.from_arrays(arrays, schema=batch_schema(table))


def _texts(values: Sequence[str | None]) -> pa.Array:
    """Half a character, which JSON can write and text cannot hold, is kept as \\uNNNN."""
    try:
        return pa.array(values, pa.string())
    except UnicodeError:
        return pa.array(
            [v if v is None else v.encode("utf-8", "backslashreplace").decode() for v in values], pa.string()
        )
