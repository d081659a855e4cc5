"""How cells of the report's workbook look, and how a figure becomes a number that is displayed as it is printed."""

from __future__ import annotations

import re
from typing import Any

from xlsxwriter.format import Format

from reporting import xlsx
from reporting.formats import MINUS, Figure
from reporting.page import Kind

_DIGITS = re.compile(rf"[+{MINUS}]?[\d.]+(?:,\d+)?")


def number_of(figure: Figure) -> float | int:
    """What the cell holds: a percentage as Excel has it, 96,11% as 0.9611."""
    if figure.kind == "percent":
        return float(figure.number / 100)
    return int(figure.number) if figure.number == figure.number.to_integral_value() else float(figure.number)


def number_format(figure: Figure) -> str:
    """As many decimals as are printed, groups of three, the sign of a change, the unit that stands behind it. The
    separators are the reader's: Excel writes 2.365 or 2,365 by the language of the machine."""
    places = max(0, -int(figure.number.as_tuple().exponent))
    digits = "#,##0" + ("." + "0" * places if places else "")
    unit = _DIGITS.sub("", figure, count=1)
    if figure.kind == "percent":
        return f"{digits}%"
    behind = f'"{unit.replace(chr(34), "")}"' if unit else ""
    if figure.kind == "count":
        return f"{digits}{behind}"
    plus = "+" if figure.kind in {"change", "points"} else ""
    return f'{plus}{digits}{behind};"{MINUS}"{digits}{behind};{digits}{behind}'


class Shapes:
    """Formats of one workbook, each made once, in the order in which they are asked for."""

    def __init__(self, made: Any) -> None:
        self._made = made
        self._known: dict[str, Format] = {}

    def named(self, name: str) -> Format:
        return self._format(name, _NAMED[name])

    def text(self, kind: Kind, width: str) -> Format:
        """Text that stays text when somebody edits the cell."""
        right = {"align": "right"} if width == "figure" else {"text_wrap": kind != "group"}
        center = {"align": "center"} if width == "number" else {}
        said = {**xlsx.CELL, **_OF_ROW[kind], **right, **center, "quote_prefix": True}
        return self._format(f"text {kind} {width}", said)

    def figure(self, kind: Kind, form: str) -> Format:
        return self._format(
            f"figure {kind} {form}", {**xlsx.CELL, **_OF_ROW[kind], "align": "right", "num_format": form}
        )

    def _format(self, key: str, said: dict[str, Any]) -> Format:
        if key not in self._known:
            self._known[key] = self._made.add_format(said)
        return self._known[key]


_OF_ROW: dict[Kind, dict[str, Any]] = {
    "unit": {},
    "group": {"bold": True, "bg_color": "#F2F2F2"},
    "total": {"bold": True, "top": 2},
    "basis": {"font_color": "#444444", "indent": 1},
}
_WRAPPED = {**xlsx.LETTERS, "text_wrap": True}
_NAMED: dict[str, dict[str, Any]] = {
    "head": xlsx.HEAD,
    "title": {**_WRAPPED, "bold": True, "font_size": 13},
    "over": {**_WRAPPED, "font_color": "#444444"},
    "said": {**_WRAPPED, "italic": True},
    "note": _WRAPPED,
    "alert": {**_WRAPPED, "bold": True},
    "label": {**xlsx.CELL, "text_wrap": True, "bold": True},
    "words": {**xlsx.CELL, "text_wrap": True, "quote_prefix": True},
    "caption": {**xlsx.LETTERS, "bold": True, "font_size": 12},
    "link": {**xlsx.CELL, "text_wrap": True, "font_color": "#0563C1", "underline": 1},
    "marks": {**xlsx.CELL, "align": "center", "text_wrap": True, "quote_prefix": True},
}
