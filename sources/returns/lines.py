"""One line of a form as an answer: what stands in its cells, and what the unit says of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from contracts.answers import Answer, is_approximate
from contracts.return_form import Column, cell_name, inputs_of
from contracts.returned import CHOSEN, NO, STATE_LABELS, YES, Asked, Kind, State
from sources.returns import cells
from sources.returns.cells import Misread, shown
from sources.returns.remarks import Remark
from sources.returns.workbook import Page

T = TypeVar("T")
_STATES = {STATE_LABELS[state]: state for state in CHOSEN}
_CITIZEN = re.compile(r"(?<!\d)(?:0\d{9}|\d{12})(?!\d)")
"""A telephone number, or the number of an identity card."""
_FIGURES = {Kind.COUNT, Kind.SHARE, Kind.NUMBER}
_APPROXIMATE = STATE_LABELS[State.APPROXIMATE]


@dataclass
class LineReader:
    """Reads the line of a row and keeps what is wrong with it in `remarks`."""

    sheet: str
    page: Page
    row: int
    line: Asked
    remarks: list[Remark]

    def answer(self) -> Answer | None:
        """The answer, UNANSWERED where nothing was said; None where a cell cannot be taken."""
        before = len(self.remarks)
        self._refuse_strays()
        state = self._state()
        evidence, note = self._words(Column.EVIDENCE), self._words(Column.NOTE)
        figures = self._figures(state)
        if any(remark.is_error for remark in self.remarks[before:]) or state is None:
            return None
        place = self._place(inputs_of(self.line.kind)[0])
        return Answer(self.line.id, self.line.kind, state, evidence=evidence, note=note, cell=place, **figures)

    @property
    def _inputs(self) -> dict[Column, Any]:
        """Filled cells among those where the line is answered."""
        found = {column: self.page.cells.get((self.row, column)) for column in inputs_of(self.line.kind)}
        return {column: value for column, value in found.items() if value is not None}

    def _place(self, column: Column) -> str:
        return f"{self.sheet}!{cell_name(self.row, column)}"

    def _say(self, column: Column, wrong: str, advice: str) -> None:
        self.remarks.append(Remark(self._place(column), f"{self.line.label}: {wrong}", advice))

    def _take(self, column: Column, read: Callable[[Any], T]) -> T | None:
        """The cell as `read` takes it; None, with a remark, where it does not."""
        if (self.row, column) in self.page.formulas:
            self._say(column, "ô có công thức hoặc báo lỗi", "gõ giá trị (hoặc dán bằng Paste Special → Values)")
            return None
        try:
            return read(self.page.cells[self.row, column])
        except Misread as misread:
            self._say(column, misread.wrong, misread.advice)
            return None

    def _refuse_strays(self) -> None:
        wanted = inputs_of(self.line.kind)
        for column in (Column.NUMERATOR, Column.DENOMINATOR):
            if column not in wanted and (self.row, column) in self.page.cells:
                self._say(column, "ô này không phải điền (chỉ tiêu không phải là tỷ lệ)", "xóa ô, ghi ở cột Giá trị")
        for column in (*wanted, Column.STATE, Column.EVIDENCE, Column.NOTE):
            if (self.row, column) in self.page.formulas and (self.row, column) not in self.page.cells:
                self._say(column, "ô có công thức hoặc báo lỗi", "xóa công thức, gõ giá trị")

    def _words(self, column: Column) -> str:
        if (self.row, column) not in self.page.cells:
            return ""
        return self._take(column, _of_nobody) or ""

    def _state(self) -> State | None:
        """What was chosen; by what was filled in where nothing was. None: unreadable."""
        if (self.row, Column.STATE) not in self.page.cells:
            return State.GIVEN if self._inputs else State.UNANSWERED
        chosen = self._take(Column.STATE, lambda value: _STATES[cells.one_of(value, tuple(_STATES))])
        if chosen is State.APPROXIMATE and self.line.kind not in _FIGURES:
            self._say(Column.STATE, f"chỉ tiêu này không dùng «{_APPROXIMATE}»", "chọn tình trạng khác")
        return chosen

    def _figures(self, state: State | None) -> dict[str, Any]:
        match state:
            case State.GIVEN:
                return self._given()
            case State.APPROXIMATE:
                return self._approximate()
            case State.NOT_YET | State.OUT_OF_SCOPE:
                self._refuse_figures(STATE_LABELS[state])
        return {}

    def _refuse_figures(self, label: str) -> None:
        for column, value in self._inputs.items():
            self._say(column, f"đã chọn «{label}» nhưng ô vẫn ghi «{shown(value)}»", "xóa ô này, hoặc đổi tình trạng")

    def _given(self) -> dict[str, Any]:
        wanted = inputs_of(self.line.kind)[:2] if self.line.kind is Kind.SHARE else (Column.VALUE,)
        if missing := [column for column in wanted if column not in self._inputs]:
            self._say(missing[0], "chưa ghi số liệu ở ô này", "ghi số liệu, hoặc chọn tình trạng «Chưa có số liệu»")
        if self.line.kind is Kind.SHARE and Column.VALUE in self._inputs:
            self._say(
                Column.VALUE,
                f"chỉ tiêu tỷ lệ ghi «{shown(self._inputs[Column.VALUE])}» ở cột Giá trị",
                f"ghi tử số, mẫu số và xóa ô này; không có tử số, mẫu số thì chọn «{_APPROXIMATE}»",
            )
        readable = [column for column in wanted if column in self._inputs]
        return dict(pair for column in readable for pair in self._value(column))

    def _value(self, column: Column) -> Iterator[tuple[str, Any]]:
        """The fields of the answer that the cell gives."""
        match self.line.kind:
            case Kind.COUNT | Kind.SHARE:
                name = "denominator" if column is Column.DENOMINATOR else "numerator"
                yield name, self._take(column, cells.whole)
            case Kind.NUMBER:
                yield "amount", self._take(column, cells.percent if self.line.unit == "%" else cells.amount)
            case Kind.YES_NO:
                yield "numerator", self._take(column, lambda value: int(cells.one_of(value, (YES, NO)) == YES))
            case Kind.CHOICE:
                yield "text", self._take(column, lambda value: cells.one_of(value, self.line.choices))
            case Kind.DATE:
                yield "text", self._take(column, lambda value: cells.day(value).isoformat())
            case Kind.TEXT:
                yield "text", self._take(column, _of_nobody)

    def _approximate(self) -> dict[str, Any]:
        for column in (Column.NUMERATOR, Column.DENOMINATOR):
            if column in self._inputs:
                said = f"đã chọn «{_APPROXIMATE}» nhưng ô này vẫn có số"
                self._say(column, said, "xóa ô này, ghi số gần đúng ở cột Giá trị; có đủ số thì đổi tình trạng")
        if Column.VALUE not in self._inputs:
            self._say(Column.VALUE, "chưa ghi số gần đúng", "ghi, ví dụ >300, gần 250, 1/3-1/2, 97,3%")
            return {}
        return {"text": self._take(Column.VALUE, _approximately)}


def _approximately(value: Any) -> str:
    text = cells.words(value) if isinstance(value, str) else ""
    if not is_approximate(text):
        wrong = f"«{shown(value)}» không phải là số gần đúng"
        advice = "ghi dạng chữ: >300, gần 250, 1/3-1/2 hoặc 97,3%; biết đúng số thì chọn «Đã có số liệu»"
        raise Misread(wrong, advice)
    return text


def _of_nobody(value: Any) -> str:
    """A text without the number of a citizen's paper or telephone."""
    text = cells.words(value)
    if _CITIZEN.search(text):
        raise Misread(
            "ô có dãy số giống số định danh hoặc số điện thoại",
            "xóa số đó: phiếu không được có dữ liệu cá nhân của người dân",
        )
    return text
