"""One cell of a form as a value. Where a cell can be read in two ways it is refused, never guessed at.

What is decided: a whole number is one, whether Excel holds it as number or as its digits alone; «1.234» as text is
refused (a thousand in Hà Nội, one and a bit in London), and so is the number 1,234 where a count is asked; a date where
a number is asked is refused (Excel made it of 1/3), and a number where a date is asked; so is a percentage of 1 or less
(Excel made 0,4 of 40%); a formula is refused, for its value may be an old one."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from contracts.configfile import plain
from contracts.return_form import LONGEST_TEXT

_EARLIEST = date(2000, 1, 1)
_LARGEST = 10**15
_PLACES = 2
_LOOKS_LIKE_A_DAY = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}", re.ASCII)
_DIGITS = re.compile(r"0|[1-9]\d{0,15}", re.ASCII)


class Misread(Exception):
    """Why the cell cannot be taken, and what to do."""

    def __init__(self, wrong: str, advice: str) -> None:
        super().__init__(wrong)
        self.wrong = wrong
        self.advice = advice


def shown(value: Any) -> str:
    """As a person sees it in the cell, near enough to be found."""
    if isinstance(value, (datetime, date)):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, float):
        return f"{value:.15g}".replace(".", ",")
    text = plain(str(value))
    return text if len(text) <= 40 else text[:39] + "…"


def whole(value: Any) -> int:
    """A count: 0 or more. Raises Misread."""
    if isinstance(value, str) and _DIGITS.fullmatch(plain(value)):
        value = int(value)
    number = _number(value, "gõ số nguyên liền nhau, ví dụ 2076; định dạng ô là số")
    if number != number.to_integral_value():
        raise Misread(f"«{shown(value)}» không phải là số nguyên", "gõ lại số nguyên; hàng nghìn không gõ dấu chấm")
    return int(number)


def amount(value: Any) -> Decimal:
    """A number of 0 or more with at most two decimals. Raises Misread."""
    number = _number(value, "gõ số, không gõ chữ; định dạng ô là số")
    exponent = number.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > _PLACES:
        raise Misread(f"«{shown(value)}» có quá hai chữ số thập phân", "làm tròn đến hai chữ số thập phân rồi gõ lại")
    return number


def percent(value: Any) -> Decimal:
    """An amount in percent. Raises Misread, too, where it may be a fraction: of «40%» Excel keeps 0,4."""
    number = amount(value)
    if 0 < number <= 1:
        raise Misread(
            f"«{shown(value)}» hiểu được hai cách: {shown(value)}% hay {shown(float(value) * 100)}%",
            f"gõ số phần trăm, không gõ dấu %, ví dụ 40; nếu đúng là {shown(value)}% thì chọn «Chỉ có số gần đúng» và"
            f" ghi chữ {shown(value)}%",
        )
    return number


def _number(value: Any, advice: str) -> Decimal:
    if isinstance(value, (datetime, date, time)):
        raise Misread(f"ô đã thành ngày ({shown(value)})", f"{advice}; chỉ biết khoảng thì xem mục 6 trang đầu")
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Misread(f"«{shown(value)}» là chữ, không phải số", advice)
    try:
        number = Decimal(repr(value))
    except InvalidOperation:
        raise Misread(f"«{shown(value)}» không phải là số", advice) from None
    if not number.is_finite() or abs(number) >= _LARGEST:
        raise Misread(f"số «{shown(value)}» lớn quá mức", "kiểm tra lại đơn vị tính")
    if number < 0:
        raise Misread(f"số «{shown(value)}» âm", "số liệu không được âm; kiểm tra lại")
    return number


def day(value: Any) -> date:
    """A date that Excel holds as one. Raises Misread."""
    advice = "xóa ô, để định dạng ô là ngày (Date) rồi gõ lại, ví dụ 22/01/2024"
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, str) and _LOOKS_LIKE_A_DAY.fullmatch(value.strip()):
        raise Misread(f"«{shown(value)}» đang là chữ trong Excel, không phải là ngày", advice)
    if not isinstance(value, date):
        raise Misread(f"«{shown(value)}» không phải là ngày", advice)
    if value < _EARLIEST:
        raise Misread(f"ngày {shown(value)} quá xa", advice)
    return value


def words(value: Any) -> str:
    """A text, composed and with single spaces. A number is given as its digits: «191» is a text as well. Raises
    Misread."""
    if isinstance(value, (bool, datetime, date, time)):
        raise Misread(f"«{shown(value)}» không phải là chữ", "để định dạng ô là Text rồi gõ lại")
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else plain(str(value))
    clean = "".join(c for c in text if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"})
    if len(clean) > LONGEST_TEXT:
        raise Misread(f"ô dài {len(clean)} ký tự", f"rút gọn còn không quá {LONGEST_TEXT} ký tự")
    return clean


def one_of(value: Any, choices: tuple[str, ...]) -> str:
    """One of the list, whatever its capitals and spaces. Raises Misread."""
    said = plain(str(value)).casefold()
    for choice in choices:
        if plain(choice).casefold() == said:
            return choice
    raise Misread(f"«{shown(value)}» không có trong danh sách", f"chọn một trong: {'; '.join(choices)}")
