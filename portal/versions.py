"""The versions of one report beside each other: why each gave way to the next, and how many figures moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise

from sqlalchemy import Engine

from portal.house import House
from portal.shelf import Shelved
from reporting.annexes.restated import texts_of
from reporting.basis import Difference, differences
from reporting.issued import kept_of
from reporting.restatement import moved, ranked
from warehouse.register import ReportVersion

SHOWN = 200
"""Moved figures on a page: whoever wants all of thousands takes the workbook."""


@dataclass(frozen=True)
class Step:
    """A version, and the next newer one that the reader may see. moved: how many figures that one gives otherwise; None
    where it cannot be told, or nothing came after."""

    shelved: Shelved
    after: Shelved | None = None
    moved: int | None = None


@dataclass(frozen=True)
class MovedFigure:
    whose: str
    figure: str
    old: str
    new: str
    change: str


@dataclass(frozen=True)
class Comparison:
    """What moved between two versions. count: of all; figures: the first of them; None where one of the versions was
    printed before figures were kept."""

    count: int
    figures: tuple[MovedFigure, ...]
    differences: tuple[Difference, ...]


def steps(house: House, versions: Sequence[Shelved]) -> list[Step]:
    """The newest first, as given."""
    found = [Step(versions[0])]
    for newer, older in pairwise(versions):
        found.append(Step(older, newer, moved_between(house, older.version, newer.version)))
    return found


def as_of(house: House, version: ReportVersion) -> date | None:
    """The day up to which the version's figures were counted; None where that was not kept."""
    kept = kept_of(house.engine, version)
    return date.fromisoformat(kept.basis.as_of) if kept else None


def moved_between(house: House, old: ReportVersion, new: ReportVersion) -> int | None:
    return _moved_between(house.engine, old, new)


@lru_cache(maxsize=4096)
def _moved_between(engine: Engine, old: ReportVersion, new: ReportVersion) -> int | None:
    """What a version printed never changes, so this is asked once."""
    was, now = kept_of(engine, old), kept_of(engine, new)
    return None if was is None or now is None else len(moved(was.figures, now.figures))


def compare(house: House, old: Shelved, new: Shelved) -> Comparison | None:
    was, now = kept_of(house.engine, old.version), kept_of(house.engine, new.version)
    if was is None or now is None:
        return None
    found = ranked(moved(was.figures, now.figures), root=old.unit.agency_code, order=house.rank_of_units)
    shown = tuple(MovedFigure(*texts_of(one, house.province.units)) for one in found[:SHOWN])
    return Comparison(len(found), shown, tuple(differences(was.basis, now.basis)))
