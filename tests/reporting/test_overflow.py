"""No word is clipped, printed over another or outside its cell: longest real names, nine digits, nothing but 0, and
texts of sources that mean no good."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from contracts.columns import MEASURES, MEMOS
from contracts.comparisons import CARRIED_OVER, DEVIATION_COLUMNS
from contracts.periods import parse_period
from contracts.province import Province
from contracts.units import UnitTree
from reporting.context import build_context
from reporting.inputs import Previous, ReportInput
from reporting.render import render_pdf
from tests.reporting import charted, histories, places, sample
from tests.reporting.pdf import Rule, Sheet, Word, across, collisions, sheets, uprights

ROOT = Path(__file__).parents[2]
NINE_DIGITS = 11_000
"""Times the invented counts: the province has some 945.000.000 dossiers then."""


def longest(pattern: str, column: str, how_many: int) -> list[str]:
    """The longest names in the repository's own lists."""
    names = set()
    for path in ROOT.glob(pattern):
        with path.open(encoding="utf-8-sig", newline="") as file:
            names |= {row[column] for row in csv.DictReader(file)}
    return sorted(names, key=lambda name: (-len(name), name))[:how_many]


FIELDS = dict(zip(sample.FIELDS, longest("contracts/data/procedures.csv", "name", len(sample.FIELDS)), strict=True))
UNITS = longest("provinces/*/agencies.csv", "name", 4)
BEYOND = "Ban Quản lý Dự án Đầu tư xây dựng các công trình giao thông và nông nghiệp, phát triển nông thôn"
"""Longer than any in the lists; such boards of management exist."""
RENAMED = dict(zip(("H32.07", "H32.20", "H32.33", "H32.37"), (BEYOND, *UNITS), strict=False))


def renamed(of: Province) -> Province:
    return replace(of, units=UnitTree(tuple(replace(u, name=RENAMED.get(u.agency_code, u.name)) for u in of.units)))


def times(facts: pd.DataFrame, factor: int) -> pd.DataFrame:
    made = facts.replace({"field": FIELDS})
    made[[*MEASURES, *MEMOS]] = facts[[*MEASURES, *MEMOS]] * factor
    return made


def stretched(factor: int) -> ReportInput:
    """The province with everything that a report can have, its counts times the factor, its names the longest."""
    given = sample.report_input()
    of, before = renamed(given.province), given.previous
    assert before is not None
    states = tuple(
        replace(s, rows=(s.rows or 0) * factor, accepted=(s.accepted or 0) * factor, quarantined=0)
        for s in given.sources
    )
    made = sample.made_of(of, given.period, states, times(given.facts, factor))
    made = replace(
        made,
        previous=Previous(before.period, times(before.facts, factor), before.source_ids),
        findings=given.findings.assign(rows=given.findings["rows"] * max(factor, 1) * 1_000),
        deviations=pd.DataFrame(
            [(CARRIED_OVER, code, "carried_over", 9 * factor, 1_234 * factor) for code in RENAMED],
            columns=["rule_id", *DEVIATION_COLUMNS],
        ),
        standings=(charted.index_2022(),),
        rankings=(*places.khanh_son(), *places.son_trung(), *places.province()),
    )
    made = charted.with_target(made, "95.8", source=BEYOND)
    past = [histories.figures(of, period, times(facts_of(of, period), factor)) for period in ("2023Q4", "2024Q3")]
    return histories.with_history(made, past)


def facts_of(of: Province, period_id: str) -> pd.DataFrame:
    period = parse_period(period_id)
    return sample.invented_facts(of, period, sample.source_states(of, period), seed="then")


HOSTILE = {
    "thẻ HTML": "<script>alert(1)</script><b>Hộ tịch</b>",
    "địa chỉ": '<img src="file:///etc/passwd"> http://ngoai.vn/x.css',
    "biểu tượng": "Xây dựng 🏗️ nhà ở 中文",
    "chiều viết": "Lao \u202eđộng\u202c \u200fviệc làm\x07",
    "5.000 chữ": "M" * 5000,
    "khuôn mẫu": "{{ report.title }} {% raw %}",
}


