"""Published figures that this version gives otherwise: old, new, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from contracts.units import UnitTree
from reporting.annexes._content import Content
from reporting.basis import Difference
from reporting.figure_words import change_of, label_of, text_of
from reporting.fonts import printable
from reporting.formats import count_text, date_text
from reporting.inputs import ReportInput
from reporting.kept import OWN, Cell
from reporting.origin import NAMED_AT_MOST, Origin
from reporting.page import Column, Note, Row, Table
from reporting.restatement import Moved, Restatement, causes, restatement
from reporting.wording import own_office, place_of

PRINTED_AT_MOST = 80
"""Figures in the table: about three pages. All of them are kept, and `cchc restated` lists them."""

_RULES = (
    "So sánh trên số đếm đã lưu của hai bản, không trên số đã làm tròn khi in; dấu – là chưa có số liệu hoặc bản đó"
    " không có dòng này, không phải là 0.",
    "Thứ tự: số liệu chung của báo cáo, rồi đến đơn vị, lĩnh vực có số hồ sơ thay đổi nhiều nhất.",
)


def content(report_input: ReportInput, origin: Origin) -> Content | None:
    """None where no version of this report stands published, or nothing of it differs."""
    found = restatement(report_input, origin.scope)
    if found is None:
        return None
    day, number = date_text(found.published.published_at), found.published.version
    text = f"Bản này {found.in_short} của báo cáo. {_why(found)}"
    tables = (_moved_table(found, origin), *([_cause_table(found, origin)] if found.differences else []))
    return Content(f"Số liệu thay đổi so với bản đã công bố (bản {number}, ngày {day})", (text,), tables, _RULES)


def _why(found: Restatement) -> str:
    if not found.differences:
        return "Chưa rõ nguyên nhân: nguồn, cách tính và danh mục của hai bản như nhau."
    named = list(dict.fromkeys(printable(one.subject) for one in causes(found.differences, found.moved)))
    more = f" và {count_text(len(named) - NAMED_AT_MOST)} nguồn khác" if len(named) > NAMED_AT_MOST else ""
    return f"Nguyên nhân nêu ở bảng những điểm khác nhau giữa hai bản: {'; '.join(named[:NAMED_AT_MOST])}{more}."


def _moved_table(found: Restatement, origin: Origin) -> Table:
    shown = found.moved[:PRINTED_AT_MOST]
    rest = len(found.moved) - len(shown)
    more = f"Còn {count_text(rest)} số liệu khác thay đổi; danh sách đầy đủ do cơ quan lập báo cáo lưu giữ."
    return Table(
        caption="Số liệu thay đổi, theo đơn vị và lĩnh vực",
        unit="Đơn vị tính: hồ sơ; đơn vị khác ghi trong ngoặc",
        columns=(
            Column("Số liệu", "wide"),
            Column(f"Bản {found.published.version}", "figure"),
            Column("Bản này", "figure"),
            Column("Tăng (+), giảm (−)", "figure"),
        ),
        rows=tuple(_rows(shown, origin.scope.tree)),
        notes=(Note("", more),) if rest else (),
        source=origin.line(),
    )


def _rows(shown: Iterable[Moved], tree: UnitTree) -> Iterator[Row]:
    """A head for each unit and field, and its figures."""
    for _, ones in groupby(shown, key=lambda one: one.of):
        texts = [texts_of(one, tree) for one in ones]
        yield Row("group", (texts[0][0], "", "", ""), "")
        yield from (Row("unit", text[1:], "") for text in texts)


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
            Column("Nguồn, điểm khác", "wide"),
            Column(f"Bản {found.published.version}", "label"),
            Column("Bản này", "label"),
        ),
        rows=tuple(_cause_rows(found.differences)),
        notes=(),
        source=origin.line(),
    )


def _cause_rows(found: Iterable[Difference]) -> Iterator[Row]:
    """A head for each source, with whether it moved figures; the others stand there to be held against."""
    for (subject, moves), ones in groupby(found, key=lambda d: (d.subject, d.moves)):
        said = "" if moves else " (không làm thay đổi số liệu biểu II.06)"
        yield Row("group", (f"{printable(subject)}{said}", "", ""), "")
        yield from (Row("unit", (d.what, d.then, d.now), "") for d in ones)
