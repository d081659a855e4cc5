"""Published figures that have moved: what they were, what they are, and why as far as that is known.

Compared are exact counts, never printed text. Where nothing differs there is no restatement."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from contracts.codes import Series
from reporting.basis import Difference, basis_of, differences
from reporting.figure_words import order_of
from reporting.figures import figures_of
from reporting.formats import count_text, date_text
from reporting.inputs import ReportInput
from reporting.kept import TREE, Cell, Counts, Figures, Kept, PublishedVersion, Restated
from reporting.scope import Scope, code_of
from reporting.written.texts import basis_of_texts
from transforms.indicators import declared

CAUSES_NAMED = 3


@dataclass(frozen=True)
class Moved:
    """A figure that differs. None: not known, or no such row; printed «–», and never 0."""

    cell: Cell
    old: Counts | None
    new: Counts | None

    @property
    def of(self) -> tuple[str, str, str]:
        """Whose figure it is: unit, whether with all below, field."""
        return self.cell[:3]

    @property
    def size(self) -> int:
        """By how many dossiers, of the two counts of a ratio the larger."""
        pairs = zip(self.old or (0, 0), self.new or (0, 0), strict=True)
        return max(abs((new or 0) - (old or 0)) for old, new in pairs)


@dataclass(frozen=True)
class Restatement:
    """What moved since a published version. repeated: the version that stands published says so already."""

    published: PublishedVersion
    moved: tuple[Moved, ...]
    differences: tuple[Difference, ...]
    repeated: bool

    @property
    def restates(self) -> Restated:
        return Restated(self.published.version, self.published.published_at)

    @property
    def in_short(self) -> str:
        """thay đổi 14 số liệu đã công bố ở bản 2 ngày 20/12/2024"""
        day = date_text(self.published.published_at)
        return f"thay đổi {count_text(len(self.moved))} số liệu đã công bố ở bản {self.published.version} ngày {day}"

    @property
    def sentence(self) -> str:
        """The same with the causes: … (nguồn cam-lam được trích xuất lại lúc …)."""
        return f"{self.in_short} ({why(self.differences, self.moved)})"


def moved(old: Figures, new: Figures) -> tuple[Moved, ...]:
    """Every figure that is not the same in both; empty if and only if they are equal."""
    cells = sorted({*old} | {*new})
    return tuple(Moved(cell, old.get(cell), new.get(cell)) for cell in cells if old.get(cell) != new.get(cell))


def applied(old: Figures, changes: Iterable[Moved]) -> dict[Cell, Counts]:
    """The figures after these changes."""
    after = dict(old)
    for one in changes:
        if one.new is None:
            after.pop(one.cell, None)
        else:
            after[one.cell] = one.new
    return after


def ranked(found: Collection[Moved], *, root: str, order: Mapping[str, int]) -> tuple[Moved, ...]:
    """In the order of a reader's interest: what is of the whole report, then unit by unit and field by field, the one
    in which most has changed first; in each as the form has it. order: of the agency codes in the catalogue."""
    largest: dict[tuple[str, str, str], int] = {}
    for one in found:
        largest[one.of] = max(largest.get(one.of, 0), one.size)

    def rank(one: Moved) -> tuple[object, ...]:
        place = order.get(one.cell.agency_code, len(order)), one.of
        return one.of != (root, TREE, ""), -largest[one.of], place, order_of(one.cell.figure)

    return tuple(sorted(found, key=rank))


def why(found: Iterable[Difference], moved: Iterable[Moved] = ()) -> str:
    """The causes in a clause: of all that differs, what can have moved a figure."""
    said = list(dict.fromkeys(one.said for one in causes(tuple(found), moved)))
    more = f"; và {count_text(len(said) - CAUSES_NAMED)} điểm khác" if len(said) > CAUSES_NAMED else ""
    return "; ".join(said[:CAUSES_NAMED]) + more if said else "chưa rõ nguyên nhân"


def causes(found: tuple[Difference, ...], moved: Iterable[Moved] = ()) -> tuple[Difference, ...]:
    """What can have moved these figures. Whether a source moves figures is known on the forms' days alone: where one of
    the index's days has moved, or no source moves any, it may be all that differs."""
    of_index = {indicator.id for indicator in declared() if indicator.series is Series.INDEX}
    if any(one.cell.figure in of_index for one in moved):
        return found
    return tuple(one for one in found if one.moves) or found


def kept_of(report_input: ReportInput, scope: Scope) -> Kept:
    """What a version of that scope's report is to keep."""
    restates = restatement(report_input, scope)
    figures, basis = figures_of(report_input, scope), basis_of(report_input, scope)
    written = basis_of_texts(report_input, None if scope.is_province else scope.root)
    return Kept(figures, basis, restates.restates if restates else None, written)


def restatement(report_input: ReportInput, scope: Scope) -> Restatement | None:
    """Against the published version; while that still says what stands, against the one that it restated itself, so
    that publishing a version does not change the report. None where nothing published differs."""
    published = published_of(report_input, scope)
    if published is None:
        return None
    figures, basis = figures_of(report_input, scope), basis_of(report_input, scope)
    order = {unit.agency_code: place for place, unit in enumerate(scope.tree)}
    for before in (published, published.base):
        if before is not None and (found := moved(before.kept.figures, figures)):
            return Restatement(
                published=before,
                moved=ranked(found, root=scope.root.agency_code, order=order),
                differences=differences(before.kept.basis, basis),
                repeated=before is not published,
            )
    return None


def published_of(report_input: ReportInput, scope: Scope) -> PublishedVersion | None:
    key = ("province" if scope.is_province else "unit", code_of(scope.root, scope.tree))
    found = [one for one in report_input.published if (one.scope, one.unit_code) == key]
    return found[0] if found else None
