"""What one report covers: its units, their facts, and which of them have no figures and why.

A unit whose source did not deliver is missing, never zero; a unit whose source delivered and which had no
dossier is a true zero."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from contracts.codes import Level, Series
from contracts.errors import CriticalCheckError
from contracts.lettering import letters
from contracts.periods import Span
from contracts.responsibility import answering
from contracts.units import Unit, UnitTree
from reporting.inputs import ReportInput, SourceState
from reporting.tally import Tallies, Tally, add_up, tallies
from warehouse.register import Scope as ReportScope


@dataclass(frozen=True)
class Gap:
    """Units of the report without figures, or without a part of them, for one reason. source: the one that lacks; None
    where no source is configured."""

    mark: str
    source: SourceState | None
    agencies: frozenset[str]


@dataclass(frozen=True)
class Scope:
    """The report's unit with all below it. facts: of the forms' series, loaded sources, these units only."""

    root: Unit
    is_province: bool
    tree: UnitTree
    units: tuple[Unit, ...]
    facts: pd.DataFrame
    sources: tuple[SourceState, ...]
    gaps: tuple[Gap, ...]
    silent: frozenset[str]  # agencies without figures

    @cached_property
    def own(self) -> Tallies:
        """By agency, its own dossiers."""
        return tallies(self.facts, by="agency_code")

    @cached_property
    def codes(self) -> frozenset[str]:
        return frozenset(u.agency_code for u in self.units)

    def below(self, unit: Unit) -> frozenset[str]:
        """Agency codes of the unit and all below it, within the report."""
        return self.codes & {u.agency_code for u in self.tree.subtree(unit.agency_code)}

    def children(self, unit: Unit) -> list[Unit]:
        return [u for u in self.tree.children(unit.agency_code) if u.agency_code in self.codes]

    def tally(self, agencies: Collection[str]) -> Tally | None:
        """Counts of these agencies' own dossiers; None where none of them has figures."""
        return add_up(self.own, agencies) if set(agencies) - self.silent else None

    def gaps_in(self, agencies: Collection[str]) -> tuple[Gap, ...]:
        return tuple(gap for gap in self.gaps if gap.agencies & set(agencies))

    @cached_property
    def lacking(self) -> frozenset[str]:
        """Agencies without all of their figures: a part of them may be there."""
        return frozenset(code for gap in self.gaps for code in gap.agencies)

    def marks(self, agencies: Collection[str]) -> str:
        """a · a, b · a–f: the notes that say what these figures lack."""
        marks = [gap.mark for gap in self.gaps_in(agencies)]
        if len(marks) > 3 and len(marks) == len(self.gaps):
            return f"{marks[0]}–{marks[-1]}"
        return ", ".join(marks)

    @property
    def has_own_office(self) -> bool:
        """Whether the root is a row of its own: the province is only where it took dossiers."""
        return self.root.level is not Level.PROVINCE or self.root.agency_code in self.own


def scope_of(report_input: ReportInput, unit: Unit | None) -> Scope:
    """The province (unit None), or one unit with all below it."""
    tree = report_input.province.units
    root = unit or tree.root
    facts = _loaded_facts(report_input)
    span = report_input.spans[Series.FORMS]
    with_facts = set(facts["agency_code"].astype(str))
    units = tuple(u for u in tree.subtree(root.agency_code) if valid_in(u, span) or u.agency_code in with_facts)
    codes = {u.agency_code for u in units}
    answers = {u.agency_code: answering(u.agency_code, report_input.sources, tree) for u in units}
    concerned = {s.id for found in answers.values() for s in found}
    return Scope(
        root=root,
        is_province=unit is None,
        tree=tree,
        units=units,
        facts=facts[facts["agency_code"].isin(codes)],
        sources=tuple(s for s in report_input.sources if s.id in concerned),
        gaps=_gaps(units, answers, report_input.sources),
        silent=frozenset(c for c, found in answers.items() if not any(s.loaded for s in found)) - with_facts,
    )


def code_of(unit: Unit, tree: UnitTree) -> str:
    """What names the unit's report: its GSO code; where the catalogue has that twice, for a unit that ended and one
    that began, the agency code, which is the unit's alone."""
    twice = sum(u.unit_code == unit.unit_code for u in tree) > 1
    return unit.agency_code if twice else unit.unit_code


def report_key(unit: Unit, tree: UnitTree) -> tuple[ReportScope, str]:
    """How the register calls the unit's report: the root's is the province's."""
    return "province" if unit == tree.root else "unit", code_of(unit, tree)


def valid_in(unit: Unit, span: Span) -> bool:
    """Whether the unit exists on any day of the span."""
    begun = unit.valid_from is None or unit.valid_from <= span.last_day
    return begun and (unit.valid_to is None or unit.valid_to >= span.first_day)


def _loaded_facts(report_input: ReportInput) -> pd.DataFrame:
    facts = report_input.facts
    loaded = [s.id for s in report_input.sources if s.loaded]
    found = facts[(facts["series"] == Series.FORMS.value) & facts["source_id"].isin(loaded)]
    unknown = {c for c in found["agency_code"].astype(str) if not report_input.province.units.has_agency(c)}
    if unknown:
        raise CriticalCheckError(
            f"số liệu có cơ quan ngoài danh mục: {', '.join(sorted(unknown)[:5])}",
            advice="bổ sung agencies.csv của tỉnh rồi chạy lại",
        )
    return found


def _gaps(
    units: tuple[Unit, ...], answers: dict[str, tuple[SourceState, ...]], sources: tuple[SourceState, ...]
) -> tuple[Gap, ...]:
    """One gap a source that is not loaded, in the order of the sources, and one for units without any. A unit that
    several sources answer for is in the gap of each of them that is missing."""
    gaps: list[Gap] = []
    for source in (*(s for s in sources if not s.loaded), None):
        agencies = frozenset(
            u.agency_code for u in units if (source in answers[u.agency_code] if source else _nobodys(u, answers))
        )
        if agencies:
            gaps.append(Gap(letters(len(gaps)).lower(), source, agencies))
    return tuple(gaps)


def _nobodys(unit: Unit, answers: dict[str, tuple[SourceState, ...]]) -> bool:
    """The province itself lacks nothing where no source names it: it need not receive dossiers."""
    return not answers[unit.agency_code] and unit.level is not Level.PROVINCE
