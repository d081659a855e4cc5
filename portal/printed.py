"""Where a figure is printed: the newest and the published version of each report that has it, and whether it is the
same there. A version is never changed; figures are, when a source is read or counted again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine

from contracts.units import Unit
from flows.seen import Seen
from portal.shelf import Shelved
from reporting.figure_words import text_of
from reporting.issued import kept_of
from reporting.kept import Cell, Counts
from reporting.restatement import moved
from warehouse.stages import STAGE_LABELS, Stage


@dataclass(frozen=True)
class Printed:
    """One version. text: the figure there; – where it was not known then. same: whether it is what stands now; None
    where the version did not keep what it printed."""

    shelved: Shelved
    text: str
    same: bool | None

    @property
    def stage(self) -> str:
        return STAGE_LABELS[self.shelved.stage]


def newest_and_published(shelf: Sequence[Shelved]) -> list[Shelved]:
    """Of each report, in the order of the shelf."""
    newest = {one.version.key: one for one in shelf}
    return [one for one in shelf if one is newest[one.version.key] or one.stage is Stage.PUBLISHED]


def printed_in(engine: Engine, seen: Seen, shelf: Sequence[Shelved], cell: Cell, unit: Unit) -> Iterator[Printed]:
    """cell: the figure, of that unit. Reports of the unit and of those above it; one that has no such line is left
    out."""
    tree = seen.province.units
    for one in newest_and_published(shelf):
        covers = tree.has_agency(one.unit.agency_code) and unit in tree.subtree(one.unit.agency_code)
        if covers and (found := _printed(engine, seen, one, cell)) is not None:
            yield found


def _printed(engine: Engine, seen: Seen, one: Shelved, cell: Cell) -> Printed | None:
    now = seen.printed(one.unit).get(cell)
    kept = kept_of(engine, one.version)
    if kept is None:
        return None if now is None else Printed(one, "", None)
    then: Counts | None = kept.figures.get(cell)
    if now is None and then is None:
        return None
    return Printed(one, text_of(cell.figure, then), then == now)


def moved_since(engine: Engine, seen: Seen, one: Shelved) -> int | None:
    """How many figures of that version are otherwise now; None where it did not keep what it printed."""
    kept = kept_of(engine, one.version)
    return None if kept is None else len(moved(kept.figures, seen.printed(one.unit)))
