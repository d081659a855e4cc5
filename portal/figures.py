"""The figures of one unit as a page shows them: finished texts, each with the address at which it is opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal
from urllib.parse import quote, urlencode

from contracts.areas import areas_on
from contracts.codes import Series
from contracts.units import Unit
from flows.seen import Seen
from reporting.fonts import vietnamese_order
from reporting.formats import MISSING, count_text
from reporting.indicator_dictionary import SERIES_SHORT, name_of
from reporting.indicator_text import value_text
from reporting.kept import OWN, TREE, Counts
from reporting.opened import Opened, Piece, columns, indicators
from reporting.origin import gap_reason
from reporting.scope import code_of
from transforms.indicators import Indicator

LISTED = ("column_3", "column_7", "ON_TIME_RESOLVED", "column_10", "column_11", "column_13")
"""Columns of the tables by unit and by field."""
SHORT = {
    "column_3": "Nhận giải quyết (3)",
    "column_7": "Đã giải quyết (7)",
    "ON_TIME_RESOLVED": "Tỷ lệ A (8 + 9)/(7)",
    "column_10": "Giải quyết quá hạn (10)",
    "column_11": "Đang giải quyết (11)",
    "column_13": "Đang giải quyết, quá hạn (13)",
}
By = Literal["don-vi", "linh-vuc"]


@dataclass(frozen=True)
class Line:
    """One figure. value, numerator, denominator: texts, – where not known. missing: whether a source is. partly: what
    the sources tell for a part of the dossiers alone, "" where they tell all."""

    name: str
    unit: str
    series: str
    value: str
    numerator: str
    denominator: str
    missing: bool
    partly: str
    href: str


@dataclass(frozen=True)
class CellLink:
    """A figure in a table by unit or field; href "" where there is nothing to open."""

    text: str
    href: str


@dataclass(frozen=True)
class Row:
    """A unit or field. href: its own figures, "" of a field; cells: by LISTED; lacks: what they lack."""

    name: str
    href: str
    cells: tuple[CellLink, ...]
    lacks: str
    order: tuple[Fraction | None, ...]


def figure_address(period: str, code: str, figure: str, *, whose: str = TREE, field: str = "") -> str:
    return f"/ky/{quote(period)}/so-lieu/{quote(code, safe='')}/{quote(figure, safe='')}" + _query(whose, field)


def unit_address(period: str, code: str, *, whose: str = TREE, field: str = "") -> str:
    query = urlencode({"don-vi": code, **_asked(whose, field)})
    return f"/ky/{quote(period)}/so-lieu?{query}"


def codes_address(period: str, code: str, one: Opened, **more: str) -> str:
    """Of the dossiers behind a figure. more: further words of the query."""
    query = urlencode(_asked(one.whose, one.field) | more)
    return f"/ky/{quote(period)}/so-lieu/{quote(code, safe='')}/{one.indicator.id}/ho-so" + (
        f"?{query}" if query else ""
    )


def _query(whose: str, field: str) -> str:
    asked = _asked(whose, field)
    return f"?{urlencode(asked)}" if asked else ""


def _asked(whose: str, field: str) -> dict[str, str]:
    return ({"pham-vi": "unit"} if whose == OWN else {}) | ({"linh-vuc": field} if field else {})


def known(seen: Seen) -> dict[str, Indicator]:
    """Every figure that can be opened, by its id: the columns of the form, then the indicators in force."""
    found = (
        *columns(),
        *(i for series, span in seen.input.spans.items() for i in indicators(span) if i.series is series),
    )
    return {one.id: one for one in found}


def opened(seen: Seen, unit: Unit, indicator: Indicator, *, whose: str = TREE, field: str = "") -> Opened:
    """A unit without any below it has its own dossiers alone: they are those of its tree."""
    scope = seen.scope(unit, indicator.series)
    return Opened(scope, indicator, whose if scope.children(unit) else TREE, field)


def lines_of(seen: Seen, unit: Unit, *, whose: str, field: str) -> list[tuple[str, list[Line]]]:
    """Title and lines: the columns of the form, then the indicators by area of reform."""
    period, code = seen.place.period.id, code_of(unit, seen.province.units)
    areas = areas_on(seen.place.period.cut_off)
    groups: dict[str, list[Line]] = {}
    for indicator in known(seen).values():
        one = opened(seen, unit, indicator, whose=whose, field=field)
        title = "Số hồ sơ theo cột của Biểu II.06" if indicator.id.startswith("column_") else areas.name(indicator.area)
        href = figure_address(period, code, indicator.id, whose=one.whose, field=field)
        groups.setdefault(title, []).append(_line(one, href))
    return list(groups.items())


def _line(one: Opened, href: str) -> Line:
    indicator, counts = one.indicator, one.counts
    numerator, denominator = counts or (None, None)
    is_column = indicator.id.startswith("column_")
    return Line(
        name=f"{indicator.label} – cột ({indicator.id.removeprefix('column_')})" if is_column else name_of(indicator),
        unit=indicator.unit,
        series="" if indicator.series is Series.FORMS else SERIES_SHORT[indicator.series],
        value=value_text(indicator, numerator, denominator),
        numerator=count_text(numerator) if indicator.denominator else "",
        denominator=count_text(denominator) if indicator.denominator else "",
        missing=bool(one.gaps),
        partly=partly_told(one),
        href=href,
    )


def lacks(one: Opened) -> str:
    """What the figure lacks, in clauses; "" where it is whole."""
    return "; ".join(filter(None, (missing(one), partly_told(one))))


def missing(one: Opened) -> str:
    """Which sources its units lack; "" for none."""
    gaps = (gap_reason(gap) if gap.source is None else f"thiếu nguồn {gap.source.name}" for gap in one.gaps)
    return "; ".join(dict.fromkeys(gaps))


def partly_told(one: Opened) -> str:
    """What the sources tell for a part of the dossiers alone, or for none; "" where they tell all."""
    said: list[str] = []
    for part in one.partly_told:
        if not part.told:
            said.append(f"nguồn không ghi {part.base.label}")
        else:
            many = f"{count_text(part.told)}/{count_text(part.of)} hồ sơ"
            said.append(f"nguồn chỉ ghi {part.base.label} ở {many}")
    return "; ".join(dict.fromkeys(said))


def rows_by(seen: Seen, unit: Unit, by: By, *, sort: str) -> list[Row]:
    """The parts of the unit's figures, one a row, checked to add up to them. sort: an id of LISTED, with − before it
    for the largest first; anything else: as the catalogue has them. Raises CriticalCheckError."""
    shown = [opened(seen, unit, known(seen)[name]) for name in LISTED]
    for one in shown:
        one.check()
    pieces = [one.by_unit if by == "don-vi" else one.by_field for one in shown]
    rows = [_row(seen, unit, by, together) for together in zip(*pieces, strict=True)]
    return _sorted(rows, sort)


def _row(seen: Seen, unit: Unit, by: By, pieces: Sequence[Piece]) -> Row:
    period, tree, first = seen.place.period.id, seen.province.units, pieces[0]
    whose, field = (first.whose, "") if by == "don-vi" else (TREE, first.key)
    code = code_of(tree.by_agency(first.key) if by == "don-vi" else unit, tree)
    cells = tuple(
        CellLink(
            text_of(known(seen)[name], piece.told),
            figure_address(period, code, name, whose=whose, field=field) if piece.told else "",
        )
        for name, piece in zip(LISTED, pieces, strict=True)
    )
    href = unit_address(period, code, whose=whose, field=field)
    order = tuple(_value(piece.told) for piece in pieces)
    return Row(first.name, href, cells, _why(seen, first) if by == "don-vi" else "", order)


def _why(seen: Seen, piece: Piece) -> str:
    """What the unit's figures lack."""
    scope = seen.scope(seen.province.units.by_agency(piece.key))
    gaps = scope.gaps_in(scope.codes if piece.whose == TREE else {piece.key})
    return "; ".join(dict.fromkeys(gap_reason(gap) for gap in gaps))


def text_of(indicator: Indicator, counts: Counts | None) -> str:
    return value_text(indicator, *counts) if counts else MISSING


def _value(counts: Counts | None) -> Fraction | None:
    """To be ordered by, exact; None where nothing is known, or there is nothing to divide by."""
    if counts is None or counts.denominator == 0:
        return None
    return Fraction(counts.numerator, counts.denominator or 1)


def _sorted(rows: list[Row], sort: str) -> list[Row]:
    """What is not known comes last, whichever way."""
    name, falling = sort.removeprefix("-"), sort.startswith("-")
    if name == "ten":
        return sorted(rows, key=lambda row: vietnamese_order(row.name), reverse=falling)
    if name not in LISTED:
        return rows
    place = LISTED.index(name)
    with_value = [row for row in rows if row.order[place] is not None]
    ordered = sorted(with_value, key=lambda row: row.order[place] or Fraction(0), reverse=falling)
    return [*ordered, *(row for row in rows if row.order[place] is None)]
