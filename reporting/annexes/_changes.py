"""What is compared over time, and how a change is written: +1.204 (+12,34%) of a count, −0,84 điểm % of a share."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from contracts.codes import Series
from contracts.columns import FORM_COLUMNS
from reporting.formats import MISSING, change_text, points_text, with_unit
from reporting.indicator_text import basis_text, value_text
from transforms.indicators import Indicator, valid_on
from transforms.over_time import Change, Figure, exact

ON_TIME = "ON_TIME_RESOLVED"
LATE = "OVERDUE_RESOLVED"
_SHARES = {
    ON_TIME: "Tỷ lệ A. Trước hạn, đúng hạn trên đã giải quyết",
    LATE: "Tỷ lệ quá hạn trên đã giải quyết",
    "ONLINE_RECEIVED": "Tỷ lệ trực tuyến trên tiếp nhận trong kỳ",
}
"""Printed, in this order and by these short names; `cchc export --what over_time` has every indicator."""
_COLUMNS = {
    3: "Nhận giải quyết (3)",
    7: "Đã giải quyết (7)",
    10: "Giải quyết quá hạn (10)",
    11: "Đang giải quyết cuối kỳ (11)",
    13: "Đang giải quyết, quá hạn (13)",
}
_ZERO = Fraction(0)


def columns() -> tuple[Indicator, ...]:
    """Columns of form II.06, as counts to be compared."""
    return tuple(
        Indicator(
            id=f"column_{number}",
            label=label,
            area=2,
            unit="hồ sơ",
            numerator=FORM_COLUMNS[number],
            series=Series.FORMS,
            direction="none",
            regulation="Biểu II.06/VPCP/KSTT, Thông tư 01/2020/TT-VPCP",
            formula=f"({number})",
            formula_version="1",
        )
        for number, label in _COLUMNS.items()
    )


def shares(day: date) -> tuple[Indicator, ...]:
    """The shares that are printed, by the formulas of that day."""
    found = {indicator.id: indicator for indicator in valid_on(day)}
    return tuple(found[name] for name in _SHARES if name in found)


def name_of(indicator: Indicator) -> str:
    """In a table."""
    return _SHARES.get(indicator.id, indicator.label)


def shown(indicator: Indicator, figure: Figure | None) -> str:
    """The figure alone."""
    return MISSING if figure is None else value_text(indicator, figure.numerator, figure.denominator)


def basis(indicator: Indicator, figure: Figure | None) -> str:
    """The two counts of a share."""
    text = "" if figure is None else basis_text(indicator, figure.numerator, figure.denominator)
    return text or MISSING


def change(found: Change) -> str:
    """The change in words of its kind; – where nothing is compared."""
    if found.difference is None:
        return MISSING
    if found.indicator.denominator:
        now, before = (exact(found.indicator, figure) for figure in (found.now, found.before))
        unit = " điểm %" if found.indicator.unit == "%" else ""
        return with_unit(points_text(now, before), unit)
    by = change_text(int(found.difference), 0)
    return by if found.percent is None else f"{by} ({points_text(found.percent, _ZERO)}%)"
