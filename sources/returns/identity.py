"""Whose form a workbook is, by the identity that it carries out of sight."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from contracts.return_form import COVER, COVER_VALUE, IDENTITY, Form, cell_name, seal
from sources.returns.remarks import Remark
from sources.returns.workbook import NotAForm, Page

_NEW = "lấy phiếu mẫu mới (cchc returns template), chép số liệu sang rồi gửi lại"


@dataclass(frozen=True)
class Identity:
    """unit: agency code. version: of the form's lines."""

    province: str
    period: str
    unit: str
    version: str


def identity_of(pages: Mapping[str, Page]) -> Identity:
    """Raises NotAForm where there is none, or it was changed."""
    if IDENTITY not in pages:
        raise NotAForm("tệp không phải là phiếu của chương trình, hoặc đã mất phần nhận dạng ẩn", _NEW)
    page = pages[IDENTITY]
    rows = {row for row, _ in page.cells}
    known = {page.text(row, 0): page.text(row, 1) for row in rows}
    wanted = ("province", "period", "unit", "version")
    if known.get("form") != "cchc-return" or not all(known.get(name) for name in wanted):
        raise NotAForm("phần nhận dạng ẩn của phiếu bị xóa", _NEW)
    if known.get("seal") != seal(known):
        raise NotAForm("phần nhận dạng ẩn của phiếu bị sửa", _NEW)
    return Identity(*(known[name] for name in wanted))


def cover_remarks(pages: Mapping[str, Page], form: Form) -> Iterator[Remark]:
    """Where the cover says another unit or period than the identity: one of the two is of another form."""
    if COVER not in pages:
        yield Remark(COVER, "thiếu trang này (bị xóa hoặc đổi tên)", "đặt lại đúng tên trang, hoặc lấy phiếu mẫu mới")
        return
    for row, text in form.cover.items():
        found = pages[COVER].text(row, COVER_VALUE)
        if found != text:
            place = f"{COVER}!{cell_name(row, COVER_VALUE)}"
            yield Remark(place, f"ghi «{found}», phiếu này là của «{text}»", _NEW)
