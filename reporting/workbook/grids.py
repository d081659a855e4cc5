"""Every table of a report as a grid, in the order of the document: what its sheet holds, before it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, assert_never

from reporting.formats import Figure, count_text
from reporting.page import (
    Block,
    ChannelsChart,
    Chart,
    Column,
    Form,
    FormAnnex,
    FormRow,
    Heading,
    Kind,
    Missing,
    Note,
    Paragraph,
    PlacesChart,
    ReportContext,
    Row,
    Table,
    TablesAnnex,
    TrendChart,
    Written,
)

Width = Literal["wide", "text", "label", "figure", "number"]
"""As of a column on the page; number: the ordinal numbers of a form."""
MARKS = "Ghi chú"
"""Head of the column of marks: on the page they stand behind a name, where they would spoil it as a key."""


@dataclass(frozen=True)
class Head:
    """A cell of the head: its text, its first row and column, how many of each it takes."""

    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True)
class Line:
    """A row: cells with digits that are figures are Figures."""

    kind: Kind
    cells: tuple[str, ...]
    marks: str


@dataclass(frozen=True)
class Grid:
    """A table with everything around it. name: of its sheet; over: whose annex it stands in, "" in the body; before:
    lines between caption and head; frozen: columns that stay in sight; after: texts of its annex below it."""

    name: str
    caption: str
    over: str
    before: tuple[str, ...]
    heads: tuple[Head, ...]
    widths: tuple[Width, ...]
    lines: tuple[Line, ...]
    notes: tuple[Note, ...]
    source: str
    frozen: int = 1
    after: tuple[str, ...] = ()

    @property
    def head_rows(self) -> int:
        return max(head.row + head.rows for head in self.heads)

    @property
    def has_marks(self) -> bool:
        return any(line.marks for line in self.lines)


def grids(context: ReportContext) -> tuple[Grid, ...]:
    """Body, forms, further annexes, provenance; each name once."""
    found = [*_of_body(context), *_of_annexes(context)]
    return tuple(replace(grid, name=name) for grid, name in zip(found, _unique([g.name for g in found]), strict=True))


def _of_body(context: ReportContext) -> Iterator[Grid]:
    for part in context.parts:
        for block in part.blocks:
            yield from _of_block(block)


def _of_block(block: Block) -> Iterator[Grid]:
    match block:
        case Table():
            yield _of_table(block, over="")
        case Chart():
            yield _of_chart(block)
        case PlacesChart():
            yield _of_places(block, over="")
        case TrendChart() | ChannelsChart():
            return  # their figures stand in the table beside
        case Heading() | Paragraph() | Missing() | Written():
            return
        case _:
            assert_never(block)


def _of_annexes(context: ReportContext) -> Iterator[Grid]:
    for annex in (context.by_field, context.by_unit, context.by_subunit):
        if annex is not None:
            yield _of_form(annex)
    for part in context.further:
        yield from _of_tables_annex(part)
    last = replace(context.provenance, paragraphs=(), rules=())  # its words have a sheet of their own
    yield from _of_tables_annex(replace(last, tables=(*last.tables, context.proof.table)))


def _of_table(table: Table, *, over: str) -> Grid:
    return Grid(
        name=_short(table.caption),
        caption=table.caption,
        over=over,
        before=(table.unit,) if table.unit else (),
        heads=tuple(Head(column.head, 0, place) for place, column in enumerate(table.columns)),
        widths=tuple(column.kind for column in table.columns),
        lines=tuple(Line(row.kind, row.cells, row.marks) for row in table.rows),
        notes=table.notes,
        source=table.source,
    )


_BARS = (
    Column("Tên", "wide"),
    Column("Tỷ lệ", "figure"),
    Column("Số hồ sơ (tử số)", "figure"),
    Column("Số hồ sơ (mẫu số)", "figure"),
)
_DISTANCE = Column("So với mục tiêu (điểm %)", "figure")
_PLACES = (
    Column("Tên", "wide"),
    Column("Năm", "label"),
    Column("Hạng trước", "label"),
    Column("Hạng sau", "label"),
    Column("Thay đổi", "label"),
)


def _of_places(chart: PlacesChart, *, over: str) -> Grid:
    """A place is written with its base, so it is no number."""
    rows = tuple(
        Row(row.kind, (row.name, row.years, row.before_text, row.now_text, row.change), "") for row in chart.rows
    )
    table = Table(chart.caption, "", _PLACES, rows, chart.notes, chart.source)
    return replace(_of_table(table, over=over), before=(chart.alt,))


def _of_chart(chart: Chart) -> Grid:
    """What the bars show, and what the reader of the page is told in words; both counts as numbers."""
    distances = [(bar.distance,) if chart.target else () for bar in chart.bars]
    rows = tuple(
        Row("unit", (bar.name, bar.value, *_both(bar.value, bar.basis), *distance), bar.marks)
        for bar, distance in zip(chart.bars, distances, strict=True)
    )
    said = tuple(text for text in (chart.reference_label, chart.target_label, chart.alt) if text)
    columns = (*_BARS, _DISTANCE) if chart.target else _BARS
    table = Table(chart.caption, "", columns, rows, chart.notes, chart.source)
    return replace(_of_table(table, over=""), before=said)


def _both(value: str, basis: str) -> tuple[str, str]:
    """The counts that a share was made of; as on the page where they are not known apart."""
    if isinstance(value, Figure) and value.of:
        numerator, denominator = map(count_text, value.of)
        return numerator, denominator
    return basis, ""


_FORM_HEADS = (
    Head("TT", 0, 0, 3),
    Head("Số hồ sơ nhận giải quyết", 0, 2, 1, 4),
    Head("Số hồ sơ đã giải quyết", 0, 6, 1, 4),
    Head("Số hồ sơ đang giải quyết", 0, 10, 1, 3),
    Head("Tổng số", 1, 2, 2),
    Head("Trong kỳ", 1, 3, 1, 2),
    Head("Từ kỳ trước", 1, 5, 2),
    Head("Tổng số", 1, 6, 2),
    Head("Trước hạn", 1, 7, 2),
    Head("Đúng hạn", 1, 8, 2),
    Head("Quá hạn", 1, 9, 2),
    Head("Tổng số", 1, 10, 2),
    Head("Trong hạn", 1, 11, 2),
    Head("Quá hạn", 1, 12, 2),
    Head("Trực tuyến", 2, 3),
    Head("Trực tiếp, dịch vụ bưu chính", 2, 4),
)
_SUMS = {3: "(3)=(4)+(5)+(6)", 7: "(7)=(8)+(9)+(10)", 11: "(11)=(12)+(13)"}
_NUMBERS = tuple(Head(_SUMS.get(n, f"({n})"), 3, n - 1) for n in range(1, 14))


def _of_form(part: FormAnnex) -> Grid:
    form: Form = part.form
    return Grid(
        name=f"PL {part.annex.number.split()[-1]}",
        caption=form.number,
        over=f"{part.annex.number}. {part.annex.title}",
        before=(
            f"Kỳ báo cáo: {form.period}",
            f"Đơn vị báo cáo: {form.reporter}. Đơn vị nhận báo cáo: {form.receiver}",
            "Đơn vị tính: số hồ sơ TTHC",
        ),
        heads=(*_FORM_HEADS, Head(form.subject_head, 0, 1, 3), *_NUMBERS),
        widths=("number", "wide", *["figure"] * 11),  # type: ignore[arg-type]
        lines=tuple(_form_line(row) for row in form.rows),
        notes=form.notes,
        source=form.source,
        frozen=2,
    )


def _form_line(row: FormRow) -> Line:
    return Line(row.kind, (row.number, row.name, *row.cells), row.marks)


def _of_tables_annex(part: TablesAnnex) -> list[Grid]:
    """Its paragraphs below the first table, its rules below the last."""
    over = f"{part.annex.number}. {part.annex.title}"
    found = [_of_table(table, over=over) for table in part.tables]
    found += [_of_places(chart, over=over) for chart in part.charts if isinstance(chart, PlacesChart)]
    if found:
        found[0] = replace(found[0], after=part.paragraphs)
        found[-1] = replace(found[-1], after=(*found[-1].after, *part.rules))
    return found


_NUMBERED = re.compile(r"(Bảng|Biểu đồ) \w+")
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_LONGEST = 31
"""Letters that Excel takes in the name of a sheet."""


def _short(caption: str) -> str:
    """Bảng 3. So sánh với … → Bảng 3."""
    found = _NUMBERED.match(caption)
    return found[0] if found else _FORBIDDEN.sub("", caption)[:_LONGEST].strip() or "Bảng"


def _unique(names: list[str]) -> Iterator[str]:
    """A name that comes again has a number behind it; Excel does not tell capitals from small letters."""
    taken: set[str] = set()
    for name in names:
        shown, again = name, 1
        while shown.lower() in taken:
            again += 1
            shown = f"{name[: _LONGEST - 5]} ({again})"
        taken.add(shown.lower())
        yield shown
