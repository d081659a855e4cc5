"""A4-06 to A4-08: the share of late dossiers in Khánh Hòa, 2018 beside 2017; «giảm 1,5 lần» is no figure."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from contracts.periods import parse_period
from reporting.context import build_context
from reporting.history import figures_now
from reporting.inputs import History, ReportInput
from reporting.page import ReportContext, TablesAnnex
from reporting.render import render_pdf
from tests.articles.rows import article, row
from tests.reporting import sample
from tests.reporting.pdf import sheets

YEAR, BEFORE = parse_period("2018Y", rule="calendar"), parse_period("2017Y", rule="calendar")
RESOLVED = 10_000


def late(value: str) -> dict[str, int]:
    """Counts of which that many in a hundred were resolved late."""
    overdue = int(Fraction(value) * RESOLVED / 100)
    return {"overdue": overdue, "on_time": RESOLVED - overdue}


@pytest.fixture(scope="module")
def given() -> ReportInput:
    """Both years' dossiers of the real units, whole."""
    of = sample.province()
    unit = of.units.by_agency("H32.02")
    sides = {}
    for period, row_id in ((YEAR, "A4-06"), (BEFORE, "A4-08")):
        states = sample.source_states(of, period)
        counted = sample.frame([sample.fact("so-nganh", unit, "Hộ tịch", **late(row(row_id)["value"]))])
        sides[period] = (states, counted)
    now, then = (
        figures_now(of, period, span=period.forms, facts=counted, sources=states)
        for period, (states, counted) in sides.items()
    )
    made = sample.made_of(of, YEAR, *sides[YEAR])
    return replace(made, history=History(now=now, before=then, last_year=then, year=(now,), last_years=(then,)))


@pytest.fixture(scope="module")
def context(given: ReportInput) -> ReportContext:
    return build_context(given, unit=None)


def annex(context: ReportContext) -> TablesAnnex:
    return next(found for found in context.further if "SO SÁNH GIỮA CÁC KỲ" in found.annex.title)


@article("A4-06", "A4-08")
def test_both_rates_are_printed_with_their_counts(context: ReportContext) -> None:
    rows = annex(context).tables[0].rows
    place = next(n for n, found in enumerate(rows) if found.cells[0] == "Tỷ lệ quá hạn trên đã giải quyết")
    assert rows[place].cells[1:] == ("1,68%", "2,52%", "−0,84 điểm %")
    assert rows[place + 1].cells[1:] == ("168/10.000", "252/10.000", "")
    assert (row("A4-06")["value"], row("A4-08")["value"]) == ("1.68", "2.52")


@article("A4-07")
def test_a_fall_is_in_percentage_points_and_never_in_times(context: ReportContext, tmp_path: object) -> None:
    said = annex(context).paragraphs
    assert (
        "Tỷ lệ quá hạn trên đã giải quyết: 1,68% (168/10.000), cùng kỳ năm trước 2,52% (252/10.000); tăng, giảm: −0,84"
        " điểm phần trăm." in said
    )
    claimed = f"{row('A4-07')['value'].replace('.', ',')} {row('A4-07')['unit']}"
    assert claimed == "1,5 lần" and claimed not in str(context)


def test_the_page_says_it(context: ReportContext, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("time") / "bao-cao.pdf"
    render_pdf(context, path)
    text = " ".join(" ".join(sheet.text for sheet in sheets(path)).split())
    assert "−0,84 điểm phần trăm" in text and "1,5 lần" not in text
