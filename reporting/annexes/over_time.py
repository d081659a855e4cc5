"""The report's figures over time: beside the period before and the same one last year, and since the year began.

A share's change is in percentage points, from the exact counts; where the series breaks nothing is compared, a mark
says so, and a note says why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from contracts.codes import Series
from contracts.periods import Span
from contracts.units import Unit
from reporting.annexes._changes import LATE, ON_TIME, basis, change, columns, name_of, shares, shown
from reporting.annexes._content import Content
from reporting.annexes._former_districts import district_tables
from reporting.break_marks import BreakMarks, headline
from reporting.formats import MISSING, change_text, date_text, listed, span_text
from reporting.inputs import History, ReportInput
from reporting.origin import NAMED_AT_MOST, Origin, valid_words
from reporting.page import Column, Note, Row, Table
from reporting.ratios import compare
from reporting.scope import Scope
from reporting.wording import place_of
from transforms.indicators import Indicator
from transforms.over_time import (
    Change,
    Obstacle,
    PeriodFigures,
    changed,
    figure_of,
    has_changed,
    is_territory,
    obstacle,
    within,
)
from transforms.year_so_far import gap, missing_days, put_together, year_of

TITLE = "So sánh giữa các kỳ và lũy kế từ đầu năm"
_CHANGE = "Tăng (+), giảm (−)"
_METHOD = (
    "Mức tăng, giảm của một tỷ lệ là hiệu của hai tỷ lệ, tính bằng điểm phần trăm (điểm %) từ số hồ sơ, trước khi làm"
    " tròn; không dùng “tăng, giảm số lần”. Dưới mỗi tỷ lệ là tử số/mẫu số."
)


def content(report_input: ReportInput, origin: Origin) -> Content | None:
    """None where the warehouse holds no other period to compare with but the one that stands in the body."""
    if report_input.history is None:
        return None
    made = _Maker(report_input, origin, report_input.history)
    tables = tuple(made.tables())
    return Content(TITLE, made.said, tables, (_METHOD,)) if tables else None


def not_compared(report_input: ReportInput, origin: Origin) -> tuple[str, ...]:
    """What the annex would say is missing, for the body of a report without it."""
    if report_input.history is None or content(report_input, origin) is not None:
        return ()
    return _Maker(report_input, origin, report_input.history).said


def other_periods(report_input: ReportInput, origin: Origin) -> Table | None:
    """The report's figures beside those of the periods that the annex compares with; None where it has none."""
    if report_input.history is None:
        return None
    return _Maker(report_input, origin, report_input.history).other_periods()


def on_time_changes(
    report_input: ReportInput, scope: Scope, then: PeriodFigures, units: Iterable[Unit]
) -> Iterator[tuple[Unit, Change, Obstacle]]:
    """Ratio A of each unit with all below it, now and then, and what stands between the two."""
    assert report_input.history is not None
    now, tree = report_input.history.now, scope.tree
    (indicator,) = (i for i in shares(now.span.last_day) if i.id == ON_TIME)
    for unit in units:
        found = obstacle(unit, now, then, tree=tree, breaks=report_input.province.breaks)
        yield unit, changed(indicator, tree.subtree(unit.agency_code), now, then, why_not=found.why), found


