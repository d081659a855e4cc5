"""The provincial index of districts and communes: verified points over the applicable maximum, classes and ranks.

Index = Σ verified points / Σ maximum of the criteria that apply × 100, exactly (62,44/70 = 89,2 %). A unit of which a
criterion is not verified yet has no index, class or rank, and the others of its group no rank: what is not known is
not 0, and one more score could change every place.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from contracts.criteria import Criterion, ProvincialIndex, Ranking
from contracts.units import Unit, UnitTree
from transforms import ranks
from transforms.ranks import Base, Rank, competition_ranks

Verified = Mapping[tuple[str, str], Decimal]
"""(agency code, criterion id) → verified points; what is not there is not verified."""


@dataclass(frozen=True)
class Part:
    """What a unit has of a group of criteria, or of all. points: verified so far, penalties taken away. maximum: of the
    criteria that apply, without bonus and penalty. verified, criteria: how many of those that apply."""

    points: Decimal
    maximum: Decimal
    verified: int
    criteria: int

    @property
    def is_whole(self) -> bool:
        return self.criteria > 0 and self.verified == self.criteria

    @property
    def score(self) -> Fraction | None:
        """In percent; None while a criterion is unverified, or where nothing applies."""
        if not self.is_whole or not self.maximum:
            return None
        return 100 * Fraction(self.points) / Fraction(self.maximum)

    def __add__(self, other: Part) -> Part:
        return Part(
            self.points + other.points,
            self.maximum + other.maximum,
            self.verified + other.verified,
            self.criteria + other.criteria,
        )


NOTHING = Part(Decimal(0), Decimal(0), 0, 0)


@dataclass(frozen=True)
class Standing:
    """One unit in the index of a year. parts: by group of criteria. rating: its class. ranks: by the rankings of the
    index, None where there is none (yet); why_unranked: why, "" where it is ranked."""

    unit: Unit
    whole: Part
    parts: Mapping[str, Part]
    rating: str | None = None
    ranks: tuple[Rank | None, ...] = ()
    why_unranked: tuple[str, ...] = ()

    @property
    def score(self) -> Fraction | None:
        return self.whole.score


@dataclass(frozen=True)
class Change:
    """Against the year before. points: of the index, in percentage points; places: gained, by ranking. None where not
    comparable; breaks: why, as sentences."""

    points: Fraction | None
    places: tuple[int | None, ...]
    breaks: tuple[str, ...] = ()


def standings(index: ProvincialIndex, tree: UnitTree, verified: Verified) -> tuple[Standing, ...]:
    """Every unit of the index, in the tree's order."""
    scored = [_scored(index, unit, verified) for unit in index.units(tree)]
    placed = [_places(ranking, tree, scored) for ranking in index.file.ranking]
    return tuple(
        replace(
            one,
            ranks=tuple(found[one.unit.agency_code][0] for found in placed),
            why_unranked=tuple(found[one.unit.agency_code][1] for found in placed),
        )
        for one in scored
    )


def _scored(index: ProvincialIndex, unit: Unit, verified: Verified) -> Standing:
    parts: dict[str, Part] = {}
    for criterion in index.applicable(unit):
        group = index.line_to(criterion)[-1].id
        points = verified.get((unit.agency_code, criterion.id))
        if points is not None and points > criterion.max:
            points = None  # entered before the file was changed: what the criterion is worth now, nobody has said
        parts[group] = parts.get(group, NOTHING) + _part(index, criterion, points)
    whole = sum(parts.values(), start=NOTHING)
    return Standing(unit, whole, parts, rating_of(index, whole.score))


def _part(index: ProvincialIndex, criterion: Criterion, points: Decimal | None) -> Part:
    kind = index.kind_of(criterion)
    earned = points or Decimal(0)
    return Part(
        points=-earned if kind == "penalty" else earned,
        maximum=criterion.max if kind == "regular" else Decimal(0),
        verified=int(points is not None),
        criteria=1,
    )


