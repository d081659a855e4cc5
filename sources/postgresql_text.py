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
_MOMENT = pa.timestamp("us")


Writer = Callable[[pa.Array], pa.Array]


def writer_of(field: pa.Field) -> Writer | None:
    """What writes that column's values as text; None: the server must."""
    return _WRITERS.get((field.metadata or {}).get(_TYPE, b"").decode())


def as_given(column: pa.Array) -> pa.Array:
    return column


def _plain(column: pa.Array) -> pa.Array:
    return column.cast(pa.string())


def _days(column: pa.Array) -> pa.Array:
    days = column.cast(pa.int32())
    far = pc.or_(pc.less(days, _FIRST_DAY), pc.greater(days, _LAST_DAY))
    return _with_far(column, far, lambda values: [_far_day(value.as_py()) for value in values], days, _plain)


def _moments(column: pa.Array) -> pa.Array:
    moments = column.cast(pa.int64())
    far = pc.or_(pc.less(moments, _FIRST_DAY * _DAY), pc.greater_equal(moments, (_LAST_DAY + 1) * _DAY))
    return _with_far(
        column, far, lambda values: [_far_moment(value.as_py()) for value in values], moments, _near_moments
    )


def _near_moments(column: pa.Array) -> pa.Array:
    try:
        return column.cast(pa.timestamp("s")).cast(pa.string())
    except pa.ArrowInvalid:  # parts of a second: written without the zeros at their end
        written = pc.utf8_rtrim(column.cast(pa.string()), "0")
        return pc.utf8_rtrim(written, ".")


def _with_far(
    column: pa.Array,
    far: pa.Array,
    write_far: Callable[[pa.Array], list[str]],
    numbers: pa.Array,
    write_near: Writer,
) -> pa.Array:
    """Arrow writes the years 1 to 9999 as PostgreSQL does; the others, and infinity, are written one by one."""
    if not pc.any(far).as_py():
        return write_near(column)
    near = write_near(pc.if_else(far, None, column))
    written = pa.array(write_far(numbers.filter(far)), pa.string())
    return pc.replace_with_mask(near, pc.fill_null(far, False), written)


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
