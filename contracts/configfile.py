"""Reading a province's TOML and CSV files so that every mistake is told with file and line."""

from __future__ import annotations

import csv
import io
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from contracts.errors import ConfigError

M = TypeVar("M", bound=BaseModel)
_AS_CSV = "mở tệp bằng Excel, chọn Lưu thành… dạng «CSV UTF-8», các cột cách nhau bằng dấu phẩy, rồi chạy lại"


class Strict(BaseModel):
    """A part of a configuration file; an unknown key is a mistake, not a comment."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Mistakes:
    """Gathers the mistakes of several parts of a configuration, so that a person is told all of them at once."""

    def __init__(self) -> None:
        self._found: list[ConfigError] = []

    @contextmanager
    def noted(self) -> Iterator[None]:
        """A ConfigError inside is kept for `tell`, and what comes after goes on."""
        try:
            yield
        except ConfigError as error:
            self._found += [error, *error.others]

    def add(self, mistakes: Iterable[ConfigError]) -> None:
        self._found += mistakes

    def tell(self) -> None:
        """Raise the first of them, if there is one; it carries the others. What sources share is told once."""
        if self._found:
            first, *others = {str(mistake): mistake for mistake in self._found}.values()
            first.others = tuple(others)
            raise first from None


def read_toml(path: Path) -> dict[str, Any]:
    text = _text(path)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+), column (\d+)", str(error))
        line, where = (int(found[1]), f" gần ký tự thứ {found[2]}") if found else (text.count("\n") + 1, " ở cuối tệp")
        raise ConfigError(f"sai cú pháp TOML{where}", file=path, line=line) from None


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise ConfigError(
            "không có tệp này", file=path, advice="kiểm tra tên tệp và thư mục; tệp của một nguồn: docs/add-a-source.md"
        ) from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ConfigError("không phải chữ UTF-8", file=path, line=line, advice="lưu lại tệp dạng UTF-8") from None


def build(
    model: type[M],
    values: dict[str, Any],
    *,
    path: Path,
    fallback: Path | None = None,
    within: tuple[str, ...] = (),
) -> M:
    """Check values against the model; each mistake becomes a ConfigError at the line of its key.

    fallback: file that holds what `path` leaves out. within: the part of the file that the values are."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        mistakes = Mistakes()
        mistakes.add(_mistake(one, path, fallback, within) for one in error.errors())
        mistakes.tell()
        raise


def _mistake(found: ErrorDetails, path: Path, fallback: Path | None, within: tuple[str, ...]) -> ConfigError:
    keys = [*within, *(str(part) for part in found["loc"])]
    if fallback is not None and not _stands_in(path, keys) and _stands_in(fallback, keys):
        path = fallback
    return ConfigError(f"«{'.'.join(keys)}»: {_vietnamese(found)}", file=path, line=line_of(path, keys))


def _stands_in(path: Path, keys: list[str]) -> bool:
    """Whether the file is there and holds that key."""
    there: Any = read_toml(path) if path.exists() else {}
    for key in keys:
        if not isinstance(there, dict) or key not in there:
            return False
        there = there[key]
    return True


_MISTAKES = {
    "missing": "thiếu mục này",
    "extra_forbidden": "mục này không có trong cấu hình (gõ nhầm?)",
    "int": "phải là số nguyên",
    "float": "phải là số",
    "decimal": "phải là số",
    "greater": "số quá nhỏ",
    "less": "số quá lớn",
    "bool": "phải là true hoặc false",
    "string": "phải là chữ trong dấu nháy",
    "list": "phải là danh sách trong ngoặc vuông",
    "tuple": "phải là danh sách trong ngoặc vuông",
}
"""Pydantic's kind of mistake, or its first word, → what is wrong."""


def _vietnamese(mistake: ErrorDetails) -> str:
    kind, more = mistake["type"], mistake.get("ctx", {})
    if kind == "value_error":  # raised by a check of ours
        return str(more["error"])
    if kind in {"literal_error", "enum"}:
        return f"phải là một trong: {more['expected'].replace(' or ', ', ')}"
    return _MISTAKES.get(kind) or _MISTAKES.get(kind.partition("_")[0], "giá trị không hợp lệ")


def line_of(path: Path, keys: list[str]) -> int | None:
    """Line on which the last of the keys stands, or the table that it should stand in."""
    lines = _text(path).splitlines()
    found, tables = 0, ""
    for key in keys:
        if key.isdigit() and (of_list := _heads_of_list(lines, tables)):
            found = of_list[min(int(key), len(of_list) - 1)]
            continue
        tables = rf"{tables}\.{re.escape(key)}" if tables else re.escape(key)
        head, value = re.compile(rf"\s*\[+\s*{tables}\s*\]"), re.compile(rf"\s*{re.escape(key)}\s*=")
        in_table = takewhile(lambda line: not line.lstrip().startswith("["), lines[found:])
        here = next((n for n, line in enumerate(in_table, start=found + 1) if value.match(line)), None)
        there = next((n for n, line in enumerate(lines, start=1) if head.match(line)), None)
        found = here or there or found
    return found or None


def _heads_of_list(lines: list[str], table: str) -> list[int]:
    """Lines on which the parts of a list of tables begin: [[criterion]]. table: its name, as a pattern."""
    head = re.compile(rf"\s*\[\[\s*{table}\s*\]\]")
    return [n for n, line in enumerate(lines, start=1) if head.match(line)]


def read_csv(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows of a CSV file with their line numbers, fields stripped. The head must have these columns, each once."""
    reader = csv.DictReader(io.StringIO(_text(path), newline=""))
    try:
        _check_head(path, list(reader.fieldnames or ()), columns)
        for row in reader:
            if None in row or None in row.values():
                raise ConfigError("số ô không bằng số cột của dòng đầu", file=path, line=reader.line_num)
            yield reader.line_num, {key: (value or "").strip() for key, value in row.items()}
    except csv.Error:
        line = reader.line_num + 1  # the one that it failed at
        raise ConfigError("không đọc được như một tệp CSV", file=path, line=line, advice=_AS_CSV) from None


def _check_head(path: Path, head: list[str], columns: tuple[str, ...]) -> None:
    """Of two columns of one name, one would be read and the other lost without a word."""
    if len(head) == 1 and ";" in head[0]:
        raise ConfigError(
            "các cột cách nhau bằng dấu chấm phẩy, không phải dấu phẩy", file=path, line=1, advice=_AS_CSV
        )
    if twice := [name for name, times in Counter(head).items() if name and times > 1]:
        raise ConfigError(f"có hai cột cùng tên: {', '.join(twice)}", file=path, line=1)
    if missing := [c for c in columns if c not in head]:
        raise ConfigError(f"thiếu cột {', '.join(missing)}", file=path, line=1)


def plain(text: str) -> str:
    """NFC, no white space at the ends, one space for every run of it within: as what a system writes is compared."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def row_of(path: Path, column: str, value: str) -> int | None:
    """Line of the first row of a CSV file that holds the value in that column."""
    return next((line for line, row in read_csv(path, (column,)) if row[column] == value), None)
