"""Reading what a source wrote: texts and days, once a distinct value however many rows hold it.

A landed column is dictionary-encoded, so all work here is on its dictionary; rows only carry codes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from contracts.clock import VIETNAM

Codes = np.ndarray[Any, np.dtype[np.int32]]
Numbers = np.ndarray[Any, np.dtype[np.int32]]
Days = np.ndarray[Any, np.dtype[np.datetime64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]
Letters = np.ndarray[Any, np.dtype[np.uint8]]

ISO = "iso"
NO_NUMBER = -(10**6)
_WHOLE = re.compile(r"(-?\d{1,6})([.,]0{1,2})?", re.ASCII)
"""As a workbook or a decimal column writes it, too: 5.0."""

FIRST_YEAR, LAST_YEAR = 1990, 2100
_NAMES = {"": ISO, "yyyyMMddHHmmss": "%Y%m%d%H%M%S"}
_ISO_PATTERNS = (
    *("%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"),
    *("%Y-%m-%d %H:%M:%S+07", "%Y-%m-%dT%H:%M:%S+07:00"),  # Vietnam's own, as PostgreSQL and JSON write it
)
_ISO_SHAPE = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z| ?[+-]\d\d(:?\d\d)?)?)?", re.ASCII)
"""SQL Server puts a space before the zone; PostgreSQL leaves out the zone's minutes where it has none."""

_BEFORE_ZONE = re.compile(r" (?=[+-])")
_WIDTHS = {"%Y": 4, "%m": 2, "%d": 2, "%H": 2, "%M": 2, "%S": 2}
_LIMITS = {"%H": 24, "%M": 60, "%S": 60}
_TOUCHING = re.compile(r"%\w%(?!z)\w")
"""A zone begins with a sign or is Z: what stands before it ends there."""

_ALREADY_CLEAN = r"^[!-~]+( [!-~]+)*$"


def clean(text: str) -> str:
    """NFC, no white space at the ends, one space for every run of it within; U+FFFD for NUL, which not every database
    keeps: a code must be the same wherever it is kept. Letters are never folded."""
    return " ".join(unicodedata.normalize("NFC", text).replace("\x00", "\ufffd").split())


@dataclass(frozen=True)
class Texts:
    """A column of few distinct texts: codes into sorted, distinct values; -1 is missing."""

    codes: Codes
    values: list[str]

    def mapped(self, meaning: Callable[[str], str | None]) -> Texts:
        """Each value replaced by its meaning, asked for once; None is missing."""
        meanings = [meaning(value) for value in self.values]
        index = {value: code for code, value in enumerate(sorted({m for m in meanings if m is not None}))}
        lookup = [-1 if m is None else index[m] for m in meanings]
        return Texts(np.array([*lookup, -1], dtype=np.int32)[self.codes], list(index))

    def category(self, categories: Sequence[str] | None = None) -> pd.Categorical:
        """As pandas knows it; with these categories, where they are given."""
        if categories is None:
            return pd.Categorical.from_codes(self.codes, pd.Index(self.values, dtype="str"))
        lookup = np.array([*(list(categories).index(v) for v in self.values), -1], dtype=np.int8)
        return pd.Categorical.from_codes(lookup[self.codes], pd.Index(list(categories), dtype="str"))

    def flags(self, wanted: Callable[[str], bool]) -> Flags:
        """Row by row whether the value is wanted; a missing one is not."""
        return np.array([*map(wanted, self.values), False], dtype=bool)[self.codes]

    def whole_numbers(self) -> Numbers:
        """Row by row the whole number that the text is, else NO_NUMBER."""
        found = [_WHOLE.fullmatch(value) for value in self.values]
        return np.array([*(int(m[1]) if m else NO_NUMBER for m in found), NO_NUMBER], dtype=np.int32)[self.codes]


def nothing(rows: int) -> Texts:
    """A column that the source does not have."""
    return Texts(np.full(rows, -1, dtype=np.int32), [])


