"""A first `where` for a system that nobody has described: which rows a period needs, as its own database can say it.

It leaves out only what is surely outside the period: ended before its first day and not received after it, or
received after its last one. A day that is empty, unreadable, or still to come lets its row through, so that it is
quarantined and not lost. For its end a row is left out only under a status code that is known to close a dossier: one
that the office stopped may still count as open (policy stopped_is), and what a code means is not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from sources.exploring.explore import UNKNOWN_FORMAT, DateColumn, WindowColumns

_WIDTHS = {"%Y": 4, "%m": 2, "%d": 2, "%H": 2, "%M": 2, "%S": 2}
_TIME = {"%H": "([01][0-9]|2[0-3])", "%M": "[0-5][0-9]", "%S": "[0-5][0-9]", "%Y": "[0-9]{4}"}
_ISO = "%Y-%m-%d"
_MARKS, _TIME_MARKS = "0-9T/:. -", "0-9:. "
"""What a day and its time are written with. No zone: with one it may be the next day in Vietnam, or the day before."""

_DAYS = (
    ("(0[1-9]|1[0-9]|2[0-8])", "(0[1-9]|1[0-2])"),
    ("(29|30)", "(0[13-9]|1[0-2])"),
    ("31", "(0[13578]|1[02])"),
)
"""Days and the months that have them; 29 February is left to whoever reads it."""


@dataclass(frozen=True)
class _Day:
    """A column as a day that compares with :first, and what makes sure that it is one ("" where it must be)."""

    text: str
    sure: str
    bound: Callable[[str], str]

    def compared(self, sign: str, name: str) -> str:
        return f"{self.text} {sign} {self.bound(name)}"


def window(kind: str, columns: WindowColumns, quote: Callable[[str], str]) -> str:
    """SQL of that kind; "" where the days are not understood well enough to leave anything out. quote: a column's name
    as the database wants it."""
    received, end = (_day(kind, c, quote) for c in (columns.received, columns.end))
    if received is None:
        return ""
    outside = [_all(received.sure, received.compared(">", "last"), received.compared("<=", "today"))]
    if end is not None and columns.status and columns.closed:
        codes = ", ".join("'" + code.replace("'", "''") + "'" for code in columns.closed)
        closed = f"{_as_text(kind, quote(columns.status))} IN ({codes})"
        outside.append(_all(end.sure, end.compared("<", "first"), closed, _kept(received.compared(">=", "first"))))
    return "\nAND ".join(_kept(condition) for condition in outside)


def _all(*conditions: str) -> str:
    return "\n  AND ".join(c for c in conditions if c)


def _kept(outside: str) -> str:
    """True unless it is sure; unknown is not sure."""
    return f"CASE WHEN {outside} THEN 0 ELSE 1 END = 1"


def _day(kind: str, column: DateColumn | None, quote: Callable[[str], str]) -> _Day | None:
    if column is None or column.format == UNKNOWN_FORMAT:
        return None
    name = quote(column.name)
    if column.typed:
        return None if column.zoned else _typed(kind, name)
    pattern = _ISO if column.format == "iso" else {"yyyyMMddHHmmss": "%Y%m%d%H%M%S"}.get(column.format, column.format)
    places = _places(pattern)
    if not {"%Y", "%m", "%d"} <= set(places):
        return None
    iso = _part(kind, name, 1, 10) if pattern.startswith(_ISO) else _rebuilt(kind, name, places)
    return _Day(iso, _sure(kind, name, iso, pattern, open_end=column.format == "iso"), lambda bound: f":{bound}")


def _rebuilt(kind: str, name: str, places: dict[str, tuple[int, int]]) -> str:
    year, month, day = (_part(kind, name, *places[d]) for d in ("%Y", "%m", "%d"))
    return _joined(kind, [year, "'-'", month, "'-'", day])


def _typed(kind: str, name: str) -> _Day:
    if kind == "oracle":
        return _Day(f"TRUNC({name})", "", lambda bound: f"TO_DATE(:{bound}, 'YYYY-MM-DD')")
    return _Day(f"CAST({name} AS date)", "", lambda bound: f"CAST(:{bound} AS date)")


def _places(pattern: str) -> dict[str, tuple[int, int]]:
    """Directive → first character (from 1) and width, of a text with leading zeros."""
    found, place = {}, 1
    for part in re.findall(r"%.|[^%]", pattern):
        width = _WIDTHS.get(part, 1)
        if part in _WIDTHS:
            found[part] = (place, width)
        place += width
    return found


def _sure(kind: str, name: str, iso: str, pattern: str, *, open_end: bool) -> str:
    """That the text is a day, in that pattern. open_end: a time of day may follow."""
    if kind == "sqlite":
        fits = f"{name} GLOB '{_classes(pattern)}{'*' if open_end else ''}'"
        fits = _all(fits, f"{name} NOT GLOB '??????????*-*'" if open_end else "")
        # Counting on makes a 1 March of a 30 February; else date() would give it back as it is.
        return _all(fits, f"{name} NOT GLOB '*[^{_MARKS}]*'", f"date({iso}, '+0 days') = {iso}")
    if kind == "sqlserver":
        fits = f"{name} LIKE '{_classes(pattern)}{'%' if open_end else ''}'"
        fits = _all(fits, f"{name} NOT LIKE '{'_' * 10}%-%'" if open_end else "")
        return _all(fits, f"{name} NOT LIKE '%[^{_MARKS}]%'", f"TRY_CONVERT(date, {iso}, 23) IS NOT NULL")
    ways = "|".join(_regular(pattern, day, month) for day, month in _DAYS)
    return _fits(kind, name, f"^({ways}){f'([T ][{_TIME_MARKS}]*)?' if open_end else ''}$")


def _classes(pattern: str) -> str:
    parts = re.findall(r"%.|[^%]", pattern)
    return "".join("[0-9]" * _WIDTHS[part] if part in _WIDTHS else part for part in parts)


def _regular(pattern: str, day: str, month: str) -> str:
    known = {**_TIME, "%d": day, "%m": month}
    return "".join(known.get(part, f"[{part}]") for part in re.findall(r"%.|[^%]", pattern))


def _fits(kind: str, name: str, expression: str) -> str:
    if kind == "oracle":
        return f"REGEXP_LIKE({name}, '{expression}')"
    return f"{name} {'~' if kind == 'postgresql' else 'REGEXP'} '{expression}'"


def _part(kind: str, name: str, start: int, width: int) -> str:
    return f"{'substring' if kind == 'sqlserver' else 'substr'}({name}, {start}, {width})"


def _joined(kind: str, pieces: list[str]) -> str:
    if kind in {"mariadb", "mysql", "sqlserver"}:
        return f"CONCAT({', '.join(pieces)})"
    return " || ".join(pieces)


def _as_text(kind: str, name: str) -> str:
    """A code as text: it may be a number there, and it is a text in the map."""
    types = {"mariadb": "char", "mysql": "char", "sqlserver": "nvarchar(60)", "oracle": "varchar2(60)"}
    return f"CAST({name} AS {types.get(kind, 'text')})"
