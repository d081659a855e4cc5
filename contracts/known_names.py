"""Names under which one-stop systems keep what we read (data/column_names.toml): proposals for a person to confirm."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from contracts.codes import Channel, ServiceLevel, Status
from contracts.columns import TABLES
from contracts.configfile import plain
from contracts.personal import folded, is_forbidden


@dataclass(frozen=True)
class Match:
    """column: one of ours. found: the system's own name for it. also: other columns there that could be it."""

    column: str
    found: str
    also: tuple[str, ...] = ()


@cache
def _known() -> dict[str, Any]:
    text = files("contracts").joinpath("data/column_names.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def matches(table: str, there: Iterable[str]) -> dict[str, Match]:
    """Our columns of that table → the columns there that go by a known name. A column of personal data, or one that
    looks like it, matches nothing; a column there is proposed once."""
    candidates = [name for name in there if not is_forbidden(name)]
    found: dict[str, Match] = {}
    for column in TABLES[table]:
        taken = {m.found for m in found.values()}
        if fitting := _fitting(_known()["columns"][table][column.name], [c for c in candidates if c not in taken]):
            found[column.name] = Match(column.name, fitting[0], tuple(fitting[1:]))
    return found


def _fitting(names: list[str], there: list[str]) -> list[str]:
    """Those columns that go by one of the names, the better name first."""
    place = {folded(name): rank for rank, name in reversed(list(enumerate(names)))}
    ranked = {name: min(place.get(key, len(names)) for key in _keys(name)) for name in there}
    return sorted((name for name in there if ranked[name] < len(names)), key=ranked.__getitem__)


def _keys(name: str) -> tuple[str, ...]:
    """The whole name; and where a path («trangThai.ma»), or a head above it («Ngày / Tiếp nhận»), stands before its
    last part, that part alone, and the two the other way round («maTrangThai»)."""
    parts = re.split(r" / |\.", name)
    return folded(name), folded(parts[-1]), folded("".join(reversed(parts)))


def label_column(code: str, there: Iterable[str]) -> str:
    """The column there that says in words what that code column of ours (status, channel, service_level, agency) means,
    or ""."""
    candidates = [name for name in there if not is_forbidden(name)]
    return next(iter(_fitting(_known()["labels"].get(code, []), candidates)), "")


def table_rank(table: str, name: str) -> int:
    """1 where a table is called as such tables are, else 0."""
    return int(folded(name.rsplit(".", maxsplit=1)[-1]) in {folded(known) for known in _known()["tables"][table]})


def status_of(label: str) -> Status | None:
    """Group of a status that is written word for word as a known one. A number says nothing."""
    return next((s for s in Status if _says(label, _known()["status"][s])), None)


def channel_of(label: str) -> Channel | None:
    return next((c for c in Channel if _says(label, _known()["channel"][c])), None)


def level_of(label: str) -> ServiceLevel | None:
    """Likewise of a service level."""
    return next((level for level in ServiceLevel if _says(label, _known()["level"][level])), None)


def _says(label: str, words: list[str]) -> bool:
    return plain(label).casefold() in {word.casefold() for word in words}
