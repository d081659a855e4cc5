"""The provincial index of districts and communes (chỉ số CCHC): criteria, weights, bands and rankings of a year.

provinces/<province>/index/<year>.toml holds one index; where districts and communes have their own, each has a file
(2022-huyen.toml, 2022-xa.toml). Every province decides its own, and changes it: nothing of it is a constant in code
(docs/domain.md §5, docs/operate/provincial-index.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from contracts.codes import Level, Series
from contracts.configfile import Strict
from contracts.units import Unit, UnitTree

Points = Annotated[Decimal, Field(ge=0, allow_inf_nan=False)]
Share = Annotated[Decimal, Field(ge=0, le=1, allow_inf_nan=False)]
CriterionKind = Literal["regular", "bonus", "penalty"]


class Step(Strict):
    """So many points from that share on, 0.95 for 95 %."""

    at_least: Share
    points: Points


class FromIndicator(Strict):
    """An indicator of ours that proposes the points of a criterion; a proposal, never a score.

    scope: a unit's own dossiers, or those of its whole tree. series: calendar, which must be the indicator's. period:
    tail of the period's name within the year (Y, Q4, H1, T9). target: the share that earns the maximum, in proportion
    below it; or steps, the highest that is reached counts, none reached earns 0."""

    indicator: str
    scope: Literal["unit", "tree"] = "tree"
    series: Series = Series.FORMS
    period: str = "Y"
    target: Annotated[Decimal, Field(gt=0, le=1)] | None = None
    steps: list[Step] = []

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.target is None) == (not self.steps):
            raise ValueError("ghi một trong hai: target (tỷ lệ) hoặc steps (bậc điểm)")
        floors = [step.at_least for step in self.steps]
        if floors != sorted(set(floors)):
            raise ValueError("at_least của các bậc phải tăng dần, không lặp")
        return self


class Applies(Strict):
    """To whom: units of these levels (all where empty), only the listed ones where some are, never the excluded ones.
    Units are given by agency code or statistics code."""

    levels: list[Level] = []
    only_units: list[str] = []
    except_units: list[str] = []

    @model_validator(mode="after")
    def _no_contradiction(self) -> Self:
        if both := sorted(set(self.only_units) & set(self.except_units)):
            raise ValueError(f"đơn vị {', '.join(both)} vừa ở only_units vừa ở except_units")
        return self

    def covers(self, unit: Unit) -> bool:
        codes = {unit.agency_code, unit.unit_code}
        listed = not self.only_units or bool(codes & set(self.only_units))
        return (not self.levels or unit.level in self.levels) and listed and not codes & set(self.except_units)


class Criterion(Applies):
    """A group, criterion or sub-criterion; 2.1.3 stands below 2.1, and only those with nothing below are scored.

    max: highest points; those of its children add up to it. kind: bonus points are added and penalty points taken away,
    and neither is part of the maximum; set on a group, it holds for all below."""

    id: str = Field(pattern=r"^[0-9A-Za-zĐđ]+(\.[0-9A-Za-zĐđ]+)*$")
    label: str = Field(min_length=1)
    max: Annotated[Decimal, Field(gt=0, allow_inf_nan=False)]
    kind: CriterionKind = "regular"
    from_indicator: FromIndicator | None = None

    @property
    def parent(self) -> str:
        return self.id.rpartition(".")[0]

    @model_validator(mode="after")
    def _steps_within(self) -> Self:
        steps = self.from_indicator.steps if self.from_indicator else []
        if any(step.points > self.max for step in steps):
            raise ValueError("một bậc có points lớn hơn max của tiêu chí")
        return self


class Band(Strict):
    """A class (xếp loại) and the index, in percent, from which on it is given."""

    label: str = Field(min_length=1)
    at_least: Points


class Ranking(Strict):
    """Who is ranked with whom. among: units below the same parent, or all of the index. group: their name, as a rank's
    base prints it; {parent} is the name of the unit above."""

    among: Literal["parent", "all"]
    group: str = Field(min_length=1)

    @field_validator("group")
    @classmethod
    def _known_word(cls, group: str) -> str:
        if {"{", "}"} & set(group.replace("{parent}", "")):
            raise ValueError("trong ngoặc nhọn chỉ được viết {parent}")
        return group


class IndexFile(Applies):
    """name, decision: as they are printed. version: of the criteria: years of one version are compared. as_of: day
    whose units are scored, the year's last if left out. verified: whether criteria and bands were held against the
    decision; note: what is not, for staff. evidence_required: whether a self-assessment must name its evidence."""

    name: str = Field(min_length=1)
    decision: str = Field(min_length=1)
    version: str = Field(min_length=1)
    verified: bool
    note: str = ""
    as_of: date | None = None
    evidence_required: bool = True
    levels: list[Level] = Field(min_length=1)
    band: list[Band] = Field(min_length=1)
    ranking: list[Ranking] = Field(min_length=1)
    criterion: list[Criterion] = Field(min_length=1)

    @field_validator("band")
    @classmethod
    def _descending(cls, bands: list[Band]) -> list[Band]:
        floors = [band.at_least for band in bands]
        if floors != sorted(set(floors), reverse=True):
            raise ValueError("at_least của các mức xếp loại phải giảm dần, không lặp")
        if floors[-1] != 0 or len({band.label for band in bands}) < len(bands):
            raise ValueError("mức cuối phải có at_least = 0, và mỗi label chỉ một lần")
        return bands


@dataclass(frozen=True)
class ProvincialIndex:
    """One index of a year, as its file says."""

    year: int
    file: IndexFile
    path: Path

    @property
    def as_of(self) -> date:
        return self.file.as_of or date(self.year, 12, 31)

    @cached_property
    def by_id(self) -> dict[str, Criterion]:
        return {criterion.id: criterion for criterion in self.file.criterion}

    @cached_property
    def leaves(self) -> tuple[Criterion, ...]:
        """What is scored, in the order of the file."""
        parents = {criterion.parent for criterion in self.file.criterion}
        return tuple(c for c in self.file.criterion if c.id not in parents)

    @property
    def groups(self) -> tuple[Criterion, ...]:
        return tuple(c for c in self.file.criterion if not c.parent)

    def line_to(self, criterion: Criterion) -> tuple[Criterion, ...]:
        """The criterion, what it stands below, up to the group."""
        above = self.by_id.get(criterion.parent)
        return (criterion, *(self.line_to(above) if above else ()))

    def kind_of(self, criterion: Criterion) -> CriterionKind:
        """Its group's."""
        return self.line_to(criterion)[-1].kind

    def applicable(self, unit: Unit) -> tuple[Criterion, ...]:
        """What the unit is scored on: leaves that apply to it together with all that they stand below."""
        return tuple(c for c in self.leaves if all(part.covers(unit) for part in self.line_to(c)))

    def units(self, tree: UnitTree) -> tuple[Unit, ...]:
        """Whom the index is made of, in the tree's order."""
        return tuple(unit for unit in tree.valid_on(self.as_of) if self.file.covers(unit))

    def is_like(self, other: ProvincialIndex) -> bool:
        """Whether the two years were scored on the same criteria, so that their results may be subtracted."""
        return self._shape == other._shape

    @property
    def _shape(self) -> tuple[object, ...]:
        return (self.file.version, frozenset(map(_weight_of, self.file.criterion)))


def _weight_of(criterion: Criterion) -> tuple[object, ...]:
    """What a criterion weighs, and for whom."""
    whom = (frozenset(codes) for codes in (criterion.levels, criterion.only_units, criterion.except_units))
    return (criterion.id, criterion.max, criterion.kind, *whom)
