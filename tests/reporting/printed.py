"""Named reports that several files of tests look at: each is set once for all of them, whichever worker comes first."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from contracts.columns import MEASURES
from contracts.units import Unit, UnitTree
from reporting.context import build_context
from reporting.inputs import ReportInput
from reporting.page import ReportContext
from reporting.render import render_pdf
from tests.homes import built_once
from tests.reporting import sample

Made = Callable[[str], tuple[ReportContext, Path]]
ALL = ["province", "gap", "district", "commune", "two-level", "nothing", "nine digits"]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Tests must not change the file."""

    @cache
    def make(name: str) -> tuple[ReportContext, Path]:
        folder = built_once(tmp_path_factory, f"printed-{name}", lambda there: _print(name, there), kept=False)
        return pickle.loads((folder / "context.pickle").read_bytes()), folder / "report.pdf"

    return make


def _print(name: str, folder: Path) -> None:
    given, unit = named(name)
    context = build_context(given, unit=unit)
    render_pdf(context, folder / "report.pdf")
    (folder / "context.pickle").write_bytes(pickle.dumps(context))


def named(name: str) -> tuple[ReportInput, Unit | None]:
    """What is given, and the unit whose report it is."""
    given, code = inputs(name)
    return given, given.province.units.find(code, on=given.as_of) if code else None


@cache
def inputs(name: str) -> tuple[ReportInput, str | None]:
    """Reports that the tests look at: what is given, and the code of the unit."""
    match name:
        case "province":
            return sample.report_input(), None
        case "gap":
            return with_odd_texts(sample.report_input(missing=["cam-lam"])), None
        case "department":
            return sample.report_input(), "H32.02"
        case "district":
            return sample.report_input(), "570"
        case "commune":
            return sample.report_input("phu-tho", "2026Q3"), "07900"
        case "two-level":
            return sample.report_input("phu-tho", "2026Q3"), None
        case "nothing":
            return sample.report_input(missing=["cam-lam"]), "570"
        case "nine digits":
            return nine_digits(), "568"
    raise ValueError(name)


def nine_digits() -> ReportInput:
    given = sample.report_input(with_previous=False)
    facts = given.facts.copy()
    facts[list(MEASURES)] *= 70_000
    return sample.made_of(given.province, given.period, given.sources, facts)


LONGEST = "Ban Quản lý Dự án Đầu tư xây dựng các công trình giao thông và nông nghiệp, phát triển nông thôn"
HOSTILE = {
    "Hộ tịch": "<script>alert(1)</script><b>Hộ tịch</b>",
    "Đất đai": '<img src="file:///etc/passwd"><link rel=stylesheet href="http://ngoai.vn/x.css">',
    "Xây dựng": "Xây dựng 🏗️ nhà ở 中文",
    "Lao động": "Lao \u202eđộng\u202c \u200fviệc làm\x07",
    "Môi trường": "M" * 5000,
    "Người có công": "{{ report.title }} {% raw %}",
    "Chứng thực": "Ho\u0323\u0302 chư\u0301ng thư\u0323c",  # decomposed
}


def with_odd_texts(given: ReportInput) -> ReportInput:
    """Longest names of units, texts of sources that mean no good."""
    units = tuple(
        sample.replace(u, name=LONGEST) if u.agency_code in {"H32.07", "H32.20"} else u for u in given.province.units
    )
    province = sample.replace(given.province, units=UnitTree(units))
    facts = given.facts[given.facts["source_id"] != "van-ninh"].replace({"field": HOSTILE})
    error = "lỗi <b>đậm</b> 😀 http://x/ file:///etc/passwd " + "z" * 4000
    states = tuple(sample.failed(s, error) if s.id == "van-ninh" else s for s in given.sources)
    return sample.made_of(province, given.period, states, facts, previous=given.previous)
