"""Rows out of a JSON answer: values as the answer wrote them, and of fields that are not wanted the type alone.

A field that is not mapped never leaves the parser: its value is replaced by its type as soon as it was read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Any, Final

NUMBER = "number"


class Missing(Enum):
    """The answer has no such field, which is not the same as null."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING


class Number(str):
    """A number, digit by digit as the answer wrote it."""


@dataclass(frozen=True)
class Left:
    """What was not wanted: its type."""

    type: str


def parse(content: bytes, wanted: Iterable[str]) -> Any:
    """The answer with the values of the dotted paths wanted, and Left for all others. Raises ValueError without any of
    the content, also where a field stands twice in an object: nobody could say which one counts."""
    names = {name for path in wanted for name in (path, *path.split("."))}

    def kept(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = {name: value if name in names else _left(value) for name, value in pairs}
        if len(found) != len(pairs):
            raise ValueError("a field twice")
        return found

    try:
        return json.loads(
            content.removeprefix(b"\xef\xbb\xbf"),
            object_pairs_hook=kept,
            parse_int=Number,
            parse_float=Number,
            parse_constant=_refused,
        )
    except (ValueError, RecursionError):
        raise ValueError("no JSON") from None


def at(value: Any, path: str) -> Any:
    """What stands at a dotted path («» is the value itself); MISSING where nothing does. Below null is null."""
    if not path:
        return value
    if isinstance(value, dict) and path in value:
        return value[path]
    for name in path.split("."):
        if value is None:
            return None
        if not isinstance(value, dict) or name not in value:
            return MISSING
        value = value[name]
    return value


def text(value: Any) -> str | None:
    """A value as text; null and MISSING are none. Raises TypeError for an object or a list."""
    if isinstance(value, str):
        return value
    if value is None or value is MISSING:
        return None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    raise TypeError(type_of(value))


def type_of(value: Any) -> str:
    match value:
        case Left():
            return value.type
        case Number():
            return NUMBER
        case str():
            return "text"
        case bool():
            return "bool"
        case dict():
            return "object"
        case list():
            return "array"
        case _:
            return ""


def fields(row: Mapping[str, Any], below: str = "") -> Iterator[tuple[str, str]]:
    """Dotted path and type of every field of a row that is no object; null has no type."""
    for name, value in row.items():
        if isinstance(value, dict):
            yield from fields(value, f"{below}{name}.")
        else:
            yield f"{below}{name}", type_of(value)


def _left(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _left(inner) for name, inner in value.items()}
    return _left_of(type_of(value))


@cache
def _left_of(type_: str) -> Left:
    """One a type: a page holds thousands."""
    return Left(type_)


def _refused(_constant: str) -> Any:
    raise ValueError("NaN and Infinity are no JSON")
