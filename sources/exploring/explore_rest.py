"""Looking at an interface that gives JSON: the lists of rows in its answer, and how it says that there is more.

Only the first answer is looked at. A field's value leaves the parser only where it is asked for by name; of all others
there is the type alone (`sources.interfaces.json_rows`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contracts.personal import folded, is_forbidden
from contracts.rest_spec import Paging, RestTable
from sources.exploring.code_lists import code_list
from sources.exploring.date_shapes import date_of_texts
from sources.exploring.explore import BELOW, Code, DateColumn, FoundTable, WindowColumns
from sources.interfaces import json_rows
from sources.interfaces.http import Answer
from sources.interfaces.rest import RestReader
from sources.reader import drifted

_TOTALS = {
    "total",
    "totalelements",
    "totalcount",
    "totalitems",
    "totalrecords",
    "recordstotal",
    "tongso",
    "tongsobanghi",
}
_PAGES = {"pages", "totalpages", "pagecount", "lastpage", "tongsotrang", "sotrang"}
_NEXTS = {"next", "nextpage", "nextlink", "nextcursor", "nexttoken", "cursor", "nexturl", "linksnext"}

_NO_TOTAL = (
    "KHÔNG thấy tổng số dòng: hỏi nhà cung cấp hệ thống có chia trang không; "
    "nếu có mà không ghi ở paging thì SỐ LIỆU SẼ THIẾU"
)


class RestExplorer:
    """See `sources.exploring.explore.Explorer`."""

    def __init__(self, reader: RestReader) -> None:
        self._reader = reader
        self._answers: dict[str, Answer] = {}

    def tables(self, wanted: str = "") -> list[FoundTable]:
        answer = self._answer(wanted)
        return [self._table(answer, wanted, rows) for rows in self._lists(answer)]

    def _answer(self, path: str) -> Answer:
        if path not in self._answers:
            self._answers[path] = self._reader.answer(path)
        return self._answers[path]

    def _parsed(self, answer: Answer, *wanted: str) -> Any:
        try:
            return json_rows.parse(answer.content, wanted)
        except ValueError:
            cause = "bản trả lời không phải là JSON (có thể là trang đăng nhập hoặc trang báo lỗi)"
            raise drifted(self._reader.source, cause) from None

    def _lists(self, answer: Answer) -> list[str]:
        """Paths of the lists of rows."""
        said = self._parsed(answer)
        paths = [""] if isinstance(said, list) else [p for p, type_ in json_rows.fields(said) if type_ == "array"]
        return [path for path in paths if self._rows(answer, path)]

    def _rows(self, answer: Answer, path: str, *columns: str) -> list[dict[str, Any]]:
        """Empty where that list does not hold rows."""
        found = json_rows.at(self._parsed(answer, path, *columns), path)
        return found if isinstance(found, list) and all(isinstance(row, dict) for row in found) else []

    def _table(self, answer: Answer, path: str, rows: str) -> FoundTable:
        columns: dict[str, str] = {}
        for row in self._rows(answer, rows):
            columns.update({name: type_ or columns.get(name, "") for name, type_ in json_rows.fields(row)})
        paging, note = self._paging(answer, rows)
        spec = RestTable(path=path, rows=rows, paging=paging)
        return FoundTable(f"{path}{BELOW}{rows}" if rows else path or "/", columns, spec, note)

    def _paging(self, answer: Answer, rows: str) -> tuple[Paging, str]:
        """As far as the answer tells; what has to be asked besides is known to its vendor alone."""
        said = self._parsed(answer)
        there = dict(json_rows.fields(said)) if isinstance(said, dict) else {}
        total, pages, next_ = (_called(there, names) for names in (_TOTALS, _PAGES, _NEXTS))
        if answer.next_link or (next_ and self._is_link(answer, next_)):
            paging = Paging(style="link", next="" if answer.next_link else next_, total=total, pages=pages)
            return paging, "hệ thống chia trang bằng địa chỉ trang sau; hỏi nhà cung cấp tham số chọn ngày và số dòng"
        paging = Paging(total=total, pages=pages)
        if next_:
            return paging, f"có vẻ chia trang theo «{next_}»: ghi paging style, param, next theo tài liệu của hệ thống"
        if total or pages:
            return paging, "nếu hệ thống chia trang, ghi paging style và param; không ghi thì thiếu trang sẽ bị báo lỗi"
        return paging, _NO_TOTAL

    def _is_link(self, answer: Answer, path: str) -> bool:
        value = json_rows.at(self._parsed(answer, path), path)
        return (
            isinstance(value, str) and not isinstance(value, json_rows.Number) and value.startswith(("http", "/", "?"))
        )

    def unreadable(self, table: FoundTable, columns: list[str]) -> list[str]:
        return []

    def codes(self, table: FoundTable, column: str, label: str) -> list[Code] | None:
        wanted = [column, label] if label else [column]
        found = code_list(tuple(cell or "" for cell in row) for row in self._cells(table, *wanted))
        return self.codes(table, column, "") if found is None and label else found

    def date(self, table: FoundTable, column: str) -> DateColumn:
        return date_of_texts(column, (text for (text,) in self._cells(table, column) if text))

    def _cells(self, table: FoundTable, *columns: str) -> Iterator[tuple[str | None, ...]]:
        refused = [column for column in columns if is_forbidden(column)]
        assert not refused, "a column of personal data is never looked at"
        assert isinstance(table.spec, RestTable)
        for row in self._rows(self._answer(table.spec.path), table.spec.rows, *columns):
            values = [json_rows.at(row, column) for column in columns]
            yield tuple(None if isinstance(v, dict | list | json_rows.Left) else json_rows.text(v) for v in values)

    def where(self, columns: WindowColumns) -> str:
        return ""


def _called(there: dict[str, str], names: set[str]) -> str:
    """The path of a field that goes by one of the names."""
    return next(
        (path for path, type_ in there.items() if folded(path.rsplit(".", 1)[-1]) in names and type_ != "array"), ""
    )
