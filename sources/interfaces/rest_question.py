"""What an interface is asked for one table, and how its answer is understood."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from contracts import clock
from contracts.periods import Span
from contracts.personal import is_forbidden
from contracts.rest_spec import RestTable, with_days
from contracts.source_config import SourceConfig, TableMap, digest
from sources.interfaces import json_rows
from sources.interfaces.http import Answer, Fault, HttpFault, joined
from sources.interfaces.json_rows import MISSING, Missing
from sources.interfaces.paging import Lost, Mark, Page

_NO_VALUES = {"object", "array"}
Cells = tuple[str | None, ...]
"""Texts of the mapped columns of one row."""


@dataclass(frozen=True)
class Request:
    method: str
    url: str
    params: dict[str, str]
    body: dict[str, Any] | None


@dataclass(frozen=True)
class Found:
    """rows: of the mapped columns. parsed: the rows with all their fields, of the unmapped the type alone."""

    rows: list[Cells]
    page: Page
    parsed: list[dict[str, Any]]

    @property
    def fields(self) -> dict[str, str]:
        """Path → type of everything that stands in the rows; empty where it is not always the same, or not known."""
        return _fields(self.parsed)


class Question:
    """One table for one window. digest: changes when anything else is asked."""

    def __init__(self, source: SourceConfig, table: TableMap, window: Span) -> None:
        assert isinstance(table.spec, RestTable)
        self.table, self.spec = table, table.spec
        days = {"first": window.first_day, "last": window.last_day, "today": clock.today()}
        self._params, self._body = _filled(self.spec, days)
        self._url = f"{source.address.rstrip('/')}/{self.spec.path.lstrip('/')}" if self.spec.path else source.address
        self.digest = digest([source.extract_fingerprint, table.name, self._url, self._params, self._body])

    def request(self, place: Mark) -> Request:
        """What is asked after that mark."""
        paging, method = self.spec.paging, self.spec.method
        if paging.style == "link" and place.at:
            return Request(method, self._same_server(place.at, seen_at=self._url), {}, self._body or None)
        asked: dict[str, str] = {paging.size_param: str(paging.size)} if paging.size_param else {}
        if paging.style in {"page", "offset"}:
            asked[paging.param] = place.at or (str(paging.first) if paging.style == "page" else "0")
        elif paging.style == "cursor" and place.at:
            asked[paging.param] = place.at
        if method == "GET":
            return Request(method, self._url, {**self._params, **asked}, None)
        body = self._body
        for path, value in asked.items():
            number = paging.style != "cursor" or path == paging.size_param
            body = _with(body, path.split("."), int(value) if number else value)
        return Request(method, self._url, self._params, body)

    def understood(self, answer: Answer, place: Mark) -> Found:
        """Raises Lost where the answer is not what the configuration says, HttpFault where it is no JSON."""
        paging = self.spec.paging
        said = self._said(answer)
        total, declared = (_count(said, path, first=not place.pages) for path in (paging.total, paging.pages))
        rows = self._rows(said, total)
        self._check_fields(rows)
        cells = [self._cells(row) for row in rows]
        page = Page(tuple(map(_digest, cells)), total, declared, self._next(said, answer))
        return Found(cells, page, rows)

    def check_never_seen(self, seen: set[str]) -> None:
        """Where empty fields are left out, a lost one shows only at the end: no row of all had it."""
        required = [c.source_column for c in self.table.columns if c.column.required]
        if lost := [name for name in required if name not in seen]:
            raise Lost(_said_of_lost(self.table, lost, ()))

    @cached_property
    def _wanted(self) -> tuple[str, ...]:
        paging = self.spec.paging
        return (*self.table.source_columns, self.spec.rows, paging.next, paging.total, paging.pages)

    def _said(self, answer: Answer) -> Any:
        try:
            return json_rows.parse(answer.content, self._wanted)
        except ValueError:
            cause = "bản trả lời không phải là JSON (có thể là trang đăng nhập hoặc trang báo lỗi)"
            raise HttpFault(cause, Fault.UNANSWERED) from None

    def _rows(self, said: Any, total: int | None) -> list[dict[str, Any]]:
        rows = json_rows.at(said, self.spec.rows)
        if rows is None and total == 0:
            return []
        where = f"«{self.spec.rows}»" if self.spec.rows else "bản trả lời"
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise Lost(f"{where} không phải là danh sách các dòng")
        return rows

    def _check_fields(self, rows: list[dict[str, Any]]) -> None:
        """A field that no row of a page has is lost; one that some rows lack is empty there."""
        if not rows or self.spec.omits_empty:
            return
        lost = [p for p in self.table.source_columns if all(json_rows.at(row, p) is MISSING for row in rows)]
        if lost:
            raise Lost(_said_of_lost(self.table, lost, _fields(rows)))

    def _cells(self, row: dict[str, Any]) -> Cells:
        try:
            return tuple([json_rows.text(json_rows.at(row, path)) for path in self.table.source_columns])
        except TypeError:
            wrong = next(p for p in self.table.source_columns if json_rows.type_of(json_rows.at(row, p)) in _NO_VALUES)
            raise Lost(f"«{wrong}» nay không còn là một giá trị mà là đối tượng hoặc danh sách") from None

    def _next(self, said: Any, answer: Answer) -> str | Missing | None:
        paging = self.spec.paging
        if paging.style not in {"cursor", "link"}:
            return MISSING
        found = json_rows.at(said, paging.next) if paging.next else answer.next_link or MISSING
        if found is MISSING or found in (None, "", False):
            return MISSING if found is MISSING else None
        if not isinstance(found, str):
            raise Lost(f"«{paging.next}» không phải là một giá trị")
        return self._same_server(found, seen_at=answer.url) if paging.style == "link" else str(found)

    def _same_server(self, link: str, *, seen_at: str) -> str:
        """A server may not send us, and our credentials, to another."""
        try:
            return joined(link, seen_at=seen_at, server=self._url)
        except ValueError:
            raise Lost("địa chỉ của trang sau nằm ở máy chủ khác với «address», không đọc theo") from None


def _filled(spec: RestTable, days: dict[str, date]) -> tuple[dict[str, str], dict[str, Any]]:
    return with_days(spec.params, days), with_days(spec.body, days)


def _with(body: dict[str, Any], path: Sequence[str], value: Any) -> dict[str, Any]:
    """A copy of the body with the value at that path."""
    name, *below = path
    return {**body, name: _with(body.get(name, {}), below, value) if below else value}


def _count(said: Any, path: str, *, first: bool) -> int | None:
    """A number of rows or pages; later pages may leave it out."""
    if not path:
        return None
    found = json_rows.at(said, path)
    if isinstance(found, str) and found.isascii() and found.isdigit():
        return int(found)
    if not first and (found is MISSING or found is None):
        return None
    raise Lost(f"bản trả lời không có số lượng ở «{path}»")


def _fields(rows: list[dict[str, Any]]) -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for row in rows:
        for path, type_ in json_rows.fields(row):
            found.setdefault(path, set()).add(type_)
    return {path: types.pop() if len(types := kinds - {""}) == 1 else "" for path, kinds in found.items()}


def _digest(cells: Cells) -> str:
    return hashlib.blake2b(repr(cells).encode("utf-8", "backslashreplace"), digest_size=8).hexdigest()


def _said_of_lost(table: TableMap, lost: list[str], found: Iterable[str]) -> str:
    """The lost fields, each with the one that it may have become; personal ones are not offered."""
    candidates = [name for name in found if name not in table.source_columns and not is_forbidden(name)]
    said = []
    for name in lost:
        near = difflib.get_close_matches(name, candidates, n=1)
        said.append(f"«{name}»" + (f" (có thể nay là «{near[0]}»)" if near else ""))
    return f"bảng «{table.name}»: bản trả lời không còn trường {', '.join(said)}"
