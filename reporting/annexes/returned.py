"""What units report beyond their dossiers: area by area, with how many units each figure is of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from contracts.returned import AREAS, Asked, Kind
from contracts.units import UnitTree
from reporting.annexes._content import Content
from reporting.formats import count_text, moments_text, span_text
from reporting.inputs import ReportInput
from reporting.origin import Origin
from reporting.page import Column, Note, Row, Table
from reporting.returns.received import received_sentence
from reporting.returns.sums import Sums, sums_of
from reporting.returns.texts import (
    answer_text,
    basis_text,
    derived_basis,
    derived_text,
    difference_text,
    of_units,
    total_text,
)
from reporting.wording import place_of
from transforms.returned import Total, comparable, total

TITLE = "Chỉ tiêu cải cách hành chính do đơn vị báo cáo"
NAMED_TEXTS = 6
"""Units named of a line in words; of more it is said how many they are."""
_FIGURES = {Kind.COUNT, Kind.SHARE, Kind.NUMBER, Kind.YES_NO}
_RULES = (
    "Mỗi đơn vị báo cáo phần của mình; số đếm được cộng, tỷ lệ bằng tổng tử số chia tổng mẫu số.",
    "Cột “Số đơn vị” ghi số đơn vị có số liệu trên số đơn vị phải có; số cộng là của các đơn vị có số liệu, không phải "
    "của tất cả.",
    "Số 0 là số đơn vị đã báo cáo bằng 0; “Chưa có số liệu” là chưa biết, không phải bằng 0.",
    "Số gần đúng (ví dụ >300) do đơn vị ghi được in nguyên văn, không cộng và không so sánh.",
    "So với cùng kỳ năm trước chỉ khi các đơn vị có số liệu của hai kỳ là một.",
)


def content(report_input: ReportInput, origin: Origin) -> Content | None:
    """None where nobody has returned anything for the period, or no unit of the report is asked."""
    found = sums_of(report_input, origin.scope)
    return None if found is None else _Annex(found, report_input.province.units).content()


def _is_figure(found: Total) -> bool:
    """Whether the line stands in the table of figures: what makes no sum does where one unit alone is asked."""
    if found.line.kind is Kind.NUMBER and not found.line.adds:
        return found.alone is not None
    return found.line.kind in _FIGURES


def _measure(found: Total) -> str:
    """The unit behind an amount that stands among words: 29%."""
    if found.line.kind is not Kind.NUMBER or not found.exact:
        return ""
    return found.line.unit if found.line.unit == "%" else f" {found.line.unit}"


class _Annex:
    def __init__(self, sums: Sums, tree: UnitTree) -> None:
        self.sums, self.tree = sums, tree
        self.returns, self.agencies = sums.returns, sums.agencies
        self.totals, self.received = sums.totals, sums.received

    def content(self) -> Content:
        if not self.received:
            return Content(TITLE, (received_sentence(self.sums, self.tree),), ())
        tables = (self._figures(), self._written(), self._compared())
        return Content(
            TITLE, (received_sentence(self.sums, self.tree),), tuple(t for t in tables if t is not None), _RULES
        )

    def _figures(self) -> Table:
        return Table(
            caption="Các chỉ tiêu có số liệu, theo lĩnh vực",
            unit="",
            columns=(
                Column("Chỉ tiêu", "wide"),
                Column("Đơn vị tính", "label"),
                Column("Giá trị", "figure"),
                Column("Tử số/ mẫu số", "figure"),
                Column("Số đơn vị", "figure"),
            ),
            rows=tuple(self._figure_rows()),
            notes=tuple(self._notes()),
            source=self._source(),
        )

    def _figure_rows(self) -> Iterator[Row]:
        for area, name in enumerate(AREAS):
            rows = list(self._rows_of(area))
            if rows:
                yield Row("group", (f"{area}. {name}" if area else name, "", "", "", ""), "")
                yield from rows

    def _rows_of(self, area: int) -> Iterator[Row]:
        """Each line, and what is derived below the last of its terms."""
        for found in self.totals.values():
            if found.line.area == area and _is_figure(found):
                given = of_units(len(found.exact), found.concerned)
                cells = (found.line.label, found.line.unit, total_text(found), basis_text(found), given)
                yield Row("unit", cells, "")
                yield from self._derived_below(found.line)

    def _derived_below(self, line: Asked) -> Iterator[Row]:
        order = [*self.totals]
        for derived in self.returns.derived:
            if all(term in order for term in derived.terms) and line.id == max(derived.terms, key=order.index):
                found = self.sums.derivation(derived)
                if found is not None:
                    given = of_units(found.given, found.concerned)
                    yield Row(
                        "unit", (derived.label, derived.unit, derived_text(found), derived_basis(found), given), ""
                    )

    def _notes(self) -> Iterator[Note]:
        incomplete = any(t.silent for t in self.totals.values() if _is_figure(t))
        if incomplete:
            yield Note("", "Dòng có số đơn vị chưa đủ (n/m, n nhỏ hơn m) chỉ gồm số liệu của n đơn vị đã báo cáo.")
        if any(t.approximate for t in self.totals.values()):
            yield Note(
                "", "Số gần đúng của từng đơn vị không gồm trong số cộng; nêu riêng ở bảng sau nếu có nhiều đơn vị."
            )

    def _written(self) -> Table | None:
        """Texts, days, choices and approximate figures."""
        rows = [row for found in self.totals.values() for row in self._written_rows(found)]
        if not rows:
            return None
        return Table(
            caption="Nội dung bằng chữ, ngày, lựa chọn và số gần đúng",
            unit="",
            columns=(Column("Chỉ tiêu, đơn vị báo cáo", "wide"), Column("Nội dung", "text")),
            rows=tuple(rows),
            notes=(),
            source=self._source(),
        )

    def _written_rows(self, found: Total) -> Iterator[Row]:
        """The line with how many units answered it, then what they say."""
        rows = list(self._said(found))
        if rows:
            given = of_units(len(found.exact) + len(found.approximate), found.concerned)
            yield Row("group", (found.line.label, f"{given} đơn vị"), "")
            yield from rows

    def _said(self, found: Total) -> Iterator[Row]:
        answers = dict(found.approximate)
        if _is_figure(found):
            answers = {} if found.alone else answers
        elif found.alone or found.line.kind is Kind.TEXT:
            answers |= found.exact
        else:
            yield Row("unit", ("Các đơn vị", total_text(found) + _measure(found)), "")
        if not answers and found.line.kind is Kind.TEXT:
            yield Row("unit", ("Các đơn vị", total_text(found)), "")
        for code, answer in [*answers.items()][:NAMED_TEXTS]:
            yield Row("unit", (place_of(self.tree.by_agency(code)), answer_text(answer)), "")
        if (more := len(answers) - NAMED_TEXTS) > 0:
            yield Row("unit", (f"{count_text(more)} đơn vị khác", "(không in)"), "")

    def _compared(self) -> Table | None:
        rows = [row for found in self.totals.values() if (row := self._compared_row(found))]
        before = self.returns.before
        if before is None or not rows:
            return None
        days = span_text(before.period.forms)
        return Table(
            caption=f"So với cùng kỳ năm trước ({days})",
            unit="",
            columns=(
                Column("Chỉ tiêu", "wide"),
                Column("Đơn vị tính", "label"),
                Column("Kỳ này", "figure"),
                Column("Cùng kỳ", "figure"),
                Column("Thay đổi", "figure"),
                Column("Số đơn vị", "figure"),
            ),
            rows=tuple(rows),
            notes=(Note("", "Chỉ gồm chỉ tiêu mà cùng những đơn vị đó có số liệu ở cả hai kỳ."),),
            source=self._source(),
        )

    def _compared_row(self, found: Total) -> Row | None:
        before = self.returns.before
        sums = found.line.kind in {Kind.COUNT, Kind.SHARE} or found.amount is not None
        if before is None or not sums:
            return None
        then = total(found.line, before.answers(found.line, self.agencies))
        if not comparable(found, then):
            return None
        cells = (total_text(found), total_text(then), difference_text(found, then), count_text(len(found.exact)))
        return Row("unit", (found.line.label, found.line.unit, *cells), "")

    def _source(self) -> str:
        times: list[datetime] = [self.returns.received[code].received_at for code in self.received]
        of = f"phiếu báo cáo của {count_text(len(self.received))} đơn vị, nhận {moments_text(times)}"
        return f"Kỳ số liệu: {span_text(self.returns.period.forms)}. Nguồn: {of}."
