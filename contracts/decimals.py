"""Points and percentages as Vietnamese staff type them: 89,2 · 89.2 · 1.234,5."""

from __future__ import annotations

import re
from decimal import Decimal

_PLAIN = re.compile(r"\d{1,12}(?:,\d{1,12})?", re.ASCII)
_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+,\d{1,12}", re.ASCII)
_POINT = re.compile(r"\d{1,12}\.(?:\d{1,2}|\d{4,12})", re.ASCII)
"""Not three digits after a point: «1.234» is 1234 to some and 1,234 to others."""


def typed_number(text: str) -> Decimal:
    """Exactly the number that was typed, without a sign. Raises ValueError, with what is wrong in Vietnamese."""
    if _PLAIN.fullmatch(text) or _GROUPED.fullmatch(text):
        return Decimal(text.replace(".", "").replace(",", "."))
    if _POINT.fullmatch(text):
        return Decimal(text)
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+", text, re.ASCII):
        raise ValueError(f"«{text}» hiểu được hai cách; viết {text.replace('.', '')} hoặc {text.replace('.', ',', 1)}")
    raise ValueError(f"«{text}» không phải là số không âm, ví dụ 2,5")


def plain_decimal(value: Decimal) -> str:
    """The number as it is kept: no exponent, no zeros that say nothing (89.20 and 89.2 are one figure)."""
    whole = value.normalize()
    return f"{whole:f}"
