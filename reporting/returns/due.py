"""Until when a unit's form is to be sent, as the cover says it."""

from __future__ import annotations

from collections.abc import Mapping

from contracts.codes import Level
from contracts.periods import Period
from contracts.province import Province
from reporting.formats import date_text
from transforms.deadlines import WorkingCalendar
from transforms.reporting_rates import Due, dues

UNKNOWN = "Theo văn bản của tỉnh (chưa khai hạn gửi trong cấu hình)"
_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


def due_texts(province: Province, period: Period) -> Mapping[Level, str]:
    """By level, by the dated rules of the province; a day off is shown with its weekday and not moved."""
    found = dues(province.file.due, WorkingCalendar(province.rest_days), cut_off=period.cut_off)
    return {level: _text(found[level]) if level in found else UNKNOWN for level in Level}


def _text(due: Due) -> str:
    if due.day is None:
        return f"Chưa tính được (chưa có lịch nghỉ của năm). Căn cứ: {due.source}"
    off = "; rơi vào ngày nghỉ, văn bản không nói dời" if due.on_rest_day else ""
    return f"{date_text(due.day)} ({_WEEKDAYS[due.day.weekday()]}{off}). Căn cứ: {due.source}"