def first_known(*columns: Texts, otherwise: str) -> Texts:
    """Row by row the first of the columns that is not missing."""
    values = sorted({otherwise, *(value for column in columns for value in column.values)})
    place = {value: code for code, value in enumerate(values)}
    codes = np.full(len(columns[0].codes), place[otherwise], dtype=np.int32)
    for column in reversed(columns):
        lookup = np.array([*(place[value] for value in column.values), -1], dtype=np.int32)
        codes = np.where(column.codes < 0, codes, lookup[column.codes])
    return Texts(codes, values)


def texts(column: pa.ChunkedArray) -> Texts:
    """Cleaned texts of a column; "" is missing."""
    codes, values = _coded(column)
    raw = Texts(codes, cleaned(values).to_pylist())
    return raw.mapped(lambda text: text)


def long_texts(column: pa.ChunkedArray) -> pd.Series:
    """Cleaned texts of a column in which nearly every row differs, as pandas' `str`."""
    return as_text(pa.chunked_array([cleaned(chunk) for chunk in plain(column).chunks], pa.string()))


def text_codes(*columns: pa.ChunkedArray) -> tuple[pa.Array, list[Codes]]:
    """The distinct cleaned texts of several columns together, and each column's codes into them; -1 is missing. For
    columns in which nearly every row differs: their dictionaries would only be in the way."""
    chunks = [cleaned(chunk) for column in columns for chunk in plain(column).chunks]
    every = pa.chunked_array(chunks, pa.string()).dictionary_encode().combine_chunks()
    places = every.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
    return every.dictionary, np.split(places, np.cumsum([len(column) for column in columns])[:-1])


def plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Without dictionaries: to take rows from it, or to put it beside another, does not make one of all of them."""
    if not pa.types.is_dictionary(column.type):
        return column.cast(pa.string())
    return pa.chunked_array([chunk.dictionary_decode().cast(pa.string()) for chunk in column.chunks], pa.string())


def as_text(values: pa.Array | pa.ChunkedArray) -> pd.Series:
    """Pandas' `str` over Arrow's memory."""
    return pd.Series(pd.array(values.cast(pa.large_string()), dtype="str"))


def cleaned(values: pa.Array) -> pa.Array:
    """`clean` of each text, "" as missing. Plain ASCII is passed by: it is most of what there is."""
    rest = np.flatnonzero(~pc.match_substring_regex(values, _ALREADY_CLEAN).fill_null(True).to_numpy(False))
    if rest.size == 0:
        return values
    mended = [clean(text) or None for text in values.take(pa.array(rest)).to_pylist()]
    marks = np.zeros(len(values), dtype=bool)
    marks[rest] = True
    return pc.replace_with_mask(values, pa.array(marks), pa.array(mended, values.type))


def days(column: pa.ChunkedArray, formats: Sequence[str]) -> tuple[Days, Flags]:
    """Days (`datetime64[s]` at midnight, missing as NaT) and which rows hold a text that is no day.

    formats: tried in this order; "iso", a strptime pattern or yyyyMMddHHmmss. A moment with a zone is the day
    that it was in Vietnam; a day before 1990 or after 2100 is none.
    """
    codes, values = _coded(column)
    of_value, bad = _days_of_values(values, [_NAMES.get(f, f) for f in formats])
    of_value = np.append(of_value, np.datetime64("NaT"))
    return of_value[codes].astype("datetime64[s]"), np.append(bad, False)[codes]


def _coded(column: pa.ChunkedArray) -> tuple[Codes, pa.Array]:
    """Codes (-1 for null) into the dictionary of the column."""
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    array = encoded.combine_chunks()
    codes = array.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
    return codes, array.dictionary.cast(pa.string())


def _days_of_values(values: pa.Array, formats: Sequence[str]) -> tuple[Days, Flags]:
    """Whole layouts at once, and what fits none of them text by text."""
    found = np.full(len(values), np.datetime64("NaT"), dtype="datetime64[D]")
    lengths = pc.binary_length(values).fill_null(-1).to_numpy(zero_copy_only=False)
    for pattern in [p for f in formats for p in (_ISO_PATTERNS if f == ISO else (f,))]:
        layout = _layout(pattern)
        fitting = np.flatnonzero((lengths == len(layout)) & np.isnat(found)) if layout else np.empty(0, np.int64)
        if fitting.size:
            found[fitting] = _by_layout(_letters(values.take(pa.array(fitting)), len(layout)), layout)
    bad = np.zeros(len(values), dtype=bool)
    rest = np.flatnonzero(np.isnat(found))
    for place, raw in zip(rest, values.take(pa.array(rest)).to_pylist(), strict=True):
        text = clean(raw or "")
        found[place] = _day(text, formats)
        bad[place] = bool(text) and np.isnat(found[place])
    outside = (found < np.datetime64(f"{FIRST_YEAR}-01-01")) | (found > np.datetime64(f"{LAST_YEAR}-12-31"))
    found[outside] = np.datetime64("NaT")
    return found, bad | outside


def _layout(pattern: str) -> tuple[str, ...]:
    """One entry a character of a text written with leading zeros: the directive that it belongs to, or itself.
    Empty where the pattern has a directive of no fixed width, or no whole day."""
    parts = re.findall(r"%.|[^%]", pattern)
    directives = [part for part in parts if part.startswith("%")]
    whole = {"%Y", "%m", "%d"} <= set(directives) <= set(_WIDTHS) and len(set(directives)) == len(directives)
    return tuple(part for part in parts for _ in range(_WIDTHS.get(part, 1))) if whole and pattern.isascii() else ()


def _letters(values: pa.Array, width: int) -> Letters:
    """Texts of one byte width as a matrix: a row a text, a column a byte."""
    start = np.frombuffer(values.buffers()[1], dtype=np.int32)[values.offset]
    data = np.frombuffer(values.buffers()[2], dtype=np.uint8)
    return data[start : start + width * len(values)].reshape(-1, width)


def _by_layout(letters: Letters, layout: tuple[str, ...]) -> Days:
    """Days of texts that are exactly as long as the layout; NaT where one does not fit it."""
    fits = np.ones(len(letters), dtype=bool)
    numbers: dict[str, np.ndarray[Any, np.dtype[np.int64]]] = {}
    for place, mark in enumerate(layout):
        if mark in _WIDTHS:
            digit = letters[:, place] - ord("0")  # uint8: what is below 0 becomes large
            fits &= digit <= 9
            numbers[mark] = numbers.get(mark, np.zeros(len(letters), dtype=np.int64)) * 10 + digit
        else:
            fits &= letters[:, place] == ord(mark)
    for mark, limit in _LIMITS.items():
        fits &= numbers.get(mark, np.zeros(1, dtype=np.int64)) < limit
    fits &= (numbers["%m"] >= 1) & (numbers["%m"] <= 12) & (numbers["%d"] >= 1)
    months = ((numbers["%Y"] - 1970) * 12 + numbers["%m"] - 1).astype("datetime64[M]")
    found = months.astype("datetime64[D]") + (numbers["%d"] - 1)
    fits &= found.astype("datetime64[M]") == months
    return np.where(fits, found, np.datetime64("NaT"))


def _day(text: str, formats: Sequence[str]) -> date | None:
    """The day of one text by the first format that reads it."""
    for pattern in formats:
        moment = _iso_moment(text) if pattern == ISO else _moment(text, pattern)
        if moment is not None:
            return (moment.astimezone(VIETNAM) if moment.tzinfo else moment).date()
    return None


def _iso_moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(_BEFORE_ZONE.sub("", text)) if _ISO_SHAPE.fullmatch(text) else None
    except ValueError:
        return None


def _moment(text: str, pattern: str) -> datetime | None:
    """Where two directives touch, a text that is too short has several readings: only a full one counts. A zone may be
    written in several ways (Z, +07:00, +0700)."""
    try:
        moment = datetime.strptime(text, pattern)  # noqa: DTZ007 - local time, of which only the day is kept
    except ValueError:
        return None
    if not _TOUCHING.search(pattern):
        return moment
    before, zone, after = map(moment.strftime, pattern.partition("%z"))
    is_full = text.startswith(before) and text.endswith(after) if zone else text == before
    return moment if is_full else None