@dataclass(frozen=True)
class _Maker:
    """The tables of one report's unit."""

    input: ReportInput
    origin: Origin
    history: History

    @property
    def scope(self) -> Scope:
        return self.origin.scope

    @cached_property
    def below(self) -> tuple[Unit, ...]:
        """The report's unit and all that ever was below it."""
        return self.scope.tree.subtree(self.scope.root.agency_code)

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        return (*columns(), *shares(self.history.now.span.last_day))

    @cached_property
    def _then(self) -> tuple[PeriodFigures, ...]:
        """What the period is compared with here: not with the one before, where the body does that."""
        in_body = self.history.before if compare(self.input, self.scope) is not None else None
        last_year = self.history.last_year
        return tuple(f for f in self.history.compared if f is not in_body or f is last_year)

    def other_periods(self) -> Table | None:
        return self._two_periods() if self._then else None

    def tables(self) -> Iterator[Table]:
        if (table := self.other_periods()) is not None:
            yield table
        if self._year is not None and not self._is_year:
            yield self._year_so_far(self._year)
        if self.history.last_year and len(self.scope.children(self.scope.root)) > 1:
            yield self._by_unit(self.history.last_year)
        if self.scope.is_province:
            yield from district_tables(self.origin, self.history, self.input.province.breaks)

    @property
    def said(self) -> tuple[str, ...]:
        """What is not there, and why."""
        then = {"kỳ trước liền kề": self.history.before, "cùng kỳ năm trước": self.history.last_year}
        lacking = listed([name for name, figures in then.items() if figures is None])
        said = (f"Chưa có số liệu {lacking} trong kho dữ liệu để so sánh.",) if lacking else ()
        said = (*self._in_words(), *said)
        if self._is_year:
            return (*said, "Lũy kế từ đầu năm là chính số liệu của kỳ này.")
        return said if self._year is not None else (*said, f"Chưa tính được lũy kế từ đầu năm: {self._why_no_year()}.")

    def _in_words(self) -> Iterator[str]:
        """The share of what was late, which is often told as so many times less: with both rates, in points."""
        then = self.history.last_year
        late = [indicator for indicator in self.indicators if indicator.id == LATE]
        if then is None or not late:
            return
        stands = self._obstacle(self.scope.root, self.history.now, then)
        found = changed(late[0], self.below, self.history.now, then, why_not=stands.why)
        if found.difference is not None:
            now, before = (f"{shown(late[0], f)} ({basis(late[0], f)})" for f in (found.now, found.before))
            points = change(found).replace("điểm %", "điểm phần trăm")
            yield f"{name_of(late[0])}: {now}, cùng kỳ năm trước {before}; tăng, giảm: {points}."

    @property
    def _is_year(self) -> bool:
        """Whether the period begins with its year."""
        days = year_of(self.history.now.period)
        return days is not None and days.first_day == self.history.now.span.first_day

    @cached_property
    def _year(self) -> PeriodFigures | None:
        """None where it cannot be told of the report's unit."""
        found = self._put_together(self.history.year)
        return None if found is None or found.why_lacking(self.below) else found

    def _put_together(self, parts: tuple[PeriodFigures, ...]) -> PeriodFigures | None:
        return put_together(parts, self.scope.tree) if parts else None

    def _why_no_year(self) -> str:
        now = self.history.now.period
        if year_of(now) is None:
            return "kỳ báo cáo là một khoảng ngày tự do"
        if found := self._put_together(self.history.year):
            return found.why_lacking(self.below)
        days = missing_days(now, self.history.stored)
        return f"chưa có số liệu {span_text(days)}" if days else "chưa có đủ số liệu các kỳ trong năm"

    def _obstacle(self, unit: Unit, now: PeriodFigures, before: PeriodFigures) -> Obstacle:
        return obstacle(unit, now, before, tree=self.scope.tree, breaks=self.input.province.breaks)

    def _two_periods(self) -> Table:
        marks = BreakMarks()
        then = self._then
        found = [(figures, self._obstacle(self.scope.root, self.history.now, figures)) for figures in then]
        heads = [head for figures in then for head in (figures.period.label, _CHANGE)]
        rows = _rows(self.indicators, self.below, self.history.now, found)
        return self._table(
            f"{self.history.now.period.label} so với {listed([within(f.period.label) for f in then])}",
            ("Nội dung", self.history.now.period.label, *heads),
            (*_break_row([o for _, o in found], marks), *rows),
            (*marks.notes, *self._reorganised(min(f.span.first_day for f in then))),
        )

    def _reorganised(self, since: date) -> Iterator[Note]:
        """Departments that were there for a part of the time that is compared: the sums have them while they were."""
        days = Span(since, self.history.now.span.last_day)
        moved = [unit for unit in self.below if not is_territory(unit) and has_changed(unit, days)]
        if moved and self.scope.root not in moved:
            named = listed([f"{u.name} ({_term(u)})" for u in moved[:NAMED_AT_MOST]])
            more = f" và {len(moved) - NAMED_AT_MOST} cơ quan khác" if len(moved) > NAMED_AT_MOST else ""
            yield Note("", f"Tổng số gồm cả cơ quan chỉ hoạt động trong một phần thời gian so sánh: {named}{more}.")

    def _year_so_far(self, year: PeriodFigures) -> Table:
        marks = BreakMarks()
        then = self._put_together(self.history.last_years)
        found = [] if then is None else [(then, self._obstacle(self.scope.root, year, then))]
        heads = ("Nội dung", "Lũy kế từ đầu năm", *(("Cùng kỳ năm trước", _CHANGE) if then else ()))
        rows = _rows(self.indicators, self.below, year, found)
        return self._table(
            f"Lũy kế {span_text(year.span)}",
            heads,
            (*_break_row([o for _, o in found], marks), *rows),
            (*marks.notes, *self._made_of(year)),
        )

    def _made_of(self, year: PeriodFigures) -> Iterator[Note]:
        labels = [within(part.period.label) for part in self.history.year]
        if len(labels) == 1:
            yield Note("", f"Theo số liệu đã tổng hợp của kỳ {labels[0]}.")
            return
        yield Note(
            "",
            f"Cộng các kỳ {listed(labels)}: số tiếp nhận trong kỳ và số đã giải quyết cộng dồn; số chuyển sang là của"
            " kỳ đầu, số đang giải quyết là của kỳ cuối.",
        )
        if differing := gap(year.sums(self.below) or {}):
            yield Note(
                "",
                f"Cột (3) lũy kế khác (7) + (11) {change_text(differing, 0)} hồ sơ: số từ kỳ trước chuyển sang của một"
                " số kỳ khác số đang giải quyết cuối kỳ trước đó.",
            )

    def _by_unit(self, then: PeriodFigures) -> Table:
        """Ratio A of every unit right below, with all below it."""
        marks = BreakMarks()
        remarks = valid_words(self.scope, self.origin.spans[Series.FORMS])
        rows = []
        for unit, one, found in on_time_changes(self.input, self.scope, then, self.scope.children(self.scope.root)):
            name = place_of(unit) + remarks.get(unit.agency_code, "")
            rows.append(Row("unit", (name, *_both(one)), marks.of(found)))
        heads = ("Cơ quan, đơn vị", "Kỳ này", "Số hồ sơ", "Cùng kỳ năm trước", "Số hồ sơ", _CHANGE)
        return self._table(f"Tỷ lệ A theo đơn vị, so với {within(then.period.label)}", heads, rows, marks.notes)

    def _table(self, caption: str, heads: Sequence[str], rows: Iterable[Row], notes: Iterable[Note]) -> Table:
        """heads: the first one of what the rows name."""
        first, *others = heads
        return Table(
            caption=caption,
            unit="Đơn vị tính: hồ sơ, %",
            columns=(Column(first, "wide"), *(Column(head, "figure") for head in others)),
            rows=tuple(rows),
            notes=(*notes, *self.origin.notes(self.scope.codes)),
            source=f"{self.origin.line()} Các kỳ khác: theo số liệu đang lưu của từng kỳ.",
        )


