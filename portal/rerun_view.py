"""A rerun while it goes on, and what it changed: sources, versions of reports, figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from contracts import clock
from contracts.codes import PartitionState
from contracts.errors import UsageError
from flows.progress import progress
from flows.requests import SourceStand, Stand
from flows.restated import ReportOf, between
from portal.house import House
from portal.operated import Operated
from portal.received import SourceRow
from reporting.annexes.restated import texts_of
from reporting.restatement import Moved
from warehouse import publications, register
from warehouse.register import ReportVersion
from warehouse.requests import Request
from warehouse.stages import Stage, Standing, standings

FIGURES_SHOWN = 15
_WORK = {
    PartitionState.EXPECTED: "đang đọc",
    PartitionState.LANDED: "đang kiểm tra",
    PartitionState.VALIDATED: "đang tổng hợp",
}


@dataclass(frozen=True)
class SourceLine:
    """One source before and now. state: of now."""

    id: str
    name: str
    before: SourceStand | None
    now: SourceStand | None
    state: SourceRow
    was: SourceRow
    working: bool

    @property
    def words(self) -> str:
        return _WORK.get(self.state.state, self.state.words) if self.working else self.state.words


@dataclass(frozen=True)
class Figure:
    """One figure that moved: whose, which, before, after, difference; as printed."""

    whose: str
    label: str
    old: str
    new: str
    change: str


@dataclass(frozen=True)
class NewVersion:
    """A report that has a newer version than before, and how far that has come since. old: None where there was none;
    moved: None where it cannot be told; published: its version that stands published; restated: how many figures of
    that the new one gives otherwise."""

    name: str
    code: str
    stage: Stage
    old: int | None
    new: int
    moved: int | None
    figures: tuple[Figure, ...]
    published: int | None
    restated: int | None


@dataclass(frozen=True)
class RerunView:
    """ended, of: how many of the sources that are to be read have come to an end. elapsed: since it began. new: number
    of new versions; versions: these, once it has ended."""

    asked: Request
    lines: tuple[SourceLine, ...]
    ended: int
    of: int
    elapsed: timedelta | None
    new: int
    versions: tuple[NewVersion, ...]

    @property
    def working(self) -> list[str]:
        return [line.name for line in self.lines if line.working]

    @property
    def restated(self) -> list[NewVersion]:
        """Those that give published figures otherwise, or of which that cannot be told."""
        return [one for one in self.versions if one.restated != 0]


def rerun_view(house: House, of: Operated, asked: Request, now: Stand) -> RerunView:
    """now: how the period stands; of a request that has ended, how it stood then."""
    before = Stand.from_json(asked.before) if asked.before else now
    after = Stand.from_json(asked.after) if asked.after else now
    touched = _touched(asked, before, after)
    begun = {name: before.sources[name].attempt for name in touched if name in before.sources}
    known = of.partitions.values() if asked.is_unfinished and asked.before else ()
    ended, working = progress(known, begun)
    changed = {key: version for key, version in after.reports.items() if before.reports.get(key) != version}
    return RerunView(
        asked=asked,
        lines=tuple(_line(of, name, before, after, working) for name in touched),
        ended=ended,
        of=len(touched),
        elapsed=_elapsed(asked),
        new=len(changed),
        versions=() if asked.is_unfinished else tuple(_versions(house, of, before, changed)),
    )


def _elapsed(asked: Request) -> timedelta | None:
    return asked.lasted or (clock.now() - asked.begun_at if asked.begun_at and asked.is_unfinished else None)


def _touched(asked: Request, before: Stand, after: Stand) -> list[str]:
    """The sources that were asked for, and those that were tried beside them."""
    tried = [name for name, one in after.sources.items() if one.attempt > _attempt(before.sources.get(name))]
    return [*asked.sources, *(name for name in tried if name not in asked.sources)]


def _attempt(one: SourceStand | None) -> int:
    return one.attempt if one else 0


def _line(of: Operated, name: str, before: Stand, after: Stand, working: Sequence[str]) -> SourceLine:
    was, now = before.sources.get(name), after.sources.get(name)
    shown = of.name(name)
    return SourceLine(name, shown, was, now, _row(name, shown, now), _row(name, shown, was), name in working)


def _row(source_id: str, name: str, one: SourceStand | None) -> SourceRow:
    return SourceRow(source_id, name, one.state if one else PartitionState.EXPECTED, "")


Versions = Mapping[tuple[str, str, int], ReportVersion]
"""By scope, code and number."""


def _versions(
    house: House, of: Operated, before: Stand, changed: Mapping[tuple[str, str], int]
) -> Iterator[NewVersion]:
    """In the order of the register; the province's report first."""
    entered = publications.events(house.engine, of.period_id)
    stands, come = publications.standing(entered), standings(entered)
    versions: Versions = {(*v.key, v.version): v for v in register.versions(house.engine, of.period_id)}
    for key, number in changed.items():
        if (new := versions.get((*key, number))) is None:
            continue
        published = stands[key].version if key in stands else None
        found = _moved(house, of, versions.get((*key, before.reports.get(key, 0))), new)
        yield NewVersion(
            name=_name(house, new),
            code=new.unit_code,
            stage=come.get((new.key, number), Standing()).stage,
            old=before.reports.get(key),
            new=number,
            moved=None if found is None else len(found),
            figures=tuple(Figure(*texts_of(one, house.province.units)) for one in (found or ())[:FIGURES_SHOWN]),
            published=published,
            restated=_restated(house, of, versions, new, published),
        )


def _name(house: House, version: ReportVersion) -> str:
    unit = house.unit_with(version.unit_code)
    return unit.name if unit else version.unit_code


def _moved(house: House, of: Operated, old: ReportVersion | None, new: ReportVersion) -> tuple[Moved, ...] | None:
    """None where it cannot be told: there was none before, or one of them did not keep what it printed."""
    unit = house.unit_with(new.unit_code)
    if old is None or unit is None:
        return None
    try:
        return between(house.engine, ReportOf(of.place, unit, new.scope, new.unit_code), old, new).moved
    except UsageError:
        return None


def _restated(house: House, of: Operated, versions: Versions, new: ReportVersion, published: int | None) -> int | None:
    """How many published figures the new version gives otherwise; 0 where nothing of it is published."""
    if published is None or published == new.version:
        return 0
    found = _moved(house, of, versions.get((*new.key, published)), new)
    return None if found is None else len(found)
