"""Looking at a system that nobody has described yet: its tables and columns, the codes that it uses.

What may be looked at is narrow (docs/domain.md §8): names and types of columns; the distinct codes of a column that
goes by the name of a status, a channel or an agency; and of a text that goes by the name of a date its shape alone
(«99/99/9999»). A column of personal data, or one that looks like it, is named and never touched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pkgutil import resolve_name
from typing import Protocol, cast

from contracts.source_config import SourceConfig
from contracts.table_spec import AnyTable, Kind
from sources.reader import open_reader

MOST_CODES = 60
LONGEST_CODE = 60
"""A column with more distinct values, or longer ones, is no list of codes: nothing of it is shown."""

BELOW = " → "
"""Between an interface's path and the place in its answer where the rows are, in a found table's name."""

UNKNOWN_FORMAT = "?"
"""Format of a date that nobody could tell; the check refuses it until a person has."""

EXPLORERS: Mapping[Kind, str] = {
    "sqlite": "sources.exploring.explore_sql:SqlExplorer",
    "postgresql": "sources.exploring.explore_sql:SqlExplorer",
    "mariadb": "sources.exploring.explore_sql:SqlExplorer",
    "mysql": "sources.exploring.explore_sql:SqlExplorer",
    "sqlserver": "sources.exploring.explore_sql:SqlExplorer",
    "oracle": "sources.exploring.explore_sql:SqlExplorer",
    "excel": "sources.exploring.explore_files:FileExplorer",
    "csv": "sources.exploring.explore_files:FileExplorer",
    "rest": "sources.exploring.explore_rest:RestExplorer",
}


@dataclass(frozen=True)
class FoundTable:
    """A table, a view, a sheet, a file or a list of rows in an answer.

    columns: name → type as the system calls it. spec: what [tables.…] of a source.toml says to find it again. note:
    what a person has to look at."""

    name: str
    columns: Mapping[str, str]
    spec: AnyTable
    note: str = ""


@dataclass(frozen=True)
class Code:
    """A code that the system uses, and its own words for it, where it has some."""

    code: str
    label: str = ""


@dataclass(frozen=True)
class DateColumn:
    """name: of the column. format: as in a column map, UNKNOWN_FORMAT where it could not be told. typed: whether the
    system itself holds it as a date. note: what a person should look at. zoned: whether a typed one is a moment whose
    day the system would tell in another zone than Vietnam's."""

    name: str
    format: str
    typed: bool = False
    note: str = ""
    zoned: bool = False


@dataclass(frozen=True)
class WindowColumns:
    """The columns that decide whether a period needs a row. closed: the status codes that are known to mean done or
    withdrawn."""

    received: DateColumn | None
    end: DateColumn | None
    status: str = ""
    closed: tuple[str, ...] = ()


class Explorer(Protocol):
    """Made from an open reader. Raises SourceUnreachable and its kin, as the reader does."""

    def tables(self, wanted: str = "") -> list[FoundTable]:
        """What there is. wanted: the path of an interface, which does not say by itself what it has."""

    def unreadable(self, table: FoundTable, columns: list[str]) -> list[str]:
        """Those of the columns that the account may not read."""

    def codes(self, table: FoundTable, column: str, label: str) -> list[Code] | None:
        """The distinct codes of a column, sorted; None where it is no list of codes, or was not read in time."""

    def date(self, table: FoundTable, column: str) -> DateColumn: ...

    def where(self, columns: WindowColumns) -> str:
        """Which rows a period needs; empty where the kind does not filter."""


@contextmanager
def open_explorer(source: SourceConfig) -> Iterator[Explorer]:
    """Look at that system through the reader of its kind, and so as its guest, read-only, with its time-out.
    `source.tables` may be empty. Raises what `open_reader` raises."""
    kind = resolve_name(EXPLORERS[source.kind])
    with open_reader(source) as reader:
        yield cast(Explorer, kind(reader))
