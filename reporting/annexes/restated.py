"""Published figures that this version gives otherwise: old, new, and why."""

from __future__ import annotations

from contracts.units import UnitTree
from reporting.annexes._content import Content
from reporting.figure_words import change_of, label_of, text_of
from reporting.fonts import printable
from reporting.formats import count_text, date_text
from reporting.inputs import ReportInput
from reporting.kept import OWN, TREE, Cell
from reporting.origin import Origin
from reporting.page import Column, Note, Row, Table
from reporting.restatement import Moved, Restatement, causes, restatement
from reporting.scope import Scope
from reporting.wording import own_office, place_of

PRINTED_AT_MOST = 60
"""Rows of the table: about two pages. All of them are kept, and `cchc restated` lists them."""

_RULES = (
    "So sánh trên số đếm đã lưu của hai bản, không trên số đã làm tròn khi in; dấu – là chưa có số liệu hoặc bản đó"
    " không có dòng này, không phải là 0.",
    "Thứ tự: số liệu chung của báo cáo trước, sau đó theo mức thay đổi từ lớn đến nhỏ.",
)


def content(report_input: ReportInput, origin: Origin) -> Content | None:
    """None where no version of this report stands published, or nothing of it differs."""
    found = restatement(report_input, origin.scope)
    if found is None:
        return None
    day, number = date_text(found.published.published_at), found.published.version
    text = (
        f"Bản này thay đổi {count_text(len(found.moved))} số liệu đã công bố ở bản {number} (ngày {day}) của báo cáo."
        f" Nguyên nhân: {_why(found)}."
    )
    tables = (_moved_table(found, origin), *([_cause_table(found, origin)] if found.differences else []))
    return Content(f"Số liệu thay đổi so với bản đã công bố (bản {number}, ngày {day})", (text,), tables, _RULES)


def _why(found: Restatement) -> str:
    """Named in the table below it where there is one."""
    if not found.differences:
        return "chưa rõ nguyên nhân (nguồn, cách tính, danh mục của hai bản như nhau)"
    named = dict.fromkeys(one.subject for one in causes(found.differences))
    return f"xem những điểm khác nhau giữa hai bản ở bảng dưới ({', '.join(printable(n) for n in named)})"


def _moved_table(found: Restatement, origin: Origin) -> Table:
    shown = found.moved[:PRINTED_AT_MOST]
    rest = len(found.moved) - len(shown)
    more = f"Còn {count_text(rest)} số liệu thay đổi ít hơn; danh sách đầy đủ do cơ quan lập báo cáo lưu giữ."
    return Table(
        caption="Số liệu thay đổi so với bản đã công bố",
        unit="Đơn vị tính: hồ sơ; tỷ lệ kèm tử số và mẫu số",
        columns=(
            Column("Đơn vị, lĩnh vực", "wide"),
            Column("Số liệu", "text"),
            Column(f"Bản {found.published.version}", "figure"),
            Column("Bản này", "figure"),
            Column("Tăng (+), giảm (−)", "figure"),
        ),
        rows=tuple(_row(one, origin.scope) for one in shown),
        notes=(Note("", more),) if rest else (),
        source=origin.line(),
    )


def _row(one: Moved, scope: Scope) -> Row:
    is_total = one.cell[:3] == (scope.root.agency_code, TREE, "")
    return Row("total" if is_total else "unit", texts_of(one, scope.tree), "")


def texts_of(one: Moved, tree: UnitTree) -> tuple[str, str, str, str, str]:
    """Whose, which figure, old, new, difference."""
    figure, old, new = one.cell.figure, one.old, one.new
    return (
        whom(one.cell, tree),
        label_of(figure),
        text_of(figure, old),
        text_of(figure, new),
        change_of(figure, old, new),
    )


def whom(cell: Cell, tree: UnitTree) -> str:
    """Huyện Cam Lâm · UBND huyện Cam Lâm · Huyện Cam Lâm, lĩnh vực Hộ tịch; one taken out of the catalogue by its
    code."""
    if not tree.has_agency(cell.agency_code):
        name = printable(cell.agency_code)
    else:
        unit = tree.by_agency(cell.agency_code)
        name = own_office(unit) if cell.whose == OWN else place_of(unit)
    return f"{name}, lĩnh vực {printable(cell.field)}" if cell.field else name


def _cause_table(found: Restatement, origin: Origin) -> Table:
    return Table(
        caption="Những điểm khác nhau giữa hai bản",
        unit="",
        columns=(
            Column("Nguồn, nội dung", "wide"),
            Column("Điểm khác", "text"),
            Column(f"Bản {found.published.version}", "label"),
            Column("Bản này", "label"),
            Column("Làm thay đổi số liệu", "label"),
        ),
        rows=tuple(
            Row("unit", (printable(d.subject), d.what, d.then, d.now, "có" if d.moves else "không"), "")
            for d in found.differences
        ),
        notes=(Note("", "Điểm khác không làm thay đổi số liệu của biểu II.06 vẫn được nêu để đối chiếu."),),
        source=origin.line(),
    )
