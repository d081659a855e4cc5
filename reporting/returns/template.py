"""Writes a unit's form as .xlsx: the same form, the same bytes.

Everything is protected but the cells to fill, without a password: protection keeps a slip of the hand from moving a
line, and reading finds what was moved all the same. Nothing is merged, and there is no formula."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from contracts.return_form import COVER, COVER_VALUE, HEAD_ROW, IDENTITY, SHEETS, Column, CoverRow, Form, cell_name
from contracts.returned import AREAS, CHOSEN, NO, STATE_LABELS, YES, Asked, Kind, State
from reporting import xlsx
from reporting.returns import words

_WIDTHS = {
    Column.NUMBER: 5,
    Column.LABEL: 31,
    Column.UNIT: 10,
    Column.DEFINITION: 36,
    Column.NUMERATOR: 12,
    Column.DENOMINATOR: 12,
    Column.VALUE: 15,
    Column.STATE: 18,
    Column.EVIDENCE: 22,
    Column.NOTE: 20,
}
_COVER_WIDTHS = (30, 84)
_LINE = 15.0
"""Points that a line of the sheets' letters takes."""
_FIGURE = {Kind.COUNT: "count", Kind.NUMBER: "amount", Kind.DATE: "day"}
_MOST = 10**15 - 1


def template_bytes(form: Form, *, due: str) -> bytes:
    """The empty form. due: until when it is to be sent, as the cover says it."""
    target = io.BytesIO()
    made = xlsx.new_workbook(target, title=f"{words.TITLE} – {form.unit.name} – {form.period.label}")
    formats = xlsx.add_formats(made, _kinds())
    _write_cover(made.add_worksheet(COVER), form, due, formats)
    for name in form.sheets:
        _write_area(made.add_worksheet(name), form, name, formats)
    _write_identity(made.add_worksheet(IDENTITY), form.identity)
    made.close()
    return target.getvalue()


@cache
def _kinds() -> dict[str, dict[str, Any]]:
    shared, cell = xlsx.LETTERS, {**xlsx.CELL, "text_wrap": True}
    fill = {**cell, "bg_color": "#FFF8DC", "locked": False}
    return {
        "text": cell,
        "number": {**cell, "align": "center"},
        "none": {**cell, "bg_color": "#D9D9D9"},
        "head": xlsx.HEAD,
        "title": {**shared, "bold": True, "font_size": 13},
        "mark": {**shared, "italic": True},
        "label": {**cell, "bold": True},
        "count": {**fill, "num_format": "#,##0", "align": "right"},
        "amount": {**fill, "num_format": "#,##0.##", "align": "right"},
        "day": {**fill, "num_format": "dd/mm/yyyy", "align": "center"},
        "words": {**fill, "num_format": "@"},
        "chosen": fill,
        "plain": {**shared, "text_wrap": True},
    }


def _set_paper(page: Worksheet, form: Form) -> None:
    """Whose it is stands on each page."""
    xlsx.set_paper(page, f"{words.TITLE} – {form.unit.name} – {form.period.label}", side=0.4)


def _protect(page: Worksheet) -> None:
    """Without a password. Heights and widths may be changed, so that a long text can be read."""
    page.protect("", {"format_columns": True, "format_rows": True, "select_locked_cells": True})


def _write_cover(page: Worksheet, form: Form, due: str, formats: dict[str, Format]) -> None:
    _set_paper(page, form)
    for number, width in enumerate(_COVER_WIDTHS):
        page.set_column(number, number, width)
    page.write_string(0, 0, words.TITLE, formats["title"])
    page.write_string(1, 0, words.SUBTITLE, formats["mark"])
    for row, text in {**form.cover, CoverRow.DUE: due}.items():
        page.write_string(row, 0, words.COVER[row], formats["label"])
        page.write_string(row, COVER_VALUE, text, formats["text"])
    for row in words.TO_FILL:
        page.write_string(row, 0, words.COVER[row], formats["label"])
        shape = "day" if row is CoverRow.PREPARED_ON else "words"
        page.write_blank(row, COVER_VALUE, None, formats[shape])
        page.data_validation(row, COVER_VALUE, row, COVER_VALUE, _cover_rule(row))
    for place, said in enumerate(words.GUIDE, start=CoverRow.GUIDE):
        page.set_row(place, _LINE * _lines(said, _COVER_WIDTHS[1]))
        page.write_string(place, COVER_VALUE, said, formats["plain"])
    page.write_string(CoverRow.GUIDE, 0, words.GUIDE_HEAD, formats["label"])
    page.freeze_panes(3, 0)
    _protect(page)


def _cover_rule(row: CoverRow) -> dict[str, Any]:
    rule = _day_rule() if row is CoverRow.PREPARED_ON else {"validate": "any"}
    return rule | {"input_title": words.COVER[row][:32], "input_message": words.TO_FILL[row]}


