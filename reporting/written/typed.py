"""Numbers that staff typed by hand: nobody computed them, so they are told, and held against what the report prints."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any

from reporting.written.markdown import Fault
from reporting.written.references import Quoted, Reference

_PLACE = re.compile(r"\{[^{}]*\}")
_TOKEN = re.compile(r"(?<![\w./,-])\d(?:[\w/-]|[.,](?=\d))*(?:\s?%)?")
_VERSION = re.compile(r"\d\.0")
"""Cách mạng công nghiệp 4.0: the name of something."""
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*(?:\s?%)?")
_FRACTION = re.compile(r"\d+(?:[.,]\d+)*/\d+(?:[.,]\d+)*")
_NAMES_BEFORE = re.compile(
    r"(?:năm|quý|tháng|ngày|lúc|khoản|điều|điểm|mục|biểu|lục|cột|bảng|biểu đồ|mức độ|giai đoạn|nghị quyết|kỳ"
    r"|(?<!tổng )(?<!toàn )số)\s*$",
    re.IGNORECASE,
)
"""What makes a number the name of something: năm 2024, số 76, Điều 5, tháng 9."""
_DATES_BEFORE = re.compile(r"(?:ngày|từ|đến|tháng|số)\s*$", re.IGNORECASE)
_DOSSIERS_AFTER = re.compile(r"\s*(?:bộ\s+)?hồ sơ\b", re.IGNORECASE)
_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?")


@dataclass(frozen=True)
class Typed:
    """text: as it was typed. of_dossiers: whether it is said to count dossiers. quoted: names of the computed figures
    on the same line."""

    text: str
    line: int
    of_dossiers: bool = False
    quoted: tuple[str, ...] = ()

    @property
    def is_percent(self) -> bool:
        return self.text.endswith("%")

    @cached_property
    def value(self) -> Decimal | None:
        """2.365 → 2365; 96,11% → 96.11; with a point as English has it, the same; None of 12/13."""
        digits = self.text.rstrip("% ")
        if _FRACTION.fullmatch(digits):
            return None
        if not _GROUPED.fullmatch(digits) and digits.count(".") == 1 and "," not in digits:
            return Decimal(digits)
        return Decimal(digits.replace(".", "").replace(",", ".", 1).replace(",", ""))

    @property
    def has_english_point(self) -> bool:
        """96.11%: a decimal point where Vietnamese has a comma."""
        return "." in self.text and not _GROUPED.fullmatch(self.text.rstrip("% "))


def typed_numbers(lines: Iterable[tuple[int, str]]) -> Iterator[Typed]:
    """Of text line by line, with computed figures as {name}; dates, numbers of documents and years are none."""
    for line, text in lines:
        quoted = tuple(found[1:-1] for found in _PLACE.findall(text))
        bare = _PLACE.sub(lambda place: " " * len(place.group()), text)
        for found in _TOKEN.finditer(bare):
            before, token = bare[: found.start()], found.group()
            of_dossiers = bool(_DOSSIERS_AFTER.match(bare[found.end() :]))
            if _is_number(token, before, of_dossiers=of_dossiers):
                yield Typed(token, line, of_dossiers, quoted)


def _is_number(token: str, before: str, *, of_dossiers: bool) -> bool:
    if _FRACTION.fullmatch(token):
        return of_dossiers or not _DATES_BEFORE.search(before)
    if not _NUMBER.fullmatch(token) or _VERSION.fullmatch(token):
        return False
    return token.endswith("%") or of_dossiers or not _NAMES_BEFORE.search(before)


@dataclass(frozen=True)
class Printed:
    """The numbers that the rest of the report prints."""

    counts: frozenset[Decimal]
    percents: frozenset[Decimal]

    def has(self, typed: Typed) -> bool:
        return typed.value in (self.percents if typed.is_percent else self.counts)


def printed_numbers(context: Any) -> Printed:
    """Of every text of a report's context."""
    found = [one for text in _texts(context) for one in map(Typed, _NUMBER.findall(text), [0] * len(text))]
    values = [(one.is_percent, one.value) for one in found if one.value is not None]
    return Printed(
        frozenset(value for percent, value in values if not percent),
        frozenset(value for percent, value in values if percent),
    )


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts(item)
    elif is_dataclass(value):
        for one in fields(value):
            yield from _texts(getattr(value, one.name))


def remarks(found: Iterable[Typed], printed: Printed | None, quoted: Quoted) -> Iterator[Fault]:
    """What looks wrong of them. printed: None where nothing was computed yet, and so nothing can be held against it."""
    for typed in found:
        if typed.has_english_point:
            yield Fault(
                typed.line, f"«{typed.text}» viết dấu chấm thập phân", "viết dấu phẩy: 96,11%; 2.365 là số nguyên"
            )
        if printed is None or typed.value is None or not (typed.is_percent or typed.of_dossiers):
            continue
        if not printed.has(typed) and not _rounded(typed, quoted):
            yield Fault(typed.line, _unknown(typed, quoted), "kiểm tra lại, hoặc thay bằng số phần mềm điền")
        elif same := _same(typed, quoted):
            advice = f"viết {same.written} để số tự đổi khi số liệu đổi"
            yield Fault(typed.line, f"«{typed.text}» gõ tay, đúng bằng {same.written} lúc này", advice)


def _unknown(typed: Typed, quoted: Quoted) -> str:
    what = "tỷ lệ" if typed.is_percent else "số hồ sơ"
    said = f"{what} «{typed.text}» gõ tay không có trong số liệu của báo cáo"
    beside = [f"{{{name}}} = {quoted.text(name)}" for name in typed.quoted]
    return f"{said}; cùng dòng phần mềm điền {', '.join(beside)}" if beside else said


def _rounded(typed: Typed, quoted: Quoted) -> bool:
    """Whether it is a percentage of the report's own total with fewer decimals. Among those of all units nearly every
    one would be found."""
    assert typed.value is not None
    if not typed.is_percent:
        return False
    places = Decimal(1).scaleb(int(typed.value.as_tuple().exponent))
    own = (Typed(quoted.text_of(one), 0) for one in quoted.catalogue.listed)
    return any(
        one.is_percent and one.value is not None and one.value.quantize(places, ROUND_HALF_UP) == typed.value
        for one in own
    )


def _same(typed: Typed, quoted: Quoted) -> Reference | None:
    return next((one for one in quoted.catalogue.listed if quoted.text_of(one) == typed.text.replace(" ", "")), None)
