"""The reports as lines of a list: one a report, with the version that counts, and what a reader asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from contracts.codes import Level
from contracts.errors import UsageError
from contracts.period_kinds import PeriodKind, kind_of
from contracts.periods import Period, parse_period, period_rules
from contracts.units import Unit
from portal.house import House
from portal.people import Person
from portal.shelf import Shelved, all_shelves, seen_since
from warehouse.stages import Stage

PAGE = 50
"""Lines of a page."""
_STANDS = {Stage.APPROVED, Stage.PUBLISHED}


@dataclass(frozen=True)
class Line:
    """One report. versions: all that the person may see, the newest first; is_new: whether one of them came to be seen
    since the person's last visit."""

    period: Period
    unit: Unit
    versions: tuple[Shelved, ...]
    is_new: bool

    @property
    def current(self) -> Shelved:
        """The newest version that was approved or published; before there is one, the newest."""
        return current_of(self.versions)

    @property
    def newest(self) -> Shelved:
        return self.versions[0]

    @property
    def newer(self) -> Shelved | None:
        """A version that was printed since the one that counts, and is not yet approved."""
        return self.newest if self.newest is not self.current else None

    @property
    def published(self) -> Shelved | None:
        """The version that stands published, where another one counts."""
        found = next((one for one in self.versions if one.stage is Stage.PUBLISHED), None)
        return found if found is not self.current else None

    @property
    def stages(self) -> set[Stage]:
        return {self.current.stage, self.newest.stage}

    @property
    def code(self) -> str:
        """What the register calls the report's unit."""
        return self.newest.version.unit_code

    @property
    def href(self) -> str:
        return f"/bao-cao/{self.period.id}/{self.code}"


@dataclass(frozen=True)
class Wanted:
    """What a reader asked for; None, "" and False: whatever. codes: of the units that fit what was typed."""

    period: str = ""
    kind: PeriodKind | None = None
    level: Level | None = None
    stage: Stage | None = None
    only_new: bool = False
    codes: Collection[str] | None = None

    def fits(self, line: Line) -> bool:
        return (
            self.period in {"", line.period.id}
            and self.kind in {None, kind_of(line.period.id)}
            and self.level in {None, line.unit.level}
            and (self.stage is None or self.stage in line.stages)
            and (not self.only_new or line.is_new)
            and (self.codes is None or line.code in self.codes)
        )


def current_of(versions: Sequence[Shelved]) -> Shelved:
    """Of the versions of one report, the newest first: the one that counts."""
    return next((one for one in versions if one.stage in _STANDS), versions[0])


def lines_of(house: House, person: Person, shelved: Iterable[Shelved] | None = None) -> list[Line]:
    """One line a report that the person may see: the newest period first, the units in the catalogue's order.

    shelved: versions that the person may see, where not all are wanted."""
    reports: dict[tuple[str, str], list[Shelved]] = defaultdict(list)
    for one in all_shelves(house, person) if shelved is None else shelved:
        reports[one.version.period_id, one.version.unit_code].append(one)
    rank = house.rank_of_units
    found = [_line(house, person, versions) for versions in reports.values()]
    return sorted(found, key=lambda line: (_newest_first(line.period), rank[line.unit.agency_code]))


def _line(house: House, person: Person, versions: list[Shelved]) -> Line:
    period = period_with(versions[0].version.period_id, house.province.file.period_rule)
    ordered = tuple(sorted(versions, key=lambda one: -one.version.version))
    return Line(period, versions[0].unit, ordered, any(is_new(person, one) for one in versions))


def is_new(person: Person, one: Shelved) -> bool:
    """Whether the version came to be seen since the person's last visit; nothing is new on the first."""
    before = person.account.visited_before_at
    return before is not None and seen_since(person, one) > before


def periods_in(lines: Iterable[Line]) -> list[Period]:
    """Each once, in the order of the lines."""
    return list(dict.fromkeys(line.period for line in lines))


def _newest_first(period: Period) -> tuple[int, int, str]:
    """Of periods that end on one day the shorter first."""
    return -period.cut_off.toordinal(), -period.forms.first_day.toordinal(), period.id


@lru_cache(maxsize=4096)
def period_with(name: str, rule: str) -> Period:
    """The period of that name: by the province's rule of today, or, of a time before that was in force, by the first of
    the others that held. Raises UsageError where there is no such period."""
    for other in period_rules():
        if other != rule and not _holds(name, rule) and _holds(name, other):
            return parse_period(name, rule=other)
    return parse_period(name, rule=rule)


def _holds(name: str, rule: str) -> bool:
    try:
        parse_period(name, rule=rule)
    except UsageError:
        return False
    return True
