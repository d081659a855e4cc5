"""Places that others published of the report's units: a table of results, one of targets, and runs of a class."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from itertools import groupby

from contracts.codes import Series
from contracts.rankings import Ranking
from contracts.units import Unit
from reporting import standing_texts as texts
from reporting.annexes._marks import Marks
from reporting.charts.places import published_chart
from reporting.fonts import printable
from reporting.formats import MISSING
from reporting.inputs import ReportInput
from reporting.page import Column, PlacesChart, Row, Table
from reporting.scope import Scope
from transforms.rankings import moved, outcomes, results

_MET = {True: "Đạt", False: "Chưa đạt", None: MISSING}


def ranking_parts(report_input: ReportInput, scope: Scope) -> tuple[tuple[str, ...], tuple[Table, ...]]:
    """Sentences and tables of what is known; none where nothing is."""
    mine = _mine(report_input, scope)
    tables = (table for table in (results_table(mine), targets_table(mine)) if table is not None)
    return tuple(map(printable, texts.run_sentences(mine))), tuple(tables)


def ranking_charts(report_input: ReportInput, scope: Scope) -> tuple[PlacesChart, ...]:
    """The places of the table of results then and now; none where no two are compared."""
    mine = _mine(report_input, scope)
    chart = published_chart(list(_newest(results(mine))), mine)
    return () if chart is None else (chart,)


def _mine(report_input: ReportInput, scope: Scope) -> list[Ranking]:
    return of_units(report_input.rankings, scope.units, on=report_input.spans[Series.FORMS].first_day)


def of_units(rankings: Collection[Ranking], units: Collection[Unit], *, on: date) -> list[Ranking]:
    """Those of these units, in their order: known by statistics code or agency code. on: a day of the report; a code
    that was another unit's in the year of the ranking does not count."""
    order = {code: place for place, unit in enumerate(units) for code in (unit.agency_code, unit.unit_code)}
    mine = [r for r in rankings if r.unit_code in order and r.unit == r.unit_on(on)]
    return sorted(mine, key=lambda r: order[r.unit_code])


def results_table(rankings: Collection[Ranking]) -> Table | None:
    """Of each unit the newest result in every index, area and base, with what changed since the year before."""
    newest = list(_newest(results(rankings)))
    if not newest:
        return None
    marks = Marks()
    return Table(
        caption="Chỉ số và thứ hạng do cơ quan khác công bố",
        unit="",
        columns=(
            Column("Đơn vị, chỉ số", "wide"),
            *(Column(head, "figure") for head in ("Năm", "Kết quả", "Hạng", "Thay đổi hạng")),
            Column("Xếp loại", "text"),
        ),
        rows=tuple(_result_rows(newest, rankings, marks)),
        notes=marks.notes,
        source="Nguồn: kết quả đã công bố, nhập nguyên văn; không tính lại tại đây.",
    )


def _newest(found: list[Ranking]) -> Iterator[Ranking]:
    kept: dict[tuple[str, ...], Ranking] = {}
    for one in found:
        key = (one.unit, one.index, one.area, one.base_group)
        if key not in kept or kept[key].year < one.year:
            kept[key] = one
    newest_class = {(r.unit, r.index, r.area): r.year for r in sorted(kept.values(), key=lambda r: r.year)}
    for one in kept.values():  # a class without a place is no series of its own beside the places
        if one.base_group or newest_class[one.unit, one.index, one.area] == one.year:
            yield one


def _result_rows(newest: list[Ranking], among: Collection[Ranking], marks: Marks) -> Iterator[Row]:
    for name, of_unit in groupby(newest, key=lambda r: r.unit_name):
        yield Row("group", (printable(name), *[""] * 5), "")
        for one in of_unit:
            change = moved(one, among)
            cells = (
                printable(texts.index_text(one)),
                str(one.year),
                texts.published_score(one),
                texts.published_rank(one),
                texts.moved_text(change),
                printable(one.rating) or MISSING,
            )
            yield Row("unit", cells, marks.of([printable(texts.origin_text(one)), printable(change.why)]))


def targets_table(rankings: Collection[Ranking]) -> Table | None:
    """What the units aim at, and whether it was reached; where that cannot be told, why."""
    found = outcomes(rankings)
    if not found:
        return None
    marks = Marks()
    rows = []
    for one in found:
        wanted, got = one.target, one.result
        cells = (
            printable(f"{wanted.unit_name}: {texts.index_text(wanted)}"),
            str(wanted.year),
            printable(texts.target_text(wanted)),
            printable(texts.result_text(got)) if got else "Chưa có kết quả",
            _MET[one.met],
        )
        rows.append(Row("unit", cells, marks.of([printable(one.why)] if got else [])))
    heads = (("Năm", "figure"), ("Mục tiêu", "text"), ("Kết quả", "text"), ("Đánh giá", "label"))
    return Table(
        caption="Mục tiêu về chỉ số và thứ hạng",
        unit="",
        columns=(Column("Đơn vị, chỉ số", "wide"), *(Column(head, kind) for head, kind in heads)),  # type: ignore[arg-type]
        rows=tuple(rows),
        notes=marks.notes,
        source="Nguồn: mục tiêu theo kế hoạch, kết quả do cơ quan có thẩm quyền công bố.",
    )
