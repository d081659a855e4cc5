"""The named ratios with both their counts, and what changed since the period before.

Three ratios are called «đúng hạn» in practice; each is printed with its name, formula and counts. The
formulas are those of transforms.indicators, applied to the facts that the forms are made of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

from contracts.codes import Series
from contracts.periods import Period, Span
from contracts.responsibility import answering
from reporting.formats import change_text, count_text, percent_text, points_text, share, with_unit
from reporting.inputs import Previous, ReportInput
from reporting.origin import Origin
from reporting.page import Column, Note, Row, Table
from reporting.scope import Scope, valid_in
from reporting.tally import Tally, add_up, tallies
from transforms.indicators import Indicator, counts_of, valid_on
from transforms.over_time import PART_CHANGED, UNFINISHED, UNITS_CHANGED, broken_within, part_changed, within
from transforms.rounding import round_half_up

_COLUMNS_ALONE = re.compile(r"[\d ()+/]+")
_HEADS = (
    Column("Tỷ lệ", "wide"),
    Column("Theo cột của biểu", "label"),
    Column("Tử số", "figure"),
    Column("Mẫu số", "figure"),
    Column("Tỷ lệ", "figure"),
)
_COMPARED = (
    ("Nhận giải quyết – cột (3)", 3),
    ("Đã giải quyết – cột (7)", 7),
    ("Trong đó quá hạn – cột (10)", 10),
    ("Đang giải quyết cuối kỳ – cột (11)", 11),
    ("Trong đó quá hạn – cột (13)", 13),
)
Halves = Callable[[Tally], tuple[int, int]]
_SHARES: tuple[tuple[str, Halves], ...] = (
    ("Tỷ lệ A. Giải quyết trước hạn và đúng hạn", lambda t: (t.in_time_or_early, t.column(7))),
    ("Tỷ lệ tiếp nhận trực tuyến", lambda t: (t.column(4), t.received)),
)


def of_forms(span: Span) -> list[Indicator]:
    """The indicators of the forms' series in force on its last day; A, B and C first."""
    found = [i for i in valid_on(span.last_day) if i.series is Series.FORMS]
    return sorted(found, key=lambda i: (i.mark or "Z", i.id))


def of_columns(indicator: Indicator) -> bool:
    """Whether a reader can make the figure from the columns of the form alone: its formula names nothing else."""
    return _COLUMNS_ALONE.fullmatch(indicator.formula) is not None


def ratio_table(origin: Origin, *, caption: str) -> Table:
    """Each ratio of the form's columns with numerator, denominator and value; the others stand in an annex."""
    scope = origin.scope
    counts = scope.tally(scope.codes)
    rows = []
    for indicator in of_forms(origin.spans[Series.FORMS]):
        if indicator.unit != "%" or not of_columns(indicator):
            continue
        numerator, denominator = counts_of(indicator, counts.counts if counts else None)
        name = f"{indicator.mark}. {indicator.label}" if indicator.mark else indicator.label
        formula = indicator.formula.replace(" + ", "+")
        figures = (count_text(numerator), count_text(denominator), percent_text(numerator, denominator))
        rows.append(Row("unit", (name, formula, *figures), scope.marks(scope.codes)))
    return Table(
        caption=caption,
        unit="Đơn vị tính: hồ sơ",
        columns=_HEADS,
        rows=tuple(rows),
        notes=(*origin.notes(scope.codes), _NOT_OVERDUE),
        source=origin.line(),
    )


_NOT_OVERDUE = Note(
    "",
    "Phần còn lại của tỷ lệ C không phải là hồ sơ quá hạn: gồm cả hồ sơ đang giải quyết; tử số có thể gồm hồ sơ"
    " nhận từ kỳ trước nên tỷ lệ C có thể vượt 100%.",
)


@dataclass(frozen=True)
class Comparison:
    """Counts of the two periods over the same units; partial: not all units of the report have both."""

    label: str
    now: Tally
    before: Tally
    partial: bool

    @property
    def on_time(self) -> tuple[Fraction | None, Fraction | None]:
        """Ratio A, now and before."""
        now, before = (share(t.in_time_or_early, t.column(7)) for t in (self.now, self.before))
        return now, before


def compare(report_input: ReportInput, scope: Scope) -> Comparison | None:
    """The units with figures in both periods; None where there are none or something stands against it."""
    previous = report_input.previous
    if previous is None or obstacle(report_input, scope, previous.period):
        return None
    both = _known_before(report_input, scope, previous) - scope.silent - scope.lacking
    if not both:
        return None
    forms = previous.facts["series"] == Series.FORMS.value
    loaded = previous.facts["source_id"].isin(list(previous.source_ids))
    before = tallies(previous.facts[forms & loaded], by="agency_code")
    lacking = scope.codes - both - {scope.tree.root.agency_code}
    return Comparison(
        label=previous.period.label,
        now=add_up(scope.own, both),
        before=add_up(before, both),
        partial=bool(lacking),
    )


def _known_before(report_input: ReportInput, scope: Scope, previous: Previous) -> frozenset[str]:
    """Units of which all was known then: every source that answered for them, of those still in force; or some source
    that has ended since."""
    with_facts = set(previous.facts["agency_code"].astype(str))
    then = [s for s in report_input.sources if s.responsibility.in_force(previous.period.cut_off)]
    known = set()
    for code in scope.codes:
        answers = answering(code, then, scope.tree)
        if all(s.id in previous.source_ids for s in answers) and (answers or code in with_facts):
            known.add(code)
    return frozenset(known)


