"""One figure opened: its two counts, and the parts that they are the sum of, by unit, by field and by source.

Made of the same facts and by the same rules as what a report prints; what does not add up is not shown."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from pandas import DataFrame

from contracts.codes import Series
from contracts.columns import FORM_COLUMNS
from contracts.errors import CriticalCheckError
from contracts.periods import Span
from contracts.series_breaks import SeriesBreak
from contracts.units import Unit
from reporting.annexes._changes import change, shown
from reporting.figure_words import COLUMN_LABELS
from reporting.fonts import vietnamese_order
from reporting.indicator_text import basis_text
from reporting.inputs import History, SourceState
from reporting.kept import OWN, TREE, Cell, Counts
from reporting.ratios import of_columns
from reporting.scope import Gap, Scope
from reporting.tally import COLUMNS, Tallies, Tally, add_up, tallies
from reporting.wording import own_office, place_of
from transforms.indicators import Indicator, Part, counts_of, parts_of, valid_on
from transforms.over_time import PeriodFigures, changed, obstacle

_FORM = "Biểu II.06/VPCP/KSTT, Thông tư 01/2020/TT-VPCP"
_MADE_OF = {3: "(4 + 5 + 6) = (7 + 11)", 7: "(8 + 9 + 10)", 11: "(12 + 13)"}


def columns() -> tuple[Indicator, ...]:
    """Columns (3) to (13) of form II.06, as counts that can be opened like any other."""
    return tuple(
        Indicator(
            id=f"column_{number}",
            label=COLUMN_LABELS[number],
            area=2,
            unit="hồ sơ",
            numerator=FORM_COLUMNS[number],
            series=Series.FORMS,
            direction="none",
            regulation=_FORM,
            formula=_MADE_OF.get(number, f"({number})"),
            formula_version="1",
            by_field=True,
        )
        for number in COLUMNS
    )


def indicators(span: Span) -> tuple[Indicator, ...]:
    """Those in force on the last of these days, A, B and C first; a count that is a column is not a second figure."""
    found = [i for i in valid_on(span.last_day) if i.denominator or not of_columns(i)]
    return tuple(sorted(found, key=lambda i: (i.mark or "Z", i.id)))


@dataclass(frozen=True)
class Piece:
    """A part of a figure. key: agency code, field or source id; whose: TREE or OWN of a unit, "" of a field or source.
    counts: what it adds; None where nothing of it is known. told: the figure of that part alone, None where it cannot
    be told, though it may add something. lacking: whether a part of it is missing."""

    key: str
    whose: str
    name: str
    counts: Counts | None
    told: Counts | None
    lacking: bool = False


@dataclass(frozen=True)
class Opened:
    """The figure of a unit. scope: of its report, with the facts of the indicator's series. whose: TREE: with all below
    it, or OWN: the dossiers that it received itself. field: one, "" for all."""

    scope: Scope
    indicator: Indicator
    whose: str = TREE
    field: str = ""

    @property
    def unit(self) -> Unit:
        return self.scope.root

    @property
    def cell(self) -> Cell:
        """How a kept version of a report calls it."""
        return Cell(self.unit.agency_code, self.whose, self.field, self.indicator.id)

    @cached_property
    def agencies(self) -> frozenset[str]:
        """Whose dossiers it counts."""
        return self.scope.codes if self.whose == TREE else frozenset({self.unit.agency_code})

    @cached_property
    def facts(self) -> DataFrame:
        facts = self.scope.facts
        ours = facts if self.whose == TREE else facts[facts["agency_code"].isin(self.agencies)]
        return ours[ours["field"].astype(str) == self.field] if self.field else ours

    @cached_property
    def tally(self) -> Tally | None:
        return self._tally(self.agencies)

    @cached_property
    def counts(self) -> Counts | None:
        """As it is printed; None where it is not known."""
        return self._told(self.tally)

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Which sources it lacks."""
        return self.scope.gaps_in(self.agencies)

    @property
    def partly_told(self) -> tuple[Part, ...]:
        """Of what the sources tell for a part of the dossiers alone."""
        return parts_of(self.indicator, self.tally.counts) if self.tally else ()

    @cached_property
    def by_unit(self) -> tuple[Piece, ...]:
        """The unit's own office and the units right below it, each with all below; none of a unit without any."""
        children = self.scope.children(self.unit) if self.whose == TREE else []
        if not children:
            return ()
        own = [(self.unit, OWN, own_office(self.unit), frozenset({self.unit.agency_code}))]
        below = [(unit, TREE, place_of(unit), self.scope.below(unit)) for unit in children]
        lines = [*(own if self.scope.has_own_office else []), *below]
        return tuple(self._of_unit(unit, whose, name, agencies) for unit, whose, name, agencies in lines)

    @cached_property
    def by_field(self) -> tuple[Piece, ...]:
        """In the order of the alphabet; none of a figure that is of one field."""
        return () if self.field else tuple(self._by("field"))

    @cached_property
    def by_source(self) -> tuple[Piece, ...]:
        """Every source that the unit's figures rest on, also those that are missing."""
        found = {piece.key: piece for piece in self._by("source_id")}
        answers = [s for s in self.scope.sources if self._concerns(s.id) or s.id in found]
        return tuple(self._of_source(source, found.get(source.id)) for source in answers)

    def check(self) -> None:
        """Raises CriticalCheckError where the parts do not add up to the figure."""
        whole = self._raw(self.tally)
        for of_what, pieces in (("đơn vị", self.by_unit), ("lĩnh vực", self.by_field), ("nguồn", self.by_source)):
            check_parts(whole, pieces, of_what=of_what, name=self.indicator.label)

    def _concerns(self, source_id: str) -> bool:
        """Whether a source that gave nothing was to answer for any of the units."""
        missing = {gap.source.id for gap in self.gaps if gap.source}
        loaded = {s.id for s in self.scope.sources if s.loaded}
        return source_id in missing or (self.whose == TREE and source_id in loaded)

    def _of_unit(self, unit: Unit, whose: str, name: str, agencies: frozenset[str]) -> Piece:
        tally = self._tally(agencies)
        lacking = bool(self.scope.gaps_in(agencies))
        return Piece(unit.agency_code, whose, name, self._raw(tally), self._told(tally), lacking)

    def _of_source(self, source: SourceState, found: Piece | None) -> Piece:
        """One that was read and has no such dossier adds a true zero."""
        if not source.loaded:
            return Piece(source.id, "", source.name, None, None, lacking=True)
        nothing = Counts(0, 0 if self.indicator.denominator else None)
        counts, told = (found.counts, found.told) if found else (nothing, nothing)
        return Piece(source.id, "", source.name, counts, told)

    def _by(self, column: str) -> Iterator[Piece]:
        summed = tallies(self.facts, by=column)
        for name in sorted(summed, key=vietnamese_order):
            tally = add_up(summed, {name})
            yield Piece(name, "", name, self._raw(tally), self._told(tally), bool(self.gaps))

    @cached_property
    def _by_agency(self) -> Tallies:
        return tallies(self.facts, by="agency_code") if self.field else self.scope.own

    def _tally(self, agencies: Collection[str]) -> Tally | None:
        """By the rule of Scope.tally: None where none of them has figures."""
        return add_up(self._by_agency, agencies) if set(agencies) - self.scope.silent else None

    def _told(self, tally: Tally | None) -> Counts | None:
        numerator, denominator = counts_of(self.indicator, tally.counts if tally else None)
        return None if numerator is None else Counts(numerator, denominator)

    def _raw(self, tally: Tally | None) -> Counts | None:
        """What it adds, also where that says nothing by itself."""
        if tally is None:
            return None
        one = self.indicator
        sums = (sum(tally[name] for name in names) for names in (one.numerator, one.denominator))
        numerator, denominator = sums
        return Counts(numerator, denominator if one.denominator else None)


