"""A filled-in form as a return, or everything that is wrong with it in one pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from contracts.answers import Answer, Return
from contracts.configfile import plain
from contracts.return_form import COVER, COVER_VALUE, HEAD_ROW, IDENTITY, Column, CoverRow, Form, cell_name
from contracts.returned import Asked, State
from sources.returns import cells
from sources.returns.cells import Misread
from sources.returns.checks import check_figures
from sources.returns.identity import cover_remarks
from sources.returns.lines import LineReader
from sources.returns.remarks import Remark
from sources.returns.workbook import Page

T = TypeVar("T")
_RESTORE = "lấy lại phiếu mẫu, chép số liệu sang đúng dòng rồi gửi lại"


@dataclass(frozen=True)
class Reading:
    """content: None where a remark is an error: such a workbook is refused as a whole."""

    content: Return | None
    remarks: tuple[Remark, ...]


def read_form(pages: Mapping[str, Page], form: Form, *, today: date) -> Reading:
    """Every sheet of the form, cell by cell. today: no form is of a later day."""
    remarks = [*cover_remarks(pages, form), *_strange_sheets(pages, form)]
    head = _head(pages.get(COVER), form, today, remarks)
    answers = [a for name in form.sheets for a in _answers(pages.get(name), form, name, remarks)]
    remarks += check_figures(form, answers)
    if not any(r.is_error for r in remarks) and all(a.state is State.UNANSWERED for a in answers):
        remarks.append(Remark("", "phiếu chưa điền dòng nào", "điền phiếu rồi gửi lại"))
    if any(r.is_error for r in remarks):
        return Reading(None, tuple(remarks))
    content = Return(form.period.id, form.unit.agency_code, form.version, answers=tuple(answers), **head)
    return Reading(content, tuple(remarks))


def _strange_sheets(pages: Mapping[str, Page], form: Form) -> Iterator[Remark]:
    known = {COVER, IDENTITY, *form.sheets}
    for name, page in pages.items():
        if name not in known and page.cells:
            advice = "chuyển số liệu vào các trang của phiếu"
            yield Remark(name, "trang không thuộc phiếu, không được đọc", advice, is_error=False)


def _head(page: Page | None, form: Form, today: date, remarks: list[Remark]) -> dict[str, Any]:
    """Who, when, by which document."""
    if page is None:
        return {}
    text = {row: _cover_cell(page, row, cells.words, remarks) or "" for row in _TEXTS}
    on = _cover_cell(page, CoverRow.PREPARED_ON, cells.day, remarks)
    if not text[CoverRow.PREPARED_BY]:
        remarks.append(_of_cover(CoverRow.PREPARED_BY, "chưa ghi người lập", "ghi họ tên, chức vụ người lập"))
    if not text[CoverRow.APPROVED_BY]:
        remarks.append(_of_cover(CoverRow.APPROVED_BY, "chưa ghi người duyệt", "bổ sung khi gửi lại", is_error=False))
    remarks += _day_remarks(page, on, form, today)
    return {"prepared_on": on, **{name: text[row] for row, name in _TEXTS.items()}}


_TEXTS = {
    CoverRow.PREPARED_BY: "prepared_by",
    CoverRow.APPROVED_BY: "approved_by",
    CoverRow.DOCUMENT: "document",
}


def _day_remarks(page: Page, on: date | None, form: Form, today: date) -> Iterator[Remark]:
    row, span = CoverRow.PREPARED_ON, form.period.forms
    if on is None:
        if (row, COVER_VALUE) not in page.cells:
            yield _of_cover(row, "chưa ghi ngày lập", "ghi ngày lập dạng 16/12/2024")
    elif on > today:
        yield _of_cover(row, f"ngày lập {on:%d/%m/%Y} chưa đến", "sửa ngày lập")
    elif on < span.first_day:
        yield _of_cover(row, f"ngày lập {on:%d/%m/%Y} trước ngày đầu kỳ {span.first_day:%d/%m/%Y}", "sửa ngày lập")
    elif on < span.last_day:
        said = f"phiếu lập ngày {on:%d/%m/%Y}, trước ngày chốt {span.last_day:%d/%m/%Y}"
        yield _of_cover(row, said, "gửi lại phiếu sau ngày chốt nếu số liệu thay đổi", is_error=False)


def _of_cover(row: CoverRow, wrong: str, advice: str, *, is_error: bool = True) -> Remark:
    return Remark(f"{COVER}!{cell_name(row, COVER_VALUE)}", wrong, advice, is_error)


def _cover_cell(page: Page, row: CoverRow, read: Callable[[Any], T], remarks: list[Remark]) -> T | None:
    if (row, COVER_VALUE) in page.formulas:
        remarks.append(_of_cover(row, "ô có công thức hoặc báo lỗi", "gõ lại giá trị"))
        return None
    if (row, COVER_VALUE) not in page.cells:
        return None
    try:
        return read(page.cells[row, COVER_VALUE])
    except Misread as misread:
        remarks.append(_of_cover(row, misread.wrong, misread.advice))
        return None


def _answers(page: Page | None, form: Form, name: str, remarks: list[Remark]) -> Iterator[Answer]:
    """Of one sheet. A line that does not stand where the form has it is not read: its figures could be another's."""
    if page is None:
        remarks.append(Remark(name, "thiếu trang này (bị xóa hoặc đổi tên)", "đặt lại đúng tên trang"))
        return
    remarks += [
        Remark(f"{name}!{cell_name(*first)}", "ô bị gộp (merge)", "bỏ gộp ô (Unmerge), ghi lại số vào đúng ô")
        for first in page.merged
    ]
    rows = form.sheets[name]
    moved = [row for row, line in rows if not _stands(page, row, line)]
    if moved:
        place = f"{name}!{cell_name(moved[0], Column.LABEL)}"
        remarks.append(Remark(place, "dòng không đúng chỗ của phiếu (bị chèn, xóa, chuyển hoặc sửa tên)", _RESTORE))
    remarks += _outside(page, name, rows[-1][0])
    for row, line in rows:
        if row not in moved and (answer := LineReader(name, page, row, line, remarks).answer()):
            yield answer


def _stands(page: Page, row: int, line: Asked) -> bool:
    told = {Column.ID: line.id, Column.LABEL: line.label, Column.UNIT: line.unit}
    return all(plain(page.text(row, column)) == plain(text) for column, text in told.items())


def _outside(page: Page, name: str, last: int) -> Iterator[Remark]:
    """What was written beside or below the lines is not read, and said to be so."""
    cells_outside = sorted(at for at in page.cells if at[0] > last or (at[0] > HEAD_ROW and at[1] > Column.ID))
    if cells_outside:
        place = f"{name}!{cell_name(*cells_outside[0])}"
        advice = "ghi ở cột Ghi chú của dòng liên quan"
        yield Remark(place, "ô ngoài biểu mẫu có nội dung, không được đọc", advice, is_error=False)
