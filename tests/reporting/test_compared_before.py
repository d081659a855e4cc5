"""Page 1 and the sentences compare with the period before only where the annex over time would."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from contracts.series_breaks import SeriesBreak
from reporting.context import build_context
from reporting.inputs import ReportInput
from reporting.narrative import _change
from reporting.ratios import compare
from reporting.scope import scope_of
from tests.reporting import sample
from tests.reporting.histories import invented, with_history
from transforms.over_time import PART_CHANGED


def said(given: ReportInput, code: str | None = None) -> str:
    scope = scope_of(given, given.province.units.by_agency(code) if code else None)
    return _change(given, scope, compare(given, scope))


def broken(*units: str, since: date = date(2024, 10, 1)) -> ReportInput:
    given = sample.report_input()
    found = SeriesBreak(since=since, units=list(units), reason="đổi phần mềm một cửa", source="x", verified=True)
    return replace(given, province=replace(given.province, breaks=(found,)))


def test_a_configured_break_between_the_two_is_told_and_nothing_is_compared() -> None:
    why = "Không so sánh với quý III năm 2024: đổi phần mềm một cửa từ ngày 01/10/2024."
    given = broken()
    assert said(given) == why
    (change,) = [one for one in build_context(given, unit=None).answers if one.question == "Thay đổi"]
    assert change.lines == (why,)


@pytest.mark.parametrize(
    ("given", "code", "compared"),
    [
        (broken("H32.37"), None, False),
        (broken("H32.37"), "H32.37", False),
        (broken("H32.37"), "H32.31", True),
        (broken(since=date(2024, 12, 15)), None, True),
        (broken(since=date(2024, 6, 15)), None, True),
    ],
)
def test_a_break_stops_who_it_touches_alone(given: ReportInput, code: str | None, compared: bool) -> None:
    assert said(given, code).startswith("So với quý III năm 2024") == compared


def test_sources_that_answer_for_other_dossiers_than_before_are_not_compared() -> None:
    given = with_history(sample.report_input(), [invented(sample.province(), "2024Q3")])
    assert said(given).startswith("So với quý III năm 2024")
    history = given.history
    assert history is not None and history.before is not None
    before = replace(history.before, parts={**history.before.parts, "H32.37": frozenset()})
    moved = replace(given, history=replace(history, before=before))
    assert said(moved) == f"Không so sánh với quý III năm 2024: {PART_CHANGED}."
    assert said(moved, "H32.31").startswith("So với quý III năm 2024")