def check_parts(whole: Counts | None, pieces: Sequence[Piece], *, of_what: str, name: str) -> None:
    """Raises CriticalCheckError where both counts of the parts are not those of the whole; of no parts nothing is
    said."""
    if not pieces:
        return
    known = [piece.counts for piece in pieces if piece.counts is not None]
    parts = (sum(c.numerator for c in known), sum(c.denominator or 0 for c in known))
    total = (whole.numerator, whole.denominator or 0) if whole else (0, 0)
    if parts != total:
        said = f"tổng các {of_what} là {parts[0]}/{parts[1]}, số của cả đơn vị là {total[0]}/{total[1]}"
        raise CriticalCheckError(
            f"số liệu không cộng khớp: {name}: {said}",
            advice="không dùng số này; giữ nguyên dữ liệu và báo cho người vận hành",
        )


@dataclass(frozen=True)
class Compared:
    """The same figure of another period. then: as it was, – where it is not known; change: – where the two are not
    compared, and why_not says why, a clause."""

    label: str
    then: str
    basis: str
    change: str
    why_not: str


def compared_with(opened: Opened, history: History, breaks: Collection[SeriesBreak]) -> tuple[Compared, ...]:
    """The period before and the same one last year, by the rules of the annex over time. Told of a unit with all below
    it and of all fields together, on the days of the forms; of anything else there is nothing."""
    if opened.whose != TREE or opened.field or opened.indicator.series is not Series.FORMS:
        return ()
    return tuple(_compared(opened, history.now, then, breaks) for then in history.compared)


def _compared(opened: Opened, now: PeriodFigures, then: PeriodFigures, breaks: Collection[SeriesBreak]) -> Compared:
    tree, one = opened.scope.tree, opened.indicator
    stands = obstacle(opened.unit, now, then, tree=tree, breaks=breaks)
    found = changed(one, tree.subtree(opened.unit.agency_code), now, then, why_not=stands.why)
    before = found.before
    basis = basis_text(one, before.numerator, before.denominator) if before else ""
    return Compared(then.period.label, shown(one, before), basis, change(found), found.why_not)