def _write_area(page: Worksheet, form: Form, name: str, formats: dict[str, Format]) -> None:
    _set_paper(page, form)
    for column, width in _WIDTHS.items():
        page.set_column(column, column, width)
    page.set_column(Column.ID, Column.ID, 20, None, {"hidden": True})
    page.write_string(0, 0, AREAS[SHEETS.index(name)].upper(), formats["title"])
    page.write_string(1, 0, f"{form.unit.name} – {form.period.label}, {form.cover[CoverRow.DAYS]}", formats["mark"])
    page.write_string(2, 0, words.SHEET_MARK, formats["mark"])
    for column, (head, note) in words.HEADS.items():
        page.write_string(HEAD_ROW, column, head, formats["head"])
        page.write_comment(HEAD_ROW, column, note, {"author": "", "x_scale": 2, "y_scale": 1.6})
    page.set_row(HEAD_ROW, 2 * _LINE)
    for number, (row, line) in enumerate(form.sheets[name], start=1):
        _write_line(page, row, number, line, formats)
    page.freeze_panes(HEAD_ROW + 1, Column.UNIT)
    page.repeat_rows(HEAD_ROW)
    _protect(page)


def _write_line(page: Worksheet, row: int, number: int, line: Asked, formats: dict[str, Format]) -> None:
    told = {Column.LABEL: line.label, Column.UNIT: line.unit, Column.DEFINITION: words.definition(line)}
    page.set_row(row, _LINE * max(_lines(text, _WIDTHS[column]) for column, text in told.items()))
    page.write_number(row, Column.NUMBER, number, formats["number"])
    for column, text in told.items():
        page.write_string(row, column, text, formats["text"])
    for column in (Column.NUMERATOR, Column.DENOMINATOR):
        _write_input(page, row, column, line, formats, asked=line.kind is Kind.SHARE)
    _write_input(page, row, Column.VALUE, line, formats, asked=True)
    page.write_blank(row, Column.STATE, None, formats["chosen"])
    states = [STATE_LABELS[state] for state in CHOSEN]
    page.data_validation(row, Column.STATE, row, Column.STATE, _list_rule(states) | words.prompt(Column.STATE, line))
    for column in (Column.EVIDENCE, Column.NOTE):
        page.write_blank(row, column, None, formats["words"])
    page.write_string(row, Column.ID, line.id)


def _write_input(
    page: Worksheet, row: int, column: Column, line: Asked, formats: dict[str, Format], *, asked: bool
) -> None:
    if not asked:
        page.write_blank(row, column, None, formats["none"])
        return
    shape = "count" if column is not Column.VALUE else _FIGURE.get(line.kind, "words")
    page.write_blank(row, column, None, formats[shape])
    page.data_validation(row, column, row, column, _rule(row, column, line) | words.prompt(column, line))


def _rule(row: int, column: Column, line: Asked) -> dict[str, Any]:
    """What Excel lets a person type; reading checks the same again."""
    if column is not Column.VALUE:
        return _stop({"validate": "integer", "criteria": "between", "minimum": 0, "maximum": _MOST}, Kind.COUNT)
    match line.kind:
        case Kind.YES_NO:
            return _list_rule([YES, NO])
        case Kind.CHOICE:
            return _list_rule(line.choices)
        case Kind.DATE:
            return _day_rule()
        case Kind.TEXT:
            return {"validate": "any"}
    value, state = cell_name(row, Column.VALUE), cell_name(row, Column.STATE)
    approximate = f'{state}="{STATE_LABELS[State.APPROXIMATE]}"'
    if line.kind is Kind.SHARE:
        return _stop({"validate": "custom", "value": f"={approximate}"}, line.kind)
    whole = f",INT({value})={value}" if line.kind is Kind.COUNT else ""
    number = f"IF(ISNUMBER({value}),AND({value}>=0{whole}),FALSE)"  # IF, since AND and OR calculate all that they hold
    return _stop({"validate": "custom", "value": f"=IF({approximate},TRUE,{number})"}, line.kind)


def _list_rule(choices: Iterable[str]) -> dict[str, Any]:
    return _stop({"validate": "list", "source": list(choices)}, Kind.CHOICE)


def _day_rule() -> dict[str, Any]:
    return _stop({"validate": "date", "criteria": ">=", "value": xlsx.NO_DATE}, Kind.DATE)


def _stop(rule: Mapping[str, Any], kind: Kind) -> dict[str, Any]:
    return {**rule, "error_title": words.REFUSED, "error_message": words.REFUSED_WHY[kind]}


def _write_identity(page: Worksheet, identity: Mapping[str, str]) -> None:
    for row, (name, value) in enumerate(identity.items()):
        page.write_string(row, 0, name)
        page.write_string(row, 1, value)
    page.very_hidden()
    page.protect()


def _lines(text: str, width: float) -> int:
    """Lines that a text takes in a column so wide, with room to spare: the width counts digits of Calibri, which are a
    third wider than the sheets' letters are on average."""
    return sum(max(1, math.ceil(len(part) / width)) for part in text.splitlines())