def rating_of(index: ProvincialIndex, score: Fraction | None) -> str | None:
    """The class by the bands of that year; None without a score, or below all bands."""
    if score is None:
        return None
    return next((band.label for band in index.file.band if score >= Fraction(band.at_least)), None)


def _places(ranking: Ranking, tree: UnitTree, scored: Collection[Standing]) -> dict[str, tuple[Rank | None, str]]:
    """By agency code: its rank among its group, or None and why."""
    groups: dict[str, list[Standing]] = {}
    for one in scored:
        groups.setdefault(_group(ranking, tree, one.unit), []).append(one)
    return {code: place for group, members in groups.items() for code, place in _ranked(group, members).items()}


def _group(ranking: Ranking, tree: UnitTree, unit: Unit) -> str:
    if ranking.among == "all":
        return ranking.group.replace("{parent}", tree.root.name)
    parent = tree.by_agency(unit.parent).name if unit.parent else ""
    in_sentence = parent[:1].lower() + parent[1:] if parent[1:2].islower() else parent
    return ranking.group.replace("{parent}", in_sentence)


def _ranked(group: str, members: list[Standing]) -> dict[str, tuple[Rank | None, str]]:
    codes = [one.unit.agency_code for one in members]
    lacking = sum(one.score is None for one in members)
    if lacking:
        why = f"Chưa xếp hạng: {lacking}/{len(members)} {group} chưa thẩm định xong"
        return dict.fromkeys(codes, (None, why))
    places = competition_ranks(pd.Series([one.score for one in members], dtype=object))
    base = Base(len(members), group)
    return {code: (Rank(int(place), base), "") for code, place in zip(codes, places, strict=True)}


def change_of(
    now: Standing, before: Standing | None, *, index: ProvincialIndex, index_before: ProvincialIndex | None
) -> Change:
    """What became of a unit since the year before. A year scored on other criteria is a break: nothing is
    subtracted."""
    unknown = tuple(None for _ in now.ranks)
    if before is None or index_before is None:
        return Change(None, unknown)
    if not index.is_like(index_before):
        return Change(None, unknown, (_other_criteria(index, index_before),))
    points = None if now.score is None or before.score is None else now.score - before.score
    earlier = {r.among: rank for r, rank in zip(index_before.file.ranking, before.ranks, strict=True)}
    pairs = [(new, earlier.get(r.among)) for r, new in zip(index.file.ranking, now.ranks, strict=True)]
    places = tuple(ranks.change(new, old) if new and old else None for new, old in pairs)
    breaks = [ranks.why_no_change(new, old) for new, old in pairs if new and old]
    return Change(points, places, tuple(filter(None, breaks)))


def _other_criteria(index: ProvincialIndex, before: ProvincialIndex) -> str:
    return f"Không so sánh năm {index.year} với năm {before.year} do bộ tiêu chí khác nhau"


@dataclass(frozen=True)
class IndexTable:
    """An index of a year with all its units, and by agency code what changed since the year before."""

    index: ProvincialIndex
    standings: tuple[Standing, ...]
    changes: Mapping[str, Change]

    @property
    def has_points(self) -> bool:
        return any(one.whole.verified for one in self.standings)


def index_table(
    index: ProvincialIndex, tree: UnitTree, verified: Verified, before: Collection[tuple[ProvincialIndex, Verified]]
) -> IndexTable:
    """before: the indices of the year before with their verified points; a unit is held against the one that has it."""
    now = standings(index, tree, verified)
    earlier = {
        old.unit.agency_code: (old, index_before)
        for index_before, points in before
        for old in standings(index_before, tree, points)
        if old.whole.verified
    }
    changes = {}
    for one in now:
        old, index_before = earlier.get(one.unit.agency_code, (None, None))
        changes[one.unit.agency_code] = change_of(one, old, index=index, index_before=index_before)
    return IndexTable(index, now, changes)
