"""What a source answers for: its units, from a day on, and where another system has a part, which part is its.

A period is answered for by the sources that are responsible on its cut-off. Two systems may hold dossiers of one unit
(the desk's own and a ministry's): each dossier counts in the one that is responsible for its procedure and channel.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from contracts.codes import Channel
from contracts.configfile import Strict
from contracts.units import UnitTree


class Elsewhere(Strict):
    """Dossiers of the source's units that run in a system that is not read: a note in the report says so.

    what: which dossiers, in Vietnamese; system: where they are; since: from when."""

    what: str
    system: str
    since: date


@dataclass(frozen=True)
class Responsibility:
    """since, until: first and last cut-off; none: without end. channels, procedures: all where empty.
    procedures, except_procedures: eight-character national codes."""

    since: date | None = None
    until: date | None = None
    channels: frozenset[Channel] = frozenset()
    procedures: frozenset[str] = frozenset()
    except_procedures: frozenset[str] = frozenset()

    @property
    def is_whole(self) -> bool:
        """Whether every dossier of its units is its."""
        return not (self.channels or self.procedures or self.except_procedures)

    def in_force(self, cut_off: date) -> bool:
        return (self.since or date.min) <= cut_off <= (self.until or date.max)

    def overlaps(self, other: Responsibility) -> bool:
        """Whether one dossier could be both's, in a period for which both are in force."""
        channels = not self.channels or not other.channels or bool(self.channels & other.channels)
        return channels and self._shares_procedures(other)

    def _shares_procedures(self, other: Responsibility) -> bool:
        mine, theirs = self.procedures - self.except_procedures, other.procedures - other.except_procedures
        if self.procedures and other.procedures:
            return bool(mine & theirs)
        if self.procedures:
            return bool(mine - other.except_procedures)
        return not other.procedures or bool(theirs - self.except_procedures)


class Answering(Protocol):
    """What answers for units: a configured source, or what a report knows of one."""

    @property
    def units(self) -> tuple[str, ...]: ...

    @property
    def responsibility(self) -> Responsibility: ...


S = TypeVar("S", bound=Answering)


def answering(agency_code: str, sources: Collection[S], tree: UnitTree) -> tuple[S, ...]:
    """The sources that answer for a unit, the nearest first: those that name it, or the nearest unit above it; and
    those that name a farther one, for the part of its dossiers that none of the nearer ones has."""
    found: list[S] = []
    code = agency_code
    while code:
        parts = [nearer.responsibility for nearer in found]
        here = [s for s in sources if code in s.units and s not in found]
        found += [s for s in here if not any(s.responsibility.overlaps(part) for part in parts)]
        code = tree.by_agency(code).parent
    return tuple(found)
