"""Out of an answer come the fields that were asked for, as they were written, and of all others the type alone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.interfaces.json_rows import MISSING, Left, Number, at, fields, parse, text, type_of

SAID = {"a": {"b": "giữ", "hoTen": "riêng"}, "hoTen": ["riêng"], "lienHe": {"sdt": "riêng", "b": {"c": "riêng"}}}


def test_what_is_not_wanted_never_leaves_the_parser() -> None:
    found = parse(json.dumps(SAID).encode(), ["a.b"])
    assert found == {
        "a": {"b": "giữ", "hoTen": Left("text")},
        "hoTen": Left("array"),
        "lienHe": {"sdt": Left("text"), "b": {"c": Left("text")}},
    }
    assert "riêng" not in repr(found)
    assert dict(fields(found)) == {
        **{"a.b": "text", "a.hoTen": "text", "hoTen": "array"},
        **{"lienHe.sdt": "text", "lienHe.b.c": "text"},
    }


WRITTEN = """
as written             | text                   | type
"x"                    | x                      | text
""                     |                        | text
12345678901234567890   | 12345678901234567890   | number
-0                     | -0                     | number
1.50                   | 1.50                   | number
1E+400                 | 1E+400                 | number
true                   | TRUE                   | bool
false                  | FALSE                  | bool
"""


@pytest.mark.parametrize("line", WRITTEN.strip().splitlines()[1:])
def test_a_value_is_kept_as_written(line: str) -> None:
    written, expected, type_ = (cell.strip() for cell in line.split("|"))
    value = at(parse(f'{{"a": {written}}}'.encode(), ["a"]), "a")
    assert (text(value), type_of(value)) == (expected, type_)


@given(st.integers() | st.decimals(allow_nan=False, allow_infinity=False).map(float))
def test_no_digit_of_a_number_is_lost(number: float) -> None:
    written = json.dumps(number)
    found = parse(written.encode(), [])
    assert isinstance(found, Number)
    assert found == written


PLACES: list[tuple[Any, str, Any]] = [
    ({"a": {"b": "1"}}, "a.b", "1"),
    ({"a": {"b": None}}, "a.b", None),
    ({"a": None}, "a.b", None),
    ({"a": {}}, "a.b", MISSING),
    ({"a": "1"}, "a.b", MISSING),
    ({"a.b": "1"}, "a.b", "1"),
    ({}, "a", MISSING),
    (["1"], "", ["1"]),
]


@pytest.mark.parametrize(("said", "path", "found"), PLACES)
def test_null_and_nothing_are_told_apart(said: Any, path: str, found: Any) -> None:
    assert at(said, path) == found
    assert at(parse(json.dumps(said).encode(), [path]), path) == found


@pytest.mark.parametrize("content", ["", "{", '{"a": 1, "a": 1}', "NaN", "-Infinity", "[" * 100_000, "\xff"])
def test_what_is_no_json_is_refused_without_its_content(content: str) -> None:
    with pytest.raises(ValueError, match=r"^no JSON$") as told:
        parse(content.encode("latin-1"), ["a"])
    assert told.value.__cause__ is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_an_answer_may_be_in_any_form_of_unicode(encoding: str) -> None:
    assert parse('{"a": "Đăng ký"}'.encode(encoding), ["a"]) == {"a": "Đăng ký"}
