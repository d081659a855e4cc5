"""Telling how a system writes its days from the shape of a few texts: each digit a 9, nothing else is looked at."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import islice

from sources.exploring.explore import UNKNOWN_FORMAT, DateColumn

_TIMES = {"": "", " 99:99": " %H:%M", " 99:99:99": " %H:%M:%S", " 9:99": " %H:%M", " 9:99:99": " %H:%M:%S"}
_DAY_FIRST = {
    f"{day}{mark}{month}{mark}9999{time}": f"%d{mark}%m{mark}%Y{pattern}"
    for mark in "/-."
    for day in ("99", "9")
    for month in ("99", "9")
    for time, pattern in _TIMES.items()
}
_FRACTIONS = tuple(f"99:99:99.{'9' * digits}" for digits in range(1, 8))
_ISO = {
    f"9999-99-99{time}{zone}": "iso"
    for time in ("", *(f"{t}{clock}" for t in " T" for clock in ("99:99", "99:99:99", *_FRACTIONS)))
    for zone in (("", "Z", "+99:99", "+9999") if time else ("",))
}
SHAPES: Mapping[str, str] = {
    **_ISO,
    **_DAY_FIRST,
    "9999/99/99": "%Y/%m/%d",
    "99:99 99/99/9999": "%H:%M %d/%m/%Y",
    "99999999999999": "yyyyMMddHHmmss",
    "999999999999": "%Y%m%d%H%M",
    "99999999": "%Y%m%d",
}
"""Shape → format of a column map. Any other shape is never shown: it might be a text."""

TWO_NUMBERS = frozenset(shape for shape in SHAPES if shape[:2] == shape[3:5] == "99")
"""Shapes in which day and month might be taken for each other."""

SAMPLE = 2_000
"""Texts that are looked at."""

_DIGIT = re.compile("[0-9]")
_LOOKED_AT = "xem dạng của vài giá trị"


def date_column(
    name: str, shapes: Mapping[str, int], *, others: int, first_over_12: int, second_over_12: int
) -> DateColumn:
    """The most frequent format of those shapes. others: texts of no known shape. first_over_12, second_over_12: those
    whose first, or second, of two leading numbers cannot be a month."""
    counted: dict[str, int] = {}
    for shape, rows in shapes.items():
        counted[SHAPES[shape]] = counted.get(SHAPES[shape], 0) + rows
    if not counted:
        said = "các giá trị không có dạng ngày nào đã biết" if others else "cột chưa có giá trị nào để xem dạng"
        return DateColumn(name, UNKNOWN_FORMAT, note=f"{said}: ghi format")
    best = max(counted, key=lambda f: counted[f])
    notes = [_LOOKED_AT]
    if len(counted) > 1 or others:
        notes.append("có giá trị viết dạng khác")
    if best.startswith("%d"):
        best, more = _day_or_month_first(best, first_over_12, second_over_12)
        notes.extend(more)
    return DateColumn(name, best, note="; ".join(notes))


def date_of_texts(name: str, texts: Iterable[str]) -> DateColumn:
    """The same, of texts that lie in our memory already."""
    shapes: Counter[str] = Counter()
    first = second = 0
    for text in islice(texts, SAMPLE):
        shape = _DIGIT.sub("9", text.strip())
        shapes[shape if shape in SHAPES else ""] += 1
        if shape in TWO_NUMBERS:
            first += text.strip()[:2] > "12"
            second += text.strip()[3:5] > "12"
    others = shapes.pop("", 0)
    return date_column(name, shapes, others=others, first_over_12=first, second_over_12=second)


def is_iso(text: str) -> bool:
    return _DIGIT.sub("9", text.strip()) in _ISO


def _day_or_month_first(best: str, first_over_12: int, second_over_12: int) -> tuple[str, list[str]]:
    if second_over_12 and not first_over_12:
        return best.replace("%d", "%_").replace("%m", "%d").replace("%_", "%m"), ["tháng đứng trước ngày"]
    if second_over_12:
        return UNKNOWN_FORMAT, ["khi ngày trước, khi tháng trước: ghi format"]
    return best, [] if first_over_12 else ["chưa rõ ngày hay tháng đứng trước"]
