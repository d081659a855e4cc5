"""What every workbook of ours has in common: text that stays text, nobody's clock, paper for whoever prints it."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from functools import lru_cache
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

NO_DATE = datetime(2000, 1, 1)  # noqa: DTZ001 (a workbook's moments have no zone)
LONGEST = 32_000
"""Excel takes no more than 32,767 characters in a cell."""
LETTERS: dict[str, Any] = {"font_name": "Times New Roman", "font_size": 11, "valign": "top"}
CELL: dict[str, Any] = {**LETTERS, "border": 1, "border_color": "#BFBFBF"}
HEAD: dict[str, Any] = {
    **CELL,
    "text_wrap": True,
    "bold": True,
    "bg_color": "#E7E6E6",
    "valign": "vcenter",
    "align": "center",
}
_AS_THEY_ARE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_NOT_IN_XML = "\ufffe\uffff"
_HEADER = 200
"""Excel takes 255 characters in a page's header, those that choose its letters included."""


def new_workbook(target: BinaryIO, *, title: str, created: datetime | None = None, author: str = "") -> Any:
    """In memory alone. created: without a zone; None: a day that says nothing."""
    made = xlsxwriter.Workbook(target, {"in_memory": True, **_AS_THEY_ARE})
    whose = {"author": clean(author)} if author else {}
    made.set_properties({"title": clean(title), **whose, "created": created or NO_DATE})
    made.set_size(1600, 1000)
    return made


def add_formats(made: Any, kinds: dict[str, dict[str, Any]]) -> dict[str, Format]:
    return {name: made.add_format(said) for name, said in kinds.items()}


def set_paper(page: Worksheet, mark: str, *, side: float = 0.5) -> None:
    """A4 across, the width of one page, the mark on each. side: left and right margin in inches."""
    page.set_landscape()
    page.set_paper(9)
    page.set_margins(left=side, right=side, top=0.7, bottom=0.6)
    page.fit_to_pages(1, 0)
    page.set_header(f'&L&"Times New Roman,Italic"&10{clean(mark)[:_HEADER].replace("&", "&&")}')
    page.set_footer('&L&"Times New Roman,Regular"&10&A&R&"Times New Roman,Regular"&10&P/&N')


@lru_cache(maxsize=10_000)
def clean(text: str) -> str:
    """Composed, without control and direction marks, short enough for a cell."""
    composed = unicodedata.normalize("NFC", text)
    if not composed.isprintable():
        kept = (c for c in composed if unicodedata.category(c) not in {"Cc", "Cf", "Cs"} and c not in _NOT_IN_XML)
        composed = "".join(kept)
    return composed[:LONGEST]
