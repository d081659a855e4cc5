"""The provincial index of the report's units, and places that others published of them, each with its base."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import groupby

from contracts.units import Unit
from reporting import standing_texts as texts
from reporting.annexes._content import Content
from reporting.annexes._marks import Marks
from reporting.annexes._rankings import ranking_charts, ranking_parts
from reporting.charts.places import index_chart
from reporting.fonts import printable
from reporting.formats import MISSING
from reporting.inputs import ReportInput
from reporting.origin import Origin
from reporting.page import Column, Row, Table
from reporting.scope import Scope
from reporting.wording import inline, place_of
from transforms.criteria import IndexTable, Standing

TITLE = "Chỉ số cải cách hành chính và thứ hạng của các đơn vị"
_RULES = (
    "Chỉ số bằng tổng điểm thẩm định chia tổng điểm tối đa của các tiêu chí áp dụng cho đơn vị; điểm tự chấm và số liệu"
    " tính từ hồ sơ không thay điểm thẩm định. Đơn vị chưa thẩm định xong thì chưa có chỉ số và xếp loại, và cả nhóm"
    " chưa có thứ hạng.",
    "Các đơn vị bằng điểm có cùng thứ hạng (1, 2, 2, 4). Thứ hạng ghi kèm số đơn vị được xếp hạng; chỉ so sánh hai năm"
    " khi xếp hạng trong cùng một nhóm có cùng số đơn vị.",
)


def content(report_input: ReportInput, origin: Origin) -> Content | None:
    """None where nothing is known of the report's units."""
    scope = origin.scope
    tables = [t for t in report_input.standings if _scored(t, scope)]
    texts_of_places, tables_of_places = ranking_parts(report_input, scope)
    if not tables and not tables_of_places:
        return None
    said = [sentence for table in tables for sentence in _sentences(table, scope)]
    made = [_index_table(table, scope) for table in tables]
    drawn = [chart for table in tables if (chart := index_chart(table, _scored(table, scope))) is not None]
    charts = (*drawn, *ranking_charts(report_input, scope))
    return Content(TITLE, (*said, *texts_of_places), (*made, *tables_of_places), _RULES, charts)


def _scored(table: IndexTable, scope: Scope) -> list[Standing]:
    """The report's units of each group (below one parent) of which anything is verified."""
    members = [one for one in table.standings if one.unit.agency_code in scope.codes]
    with_points = {one.unit.parent for one in members if one.whole.verified}
    return [one for one in members if one.unit.parent in with_points]


def _sentences(table: IndexTable, scope: Scope) -> Iterator[str]:
    file = table.index.file
    unverified = "" if file.verified else " Tiêu chí và mức xếp loại đang khai chưa được đối chiếu với quyết định này."
    yield f"{printable(file.name)}, theo {printable(file.decision)}.{unverified}"
    for place in range(len(file.ranking)):
        leaders = [s for s in _scored(table, scope) if (rank := s.ranks[place]) and rank.place == 1]
        for group, found in groupby(leaders, key=lambda s, place=place: s.ranks[place].base):  # type: ignore[misc]
            yield _leaders(printable(group.text), list(found))


def _leaders(group: str, found: list[Standing]) -> str:
    """Dẫn đầu 8 xã … của huyện Khánh Sơn: xã Sơn Trung, 89,2%, xếp loại Tốt."""
    names = ", ".join(inline(one.unit) for one in found)
    score = found[0].score or Fraction(0)
    rating = f", xếp loại {found[0].rating}" if found[0].rating else ""
    return f"Dẫn đầu {group}: {names}, {texts.short_score(score)}{rating}."


def _index_table(table: IndexTable, scope: Scope) -> Table:
    index, marks = table.index, Marks()
    members = _scored(table, scope)
    rows = tuple(_rows(table, members, scope, marks))
    if index.file.note:
        marks.add_general(f"Về bộ tiêu chí đang khai: {printable(index.file.note).rstrip('.')}.")
    marks.add_general(_left_out(table, members, scope))
    heads = ("Điểm/tối đa", "Chỉ số", "Thay đổi (điểm %)", "Hạng", "Thay đổi hạng")
    return Table(
        caption=printable(index.file.name),
        unit="",
        columns=(Column("Đơn vị", "wide"), *(Column(h, "figure") for h in heads), Column("Xếp loại", "label")),
        rows=rows,
        notes=marks.notes,
        source=f"Nguồn: điểm thẩm định theo {printable(index.file.decision)}, nhập vào phần mềm; không tính từ hồ sơ.",
    )


def _rows(table: IndexTable, members: list[Standing], scope: Scope, marks: Marks) -> Iterator[Row]:
    parents = dict.fromkeys(one.unit.parent for one in members)
    for parent in parents:
        if len(parents) > 1:
            yield Row("group", (place_of(scope.tree.by_agency(parent)), *[""] * 6), "")
        for one in members:
            if one.unit.parent == parent:
                yield _row(table, one, marks)


def _row(table: IndexTable, one: Standing, marks: Marks) -> Row:
    change = table.changes[one.unit.agency_code]
    said = [*_lacking(one), *change.breaks]
    cells = (
        place_of(one.unit),
        texts.part_text(one.whole),
        texts.score_text(one.score),
        texts.change_text(change.points),
        "; ".join(texts.rank_text(rank) for rank in one.ranks),
        "; ".join(texts.places_text(places) for places in change.places),
        one.rating or MISSING,
    )
    return Row("unit", cells, marks.of(said))


def _lacking(one: Standing) -> list[str]:
    """What is not known yet of a unit, and so of its group."""
    part = one.whole
    if part.is_whole:
        return [f"{why}." for why in dict.fromkeys(one.why_unranked) if why]
    return [f"Mới thẩm định {part.verified}/{part.criteria} tiêu chí; điểm ghi là điểm đến nay."]


def _left_out(table: IndexTable, members: Iterable[Standing], scope: Scope) -> str:
    shown = {one.unit.parent for one in members}
    parents = dict.fromkeys(s.unit.parent for s in table.standings if s.unit.agency_code in scope.codes)
    names = [_parent_name(scope, code) for code in parents if code not in shown]
    if not names:
        return ""
    return f"Chưa có điểm thẩm định của các đơn vị thuộc: {', '.join(names)}."


def _parent_name(scope: Scope, code: str) -> str:
    parent: Unit = scope.tree.by_agency(code)
    return inline(parent)