def _term(unit: Unit) -> str:
    """đến 05/08/2018 · từ 01/03/2025."""
    ended = unit.valid_to is not None
    return f"{'đến' if ended else 'từ'} {date_text(unit.valid_to or unit.valid_from or date.min)}"


def _rows(
    indicators: Iterable[Indicator],
    units: tuple[Unit, ...],
    now: PeriodFigures,
    then: list[tuple[PeriodFigures, Obstacle]],
) -> Iterator[Row]:
    """A row a count; of a share two, the second with its counts."""
    for indicator in indicators:
        ours = figure_of(indicator, now.sums(units))
        found = [changed(indicator, units, now, figures, why_not=o.why) for figures, o in then]
        texts = [text for one in found for text in (shown(indicator, one.before), change(one))]
        yield Row("unit", (name_of(indicator), shown(indicator, ours), *texts), "")
        if indicator.denominator:
            counts = [text for one in found for text in (basis(indicator, one.before), "")]
            yield Row("basis", ("tử số/mẫu số", basis(indicator, ours), *counts), "")


def _break_row(found: list[Obstacle], marks: BreakMarks) -> Iterator[Row]:
    """A line in the table where nothing is compared; the marks lead to the reasons."""
    if any(one.why for one in found):
        said = " · ".join(dict.fromkeys(headline(one) for one in found if one.why))
        cells = [text for one in found for text in ("", f"({marks.of(one)})" if one.why else "")]
        yield Row("group", (said, "", *cells), "")


def _both(found: Change) -> tuple[str, ...]:
    """Now with its counts, before with its counts, and the change."""
    sides = [text for f in (found.now, found.before) for text in (shown(found.indicator, f), basis(found.indicator, f))]
    return (*sides, change(found) if found.difference is not None else MISSING)
