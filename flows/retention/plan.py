"""What would go by the province's policy, how much that is, by which rule; and what stays, and why. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal

from sqlalchemy import Engine

from contracts import clock
from contracts.periods import parse_period
from contracts.province import Province
from contracts.retention import Term
from contracts.settings import Settings
from flows.retention.rule import (
    LandingKnown,
    VersionKnown,
    needed,
    outlived_landings,
    outlived_versions,
)
from reporting.issued import kept_by
from storage import finished
from warehouse import audit_proof, retained
from warehouse.database import reading
from warehouse.printed import VersionKey
from warehouse.retained import REMOVED, VersionEntered

Rule = Literal["drafts", "landings", "quarantine", "made_again", "unfinished", "logs"]
MADE_AGAIN = ("marked", "quality", "feedback", "return-forms")
LATEST_PERIODS = 2
"""Of these periods, by cut-off, quarantine keeps its codes: continuity is told by them."""


@dataclass
class Goes:
    """paths: files and folders, by their places here, also what the shared store alone has; versions: reports whose
    files go; periods: whose codes go. rows: of the warehouse; size: bytes, of what lies here."""

    rule: Rule
    term: Term
    paths: list[Path] = field(default_factory=list)
    versions: list[VersionKey] = field(default_factory=list)
    periods: list[str] = field(default_factory=list)
    rows: int = 0
    size: int = 0

    @property
    def is_nothing(self) -> bool:
        return not (self.paths or self.versions or self.periods)


@dataclass(frozen=True)
class Stays:
    """What is kept for ever, counted: versions that are newest, versions of which something became, extracts that
    something rests on, entries of the audit trail."""

    newest: int
    decided: int
    landings: int
    audit_entries: int


@dataclass(frozen=True)
class Plan:
    goes: tuple[Goes, ...]
    stays: Stays
    at: datetime

    @property
    def is_nothing(self) -> bool:
        return all(one.is_nothing for one in self.goes)

    @property
    def versions(self) -> list[VersionKey]:
        return [key for one in self.goes for key in one.versions]


def planned(engine: Engine, province: Province, settings: Settings) -> Plan:
    return _Planning(engine, province, settings).planned()


@dataclass
class _Planning:
    engine: Engine
    province: Province
    settings: Settings

    def planned(self) -> Plan:
        with reading(self.engine) as connection:
            entered = retained.versions(connection)
            counted = list(retained.counted_landings(connection))
            codes = retained.codes_in_quarantine(connection)
        policy = self.province.file.retention
        versions = {one.key: self._known(one) for one in entered}
        gone = outlived_versions(list(versions.values()), before=_before(policy.drafts))
        landings = list(self._landings())
        held = {(source, landing) for _, source, landing in counted}
        outlived = list(
            outlived_landings(landings, list(versions.values()), held, gone=gone, before=_before(policy.landings))
        )
        goes = (
            self._drafts(policy.drafts, entered, {(*one.report, one.version) for one in gone}),
            self._paths("landings", policy.landings, map(self._folder, outlived)),
            self._quarantine(policy.quarantine, codes),
            self._paths("made_again", policy.made_again, self._made_again(_before(policy.made_again))),
            self._paths("unfinished", policy.unfinished, self._unfinished(_before(policy.unfinished))),
            self._paths("logs", policy.logs, self._logs(_before(policy.logs))),
        )
        kept = needed(list(versions.values()))
        decided = sum(one.events or one.signed for one in kept)
        trail = audit_proof.prove(self.engine).entries
        return Plan(goes, Stays(len(kept) - decided, decided, len(landings) - len(outlived), trail), clock.now())

    def _known(self, one: VersionEntered) -> VersionKnown:
        period_id, scope, unit_code, version = one.key
        kept = kept_by(self.engine, period_id, (scope, unit_code), version)
        landings = (
            None
            if kept is None
            else frozenset((source.id, source.landing_id) for source in kept.basis.sources if source.landing_id)
        )
        printed = one.created_at.astimezone(clock.VIETNAM).date()
        removed = one.status == REMOVED
        return VersionKnown(one.key[:3], version, printed, bool(one.events), bool(one.signed), landings, removed)

    def _drafts(self, term: Term, entered: Iterable[VersionEntered], gone: set[VersionKey]) -> Goes:
        goes = Goes("drafts", term)
        for one in entered:
            if one.key in gone:
                there = [Path(path) for path in one.files if finished.has(Path(path))]
                goes.paths += there
                goes.size += sum(map(_size, there))
                if one.status != REMOVED:
                    goes.versions.append(one.key)
        return goes

    def _quarantine(self, term: Term, codes: dict[str, int]) -> Goes:
        before, goes = _before(term), Goes("quarantine", term)
        newest = sorted(codes, key=self._cut_off)[-LATEST_PERIODS:]
        for period_id, rows in codes.items():
            if before is not None and self._cut_off(period_id) < before and period_id not in newest:
                goes.periods.append(period_id)
                goes.rows += rows
        return goes

    def _cut_off(self, period_id: str) -> date:
        return parse_period(period_id, rule=self.province.file.period_rule).cut_off

    def _paths(self, rule: Rule, term: Term, paths: Iterable[Path]) -> Goes:
        found = sorted(paths)
        return Goes(rule, term, paths=found, size=sum(map(_size, found)))

    @property
    def _home(self) -> Path:
        return self.settings.province_home(self.province.id)

    def _landings(self) -> Iterator[LandingKnown]:
        for source in finished.folders(self._home / "landing"):
            for period in finished.folders(source):
                for folder in finished.folders(period):
                    if not folder.name.startswith(".") and (folder.is_dir() or finished.others(folder)):
                        yield LandingKnown(source.name, period.name, folder.name, self._cut_off(period.name))

    def _folder(self, one: LandingKnown) -> Path:
        return self._home / "landing" / one.source_id / one.period_id / one.landing_id

    def _unfinished(self, before: date | None) -> Iterator[Path]:
        for folder in (self._home / "landing").glob("*/*/.*"):
            if folder.is_dir() and _is_older(folder, before):
                yield folder

    def _made_again(self, before: date | None) -> Iterator[Path]:
        for name in MADE_AGAIN:
            yield from (path for path in (self._home / name).rglob("*") if path.is_file() and _is_older(path, before))

    def _logs(self, before: date | None) -> Iterator[Path]:
        for folder in (self._home / "logs", self.settings.home / "logs"):
            yield from (path for path in folder.glob("*.log") if path.is_file() and _is_older(path, before))


def _before(term: Term) -> date | None:
    """What is older than this day has outlived its term; None: nothing ever does."""
    return None if isinstance(term.days, str) else clock.today() - timedelta(days=term.days)


def _is_older(path: Path, before: date | None) -> bool:
    written = datetime.fromtimestamp(path.stat().st_mtime, clock.VIETNAM).date()
    return before is not None and written < before


def _size(path: Path) -> int:
    """0 of what the shared store alone has."""
    if path.is_dir():
        return sum(_size(one) for one in path.iterdir())
    return path.stat().st_size if path.exists() else 0
