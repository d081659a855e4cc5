"""The first sheet, what the report is and what stands where; and the last, what it all rests on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from reporting.formats import stamp_text
from reporting.page import ReportContext
from reporting.workbook.grids import MARKS, Grid
from reporting.workbook.shapes import Shapes
from reporting.workbook.writer import LINE, Writer, lines_of

COVER = "Báo cáo"
PROVENANCE = "Nguồn"
_WIDTHS = (26, 18, 64, 10)
ABOUT = (
    "Mỗi bảng, biểu đồ của báo cáo là một trang tính, theo thứ tự trong văn bản; lời văn xem bản PDF. Số liệu đúng như"
    " bản PDF: mỗi ô số là số đã làm tròn khi in, không có công thức.",
    "Dấu phân cách hàng nghìn và dấu thập phân hiển thị theo ngôn ngữ của máy đang mở tệp; giá trị trong ô không"
    " đổi. “–” là chưa có số liệu hoặc không có hồ sơ để tính, ghi bằng chữ và không phải là 0.",
)


def write_cover(page: object, context: ReportContext, grids: Iterable[Grid], shapes: Shapes) -> None:
    writer = Writer(page, _WIDTHS, shapes)
    row = _start(writer, context.title)
    for text in (" ".join(context.head.issuer), context.preview, context.data_note):
        row = writer.across(row, text, "alert") if text else row
    row = _write_answers(writer, row + 1, context)
    row = _write_key_figures(writer, row + 1, context)
    row = _write_contents(writer, row + 1, grids)
    for text in ABOUT:
        row = writer.across(row + 1, text, "said")


def write_provenance(
    page: object, context: ReportContext, grids: Iterable[Grid], shapes: Shapes, *, code: str = ""
) -> None:
    """The annex of sources: its words here, its tables on their sheets. code: what proves the report."""
    writer, part = Writer(page, _WIDTHS, shapes), context.provenance
    over = f"{part.annex.number}. {part.annex.title}"
    row = _start(writer, over)
    row = writer.across(row, context.title, "over")
    newest = stamp_text(datetime.fromisoformat(context.created))
    for text in (f"Lần trích xuất mới nhất: {newest}.", *part.paragraphs):
        row = writer.across(row, text, "note")
    row = _write_contents(writer, row + 1, [grid for grid in grids if grid.over == over])
    if part.rules:
        row = writer.across(row + 1, "Cách tính áp dụng", "alert")
    for number, text in enumerate(part.rules, start=1):
        row = writer.across(row, f"{number}. {text}", "note")
    row = writer.across(row + 1, context.proof.heading, "alert")
    grouped = " ".join(code[place : place + 4] for place in range(0, len(code), 4))
    proved = (f"{context.proof.code_label} {grouped}", context.proof.purpose) if code else ()
    for text in (*context.proof.lines, *proved):
        row = writer.across(row, text, "note")


def _start(writer: Writer, title: str) -> int:
    writer.set_widths()
    writer.page.freeze_panes(1, 0)
    return writer.across(0, title, "title")


def _write_answers(writer: Writer, row: int, context: ReportContext) -> int:
    """What page 1 says of days, sources and what is missing."""
    for answer in context.answers:
        for shape, texts in (("words", answer.lines), ("label", answer.alert)):
            for text in texts:
                writer.named(row, 0, answer.question, "label")
                row = writer.across(row, text, shape, first=1)
    return row


def _write_key_figures(writer: Writer, row: int, context: ReportContext) -> int:
    for place, head in enumerate(("Số liệu chính", "Giá trị", "Chi tiết", MARKS)):
        writer.named(row, place, head, "head")
    for figure in context.key_figures:
        row += 1
        marks = f"({figure.marks})" if figure.marks else ""
        writer.cell(row, 0, figure.label)
        writer.cell(row, 1, figure.value, width="figure")
        writer.cell(row, 2, figure.basis, kind="basis")
        writer.named(row, 3, marks, "marks")
    return row + 1


def _write_contents(writer: Writer, row: int, grids: Iterable[Grid]) -> int:
    """Sheet by sheet, each name a link to it."""
    columns = len(_WIDTHS) - 1
    writer.named(row, 0, "Trang tính", "head")
    writer.merged(row, 1, "Nội dung", "head", columns=columns)
    for grid in grids:
        row += 1
        said = f"{grid.over}. {grid.caption}" if grid.over else grid.caption
        writer.page.set_row(row, LINE * lines_of(said, sum(_WIDTHS[1:])))
        writer.page.write_url(row, 0, f"internal:'{grid.name}'!A1", writer.shapes.named("link"), grid.name)
        writer.merged(row, 1, said, "words", columns=columns)
    return row + 1