def obstacle(report_input: ReportInput, scope: Scope, before: Period) -> str:
    """Why the two periods are not of one basis, in a clause; empty where they are."""
    now = report_input.spans[Series.FORMS]
    if now != report_input.period.forms:
        return UNFINISHED
    if _series_breaks(scope, before.forms, now):
        return UNITS_CHANGED
    breaks = report_input.province.breaks
    if broken := broken_within([scope.root], now, before.forms, tree=scope.tree, breaks=breaks).why:
        return broken
    return PART_CHANGED if _part_changed(report_input, scope, before) else ""


def _part_changed(report_input: ReportInput, scope: Scope, before: Period) -> bool:
    """Whether sources answered for other dossiers then; the annex over time compares by the same rule."""
    history = report_input.history
    if history is None or history.before is None or history.before.period != before:
        return False
    return part_changed(scope.tree.subtree(scope.root.agency_code), history.now, history.before)


def _series_breaks(scope: Scope, before: Span, now: Span) -> bool:
    """Whether a unit of the report began or ended within the two periods, as all did on 1/7/2025: its dossiers then
    stand elsewhere in one of them, and a difference would be no change."""
    both = Span(before.first_day, now.last_day)
    units = (u for u in scope.tree.subtree(scope.root.agency_code) if valid_in(u, both))
    return not all(u.valid_on(both.first_day) and u.valid_on(both.last_day) for u in units)


def comparison_table(origin: Origin, found: Comparison, *, caption: str) -> Table:
    """Counts and shares of both periods, over the same units; under a share its two counts."""
    rows = [Row("unit", (label, *_pair(found, column)), "") for label, column in _COMPARED]
    rows += [row for label, halves in _SHARES for row in _share_rows(found, label, halves)]
    now, before = found.on_time
    scope_note = "So sánh trên các đơn vị có số liệu ở cả hai kỳ." if found.partial else ""
    exact = now is not None and before is not None and looks_off(now, before)
    rounding = "Điểm % tăng, giảm tính từ số hồ sơ, trước khi làm tròn." if exact else ""
    return Table(
        caption=caption,
        unit="Đơn vị tính: hồ sơ",
        columns=(
            Column("Nội dung", "wide"),
            Column(found.label, "figure"),
            Column(origin.period.label, "figure"),
            Column("Tăng (+), giảm (−)", "figure"),
        ),
        rows=tuple(rows),
        notes=tuple(Note("", text) for text in (scope_note, rounding, continuity(found)) if text),
        source=origin.line(),
    )


def _share_rows(found: Comparison, label: str, halves: Halves) -> Iterable[Row]:
    (n, d), (m, e) = halves(found.before), halves(found.now)
    points = points_text(share(m, e), share(n, d))
    yield Row("unit", (label, percent_text(n, d), percent_text(m, e), with_unit(points, " điểm %")), "")
    yield Row("basis", ("tử số/mẫu số", f"{count_text(n)}/{count_text(d)}", f"{count_text(m)}/{count_text(e)}", ""), "")


def _pair(found: Comparison, column: int) -> Iterable[str]:
    before, now = found.before.column(column), found.now.column(column)
    return count_text(before), count_text(now), change_text(now, before)


def _percent(counts: Tally) -> str:
    return percent_text(counts.in_time_or_early, counts.column(7))


def continuity(found: Comparison) -> str:
    """Column (6) of this period beside column (11) of the one before: equal unless records were corrected."""
    carried, left = found.now.column(6), found.before.column(11)
    same = "bằng" if carried == left else f"khác ({change_text(carried, left)})"
    return (
        f"Hồ sơ từ kỳ trước chuyển sang, cột (6): {count_text(carried)}, {same} số đang giải quyết cuối kỳ trước,"
        f" cột (11): {count_text(left)}."
    )


def change_sentence(found: Comparison) -> str:
    """What changed, for page 1."""
    now, before = found.on_time
    where = " (trên các đơn vị có số liệu ở cả hai kỳ)" if found.partial else ""
    parts = [_moved_count("hồ sơ nhận giải quyết", found, 3), _moved_count("hồ sơ đang giải quyết quá hạn", found, 13)]
    if now is not None and before is not None:
        points = points_text(now, before)
        by = f"{points.lstrip('+−')} điểm phần trăm{', tính trước khi làm tròn' if looks_off(now, before) else ''}"
        texts = _percent(found.before), _percent(found.now)
        difference = now - before if points != "0,00" else Fraction(0)
        parts.insert(0, _moved("tỷ lệ giải quyết trước hạn và đúng hạn", by, difference, texts))
    return f"So với {within(found.label)}{where}: {'; '.join(parts)}."


def looks_off(now: Fraction, before: Fraction) -> bool:
    """Whether a reader who subtracts the two printed percentages gets another difference than the exact one."""
    return round_half_up(now) - round_half_up(before) != round_half_up(abs(now - before)) * (1 if now > before else -1)


def _moved_count(what: str, found: Comparison, column: int) -> str:
    now, before = found.now.column(column), found.before.column(column)
    texts = count_text(before), count_text(now)
    return _moved(what, count_text(abs(now - before)), Fraction(now - before), texts)


def _moved(what: str, by: str, difference: Fraction, texts: tuple[str, str]) -> str:
    """what tăng by (từ … lên …)."""
    before, now = texts
    if difference == 0:
        return f"{what} không đổi ({now})"
    verb, way = ("tăng", "lên") if difference > 0 else ("giảm", "xuống")
    return f"{what} {verb} {by} (từ {before} {way} {now})"
