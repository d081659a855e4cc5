"""A kept figure in words, for staff: its name, its value with both counts, and how it changed."""

from __future__ import annotations

from fractions import Fraction

from reporting.figures import MEDIAN, PARTS
from reporting.formats import MISSING, change_text, count_text, decimal_text, percent_text, points_text, with_unit
from reporting.kept import Counts
from reporting.tally import COLUMNS
from reporting.through_time import CUMULATIVE, YEAR
from transforms.indicators import Indicator, declared
from transforms.rounding import round_half_up

COLUMN_LABELS = {
    3: "Nhận giải quyết",
    4: "Tiếp nhận trực tuyến",
    5: "Tiếp nhận trực tiếp, bưu chính",
    6: "Từ kỳ trước chuyển sang",
    7: "Đã giải quyết",
    8: "Giải quyết trước hạn",
    9: "Giải quyết đúng hạn",
    10: "Giải quyết quá hạn",
    11: "Đang giải quyết",
    12: "Đang giải quyết trong hạn",
    13: "Đang giải quyết quá hạn",
}
_THROUGH_TIME = {YEAR: "Lũy kế từ đầu năm", CUMULATIVE: "Lũy kế qua các kỳ"}
_ORDER = (*(f"column_{n}" for n in COLUMNS), *PARTS)


def order_of(figure: str) -> tuple[int, str, str]:
    """The place of a figure among those of its unit: as the form has them, then the indicators, A, B and C first."""
    if figure in _ORDER:
        return _ORDER.index(figure), "", ""
    indicator = indicator_of(figure)
    return len(_ORDER), (indicator and indicator.mark) or "Z", figure


def label_of(figure: str) -> str:
    """Giải quyết trước hạn – cột (8) · Tỷ lệ A. …; one that is no longer known goes by its id."""
    if figure in PARTS:
        return PARTS[figure]
    for prefix, words in _THROUGH_TIME.items():
        if figure.startswith(prefix):
            return f"{words}: {label_of(figure.removeprefix(prefix))}"
    number = figure.removeprefix("column_")
    if number != figure:
        return f"{COLUMN_LABELS[int(number)]} – cột ({number})"
    if figure == MEDIAN:
        return "Thời gian giải quyết trung vị (ngày làm việc)"
    indicator = indicator_of(figure)
    if indicator is None:
        return figure
    unit = "" if indicator.unit in {"%", "hồ sơ"} else f" ({indicator.unit})"
    return (f"{indicator.mark}. " if indicator.mark else "") + indicator.label + unit


def indicator_of(figure: str) -> Indicator | None:
    """Its newest formula; None for a count of the form, and for what is no longer known."""
    return next((i for i in reversed(declared()) if i.id == figure), None)


def text_of(figure: str, counts: Counts | None) -> str:
    """1.234 · 96,11% (6.355/6.612) · 3,47 (416/120) · –"""
    if counts is None:
        return MISSING
    numerator, denominator = counts
    if denominator is None:
        return count_text(numerator)
    basis = f"({count_text(numerator)}/{count_text(denominator)})"
    if _is_share(figure):
        return f"{percent_text(numerator, denominator)} {basis}"
    value = decimal_text(round_half_up(Fraction(numerator, denominator))) if denominator else MISSING
    return value if figure == MEDIAN else f"{value} {basis}"


def change_of(figure: str, old: Counts | None, new: Counts | None) -> str:
    """Of a count its difference, of a share percentage points, of a mean its difference; – where one is not
    known."""
    if old is None or new is None:
        return MISSING
    if old.denominator is None or new.denominator is None:
        return change_text(new.numerator, old.numerator)
    times = 100 if _is_share(figure) else 1
    values = (Fraction(times * c.numerator, c.denominator) if c.denominator else None for c in (new, old))
    change = points_text(*values)
    return with_unit(change, " điểm %") if _is_share(figure) else change


def _is_share(figure: str) -> bool:
    """Of two counts; what is no longer known is taken for one, as nearly all are."""
    indicator = indicator_of(figure)
    return figure != MEDIAN and (indicator is None or indicator.unit == "%")
