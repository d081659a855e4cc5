"""Two versions of one report beside each other: the figures that moved between them, and what else differs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Engine

from contracts.errors import UsageError
from contracts.units import Unit
from flows.place import Place
from reporting.basis import Difference, differences
from reporting.issued import kept_by
from reporting.kept import Kept
from reporting.restatement import Moved, moved, ranked
from reporting.scope import report_key
from warehouse import publications, register
from warehouse.publications import Publication
from warehouse.register import ReportVersion, Scope
from warehouse.stages import Stage
from warehouse.stages import standings as stages_of


@dataclass(frozen=True)
class ReportOf:
    """One report of a period: its unit, and how the register calls it."""

    place: Place
    unit: Unit
    scope: Scope
    code: str

    @property
    def key(self) -> tuple[Scope, str]:
        return self.scope, self.code

    def versions(self, engine: Engine) -> list[ReportVersion]:
        """The oldest first. Raises UsageError where there is none."""
        found = [v for v in register.versions(engine, self.place.period.id) if (v.scope, v.unit_code) == self.key]
        if not found:
            wanted = f" --unit {self.code}" if self.scope == "unit" else ""
            raise UsageError(
                f"kỳ {self.place.period.id} chưa có báo cáo của {self.unit.name}",
                advice=f"cchc report {self.place.period.id}{wanted}",
            )
        return found

    def version(self, engine: Engine, number: int | None) -> ReportVersion:
        """The newest where no number is given. Raises UsageError where there is no such version."""
        known = {v.version: v for v in self.versions(engine)}
        chosen = max(known) if number is None else number
        if chosen not in known:
            listed = ", ".join(map(str, known))
            raise UsageError(f"báo cáo không có bản {chosen}", advice=f"các bản đã có: {listed}")
        return known[chosen]


@dataclass(frozen=True)
class Between:
    """What moved from one version to another. old, new: their numbers."""

    report: ReportOf
    old: int
    new: int
    moved: tuple[Moved, ...]
    differences: tuple[Difference, ...]


def report_of(place: Place, unit_code: str | None) -> ReportOf:
    """The province's report, or that of a unit. Raises UsageError where there is no such unit."""
    tree = place.province.units
    unit = tree.root if unit_code is None else tree.find(unit_code, on=min(place.period.cut_off, place.as_of))
    return ReportOf(place, unit, *report_key(unit, tree))


def between(engine: Engine, report: ReportOf, old: ReportVersion, new: ReportVersion) -> Between:
    """Raises UsageError where one of them was printed before figures were kept."""
    was, now = (kept(engine, one) for one in (old, new))
    order = {unit.agency_code: place for place, unit in enumerate(report.place.province.units)}
    return Between(
        report=report,
        old=old.version,
        new=new.version,
        moved=ranked(moved(was.figures, now.figures), root=report.unit.agency_code, order=order),
        differences=differences(was.basis, now.basis),
    )


def kept(engine: Engine, version: ReportVersion) -> Kept:
    """What that version printed. Raises UsageError where it was printed before that was kept."""
    found = kept_by(engine, version.period_id, (version.scope, version.unit_code), version.version)
    if found is None:
        raise UsageError(
            f"bản {version.version} không có số liệu lưu kèm, vì được in bằng bản cchc cũ",
            advice=f"in lại rồi dùng bản mới nhất: cchc report {version.period_id}",
        )
    return found


@dataclass(frozen=True)
class Standing:
    """What is to be said of a report beside its newest version. published: the publication that stands; restated: how
    many figures the newest version gives otherwise; None where that cannot be told. file_is_whole: whether the
    published file is as it was; stage: of the newest version."""

    published: Publication | None
    restated: int | None = 0
    file_is_whole: bool = True
    stage: Stage = Stage.DRAFT


def standings(engine: Engine, period_id: str, newest: Iterable[ReportVersion]) -> dict[tuple[str, str], Standing]:
    """Of every report of the period, by scope and unit code."""
    entered = publications.events(engine, period_id)
    stands, stages = publications.standing(entered), stages_of(entered)
    versions = {(*v.key, v.version): v for v in register.versions(engine, period_id)}
    found: dict[tuple[str, str], Standing] = {}
    for v in newest:
        published = stands.get(v.key)
        file = versions[*v.key, published.version] if published else None
        whole = file is None or publications.file_is_registered(file)
        come = stages.get((v.key, v.version))
        found[v.key] = Standing(published, _restated(engine, v, published), whole, come.stage if come else Stage.DRAFT)
    return found


def _restated(engine: Engine, newest: ReportVersion, published: Publication | None) -> int | None:
    if published is None or published.version == newest.version:
        return 0
    numbers = (published.version, newest.version)
    was, now = (kept_by(engine, newest.period_id, newest.key, number) for number in numbers)
    return None if was is None or now is None else len(moved(was.figures, now.figures))
