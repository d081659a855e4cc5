"""Overdue dossiers by unit, the most first, and their causes as far as somebody tells them: systems record none."""

from __future__ import annotations

from collections.abc import Iterator

from contracts.returned import Kind
from contracts.units import UnitTree
from reporting.annexes._content import Content
from reporting.formats import count_text
from reporting.inputs import ReportInput
from reporting.origin import Origin
from reporting.overdue import overdue_table
from reporting.page import Column, Row, Table
from reporting.returns.sums import Sums, sums_of
from reporting.returns.texts import answer_text, of_units, total_text
from reporting.wording import place_of
from transforms.returned import Total

TITLE = "Hồ sơ quá hạn"
CAUSE = "overdue_cause"
"""What the id of a line of the return begins with that asks for causes of overdue dossiers; the province's own lines
(docs/operate/returns.md), for no national one does."""
NAMED_TEXTS = 30
"""Units whose words are printed."""
_UNKNOWN = (
    "Hệ thống một cửa điện tử không ghi nguyên nhân quá hạn của hồ sơ và đơn vị chưa báo cáo nguyên nhân; nội dung này"
    " do cơ quan soạn thảo nêu tại mục Nguyên nhân của phần Đánh giá chung."
)
_TOLD = "Nguyên nhân do đơn vị báo cáo; hệ thống một cửa điện tử không ghi nguyên nhân quá hạn của hồ sơ."
_RULES = (
    "Hồ sơ giải quyết quá hạn – cột (10) – là hồ sơ kết thúc trong kỳ sau ngày hẹn trả; hồ sơ đang giải quyết quá hạn –"
    " cột (13) – là hồ sơ chưa kết thúc mà đã qua ngày hẹn trả. Một hồ sơ chỉ thuộc một trong hai cột.",
    "Tỷ lệ A là số hồ sơ giải quyết trước hạn và đúng hạn trên số hồ sơ đã giải quyết: (8 + 9)/(7). Bảng ghi số hồ sơ,"
    " không ghi số ngày quá hạn của từng hồ sơ.",
)


def content(report_input: ReportInput, origin: Origin) -> Content | None:
    """None where no dossier is overdue, or nothing is known."""
    table = overdue_table(origin, caption=f"Hồ sơ quá hạn và tỷ lệ A theo {_subject(origin)}")
    if table is None:
        return None
    causes = cause_table(report_input, origin)
    return Content(TITLE, (_TOLD if causes else _UNKNOWN,), (table, *([causes] if causes else [])), _RULES)


def _subject(origin: Origin) -> str:
    return "lĩnh vực" if len(origin.scope.units) == 1 else "đơn vị"


def cause_totals(sums: Sums) -> list[Total]:
    """The lines that ask for causes and were answered."""
    return [t for t in sums.totals.values() if t.line.id.startswith(CAUSE) and (t.exact or t.approximate)]


def cause_table(report_input: ReportInput, origin: Origin) -> Table | None:
    """None where nobody tells a cause."""
    sums = sums_of(report_input, origin.scope)
    if sums is None:
        return None
    rows = [row for found in cause_totals(sums) for row in _rows(found, origin.scope.tree)]
    if not rows:
        return None
    return Table(
        caption="Nguyên nhân hồ sơ quá hạn do đơn vị báo cáo",
        unit="",
        columns=(Column("Nguyên nhân, đơn vị", "wide"), Column("Nội dung", "text"), Column("Số đơn vị", "figure")),
        rows=tuple(rows),
        notes=(),
        source=f"Nguồn: phiếu báo cáo của {count_text(len(sums.received))} đơn vị.",
    )


def _rows(found: Total, tree: UnitTree) -> Iterator[Row]:
    """A count in one row; words unit by unit."""
    given = of_units(len(found.exact) + len(found.approximate), found.concerned)
    if found.line.kind is not Kind.TEXT:
        yield Row("unit", (found.line.label, f"{total_text(found)} {found.line.unit}", given), "")
        return
    yield Row("group", (found.line.label, "", given), "")
    answers = [*{**found.exact, **found.approximate}.items()]
    for code, answer in answers[:NAMED_TEXTS]:
        yield Row("unit", (place_of(tree.by_agency(code)), answer_text(answer), ""), "")
    if (more := len(answers) - NAMED_TEXTS) > 0:
        yield Row("unit", (f"{count_text(more)} đơn vị khác", "(không in)", ""), "")
