"""Every number in a computed sentence stands in a table, a form or an annex of the same report, or is a count of its
rows, or is configured; and every sentence is finished Vietnamese."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from contracts.targets import Target
from reporting.annexes._changes import ON_TIME
from reporting.annexes.overdue import TITLE
from reporting.context import build_context
from reporting.inputs import ReportInput
from reporting.page import Form, Paragraph, ReportContext, Table
from tests.reporting import histories, sample

NUMBER = re.compile(r"\d[\d.]*\d(?:,\d+)?%?|\d(?:,\d+)?%?")
KNOWN_WORDS = re.compile(
    r"\d\d/\d\d/\d{4}|năm \d{4}|chỉ số 766|số 766/QĐ-TTg ngày 23 tháng 6|mục \d Phần|mục tiêu từ 95% trở lên|67/KH-UBND"
    r"|/20 điểm|có dưới 30 hồ sơ|\b\w+ \d+/\d+ nguồn|Có \d+ nội dung cảnh báo"
    r"|mẫu biểu II\.06a theo Thông tư số 05/2025/TT-VPCP"
)
"""Dates, names of texts, what is configured; sources and rules are counted in their own tests."""
ROWS = re.compile(r"(\d+) (?:đơn vị|sở|huyện|thị xã|thành phố|xã|phường)")


@cache
def inputs() -> dict[str, ReportInput]:
    of = sample.province()
    target = Target(
        indicator=ON_TIME,
        percent=Decimal(95),
        valid_from=sample.date(2024, 1, 1),
        source="Kế hoạch số 67/KH-UBND",
    )
    aimed = replace(of, file=of.file.model_copy(update={"target": [target]}))
    stored = [histories.invented(of, name) for name in ("2023Q4", "2024Q3")]
    whole = histories.with_history(sample.report_input(), stored)
    gap = sample.report_input(missing=["cam-lam"], missing_before=["dien-khanh"])
    return {
        "whole": replace(whole, province=aimed),
        "gap": histories.with_history(gap, [histories.invented(of, "2023Q4", missing=["nha-trang"])]),
        "two levels": sample.report_input("phu-tho", "2026Q3"),
        "nothing": sample.report_input(missing=[s.id for s in whole.sources], with_previous=False),
    }


REPORTS = [
    ("whole", None),
    ("whole", "570"),
    ("whole", "H32.02"),
    ("gap", None),
    ("gap", "570"),
    ("two levels", None),
    ("two levels", "07900"),
    ("nothing", None),
]


@pytest.fixture(scope="module", params=REPORTS, ids=lambda one: f"{one[0]}-{one[1] or 'province'}")
def report(request: pytest.FixtureRequest) -> ReportContext:
    name, code = request.param
    given = inputs()[name]
    unit = given.province.units.find(code, on=given.as_of) if code else None
    return build_context(given, unit=unit)


def sentences(context: ReportContext) -> list[str]:
    return [block.text for part in context.parts for block in part.blocks if isinstance(block, Paragraph)]


def texts(value: Any) -> Iterator[str]:
    """Of what is no computed paragraph: tables, charts, forms, annexes, page 1."""
    if isinstance(value, Paragraph):
        return
    if is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            if field.name not in {"opening", "answers"}:
                yield from texts(getattr(value, field.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from texts(item)
    elif isinstance(value, str):
        yield value


def numbers(text: str) -> set[str]:
    return {found.lstrip("+−") for found in NUMBER.findall(text)}


def test_every_number_of_a_sentence_stands_in_a_table(report: ReportContext) -> None:
    there = {number for text in texts(report) for number in numbers(text)}
    rows = report.by_unit.form.rows if report.by_unit else report.by_field.form.rows
    most = len([row for row in rows if row.kind == "unit"])
    for sentence in sentences(report):
        text = KNOWN_WORDS.sub(" ", sentence)
        counted = [int(n) for n in ROWS.findall(text)]
        assert all(0 < n <= most for n in counted), sentence
        assert numbers(ROWS.sub(" ", text)) <= there, sentence


def test_a_number_that_is_nowhere_would_be_found() -> None:
    """The check above can fail."""
    context = build_context(inputs()["whole"], unit=None)
    there = {number for text in texts(context) for number in numbers(text)}
    assert not numbers("96,99% (59.914/61.985 hồ sơ)") <= there


def test_every_sentence_is_finished(report: ReportContext) -> None:
    for text in sentences(report):
        assert text == unicodedata.normalize("NFC", text).strip()
        assert text[0].isupper() and text.endswith("."), text
        assert not re.search(r"  | [,.;:)]|\(\)|\.\.|,,|;;|None|\bnan\b|: \.|\( ", text), text
        assert "–" not in text.replace(" – cột", ""), f"a dash is no figure in a sentence: {text}"


def overdue_annex(context: ReportContext) -> Table | None:
    found = [annex.tables[0] for annex in context.further if annex.annex.title == TITLE.upper()]
    return found[0] if found else None


def test_overdue_dossiers_are_those_of_the_forms(report: ReportContext) -> None:
    table = overdue_annex(report)
    form: Form = report.by_unit.form if report.by_unit else report.by_field.form
    total = form.rows[-1].cells
    if table is None:
        assert total[7] in {"0", "–"} and total[10] in {"0", "–"}
        return
    resolved, _, _, late, _, left, late_open, _ = table.rows[-1].cells[1:]
    assert (resolved, late, left, late_open) == (total[4], total[7], total[8], total[10])
    of_form = {row.name: row.cells for row in form.rows if row.kind == "unit"}
    shown = [row for row in table.rows[:-1] if row.cells[0] in of_form]
    assert len(shown) == len([c for c in of_form.values() if {c[7], c[10]} - {"0", "–"}])
    for row in shown:
        assert (row.cells[4], row.cells[7]) == (of_form[row.cells[0]][7], of_form[row.cells[0]][10])
    order = [*of_form]
    ranks = [(-sum(int(row.cells[n].replace(".", "")) for n in (4, 7)), order.index(row.cells[0])) for row in shown]
    assert ranks == sorted(ranks), "the most first, equal ones in the catalogue's order"
