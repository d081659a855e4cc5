"""What a rerun would do, why, and what depends on it: shown before anybody begins one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Engine

from contracts.codes import PartitionState
from flows.job import Action
from flows.place import find_place, stored_as_of
from flows.plan import ACTION_WORDS, Step, plan, told
from portal.house import House
from portal.operated import Operated
from portal.shelf import Shelved
from warehouse import ledger, requests
from warehouse.stages import STAGE_LABELS


@dataclass(frozen=True)
class Doing:
    """What will be done to these sources, and why. took: of the longest of them, when it last came to figures."""

    words: str
    reason: str
    names: tuple[str, ...]
    took: timedelta | None


@dataclass(frozen=True)
class Dependent:
    """A report that may get a new version. stays: its versions that are approved or published, in words; a new version
    would be a draft beside them."""

    name: str
    newest: int
    stays: tuple[str, ...]


@dataclass(frozen=True)
class Preview:
    """took: how long the last rerun from here took, None before the first."""

    doing: tuple[Doing, ...]
    dependents: tuple[Dependent, ...]
    took: timedelta | None

    @property
    def beside(self) -> bool:
        return any(one.stays for one in self.dependents)


def preview(house: House, of: Operated, sources: Sequence[str], *, fresh: bool, shelf: Iterable[Shelved]) -> Preview:
    """Raises UsageError, ConfigError where it cannot be done at all."""
    place = find_place(
        of.period_id, province=str(house.settings.province_folder), as_of=stored_as_of(of.place).isoformat()
    )
    steps = plan(place, only=sources, fresh=fresh)
    took = _took(house.engine, of.period_id, steps)
    doing = tuple(
        Doing(
            ACTION_WORDS[action],
            reason,
            tuple(s.job.source.name for s in ones),
            max((took[s.job.source.id] for s in ones if s.job.source.id in took), default=None),
        )
        for action, reason, ones in told(steps)
    )
    done = (one.lasted for one in requests.recent(house.engine, of.period_id, at_most=20) if one.state == "done")
    return Preview(doing, tuple(_dependents(house, steps, shelf)), next((d for d in done if d is not None), None))


def _took(engine: Engine, period_id: str, steps: Iterable[Step]) -> dict[str, timedelta]:
    """Source → how long its newest attempt took that came to figures; none of one that never did."""
    found = {}
    for source_id in (s.job.source.id for s in steps if s.action is not Action.KEEP):
        history = ledger.history(engine, period_id, source_id)
        loaded = [event for event in history if event.state is PartitionState.LOADED]
        if loaded:
            begun = next(event for event in history if event.attempt == loaded[-1].attempt)
            found[source_id] = loaded[-1].at - begun.at
    return found


def _dependents(house: House, steps: Iterable[Step], shelf: Iterable[Shelved]) -> Iterator[Dependent]:
    """Reports of the units of the sources that will be read or counted, of those above them and of those below."""
    units = {unit for s in steps if s.action is not Action.KEEP for unit in s.job.source.units}
    below = {agency for unit in units for agency in house.agencies_below(unit)}
    versions: dict[tuple[str, str], list[Shelved]] = {}
    for one in shelf:
        if one.unit.agency_code in below or house.agencies_below(one.unit.agency_code) & units:
            versions.setdefault(one.version.key, []).append(one)
    for ones in versions.values():
        stays = tuple(f"bản {o.version.version} {STAGE_LABELS[o.stage]}" for o in ones if o.is_frozen)
        yield Dependent(ones[-1].unit.name, ones[-1].version.version, stays)
