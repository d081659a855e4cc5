"""Overdue dossiers by unit, or by field where the report has one unit: resolved overdue (10), open overdue (13)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from contracts.codes import Series
from reporting.fonts import printable, vietnamese_order
from reporting.formats import count_text, percent_text
from reporting.forms import UNKNOWN_FIELD, check_sum
from reporting.origin import Origin, valid_words
from reporting.page import Column, Note, Row, Table
from reporting.scope import Scope
from reporting.tally import Tally, add_up, tallies
from reporting.unit_lines import unit_lines

_COUNTS = (0, 1, 3, 5, 6)
"""Of the cells behind the name, those that add up."""


@dataclass(frozen=True)
class Late:
    """A unit's or a field's counts. name: as a table has it; said: as within a sentence; marks: what it lacks."""

    name: str
    said: str
    marks: str
    counts: Tally

    @property
    def resolved(self) -> int:
        return self.counts.column(10)

    @property
    def open(self) -> int:
        return self.counts.column(13)


def late_lines(origin: Origin) -> tuple[Late, ...]:
    """Those that are known, in the catalogue's order."""
    scope = origin.scope
    if len(scope.units) == 1:
        return _fields(scope)
    remarks = valid_words(scope, origin.spans[Series.FORMS])
    found = ((line, line.counts(scope)) for line in unit_lines(scope))
    return tuple(
        Late(line.name + remarks.get(line.unit.agency_code, ""), line.said, scope.marks(line.agencies), counts)
        for line, counts in found
        if counts is not None
    )


def _fields(scope: Scope) -> tuple[Late, ...]:
    marks, found = scope.marks(scope.codes), tallies(scope.facts, by="field")
    order = sorted(found, key=lambda name: (name == UNKNOWN_FIELD, vietnamese_order(name)))
    return tuple(Late(printable(name), f"lĩnh vực {printable(name)}", marks, found[name]) for name in order)


def worst_first(lines: Iterable[Late]) -> list[Late]:
    """Those that have any, by the number of both; equal ones in the catalogue's order."""
    return sorted((line for line in lines if line.resolved or line.open), key=lambda one: -(one.resolved + one.open))


def overdue_table(origin: Origin, *, caption: str) -> Table | None:
    """None where no dossier is overdue. Rows and total are held against each other, as in the forms."""
    scope = origin.scope
    total, lines = scope.tally(scope.codes), late_lines(origin)
    shown = worst_first(lines)
    if total is None or not shown:
        return None
    rows = [Row("unit", (line.name, *_cells(line.counts)), line.marks) for line in shown]
    rows += _others([line for line in lines if line not in shown], subject_of(scope))
    last = Row("total", ("Tổng cộng", *_cells(total)), scope.marks(scope.codes))
    check_sum([_added(row) for row in rows], _added(last), of="bảng hồ sơ quá hạn")
    return Table(
        caption=caption,
        unit="Đơn vị tính: hồ sơ",
        columns=(
            Column(f"{subject_of(scope)[:1].upper()}{subject_of(scope)[1:]}", "wide"),
            Column("Đã giải quyết (7)", "figure"),
            Column("Trước hạn, đúng hạn (8)+(9)", "figure"),
            Column("Tỷ lệ A", "figure"),
            Column("Quá hạn (10)", "figure"),
            Column("Tỷ lệ (10)/(7)", "figure"),
            Column("Đang giải quyết (11)", "figure"),
            Column("Quá hạn (13)", "figure"),
            Column("Tỷ lệ (13)/(11)", "figure"),
        ),
        rows=(*rows, last),
        notes=(Note("", _ORDER), *origin.notes(scope.codes)),
        source=origin.line(),
    )


_ORDER = "Xếp theo tổng số hồ sơ quá hạn, cột (10) + (13), từ nhiều đến ít."


def subject_of(scope: Scope) -> str:
    """What the lines are."""
    return "lĩnh vực" if len(scope.units) == 1 else "đơn vị"


def _others(rest: list[Late], subject: str) -> list[Row]:
    """One row for all that have none, so that the rows add up."""
    if not rest:
        return []
    found = {str(place): line.counts for place, line in enumerate(rest)}
    counts = add_up(found, found)
    name = f"{count_text(len(rest))} {subject} khác, không có hồ sơ quá hạn"
    return [Row("unit", (name, *_cells(counts)), "")]


def _cells(counts: Tally) -> tuple[str, ...]:
    resolved, late, left, late_open = (counts.column(n) for n in (7, 10, 11, 13))
    return (
        count_text(resolved),
        count_text(counts.in_time_or_early),
        percent_text(counts.in_time_or_early, resolved),
        count_text(late),
        percent_text(late, resolved),
        count_text(left),
        count_text(late_open),
        percent_text(late_open, left),
    )


def _added(row: Row) -> tuple[str, ...]:
    return tuple(row.cells[1:][place] for place in _COUNTS)
