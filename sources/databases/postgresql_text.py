"""Values of PostgreSQL's own types as the text into which CAST(x AS text) would put them.

To write a moment takes the server a third of what it spends on a dossier, and us next to nothing: whatever has one
exact form only is asked for as it is, and all else is cast by the server.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pyarrow as pa
import pyarrow.compute as pc

_TYPE = b"POSTGRESQL:type"  # metadata that the driver gives each column
_ERA = 146_097  # days of 400 years, after which the calendar is the same again
_FIRST_DAY = (date(1, 1, 1) - date(1970, 1, 1)).days
_LAST_DAY = (date(9999, 12, 31) - date(1970, 1, 1)).days
_DAY = 86_400_000_000  # microseconds
_EPOCH_DAYS = 10_957  # to 2000-01-01, from which PostgreSQL counts
_POOL = pa.system_memory_pool()  # Arrow's own keeps what many threads have freed


Writer = Callable[[pa.Array], pa.Array]


def writer_of(field: pa.Field) -> Writer | None:
    """What writes that column's values as text; None: the server must."""
    return _WRITERS.get((field.metadata or {}).get(_TYPE, b"").decode())


def as_given(column: pa.Array) -> pa.Array:
    return column


def _plain(column: pa.Array) -> pa.Array:
    return column.cast(pa.string(), memory_pool=_POOL)


def _days(column: pa.Array) -> pa.Array:
    return _with_far(column, column.view(pa.int32()), first=_FIRST_DAY, last=_LAST_DAY, near=_plain, far=_far_day)


def _moments(column: pa.Array) -> pa.Array:
    first, last = _FIRST_DAY * _DAY, (_LAST_DAY + 1) * _DAY - 1
    return _with_far(column, column.view(pa.int64()), first=first, last=last, near=_near_moments, far=_far_moment)


def _near_moments(column: pa.Array) -> pa.Array:
    try:
        return _plain(column.cast(pa.timestamp("s"), memory_pool=_POOL))
    except pa.ArrowInvalid:  # parts of a second: written without the zeros at their end
        written = pc.utf8_rtrim(_plain(column), "0")
        return pc.utf8_rtrim(written, ".")


def _with_far(
    column: pa.Array, numbers: pa.Array, *, first: int, last: int, near: Writer, far: Callable[[int], str]
) -> pa.Array:
    """Arrow writes what lies between first and last, the years 1 to 9999, as PostgreSQL does; the other years, and
    infinity, are written one by one."""
    ends = pc.min_max(numbers)
    if numbers.null_count < len(numbers) and not first <= ends["min"].as_py() <= ends["max"].as_py() <= last:
        beyond = pc.fill_null(pc.or_(pc.less(numbers, first), pc.greater(numbers, last)), False)
        written = pa.array([far(number.as_py()) for number in numbers.filter(beyond)], pa.string())
        return pc.replace_with_mask(near(pc.if_else(beyond, None, column)), beyond, written)
    return near(column)


def _far_day(days: int) -> str:
    if said := _infinity(days - _EPOCH_DAYS, bits=32):
        return said
    day, era = _day_and_era(days)
    return day + era


def _far_moment(moment: int) -> str:
    if said := _infinity(moment - _EPOCH_DAYS * _DAY, bits=64):
        return said
    days, within = divmod(moment, _DAY)
    day, era = _day_and_era(days)
    seconds, parts = divmod(within, 1_000_000)
    clock = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return f"{day} {clock}" + f".{parts:06d}".rstrip("0").rstrip(".") + era


def _infinity(counted: int, *, bits: int) -> str:
    """The ends of the number's range, which the driver carries over when it moves the epoch."""
    whole = 1 << bits
    return {whole // 2 - 1: "infinity", whole // 2: "-infinity"}.get(counted % whole, "")


def _day_and_era(days: int) -> tuple[str, str]:
    eras, rest = divmod(days - _FIRST_DAY, _ERA)
    day = date(1, 1, 1) + timedelta(rest)
    year = day.year + 400 * eras
    return f"{year if year > 0 else 1 - year:04d}-{day:%m-%d}", "" if year > 0 else " BC"


_WRITERS: dict[str, Writer] = {
    "text": as_given,
    "varchar": as_given,
    "bool": _plain,
    "int2": _plain,
    "int4": _plain,
    "int8": _plain,
    "date": _days,
    "timestamp": _moments,
}
