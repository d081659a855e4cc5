"""Who is held against whom: units of a kind that were there for the same days of the period."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from contracts.units import UnitTree
from reporting.context import build_context
from reporting.page import Paragraph
from tests.reporting import sample
from tests.reporting.blocks import under

BEGAN = date(2024, 12, 1)


def said(later: Collection[str]) -> str:
    """Of the departments; later: those that began on 1/12/2024. Each has a hundred dossiers and more."""
    given = sample.report_input()
    units = tuple(replace(u, valid_from=BEGAN) if u.agency_code in later else u for u in given.province.units)
    facts = given.facts.copy()
    facts[["early", "received_online"]] += 100
    given = replace(given, facts=facts, province=replace(given.province, units=UnitTree(units)), previous=None)
    found = under(build_context(given, unit=None), "1. Kết quả đạt được")
    return next(b.text for b in found if isinstance(b, Paragraph) and "được so sánh" in b.text)


def departments() -> list[str]:
    given = sample.report_input()
    known = set(given.facts["agency_code"])
    return [u.agency_code for u in given.province.units if u.level == "department" and u.agency_code in known]


def test_units_of_a_part_of_the_period_are_compared_among_themselves() -> None:
    names = departments()
    assert f"Trong {len(names)} sở, ban, ngành được so sánh" in said(())
    text = said(names[:2])
    assert f"Trong {len(names) - 2} sở, ban, ngành được so sánh" in text
    assert "Trong 2 sở, ban, ngành hoạt động từ ngày 01/12/2024 được so sánh" in text
    assert "không hoạt động trọn kỳ" not in text


def test_a_unit_alone_in_its_days_is_compared_with_nobody() -> None:
    names = departments()
    text = said(names[:1])
    assert f"Trong {len(names) - 1} sở, ban, ngành được so sánh" in text
    assert text.endswith(", do không hoạt động trọn kỳ.")
