"""Whether the audit trail is as it was entered: each entry against its digest, against the one before, and against
the marks beside the warehouse. Reads in a stream, and believes no cell: whoever changed one may have left anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, String, select, type_coerce

from warehouse import audit_marks, tables
from warehouse.audit import Entry, digest_of
from warehouse.audit_marks import Mark
from warehouse.database import is_postgresql, reading

AT_ONCE = 5_000
_table = tables.audit_entry
_NAMES = tuple(Entry.__dataclass_fields__)


class FaultKind(StrEnum):
    """CHANGED: the entry is not what its digest was made of. MISSING: numbers that are not there, in the middle or at
    the beginning. TAIL: marks that are newer than the last entry. REWRITTEN: sound in itself, but its mark is another
    one. UNLINKED: two entries, each sound in itself, of which the second does not follow the first. REPLACED: another
    entry stood there once. NOTED: not the entry whose digest somebody wrote down."""

    CHANGED = "changed"
    MISSING = "missing"
    TAIL = "tail"
    REWRITTEN = "rewritten"
    UNLINKED = "unlinked"
    REPLACED = "replaced"
    NOTED = "noted"


@dataclass
class Fault:
    """first, last: numbers of entries, both meant."""

    kind: FaultKind
    first: int
    last: int


@dataclass
class Proof:
    """entries: how many were read; head: the last of them. marks: how many are beside the warehouse, in `folder`;
    unmarked: entries without one, as ranges: of another machine, or not entered by this program."""

    entries: int = 0
    head: Mark | None = None
    folder: Path | None = None
    marks: int = 0
    unmarked: list[tuple[int, int]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        return not self.faults


def prove(engine: Engine, *, noted: Mark | None = None) -> Proof:
    """noted: number and (the beginning of) the digest that somebody wrote down once."""
    with reading(engine) as connection:
        folder = audit_marks.folder_of(connection)
        marked = _marked(folder)
        walk = _Walk(Proof(folder=folder, marks=sum(map(len, marked.values()))), marked, noted)
        for row in _rows(connection, engine):
            walk.take(row)
    return walk.ended()


def _marked(folder: Path | None) -> dict[int, set[str]]:
    """Number → digests; more than one where another entry took the place of one that was removed."""
    found: dict[int, set[str]] = {}
    for mark in audit_marks.marks(folder) if folder else ():
        found.setdefault(mark.number, set()).add(mark.digest)
    return found


def _rows(connection: Connection, engine: Engine) -> Iterator[Mapping[str, Any]]:
    """Moments as they are kept: a text that is none must not stop the reading."""
    at = _table.c.at if is_postgresql(engine) else type_coerce(_table.c.at, String).label("at")
    columns = [at if name == "at" else _table.c[name] for name in _NAMES]
    if not is_postgresql(engine):
        driver: Any = connection.connection.dbapi_connection
        driver.text_factory = _told  # bytes that are no text, too
    with closing(connection.execution_options(yield_per=AT_ONCE).execute(select(*columns).order_by("number"))) as found:
        for row in found:
            yield dict(zip(_NAMES, row, strict=True))


def _told(octets: bytes) -> str:
    return octets.decode("utf-8", "surrogateescape")


def _is_own(row: Mapping[str, Any]) -> bool:
    """Whether the entry is what its digest was made of."""
    said = {name: row[name] for name in _NAMES if name != "digest"}
    try:
        if isinstance(said["at"], str):
            said["at"] = datetime.fromisoformat(said["at"])
        return bool(digest_of(said) == row["digest"])
    except (TypeError, ValueError, AttributeError, OverflowError):  # no moment, no text, no UTF-8: not what we enter
        return False


@dataclass
class _Walk:
    """Along the chain. before: the entry that was taken last, and whether a fault is known of it already."""

    proof: Proof
    marked: dict[int, set[str]]
    noted: Mark | None
    before: Mark = field(default_factory=lambda: Mark(0, ""))
    suspect: bool = False

    def take(self, row: Mapping[str, Any]) -> None:
        self.proof.entries += 1
        number, own = row["number"], _is_own(row)
        if not isinstance(number, int) or number <= self.before.number:  # SQLite keeps anything anywhere
            self._tell(FaultKind.CHANGED, self.before.number + 1)
            return
        gap = number > self.before.number + 1
        if gap:
            self._tell(FaultKind.MISSING, self.before.number + 1, number - 1)
            for absent in [known for known in self.marked if self.before.number < known < number]:
                del self.marked[absent]
        marks = self.marked.pop(number, set())
        linked = gap or row["before"] == self.before.digest
        fault = self._fault(row, marks, own=own, linked=linked)
        if fault is not None:
            self._tell(fault, number - 1 if fault is FaultKind.UNLINKED else number, number)
        if not marks:
            self._without_mark(number)
        self._compare_with_note(number, row["digest"])
        self.before, self.suspect = Mark(number, str(row["digest"])), fault not in {None, FaultKind.UNLINKED}
        self.proof.head = self.before

    def _fault(self, row: Mapping[str, Any], marks: set[str], *, own: bool, linked: bool) -> FaultKind | None:
        if not own:
            return FaultKind.CHANGED
        if marks and row["digest"] not in marks:
            return FaultKind.REWRITTEN
        if not linked and not self.suspect:
            return FaultKind.UNLINKED
        return FaultKind.REPLACED if len(marks) > 1 else None

    def ended(self) -> Proof:
        last = self.before.number
        if newer := [number for number in self.marked if number > last]:
            self._tell(FaultKind.TAIL, last + 1, max(newer))
        if self.noted is not None and self.noted.number > last:
            if newer:
                self._tell(FaultKind.NOTED, self.noted.number)
            else:
                self._tell(FaultKind.TAIL, last + 1, self.noted.number)
        return self.proof

    def _compare_with_note(self, number: int, digest: str) -> None:
        if self.noted and self.noted.number == number and not digest.startswith(self.noted.digest):
            self._tell(FaultKind.NOTED, number)

    def _without_mark(self, number: int) -> None:
        ranges = self.proof.unmarked
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))

    def _tell(self, kind: FaultKind, first: int, last: int | None = None) -> None:
        """A fault, or one more entry of the one before."""
        faults, last = self.proof.faults, first if last is None else last
        before = next((fault for fault in reversed(faults) if fault.kind is kind), None)
        if before is not None and before.last == first - 1 and kind in _RUNS:
            before.last = last
        else:
            faults.append(Fault(kind, first, last))


_RUNS = {FaultKind.CHANGED, FaultKind.REWRITTEN, FaultKind.REPLACED}
