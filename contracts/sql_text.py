"""The parts of a query that a person writes (from, where, query.sql), read before any system sees them.

A query names its columns, reads only, and touches no column of personal data (docs/domain.md §8).
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from contracts.errors import ConfigError
from contracts.personal import is_forbidden

_STATEMENT = re.compile(r"\bselect\b", re.IGNORECASE)
OF_A_ROW = frozenset(
    {"concat", "json_agg", "json_agg_strict", "json_build_array", "jsonb_agg", "jsonb_agg_strict", "jsonb_build_array"}
    | {"quote_literal", "quote_nullable", "record_out", "record_send", "row_to_json", "to_json", "to_jsonb"}
)
"""PostgreSQL's functions that write a whole row as text: `h.to_jsonb` is `to_jsonb(h)` where h has no such column."""

_DIALECTS = {"postgresql": "postgres", "mariadb": "mysql", "mysql": "mysql", "sqlserver": "tsql"}


def check_parts(*, kind: str, from_: str, where: str, file: Path, line: int | None = None) -> None:
    """from and where as one query. Raises ConfigError that names what must not stand there."""
    condition = f" WHERE ({where}\n)" if where else ""
    _check(f"SELECT 1 AS x FROM {from_}{condition}", kind, file, line)  # noqa: S608  # read, never run


def check_query(text: str, *, kind: str, file: Path) -> tuple[str, ...]:
    """The names of the columns that query.sql gives. Raises ConfigError."""
    query = _check(text, kind, file, None)
    named = tuple(column.alias_or_name for column in query.selects)
    if "" in named:
        raise ConfigError(f"cột thứ {named.index('') + 1} chưa có tên", file=file, advice="đặt tên bằng AS")
    return named


@lru_cache(maxsize=1024)
def _check(text: str, kind: str, file: Path, line: int | None):  # type: ignore[no-untyped-def]  # sqlglot's expression
    """The query as it was read, which nobody changes: a command asks for its sources several times."""
    import sqlglot  # a third of a second, and only where SQL is read
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    logging.getLogger("sqlglot").setLevel(logging.CRITICAL)
    try:
        found = [s for s in sqlglot.parse(text, read=_DIALECTS.get(kind, kind)) if s is not None]
    except SqlglotError:
        raise ConfigError("câu SQL sai cú pháp", file=file, line=line) from None
    if len(found) != 1 or not isinstance(found[0], exp.Query):
        raise ConfigError("chỉ được có một câu SELECT", file=file, line=line)
    query = found[0]
    changing = (exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.DDL, exp.Command, exp.Into, exp.Lock)
    if next(query.find_all(*changing), None) is not None:
        raise ConfigError("câu SQL chỉ được đọc (SELECT)", file=file, line=line)
    if any(not isinstance(star.parent, exp.Count) for star in query.find_all(exp.Star)):
        raise ConfigError("không được dùng SELECT *", file=file, line=line, advice="ghi tên từng cột cần đọc")
    personal = [name for name in _named(query) if is_forbidden(name)]
    if personal:
        raise ConfigError(f"cột «{personal[0]}» là (hoặc giống) dữ liệu cá nhân, không được đọc", file=file, line=line)
    if hidden := _hidden(query, text, kind):
        raise ConfigError(hidden, file=file, line=line, advice="ghi tên từng cột cần đọc, đúng như trong hệ thống")
    return query


def _named(query: Any) -> Iterator[str]:
    """Every name by which a value can be reached: of columns, of the parts of a record and of a JSON document."""
    from sqlglot import exp

    for node in query.find_all(exp.Column, exp.Dot, exp.JSONPathKey, exp.JSONBExtract, exp.JSONBExtractScalar):
        if isinstance(node, exp.Column):
            yield node.name
        elif isinstance(node, exp.JSONPathKey):
            yield str(node.this)
        else:
            yield from re.findall(r"\w+", node.expression.name)
    paths = (text.name for text in query.find_all(exp.Literal) if text.is_string and text.name.startswith("$"))
    yield from (name for path in paths for name in re.findall(r"\w+", path))


def _hidden(query: Any, text: str, kind: str) -> str:
    """What would read columns whose names nobody sees here: a clause; empty where there is nothing of the kind."""
    from sqlglot import exp

    tables = list(query.find_all(exp.Table))
    if any(table.alias_column_names for table in tables):
        return "không được đặt lại tên các cột của bảng"
    if "/*!" in text or "/*M!" in text:
        return "không được có chú thích mà máy chủ đọc như câu lệnh (/*! */)"
    if any(s.is_string and _STATEMENT.search(s.name) for s in query.find_all(exp.Literal)):
        return "không được có câu SQL trong chuỗi ký tự"
    names = {name.casefold() for table in tables for name in (table.name, table.alias)}
    columns = list(query.find_all(exp.Column)) if kind == "postgresql" else []
    if function := next((c.sql() for c in columns if c.table and c.name.casefold() in OF_A_ROW), ""):
        return f"«{function}» là hàm đọc cả dòng của bảng, tức mọi cột"
    if whole := [c.name for c in columns if not c.table and c.name.casefold() in names]:
        return f"«{whole[0]}» là cả dòng của bảng, tức mọi cột; nếu là tên cột thì ghi kèm tên bảng"
    return ""