def hostile() -> ReportInput:
    """Such texts wherever a source's or a list's own text reaches a page: fields, errors, findings, places."""
    given = sample.report_input(missing=["cam-lam"])
    texts = list(HOSTILE.values())
    facts = given.facts.replace({"field": dict(zip(sample.FIELDS, texts, strict=False))})
    states = tuple(sample.failed(s, " ".join(texts)) if s.id in {"cam-lam", "van-ninh"} else s for s in given.sources)
    facts = facts[facts["source_id"] != "van-ninh"]
    findings = given.findings.copy()
    findings["sentence"] = [texts[n % len(texts)] for n in range(len(findings))]
    rankings = [
        replace(one, unit_name=texts[n % 6], source=texts[(n + 1) % 6], base_group=texts[(n + 2) % 6])
        for n, one in enumerate(places.province())
    ]
    made = sample.made_of(given.province, given.period, states, facts, previous=given.previous)
    return replace(made, findings=findings, rankings=tuple(rankings))


CASES: dict[str, Callable[[], ReportInput]] = {
    "chín chữ số": lambda: stretched(NINE_DIGITS),
    "toàn số 0": lambda: stretched(0),
    "chữ của nguồn": hostile,
}


@pytest.fixture(scope="module", params=CASES)
def printed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path, list[Sheet]]:
    path = tmp_path_factory.mktemp("overflow") / "report.pdf"
    render_pdf(build_context(CASES[request.param](), unit=None), path)
    return request.param, path, sheets(path)


Printed = tuple[str, Path, list[Sheet]]


def test_no_word_is_over_another(printed: Printed) -> None:
    for number, sheet in enumerate(printed[2], start=1):
        assert collisions(sheet) == [], f"page {number}"


def test_no_word_leaves_the_page(printed: Printed) -> None:
    for number, sheet in enumerate(printed[2], start=1):
        assert min(w.left for w in sheet.words) >= 29.9, number
        assert max(w.right for w in sheet.words) <= sheet.width - 15, number
        assert max(w.bottom for w in sheet.words) <= sheet.height - 10, number


def test_no_word_of_a_form_lies_across_a_line_of_its_grid(printed: Printed) -> None:
    _, path, pages = printed
    wide = [number for number, sheet in enumerate(pages, start=1) if sheet.is_wide]
    for number in (wide[0], wide[len(wide) // 2], wide[-1]):
        strokes = uprights(path, number)
        assert len({round(s.top) for s in strokes}) >= 14, "the grid's lines are seen"
        assert across(pages[number - 1], strokes) == [], f"page {number}"


def test_the_longest_names_and_figures_stand_whole_on_the_page(printed: Printed) -> None:
    case, _, pages = printed
    text = "".join(sheet.text for sheet in pages).replace(" ", "")
    if case == "chữ của nguồn":
        assert "<script>alert(1)</script><b>Hộtịch</b>" in text
        assert "{{report.title}}{%raw%}" in text
        assert "root:" not in text and "M" * 400 not in text
        assert not set("\u202e\u202c\u200f\x07😀🏗中文") & set(text)
    else:
        assert BEYOND.replace(" ", "") in text
        names = "".join(w.text for s in pages if s.is_wide for w in s.words if w.left < 93)
        assert all(name.replace(" ", "") in names for name in FIELDS.values())
        assert (case == "chín chữ số") == any(
            re.fullmatch(r"\d{3}\.\d{3}\.\d{3}", w.text) for s in pages for w in s.words
        )


def test_a_word_across_a_line_would_be_seen() -> None:
    """The test above can fail."""
    sheet = Sheet(297, 210, (Word("6.123.456.789", 50, 100, 70, 104),))
    assert across(sheet, [Rule(left=90, right=140, top=60)]) == ["6.123.456.789"]
    assert across(sheet, [Rule(left=90, right=140, top=70.1)]) == []
