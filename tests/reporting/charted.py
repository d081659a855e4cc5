"""Reports with every chart: a target, periods before, published places and an index of two years."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from decimal import Decimal

from contracts.series_breaks import SeriesBreak
from contracts.targets import Target
from reporting.inputs import ReportInput
from tests import khanh_son
from tests.reporting import histories, places, sample
from transforms.criteria import IndexTable, index_table

BEFORE = ("2023Q2", "2023Q3", "2023Q4", "2024Q1", "2024Q3")
"""2024Q2 is not stored."""


def with_target(given: ReportInput, percent: str, *, source: str = "Kế hoạch số 01/KH-UBND") -> ReportInput:
    target = Target(indicator="ON_TIME_RESOLVED", percent=Decimal(percent), valid_from=date(2020, 1, 1), source=source)
    file = given.province.file.model_copy(update={"target": [target]})
    return replace(given, province=replace(given.province, file=file))


def with_periods(given: ReportInput, before: Collection[str] = BEFORE, *, broken: date | None = None) -> ReportInput:
    """Beside these periods; broken: the first day of a new series."""
    if broken is not None:
        found = SeriesBreak(since=broken, reason="đổi phần mềm một cửa", source="x", verified=True)
        given = replace(given, province=replace(given.province, breaks=(found,)))
    return histories.with_history(given, [histories.invented(given.province, period) for period in before])


def index_2022() -> IndexTable:
    """Of the communes of Khánh Sơn, against 2021."""
    before = [(khanh_son.index(2021), khanh_son.verified(2021))]
    return index_table(khanh_son.index(2022), khanh_son.tree(), khanh_son.verified(2022), before)


def whole() -> ReportInput:
    """The province with all charts, and a break of the series."""
    given = with_periods(with_target(sample.report_input(), "95.8"), broken=date(2023, 12, 15))
    rankings = (*places.khanh_son(), *places.son_trung(), *places.province())
    return replace(given, standings=(index_2022(),), rankings=rankings)
