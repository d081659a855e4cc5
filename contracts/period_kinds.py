"""How long a report's period is, as officers call its report: tháng, quý, 6 tháng, 9 tháng, năm."""

from __future__ import annotations

from enum import StrEnum


class PeriodKind(StrEnum):
    """Values are the words of addresses."""

    MONTH = "thang"
    QUARTER = "quy"
    HALF = "6-thang"
    NINE_MONTHS = "9-thang"
    YEAR = "nam"
    RANGE = "khoang-ngay"


KIND_LABELS = {
    PeriodKind.MONTH: "Báo cáo tháng",
    PeriodKind.QUARTER: "Báo cáo quý",
    PeriodKind.HALF: "Báo cáo 6 tháng",
    PeriodKind.NINE_MONTHS: "Báo cáo 9 tháng",
    PeriodKind.YEAR: "Báo cáo năm",
    PeriodKind.RANGE: "Báo cáo theo khoảng ngày",
}
_BY_LETTER = {
    "M": PeriodKind.MONTH,
    "Q": PeriodKind.QUARTER,
    "H": PeriodKind.HALF,
    "T": PeriodKind.NINE_MONTHS,
    "Y": PeriodKind.YEAR,
}


def kind_of(period_id: str) -> PeriodKind:
    """Of a period's name, as contracts.periods has them: 2024M07, 2024Q4, 2024H1, 2024T9, 2024Y, or two days."""
    return _BY_LETTER.get(period_id[4:5], PeriodKind.RANGE)
