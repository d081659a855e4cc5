"""The structure of a system against an accepted one: which columns are new, lost, moved or of another type, and which
of them figures depend on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from contracts.source_config import ColumnMap, SourceConfig, TableMap, digest
from contracts.table_spec import SqlTable
from warehouse.structures import Names, Structure

_WORDS = re.compile(r"\w+")


@dataclass(frozen=True)
class Watched:
    """A column of the system that figures depend on. mapped: what it is mapped to; none where only the query names it.
    line: all that the configuration says of it, so that a change there shows that somebody has looked."""

    table: str
    name: str
    mapped: tuple[ColumnMap, ...]
    line: str


@dataclass(frozen=True)
class Retyped:
    """A watched column whose type is not the accepted one."""

    column: Watched
    was: str
    now: str

    @property
    def sentence(self) -> str:
        labels = ", ".join(c.column.label for c in self.column.mapped) or "dùng trong câu truy vấn"
        return f"cột «{self.column.name}» ({labels}) đổi kiểu: trước là {self.was}, nay là {self.now}"


def watched(source: SourceConfig, structure: Names) -> list[Watched]:
    """The columns of that structure that the column map or the query names. Databases tell theirs as table.column, and
    may write a name in other letters than the column map."""
    found = []
    for name, table in source.tables.items():
        words = _words(table)
        for column in structure.get(name, {}):
            mapped = tuple(c for c in table.columns if _is(c.source_column, column, table))
            if mapped or _last(column) in words:
                found.append(Watched(name, column, mapped, _line(source, table, mapped)))
    return found


def retyped(accepted: Sequence[Structure], source: SourceConfig, now: Names) -> Iterator[Retyped]:
    """Watched columns whose type differs from the one accepted when the configuration last said of them what it says
    now. Where it says something else, somebody has looked. accepted: the newest first."""
    for column in watched(source, now):
        was, is_ = _accepted_type(accepted, column), now[column.table][column.name]
        if was and is_ and _kind_of(was) != _kind_of(is_):
            yield Retyped(column, was, is_)


def others(before: Names, now: Names, *, told: Sequence[Retyped] = ()) -> Iterator[str]:
    """Sentences on new, lost, moved and retyped columns; told: those that are told of already."""
    for table in now:
        if table not in before:
            yield f"bảng mới: «{table}»"
            continue
        already = {one.column.name for one in told if one.column.table == table}
        yield from _of_table(table, before[table], now[table], already)
    yield from (f"bảng không còn: «{table}»" for table in before if table not in now)


def _of_table(table: str, was: Mapping[str, str], now: Mapping[str, str], already: set[str]) -> Iterator[str]:
    yield from _listed("cột mới", table, [c for c in now if c not in was])
    yield from _listed("cột không còn", table, [c for c in was if c not in now])
    kept = [c for c in now if c in was]
    for c in kept:
        if was[c] and now[c] and was[c] != now[c] and c not in already:
            yield f"cột đổi kiểu: «{c}» (bảng {table}), trước là {was[c]}, nay là {now[c]}"
    if kept != [c for c in was if c in now]:
        yield f"thứ tự các cột đã đổi (bảng {table})"


def _listed(what: str, table: str, columns: list[str]) -> Iterator[str]:
    if columns:
        yield f"{what}: {', '.join(f'«{c}»' for c in columns)} (bảng {table})"


def _is(source_column: str, column: str, table: TableMap) -> bool:
    if isinstance(table.spec, SqlTable):
        return _last(source_column) == _last(column)
    return source_column == column


def _last(name: str) -> str:
    return name.rsplit(".", maxsplit=1)[-1].casefold()


def _words(table: TableMap) -> set[str]:
    """What a query says: a condition on a column of another type may let other rows through."""
    spec = table.spec
    said = f"{spec.from_} {spec.where} {spec.query}" if isinstance(spec, SqlTable) else ""
    return {word.casefold() for word in _WORDS.findall(said)}


def _line(source: SourceConfig, table: TableMap, mapped: tuple[ColumnMap, ...]) -> str:
    if mapped:
        return "; ".join(f"{c.column.name}, {c.source_column}, {c.format}, {source.kind}" for c in mapped)
    return f"{source.kind} {digest(table.spec.model_dump())[:16]}"


def _accepted_type(accepted: Sequence[Structure], column: Watched) -> str:
    """Empty where it was never accepted so; an interface that gave no value told no type."""
    for one in accepted:
        same = one.mapping.get(column.table, {}).get(column.name) == column.line
        if same and (type_ := one.structure.get(column.table, {}).get(column.name)):
            return type_
    return ""


def _kind_of(type_: str) -> str:
    """A text that may be longer than before is the same kind of thing; a number with other decimals is not."""
    name, length, _ = type_.partition("(")
    return name.strip() if length and "char" in name else type_
